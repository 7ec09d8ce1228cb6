# Written by slice2tx from golden/values.ice. To change it, change the Slice file.
"""Constants, enums and structs with every kind of member."""

from __future__ import annotations

from struct import Struct
from typing import Final

import attrs

from pushnet.wire.basic import read_size, read_string, write_size, write_string
from pushnet.wire.encoding10 import BOOL, BYTE, FLOAT, INT, STRING, Enum10, Same, Struct10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.makers import maker_of

__all__ = [
    "Below",
    "Copy",
    "Days",
    "Defaults",
    "Far",
    "Fixed",
    "Greeting",
    "Half",
    "Light",
    "Line",
    "Mask",
    "Pi",
    "Point",
    "Start",
    "Yes",
    "read_Defaults",
    "read_Fixed",
    "read_Light",
    "read_Line",
    "read_Point",
    "write_Defaults",
    "write_Fixed",
    "write_Light",
    "write_Line",
    "write_Point",
]

Days: Final = 365
"""What a year has."""

Far: Final = 9223372036854775807

Mask: Final = 255

Below: Final = -32768

Pi: Final = 3.14159

Half: Final = 0.5

Yes: Final = True

Greeting: Final = 'She said: "héllo"\n\tand left.\\'

Copy: Final = 365


class Light(SliceEnum):
    """The colours of a traffic light."""

    Red = 0
    """Stop."""

    Amber = 5
    Green = 6


Start: Final = Light.Red


@attrs.frozen
class Fixed:
    """Everything of a fixed size lies in one piece."""

    flag: bool = False
    octet: int = 0
    small: int = 0
    medium: int = 0
    large: int = 0
    rough: float = 0.0
    fine: float = 0.0


@attrs.frozen(order=True)
class Point:
    x: int = 0
    y: int = 0


@attrs.frozen
class Line:
    """A struct of structs is laid flat."""

    from1: Point = attrs.field(factory=Point)
    """Where it begins."""

    to: Point = attrs.field(factory=Point)
    """Where it ends."""

    width: float = 1.5


@attrs.frozen
class Defaults:
    days: int = 365
    name: str = "nobody"
    light: Light = Light.Green
    first: Light = Light.Red
    open: bool = True
    octet: int = 255
    ratio: float = 2.0
    line: Line = attrs.field(factory=Line)


# The wire: how the above becomes bytes and back.

_S_4id = Struct("<4id")
_S_i = Struct("<i")
_S_id = Struct("<id")
_S_ii = Struct("<ii")
_S_oBf4id = Struct("<?Bf4id")
_S_oBfiii = Struct("<?Bfiii")
_S_oBhiqfd = Struct("<?Bhiqfd")

_new_Defaults = maker_of(Defaults)
_new_Fixed = maker_of(Fixed)
_new_Line = maker_of(Line)
_new_Point = maker_of(Point)

_MEMBERS_Light: Final = {member.value: member for member in Light}


def write_Light(out: bytearray, value: Light) -> None:
    write_size(out, value)


def read_Light(buf: bytes, pos: int) -> tuple[Light, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Light.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::Values::Light")
    return value, pos


old_Light = Enum10(Light, "::Values::Light")


def write_Fixed(out: bytearray, value: Fixed) -> None:
    out += _S_oBhiqfd.pack(
        value.flag, value.octet, value.small, value.medium, value.large, value.rough, value.fine
    )


def read_Fixed(buf: bytes, pos: int) -> tuple[Fixed, int]:
    flag, octet, small, medium, large, rough, fine = _S_oBhiqfd.unpack_from(buf, pos)
    return _new_Fixed(flag, octet, small, medium, large, rough, fine), pos + 28


def write_Point(out: bytearray, value: Point) -> None:
    out += _S_ii.pack(value.x, value.y)


def read_Point(buf: bytes, pos: int) -> tuple[Point, int]:
    x, y = _S_ii.unpack_from(buf, pos)
    return _new_Point(x, y), pos + 8


def write_Line(out: bytearray, value: Line) -> None:
    out += _S_4id.pack(value.from1.x, value.from1.y, value.to.x, value.to.y, value.width)


def read_Line(buf: bytes, pos: int) -> tuple[Line, int]:
    from1_x, from1_y, to_x, to_y, width = _S_4id.unpack_from(buf, pos)
    return _new_Line(_new_Point(from1_x, from1_y), _new_Point(to_x, to_y), width), pos + 24


def write_Defaults(out: bytearray, value: Defaults) -> None:
    out += _S_i.pack(value.days)
    write_string(out, value.name)
    write_Light(out, value.light)
    write_Light(out, value.first)
    out += _S_oBf4id.pack(
        value.open,
        value.octet,
        value.ratio,
        value.line.from1.x,
        value.line.from1.y,
        value.line.to.x,
        value.line.to.y,
        value.line.width,
    )


def read_Defaults(buf: bytes, pos: int) -> tuple[Defaults, int]:
    (days,) = _S_i.unpack_from(buf, pos)
    name, pos = read_string(buf, pos + 4)
    light, pos = read_Light(buf, pos)
    first, pos = read_Light(buf, pos)
    open, octet, ratio, line_from1_x, line_from1_y, line_to_x = _S_oBfiii.unpack_from(buf, pos)
    line_to_y, line_width = _S_id.unpack_from(buf, pos + 18)
    value = _new_Defaults(
        days,
        name,
        light,
        first,
        open,
        octet,
        ratio,
        _new_Line(_new_Point(line_from1_x, line_from1_y), _new_Point(line_to_x, line_to_y), line_width),
    )
    return value, pos + 30


old_Defaults = Struct10(
    Defaults,
    (
        ("days", INT),
        ("name", STRING),
        ("light", old_Light),
        ("first", old_Light),
        ("open", BOOL),
        ("octet", BYTE),
        ("ratio", FLOAT),
        ("line", Same(write_Line, read_Line)),
    ),
)
