# Written by slice2tx from golden/modern.ice. To change it, change the Slice file.
"""What the Slice file declares in `Modern`."""

from __future__ import annotations

from collections.abc import Awaitable
from struct import Struct
from typing import Any, ClassVar, Final, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import CallContext, Current, ObjectPrx, Operation, Servant, ServantOperation, Source
from pushnet.wire.basic import read_size, read_string, write_size, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import Enum10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "Color",
    "Ints",
    "Old",
    "OldPrx",
    "OldServant",
    "Shiny",
    "ShinyPrx",
    "ShinyServant",
    "Strings",
    "read_Color",
    "read_Ints",
    "read_Strings",
    "write_Color",
    "write_Ints",
    "write_Strings",
]


class Color(SliceEnum):
    """A color. Its values have metadata."""

    red = 0
    green = 5
    """The second.

    Deprecated: use red
    """


@attrs.frozen(order=True)
class Ints:
    first: int = 0
    second: int = 0


@attrs.frozen(order=True)
class Strings:
    first: str = ""
    second: str = ""


class Old(Protocol):
    """Deprecated: use Shiny"""

    def paint(self, color: Color, current: Current | None = None, /) -> Awaitable[None]:
        """Paints with `color`.

        Args:
            color: What with.
        """
        ...


class Shiny(Protocol):
    def both(self, s: Strings, current: Current | None = None, /) -> Awaitable[Ints]: ...


class OldPrx(ObjectPrx):
    """Calls an `Old` wherever it is."""

    ice_type: ClassVar[str] = "::Modern::Inner::Old"

    def paint(self, color: Color, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_Old_paint, (color,), context)
        out = bytearray()
        write_Color(out, color)
        return self._ice_call(_OP_Old_paint, out, context)


class ShinyPrx(ObjectPrx):
    """Calls a `Shiny` wherever it is."""

    ice_type: ClassVar[str] = "::Modern::Shiny"

    def both(self, s: Strings, context: CallContext = None) -> Deferred[Ints]:
        out = bytearray()
        write_Strings(out, s)
        return self._ice_call(_OP_Shiny_both, out, context)


class OldServant(Servant):
    """Serves an `Old`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Modern::Inner::Old"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Modern::Inner::Old")


class ShinyServant(Servant):
    """Serves a `Shiny`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Modern::Shiny"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Modern::Shiny")


# The wire: how the above becomes bytes and back.

_S_ii = Struct("<ii")

_new_Ints = maker_of(Ints)
_new_Strings = maker_of(Strings)

_MEMBERS_Color: Final = {member.value: member for member in Color}


def write_Color(out: bytearray, value: Color) -> None:
    write_size(out, value)


def read_Color(buf: bytes, pos: int) -> tuple[Color, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Color.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::Modern::Inner::Color")
    return value, pos


old_Color = Enum10(Color, "::Modern::Inner::Color")


def write_Ints(out: bytearray, value: Ints) -> None:
    out += _S_ii.pack(value.first, value.second)


def read_Ints(buf: bytes, pos: int) -> tuple[Ints, int]:
    first, second = _S_ii.unpack_from(buf, pos)
    return _new_Ints(first, second), pos + 8


def write_Strings(out: bytearray, value: Strings) -> None:
    write_string(out, value.first)
    write_string(out, value.second)


def read_Strings(buf: bytes, pos: int) -> tuple[Strings, int]:
    first, pos = read_string(buf, pos)
    second, pos = read_string(buf, pos)
    return _new_Strings(first, second), pos


_OLD_Old_paint = Call10("paint", (old_Color,), ())


def _serve_Old_paint(servant: Old, buf: bytes, pos: int, current: Current) -> Any:
    color, pos = read_Color(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.paint(color, current)


_OP_Old_paint: Operation[None] = Operation("paint", 0, None, (), old=_OLD_Old_paint)

OldServant.ice_operations = {
    b"paint": ServantOperation("paint", 0, _serve_Old_paint, None, old=_OLD_Old_paint),
}


def _read_result_Shiny_both(buf: bytes, pos: int, source: Source) -> Ints:
    result_first, result_second = _S_ii.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return _new_Ints(result_first, result_second)


def _serve_Shiny_both(servant: Shiny, buf: bytes, pos: int, current: Current) -> Any:
    s, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.both(s, current)


def _write_result_Shiny_both(value: Ints) -> bytes:
    return _S_ii.pack(value.first, value.second)


_OP_Shiny_both: Operation[Ints] = Operation("both", 0, _read_result_Shiny_both, ())

ShinyServant.ice_operations = {
    b"both": ServantOperation("both", 0, _serve_Shiny_both, _write_result_Shiny_both),
}
