# Written by slice2tx from golden/everything.ice. To change it, change the Slice file.
"""Every type there is, sent back as it came: what pushnet and stock Ice try on each other."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from struct import Struct, pack, unpack_from
from typing import Any, ClassVar, Final, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ExceptionSlice,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    UserException,
    read_proxy,
    write_proxy,
)
from pushnet.wire.basic import (
    read_bytes,
    read_count,
    read_size,
    read_string,
    write_bytes,
    write_size,
    write_string,
)
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import STRING, Dictionary10, Enum10, Proxy10, Same, Sequence10, Struct10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from pushnet.wire.optional import seek_optional, write_optional_header
from pushnet.wire.value_reader import ValueReader

__all__ = [
    "Answer",
    "Color",
    "Empty",
    "Everything",
    "EverythingPrx",
    "EverythingServant",
    "Fixed",
    "Key",
    "Mixed",
    "Named",
    "NamedPrx",
    "NamedServant",
    "OutOfRange",
    "Refused",
    "read_Bools",
    "read_ByColor",
    "read_ByKey",
    "read_Color",
    "read_Colors",
    "read_Doubles",
    "read_Fixed",
    "read_Fixeds",
    "read_Floats",
    "read_Ints",
    "read_Key",
    "read_Longs",
    "read_Mixed",
    "read_Mixeds",
    "read_Nested",
    "read_Numbers",
    "read_Proxies",
    "read_Shorts",
    "read_Strings",
    "read_Table",
    "read_Texts",
    "write_Bools",
    "write_ByColor",
    "write_ByKey",
    "write_Color",
    "write_Colors",
    "write_Doubles",
    "write_Fixed",
    "write_Fixeds",
    "write_Floats",
    "write_Ints",
    "write_Key",
    "write_Longs",
    "write_Mixed",
    "write_Mixeds",
    "write_Nested",
    "write_Numbers",
    "write_Proxies",
    "write_Shorts",
    "write_Strings",
    "write_Table",
    "write_Texts",
]

Answer: Final = 42


class Color(SliceEnum):
    Red = 0
    Green = 200
    Blue = 300


@attrs.frozen
class Fixed:
    flag: bool = False
    octet: int = 0
    small: int = 0
    medium: int = 0
    large: int = 0
    rough: float = 0.0
    fine: float = 0.0


@attrs.frozen
class Mixed:
    text: str = ""
    color: Color = Color.Red
    fixed: Fixed = attrs.field(factory=Fixed)
    proxy: ObjectPrx | None = None


@attrs.frozen(order=True)
class Key:
    number: int = 0
    name: str = ""


@attrs.frozen
class Refused(UserException):
    reason: str = ""


@attrs.frozen
class OutOfRange(Refused):
    low: int = 0
    at: Fixed = attrs.field(factory=Fixed)


@attrs.frozen
class Empty(UserException):
    pass


class Named(Protocol):
    def name(self, current: Current | None = None, /) -> Awaitable[str]: ...


class Everything(Named, Protocol):
    def nothing(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def add(self, a: int, b: int, current: Current | None = None, /) -> Awaitable[int]: ...

    def echoFlag(self, value: bool, current: Current | None = None, /) -> Awaitable[bool]: ...

    def echoOctet(self, value: int, current: Current | None = None, /) -> Awaitable[int]: ...

    def echoSmall(self, value: int, current: Current | None = None, /) -> Awaitable[int]: ...

    def echoMedium(self, value: int, current: Current | None = None, /) -> Awaitable[int]: ...

    def echoLarge(self, value: int, current: Current | None = None, /) -> Awaitable[int]: ...

    def echoRough(self, value: float, current: Current | None = None, /) -> Awaitable[float]: ...

    def echoFine(self, value: float, current: Current | None = None, /) -> Awaitable[float]: ...

    def echoText(self, value: str, current: Current | None = None, /) -> Awaitable[str]: ...

    def echoColor(self, value: Color, current: Current | None = None, /) -> Awaitable[Color]: ...

    def echoFixed(self, value: Fixed, current: Current | None = None, /) -> Awaitable[Fixed]: ...

    def echoMixed(self, value: Mixed, current: Current | None = None, /) -> Awaitable[Mixed]: ...

    def echoBytes(self, value: bytes, current: Current | None = None, /) -> Awaitable[bytes]: ...

    def echoBools(
        self, value: Sequence[bool], current: Current | None = None, /
    ) -> Awaitable[list[bool]]: ...

    def echoShorts(self, value: Sequence[int], current: Current | None = None, /) -> Awaitable[list[int]]: ...

    def echoInts(self, value: Sequence[int], current: Current | None = None, /) -> Awaitable[list[int]]: ...

    def echoLongs(self, value: Sequence[int], current: Current | None = None, /) -> Awaitable[list[int]]: ...

    def echoFloats(
        self, value: Sequence[float], current: Current | None = None, /
    ) -> Awaitable[list[float]]: ...

    def echoDoubles(
        self, value: Sequence[float], current: Current | None = None, /
    ) -> Awaitable[list[float]]: ...

    def echoStrings(
        self, value: Sequence[str], current: Current | None = None, /
    ) -> Awaitable[list[str]]: ...

    def echoColors(
        self, value: Sequence[Color], current: Current | None = None, /
    ) -> Awaitable[list[Color]]: ...

    def echoFixeds(
        self, value: Sequence[Fixed], current: Current | None = None, /
    ) -> Awaitable[list[Fixed]]: ...

    def echoMixeds(
        self, value: Sequence[Mixed], current: Current | None = None, /
    ) -> Awaitable[list[Mixed]]: ...

    def echoTable(
        self, value: Sequence[Sequence[int]], current: Current | None = None, /
    ) -> Awaitable[list[list[int]]]: ...

    def echoProxies(
        self, value: Sequence[ObjectPrx | None], current: Current | None = None, /
    ) -> Awaitable[list[ObjectPrx | None]]: ...

    def echoTexts(
        self, value: Mapping[str, str], current: Current | None = None, /
    ) -> Awaitable[dict[str, str]]: ...

    def echoNumbers(
        self, value: Mapping[int, int], current: Current | None = None, /
    ) -> Awaitable[dict[int, int]]: ...

    def echoByColor(
        self, value: Mapping[Color, Fixed], current: Current | None = None, /
    ) -> Awaitable[dict[Color, Fixed]]: ...

    def echoByKey(
        self, value: Mapping[Key, Sequence[str]], current: Current | None = None, /
    ) -> Awaitable[dict[Key, list[str]]]: ...

    def echoNested(
        self, value: Mapping[str, Mapping[str, str]], current: Current | None = None, /
    ) -> Awaitable[dict[str, dict[str, str]]]: ...

    def echoAnything(
        self, value: ObjectPrx | None, current: Current | None = None, /
    ) -> Awaitable[ObjectPrx | None]: ...

    def echoMyself(
        self, value: EverythingPrx | None, current: Current | None = None, /
    ) -> Awaitable[EverythingPrx | None]: ...

    def divide(self, a: int, b: int, current: Current | None = None, /) -> Awaitable[tuple[int, int]]: ...

    def several(
        self, a: str, b: int, current: Current | None = None, /
    ) -> Awaitable[tuple[str, int, dict[str, str]]]: ...

    def maybe(
        self, text: str | None, data: bytes | None, current: Current | None = None, /
    ) -> Awaitable[tuple[int | None, str | None]]: ...

    def refuse(self, kind: str, current: Current | None = None, /) -> Awaitable[None]: ...

    def refuseInSlices(self, kind: str, current: Current | None = None, /) -> Awaitable[None]: ...

    def fail(self, current: Current | None = None, /) -> Awaitable[None]:
        """Fails in a way nobody declared."""
        ...

    def context(self, current: Current | None = None, /) -> Awaitable[dict[str, str]]:
        """What the request's context says."""
        ...

    def note(self, number: int, current: Current | None = None, /) -> Awaitable[None]:
        """One-way requests are noted."""
        ...

    def noted(self, current: Current | None = None, /) -> Awaitable[int]: ...

    def callBack(self, category: str, name: str, current: Current | None = None, /) -> Awaitable[str]:
        """Calls `caller` back over the connection of the request."""
        ...


class NamedPrx(ObjectPrx):
    """Calls a `Named` wherever it is."""

    ice_type: ClassVar[str] = "::Interop::Named"

    def name(self, context: CallContext = None) -> Deferred[str]:
        return self._ice_call(_OP_Named_name, b"", context)


class EverythingPrx(NamedPrx):
    """Calls an `Everything` wherever it is."""

    ice_type: ClassVar[str] = "::Interop::Everything"

    def nothing(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Everything_nothing, b"", context)

    def add(self, a: int, b: int, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Everything_add, _S_ii.pack(a, b), context)

    def echoFlag(self, value: bool, context: CallContext = None) -> Deferred[bool]:
        return self._ice_call(_OP_Everything_echoFlag, _S_o.pack(value), context)

    def echoOctet(self, value: int, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Everything_echoOctet, _S_B.pack(value), context)

    def echoSmall(self, value: int, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Everything_echoSmall, _S_h.pack(value), context)

    def echoMedium(self, value: int, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Everything_echoMedium, _S_i.pack(value), context)

    def echoLarge(self, value: int, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Everything_echoLarge, _S_q.pack(value), context)

    def echoRough(self, value: float, context: CallContext = None) -> Deferred[float]:
        return self._ice_call(_OP_Everything_echoRough, _S_f.pack(value), context)

    def echoFine(self, value: float, context: CallContext = None) -> Deferred[float]:
        return self._ice_call(_OP_Everything_echoFine, _S_d.pack(value), context)

    def echoText(self, value: str, context: CallContext = None) -> Deferred[str]:
        out = bytearray()
        write_string(out, value)
        return self._ice_call(_OP_Everything_echoText, out, context)

    def echoColor(self, value: Color, context: CallContext = None) -> Deferred[Color]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_echoColor, (value,), context)
        out = bytearray()
        write_Color(out, value)
        return self._ice_call(_OP_Everything_echoColor, out, context)

    def echoFixed(self, value: Fixed, context: CallContext = None) -> Deferred[Fixed]:
        out = bytearray()
        out += _S_oBhiqfd.pack(
            value.flag, value.octet, value.small, value.medium, value.large, value.rough, value.fine
        )
        return self._ice_call(_OP_Everything_echoFixed, out, context)

    def echoMixed(self, value: Mixed, context: CallContext = None) -> Deferred[Mixed]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_echoMixed, (value,), context)
        out = bytearray()
        write_Mixed(out, value)
        return self._ice_call(_OP_Everything_echoMixed, out, context)

    def echoBytes(self, value: bytes, context: CallContext = None) -> Deferred[bytes]:
        out = bytearray()
        write_bytes(out, value)
        return self._ice_call(_OP_Everything_echoBytes, out, context)

    def echoBools(self, value: Sequence[bool], context: CallContext = None) -> Deferred[list[bool]]:
        out = bytearray()
        write_Bools(out, value)
        return self._ice_call(_OP_Everything_echoBools, out, context)

    def echoShorts(self, value: Sequence[int], context: CallContext = None) -> Deferred[list[int]]:
        out = bytearray()
        write_Shorts(out, value)
        return self._ice_call(_OP_Everything_echoShorts, out, context)

    def echoInts(self, value: Sequence[int], context: CallContext = None) -> Deferred[list[int]]:
        out = bytearray()
        write_Ints(out, value)
        return self._ice_call(_OP_Everything_echoInts, out, context)

    def echoLongs(self, value: Sequence[int], context: CallContext = None) -> Deferred[list[int]]:
        out = bytearray()
        write_Longs(out, value)
        return self._ice_call(_OP_Everything_echoLongs, out, context)

    def echoFloats(self, value: Sequence[float], context: CallContext = None) -> Deferred[list[float]]:
        out = bytearray()
        write_Floats(out, value)
        return self._ice_call(_OP_Everything_echoFloats, out, context)

    def echoDoubles(self, value: Sequence[float], context: CallContext = None) -> Deferred[list[float]]:
        out = bytearray()
        write_Doubles(out, value)
        return self._ice_call(_OP_Everything_echoDoubles, out, context)

    def echoStrings(self, value: Sequence[str], context: CallContext = None) -> Deferred[list[str]]:
        out = bytearray()
        write_Strings(out, value)
        return self._ice_call(_OP_Everything_echoStrings, out, context)

    def echoColors(self, value: Sequence[Color], context: CallContext = None) -> Deferred[list[Color]]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_echoColors, (value,), context)
        out = bytearray()
        write_Colors(out, value)
        return self._ice_call(_OP_Everything_echoColors, out, context)

    def echoFixeds(self, value: Sequence[Fixed], context: CallContext = None) -> Deferred[list[Fixed]]:
        out = bytearray()
        write_Fixeds(out, value)
        return self._ice_call(_OP_Everything_echoFixeds, out, context)

    def echoMixeds(self, value: Sequence[Mixed], context: CallContext = None) -> Deferred[list[Mixed]]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_echoMixeds, (value,), context)
        out = bytearray()
        write_Mixeds(out, value)
        return self._ice_call(_OP_Everything_echoMixeds, out, context)

    def echoTable(
        self, value: Sequence[Sequence[int]], context: CallContext = None
    ) -> Deferred[list[list[int]]]:
        out = bytearray()
        write_Table(out, value)
        return self._ice_call(_OP_Everything_echoTable, out, context)

    def echoProxies(
        self, value: Sequence[ObjectPrx | None], context: CallContext = None
    ) -> Deferred[list[ObjectPrx | None]]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_echoProxies, (value,), context)
        out = bytearray()
        write_Proxies(out, value)
        return self._ice_call(_OP_Everything_echoProxies, out, context)

    def echoTexts(self, value: Mapping[str, str], context: CallContext = None) -> Deferred[dict[str, str]]:
        out = bytearray()
        write_Texts(out, value)
        return self._ice_call(_OP_Everything_echoTexts, out, context)

    def echoNumbers(self, value: Mapping[int, int], context: CallContext = None) -> Deferred[dict[int, int]]:
        out = bytearray()
        write_Numbers(out, value)
        return self._ice_call(_OP_Everything_echoNumbers, out, context)

    def echoByColor(
        self, value: Mapping[Color, Fixed], context: CallContext = None
    ) -> Deferred[dict[Color, Fixed]]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_echoByColor, (value,), context)
        out = bytearray()
        write_ByColor(out, value)
        return self._ice_call(_OP_Everything_echoByColor, out, context)

    def echoByKey(
        self, value: Mapping[Key, Sequence[str]], context: CallContext = None
    ) -> Deferred[dict[Key, list[str]]]:
        out = bytearray()
        write_ByKey(out, value)
        return self._ice_call(_OP_Everything_echoByKey, out, context)

    def echoNested(
        self, value: Mapping[str, Mapping[str, str]], context: CallContext = None
    ) -> Deferred[dict[str, dict[str, str]]]:
        out = bytearray()
        write_Nested(out, value)
        return self._ice_call(_OP_Everything_echoNested, out, context)

    def echoAnything(
        self, value: ObjectPrx | None, context: CallContext = None
    ) -> Deferred[ObjectPrx | None]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_echoAnything, (value,), context)
        out = bytearray()
        write_proxy(out, value)
        return self._ice_call(_OP_Everything_echoAnything, out, context)

    def echoMyself(
        self, value: EverythingPrx | None, context: CallContext = None
    ) -> Deferred[EverythingPrx | None]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_echoMyself, (value,), context)
        out = bytearray()
        write_proxy(out, value)
        return self._ice_call(_OP_Everything_echoMyself, out, context)

    def divide(self, a: int, b: int, context: CallContext = None) -> Deferred[tuple[int, int]]:
        return self._ice_call(_OP_Everything_divide, _S_ii.pack(a, b), context)

    def several(
        self, a: str, b: int, context: CallContext = None
    ) -> Deferred[tuple[str, int, dict[str, str]]]:
        out = bytearray()
        write_string(out, a)
        out += _S_i.pack(b)
        return self._ice_call(_OP_Everything_several, out, context)

    def maybe(
        self, text: str | None = None, data: bytes | None = None, context: CallContext = None
    ) -> Deferred[tuple[int | None, str | None]]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_maybe, (text, data), context)
        out = bytearray()
        if text is not None:
            write_optional_header(out, 3, 5)
            write_string(out, text)
        if data is not None:
            write_optional_header(out, 40, 5)
            write_bytes(out, data)
        return self._ice_call(_OP_Everything_maybe, out, context)

    def refuse(self, kind: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, kind)
        return self._ice_call(_OP_Everything_refuse, out, context)

    def refuseInSlices(self, kind: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, kind)
        return self._ice_call(_OP_Everything_refuseInSlices, out, context)

    def fail(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Everything_fail, b"", context)

    def context(self, context: CallContext = None) -> Deferred[dict[str, str]]:
        return self._ice_call(_OP_Everything_context, b"", context)

    def note(self, number: int, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Everything_note, _S_i.pack(number), context)

    def noted(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Everything_noted, b"", context)

    def callBack(self, category: str, name: str, context: CallContext = None) -> Deferred[str]:
        out = bytearray()
        write_string(out, category)
        write_string(out, name)
        return self._ice_call(_OP_Everything_callBack, out, context)


class NamedServant(Servant):
    """Serves a `Named`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Interop::Named"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Interop::Named")


class EverythingServant(NamedServant):
    """Serves an `Everything`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Interop::Everything"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Interop::Everything", "::Interop::Named")


# The wire: how the above becomes bytes and back.

_S_B = Struct("<B")
_S_d = Struct("<d")
_S_f = Struct("<f")
_S_fd = Struct("<fd")
_S_h = Struct("<h")
_S_i = Struct("<i")
_S_iB = Struct("<iB")
_S_ii = Struct("<ii")
_S_ioBhiqf = Struct("<i?Bhiqf")
_S_ioBhiqfd = Struct("<i?Bhiqfd")
_S_iq = Struct("<iq")
_S_o = Struct("<?")
_S_oBhi = Struct("<?Bhi")
_S_oBhiq = Struct("<?Bhiq")
_S_oBhiqfd = Struct("<?Bhiqfd")
_S_q = Struct("<q")
_S_qfd = Struct("<qfd")

_new_Fixed = maker_of(Fixed)
_new_Key = maker_of(Key)
_new_Mixed = maker_of(Mixed)

_MEMBERS_Color: Final = {member.value: member for member in Color}


def write_Color(out: bytearray, value: Color) -> None:
    write_size(out, value)


def read_Color(buf: bytes, pos: int) -> tuple[Color, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Color.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::Interop::Color")
    return value, pos


old_Color = Enum10(Color, "::Interop::Color")


def write_Fixed(out: bytearray, value: Fixed) -> None:
    out += _S_oBhiqfd.pack(
        value.flag, value.octet, value.small, value.medium, value.large, value.rough, value.fine
    )


def read_Fixed(buf: bytes, pos: int) -> tuple[Fixed, int]:
    flag, octet, small, medium, large, rough, fine = _S_oBhiqfd.unpack_from(buf, pos)
    return _new_Fixed(flag, octet, small, medium, large, rough, fine), pos + 28


def write_Mixed(out: bytearray, value: Mixed) -> None:
    write_string(out, value.text)
    write_Color(out, value.color)
    out += _S_oBhiqfd.pack(
        value.fixed.flag,
        value.fixed.octet,
        value.fixed.small,
        value.fixed.medium,
        value.fixed.large,
        value.fixed.rough,
        value.fixed.fine,
    )
    write_proxy(out, value.proxy)


def read_Mixed(buf: bytes, pos: int, source: Source) -> tuple[Mixed, int]:
    text, pos = read_string(buf, pos)
    color, pos = read_Color(buf, pos)
    fixed_flag, fixed_octet, fixed_small, fixed_medium, fixed_large = _S_oBhiq.unpack_from(buf, pos)
    fixed_rough, fixed_fine = _S_fd.unpack_from(buf, pos + 16)
    proxy, pos = read_proxy(buf, pos + 28, source, ObjectPrx)
    value = _new_Mixed(
        text,
        color,
        _new_Fixed(fixed_flag, fixed_octet, fixed_small, fixed_medium, fixed_large, fixed_rough, fixed_fine),
        proxy,
    )
    return value, pos


old_Mixed = Struct10(
    Mixed,
    (
        ("text", STRING),
        ("color", old_Color),
        ("fixed", Same(write_Fixed, read_Fixed)),
        ("proxy", Proxy10(ObjectPrx)),
    ),
)


def write_Key(out: bytearray, value: Key) -> None:
    out += _S_i.pack(value.number)
    write_string(out, value.name)


def read_Key(buf: bytes, pos: int) -> tuple[Key, int]:
    (number,) = _S_i.unpack_from(buf, pos)
    name, pos = read_string(buf, pos + 4)
    return _new_Key(number, name), pos


def write_Bools(out: bytearray, value: Sequence[bool]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}?", *value)


def read_Bools(buf: bytes, pos: int) -> tuple[list[bool], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}?", buf, pos)), pos + count


def write_Shorts(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}h", *value)


def read_Shorts(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}h", buf, pos)), pos + count * 2


def write_Ints(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}i", *value)


def read_Ints(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}i", buf, pos)), pos + count * 4


def write_Longs(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}q", *value)


def read_Longs(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}q", buf, pos)), pos + count * 8


def write_Floats(out: bytearray, value: Sequence[float]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}f", *value)


def read_Floats(buf: bytes, pos: int) -> tuple[list[float], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}f", buf, pos)), pos + count * 4


def write_Doubles(out: bytearray, value: Sequence[float]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}d", *value)


def read_Doubles(buf: bytes, pos: int) -> tuple[list[float], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}d", buf, pos)), pos + count * 8


def write_Strings(out: bytearray, value: Sequence[str]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Strings(buf: bytes, pos: int) -> tuple[list[str], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[str] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            item = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            item, pos = read_string(buf, pos)
        items.append(item)
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


def write_Colors(out: bytearray, value: Sequence[Color]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Color(out, item)


def read_Colors(buf: bytes, pos: int) -> tuple[list[Color], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[Color] = []
    for _ in range(count):
        item, pos = read_Color(buf, pos)
        items.append(item)
    return items, pos


old_Colors = Sequence10(old_Color, 1)


def write_Fixeds(out: bytearray, value: Sequence[Fixed]) -> None:
    write_size(out, len(value))
    for item in value:
        out += _S_oBhiqfd.pack(
            item.flag, item.octet, item.small, item.medium, item.large, item.rough, item.fine
        )


def read_Fixeds(buf: bytes, pos: int) -> tuple[list[Fixed], int]:
    count, pos = read_count(buf, pos, 28)
    end = pos + count * 28
    return [_new_Fixed(*row) for row in _S_oBhiqfd.iter_unpack(buf[pos:end])], end


def write_Mixeds(out: bytearray, value: Sequence[Mixed]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.text.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_Color(out, item.color)
        out += _S_oBhiqfd.pack(
            item.fixed.flag,
            item.fixed.octet,
            item.fixed.small,
            item.fixed.medium,
            item.fixed.large,
            item.fixed.rough,
            item.fixed.fine,
        )
        write_proxy(out, item.proxy)


def read_Mixeds(buf: bytes, pos: int, source: Source) -> tuple[list[Mixed], int]:
    count, pos = read_count(buf, pos, 32)
    items: list[Mixed] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            _text = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            _text, pos = read_string(buf, pos)
        color, pos = read_Color(buf, pos)
        fixed_flag, fixed_octet, fixed_small, fixed_medium = _S_oBhi.unpack_from(buf, pos)
        fixed_large, fixed_rough, fixed_fine = _S_qfd.unpack_from(buf, pos + 8)
        proxy, pos = read_proxy(buf, pos + 28, source, ObjectPrx)
        items.append(
            _new_Mixed(
                _text,
                color,
                _new_Fixed(
                    fixed_flag, fixed_octet, fixed_small, fixed_medium, fixed_large, fixed_rough, fixed_fine
                ),
                proxy,
            )
        )
    return items, pos


old_Mixeds = Sequence10(old_Mixed, 32)


def write_Table(out: bytearray, value: Sequence[Sequence[int]]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Ints(out, item)


def read_Table(buf: bytes, pos: int) -> tuple[list[list[int]], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[list[int]] = []
    for _ in range(count):
        item, pos = read_Ints(buf, pos)
        items.append(item)
    return items, pos


def write_Proxies(out: bytearray, value: Sequence[ObjectPrx | None]) -> None:
    write_size(out, len(value))
    for item in value:
        write_proxy(out, item)


def read_Proxies(buf: bytes, pos: int, source: Source) -> tuple[list[ObjectPrx | None], int]:
    count, pos = read_count(buf, pos, 2)
    items: list[ObjectPrx | None] = []
    for _ in range(count):
        item, pos = read_proxy(buf, pos, source, ObjectPrx)
        items.append(item)
    return items, pos


old_Proxies = Sequence10(Proxy10(ObjectPrx), 2)


def write_Texts(out: bytearray, value: Mapping[str, str]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Texts(buf: bytes, pos: int) -> tuple[dict[str, str], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[str, str] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            item = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            item, pos = read_string(buf, pos)
        value[key] = item
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return value, pos


def write_Numbers(out: bytearray, value: Mapping[int, int]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        out += _S_iq.pack(key, item)


def read_Numbers(buf: bytes, pos: int) -> tuple[dict[int, int], int]:
    count, pos = read_count(buf, pos, 12)
    value: dict[int, int] = {}
    for _ in range(count):
        key, item = _S_iq.unpack_from(buf, pos)
        pos += 12
        value[key] = item
    return value, pos


def write_ByColor(out: bytearray, value: Mapping[Color, Fixed]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        write_Color(out, key)
        out += _S_oBhiqfd.pack(
            item.flag, item.octet, item.small, item.medium, item.large, item.rough, item.fine
        )


def read_ByColor(buf: bytes, pos: int) -> tuple[dict[Color, Fixed], int]:
    count, pos = read_count(buf, pos, 29)
    value: dict[Color, Fixed] = {}
    for _ in range(count):
        key, pos = read_Color(buf, pos)
        flag, octet, small, medium, large, rough, fine = _S_oBhiqfd.unpack_from(buf, pos)
        pos += 28
        value[key] = _new_Fixed(flag, octet, small, medium, large, rough, fine)
    return value, pos


old_ByColor = Dictionary10(old_Color, Same(write_Fixed, read_Fixed), 29)


def write_ByKey(out: bytearray, value: Mapping[Key, Sequence[str]]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.name.encode()
        if (size := len(text)) < 255:
            out += _S_iB.pack(key.number, size)
        else:
            out += _S_i.pack(key.number)
            write_size(out, size)
        out += text
        write_Strings(out, item)


def read_ByKey(buf: bytes, pos: int) -> tuple[dict[Key, list[str]], int]:
    count, pos = read_count(buf, pos, 6)
    value: dict[Key, list[str]] = {}
    for _ in range(count):
        number, size = _S_iB.unpack_from(buf, pos)
        if size < 255:
            name = buf[pos + 5 : (pos := pos + 5 + size)].decode()
        else:
            name, pos = read_string(buf, pos + 4)
        item, pos = read_Strings(buf, pos)
        value[_new_Key(number, name)] = item
    return value, pos


def write_Nested(out: bytearray, value: Mapping[str, Mapping[str, str]]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_Texts(out, item)


def read_Nested(buf: bytes, pos: int) -> tuple[dict[str, dict[str, str]], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[str, dict[str, str]] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        item, pos = read_Texts(buf, pos)
        value[key] = item
    return value, pos


def _write_Refused(out: bytearray, value: Refused) -> None:
    write_string(out, value.reason)


def _read_Refused(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


Refused.ice_slice = ExceptionSlice("::Interop::Refused", Refused, _write_Refused, _read_Refused, None)


def _write_OutOfRange(out: bytearray, value: OutOfRange) -> None:
    out += _S_ioBhiqfd.pack(
        value.low,
        value.at.flag,
        value.at.octet,
        value.at.small,
        value.at.medium,
        value.at.large,
        value.at.rough,
        value.at.fine,
    )


def _read_OutOfRange(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    low, at_flag, at_octet, at_small, at_medium, at_large, at_rough = _S_ioBhiqf.unpack_from(buf, pos)
    (at_fine,) = _S_d.unpack_from(buf, pos + 24)
    return (low, _new_Fixed(at_flag, at_octet, at_small, at_medium, at_large, at_rough, at_fine)), pos + 32


OutOfRange.ice_slice = ExceptionSlice(
    "::Interop::OutOfRange", OutOfRange, _write_OutOfRange, _read_OutOfRange, Refused.ice_slice
)


def _write_Empty(out: bytearray, value: Empty) -> None:
    """Has no members of its own."""


def _read_Empty(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


Empty.ice_slice = ExceptionSlice("::Interop::Empty", Empty, _write_Empty, _read_Empty, None)


def _read_result_Named_name(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Named_name(servant: Named, buf: bytes, pos: int, current: Current) -> Any:
    return servant.name(current)


def _write_result_Named_name(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_Named_name: Operation[str] = Operation("name", 2, _read_result_Named_name, ())

NamedServant.ice_operations = {
    b"name": ServantOperation("name", 2, _serve_Named_name, _write_result_Named_name),
}


def _serve_Everything_nothing(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    return servant.nothing(current)


_OP_Everything_nothing: Operation[None] = Operation("nothing", 0, None, ())


def _read_result_Everything_add(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Everything_add(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    a, b = _S_ii.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.add(a, b, current)


_OP_Everything_add: Operation[int] = Operation("add", 0, _read_result_Everything_add, ())


def _read_result_Everything_echoFlag(buf: bytes, pos: int, source: Source) -> bool:
    result: bool = _S_o.unpack_from(buf, pos)[0]
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, source)
    return result


def _serve_Everything_echoFlag(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    (value,) = _S_o.unpack_from(buf, pos)
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, current)
    return servant.echoFlag(value, current)


_OP_Everything_echoFlag: Operation[bool] = Operation("echoFlag", 0, _read_result_Everything_echoFlag, ())


def _read_result_Everything_echoOctet(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_B.unpack_from(buf, pos)[0]
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, source)
    return result


def _serve_Everything_echoOctet(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    (value,) = _S_B.unpack_from(buf, pos)
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, current)
    return servant.echoOctet(value, current)


_OP_Everything_echoOctet: Operation[int] = Operation("echoOctet", 0, _read_result_Everything_echoOctet, ())


def _read_result_Everything_echoSmall(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_h.unpack_from(buf, pos)[0]
    if pos + 2 != len(buf):
        pass_over(buf, pos + 2, source)
    return result


def _serve_Everything_echoSmall(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    (value,) = _S_h.unpack_from(buf, pos)
    if pos + 2 != len(buf):
        pass_over(buf, pos + 2, current)
    return servant.echoSmall(value, current)


_OP_Everything_echoSmall: Operation[int] = Operation("echoSmall", 0, _read_result_Everything_echoSmall, ())


def _read_result_Everything_echoMedium(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Everything_echoMedium(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    (value,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.echoMedium(value, current)


_OP_Everything_echoMedium: Operation[int] = Operation("echoMedium", 0, _read_result_Everything_echoMedium, ())


def _read_result_Everything_echoLarge(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_q.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Everything_echoLarge(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    (value,) = _S_q.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.echoLarge(value, current)


_OP_Everything_echoLarge: Operation[int] = Operation("echoLarge", 0, _read_result_Everything_echoLarge, ())


def _read_result_Everything_echoRough(buf: bytes, pos: int, source: Source) -> float:
    result: float = _S_f.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Everything_echoRough(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    (value,) = _S_f.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.echoRough(value, current)


_OP_Everything_echoRough: Operation[float] = Operation("echoRough", 0, _read_result_Everything_echoRough, ())


def _read_result_Everything_echoFine(buf: bytes, pos: int, source: Source) -> float:
    result: float = _S_d.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Everything_echoFine(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    (value,) = _S_d.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.echoFine(value, current)


_OP_Everything_echoFine: Operation[float] = Operation("echoFine", 0, _read_result_Everything_echoFine, ())


def _read_result_Everything_echoText(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoText(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoText(value, current)


def _write_result_Everything_echoText(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_Everything_echoText: Operation[str] = Operation("echoText", 0, _read_result_Everything_echoText, ())

_OLD_Everything_echoColor = Call10("echoColor", (old_Color,), (old_Color,), returns=True)


def _read_result_Everything_echoColor(buf: bytes, pos: int, source: Source) -> Color:
    result, pos = read_Color(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoColor(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Color(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoColor(value, current)


def _write_result_Everything_echoColor(value: Color) -> bytearray:
    out = bytearray()
    write_Color(out, value)
    return out


_OP_Everything_echoColor: Operation[Color] = Operation(
    "echoColor", 0, _read_result_Everything_echoColor, (), old=_OLD_Everything_echoColor
)


def _read_result_Everything_echoFixed(buf: bytes, pos: int, source: Source) -> Fixed:
    result_flag, result_octet, result_small, result_medium = _S_oBhi.unpack_from(buf, pos)
    result_large, result_rough, result_fine = _S_qfd.unpack_from(buf, pos + 8)
    if pos + 28 != len(buf):
        pass_over(buf, pos + 28, source)
    return _new_Fixed(
        result_flag, result_octet, result_small, result_medium, result_large, result_rough, result_fine
    )


def _serve_Everything_echoFixed(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value_flag, value_octet, value_small, value_medium, value_large = _S_oBhiq.unpack_from(buf, pos)
    value_rough, value_fine = _S_fd.unpack_from(buf, pos + 16)
    if pos + 28 != len(buf):
        pass_over(buf, pos + 28, current)
    return servant.echoFixed(
        _new_Fixed(value_flag, value_octet, value_small, value_medium, value_large, value_rough, value_fine),
        current,
    )


def _write_result_Everything_echoFixed(value: Fixed) -> bytes:
    return _S_oBhiqfd.pack(
        value.flag, value.octet, value.small, value.medium, value.large, value.rough, value.fine
    )


_OP_Everything_echoFixed: Operation[Fixed] = Operation("echoFixed", 0, _read_result_Everything_echoFixed, ())

_OLD_Everything_echoMixed = Call10("echoMixed", (old_Mixed,), (old_Mixed,), returns=True)


def _read_result_Everything_echoMixed(buf: bytes, pos: int, source: Source) -> Mixed:
    result, pos = read_Mixed(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoMixed(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Mixed(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoMixed(value, current)


def _write_result_Everything_echoMixed(value: Mixed) -> bytearray:
    out = bytearray()
    write_Mixed(out, value)
    return out


_OP_Everything_echoMixed: Operation[Mixed] = Operation(
    "echoMixed", 0, _read_result_Everything_echoMixed, (), old=_OLD_Everything_echoMixed
)


def _read_result_Everything_echoBytes(buf: bytes, pos: int, source: Source) -> bytes:
    result, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoBytes(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoBytes(value, current)


def _write_result_Everything_echoBytes(value: bytes) -> bytearray:
    out = bytearray()
    write_bytes(out, value)
    return out


_OP_Everything_echoBytes: Operation[bytes] = Operation("echoBytes", 0, _read_result_Everything_echoBytes, ())


def _read_result_Everything_echoBools(buf: bytes, pos: int, source: Source) -> list[bool]:
    result, pos = read_Bools(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoBools(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Bools(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoBools(value, current)


def _write_result_Everything_echoBools(value: list[bool]) -> bytearray:
    out = bytearray()
    write_Bools(out, value)
    return out


_OP_Everything_echoBools: Operation[list[bool]] = Operation(
    "echoBools", 0, _read_result_Everything_echoBools, ()
)


def _read_result_Everything_echoShorts(buf: bytes, pos: int, source: Source) -> list[int]:
    result, pos = read_Shorts(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoShorts(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Shorts(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoShorts(value, current)


def _write_result_Everything_echoShorts(value: list[int]) -> bytearray:
    out = bytearray()
    write_Shorts(out, value)
    return out


_OP_Everything_echoShorts: Operation[list[int]] = Operation(
    "echoShorts", 0, _read_result_Everything_echoShorts, ()
)


def _read_result_Everything_echoInts(buf: bytes, pos: int, source: Source) -> list[int]:
    result, pos = read_Ints(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoInts(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Ints(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoInts(value, current)


def _write_result_Everything_echoInts(value: list[int]) -> bytearray:
    out = bytearray()
    write_Ints(out, value)
    return out


_OP_Everything_echoInts: Operation[list[int]] = Operation("echoInts", 0, _read_result_Everything_echoInts, ())


def _read_result_Everything_echoLongs(buf: bytes, pos: int, source: Source) -> list[int]:
    result, pos = read_Longs(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoLongs(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Longs(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoLongs(value, current)


def _write_result_Everything_echoLongs(value: list[int]) -> bytearray:
    out = bytearray()
    write_Longs(out, value)
    return out


_OP_Everything_echoLongs: Operation[list[int]] = Operation(
    "echoLongs", 0, _read_result_Everything_echoLongs, ()
)


def _read_result_Everything_echoFloats(buf: bytes, pos: int, source: Source) -> list[float]:
    result, pos = read_Floats(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoFloats(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Floats(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoFloats(value, current)


def _write_result_Everything_echoFloats(value: list[float]) -> bytearray:
    out = bytearray()
    write_Floats(out, value)
    return out


_OP_Everything_echoFloats: Operation[list[float]] = Operation(
    "echoFloats", 0, _read_result_Everything_echoFloats, ()
)


def _read_result_Everything_echoDoubles(buf: bytes, pos: int, source: Source) -> list[float]:
    result, pos = read_Doubles(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoDoubles(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Doubles(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoDoubles(value, current)


def _write_result_Everything_echoDoubles(value: list[float]) -> bytearray:
    out = bytearray()
    write_Doubles(out, value)
    return out


_OP_Everything_echoDoubles: Operation[list[float]] = Operation(
    "echoDoubles", 0, _read_result_Everything_echoDoubles, ()
)


def _read_result_Everything_echoStrings(buf: bytes, pos: int, source: Source) -> list[str]:
    result, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoStrings(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoStrings(value, current)


def _write_result_Everything_echoStrings(value: list[str]) -> bytearray:
    out = bytearray()
    write_Strings(out, value)
    return out


_OP_Everything_echoStrings: Operation[list[str]] = Operation(
    "echoStrings", 0, _read_result_Everything_echoStrings, ()
)

_OLD_Everything_echoColors = Call10("echoColors", (old_Colors,), (old_Colors,), returns=True)


def _read_result_Everything_echoColors(buf: bytes, pos: int, source: Source) -> list[Color]:
    result, pos = read_Colors(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoColors(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Colors(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoColors(value, current)


def _write_result_Everything_echoColors(value: list[Color]) -> bytearray:
    out = bytearray()
    write_Colors(out, value)
    return out


_OP_Everything_echoColors: Operation[list[Color]] = Operation(
    "echoColors", 0, _read_result_Everything_echoColors, (), old=_OLD_Everything_echoColors
)


def _read_result_Everything_echoFixeds(buf: bytes, pos: int, source: Source) -> list[Fixed]:
    result, pos = read_Fixeds(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoFixeds(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Fixeds(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoFixeds(value, current)


def _write_result_Everything_echoFixeds(value: list[Fixed]) -> bytearray:
    out = bytearray()
    write_Fixeds(out, value)
    return out


_OP_Everything_echoFixeds: Operation[list[Fixed]] = Operation(
    "echoFixeds", 0, _read_result_Everything_echoFixeds, ()
)

_OLD_Everything_echoMixeds = Call10("echoMixeds", (old_Mixeds,), (old_Mixeds,), returns=True)


def _read_result_Everything_echoMixeds(buf: bytes, pos: int, source: Source) -> list[Mixed]:
    result, pos = read_Mixeds(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoMixeds(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Mixeds(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoMixeds(value, current)


def _write_result_Everything_echoMixeds(value: list[Mixed]) -> bytearray:
    out = bytearray()
    write_Mixeds(out, value)
    return out


_OP_Everything_echoMixeds: Operation[list[Mixed]] = Operation(
    "echoMixeds", 0, _read_result_Everything_echoMixeds, (), old=_OLD_Everything_echoMixeds
)


def _read_result_Everything_echoTable(buf: bytes, pos: int, source: Source) -> list[list[int]]:
    result, pos = read_Table(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoTable(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Table(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoTable(value, current)


def _write_result_Everything_echoTable(value: list[list[int]]) -> bytearray:
    out = bytearray()
    write_Table(out, value)
    return out


_OP_Everything_echoTable: Operation[list[list[int]]] = Operation(
    "echoTable", 0, _read_result_Everything_echoTable, ()
)

_OLD_Everything_echoProxies = Call10("echoProxies", (old_Proxies,), (old_Proxies,), returns=True)


def _read_result_Everything_echoProxies(buf: bytes, pos: int, source: Source) -> list[ObjectPrx | None]:
    result, pos = read_Proxies(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoProxies(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Proxies(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoProxies(value, current)


def _write_result_Everything_echoProxies(value: list[ObjectPrx | None]) -> bytearray:
    out = bytearray()
    write_Proxies(out, value)
    return out


_OP_Everything_echoProxies: Operation[list[ObjectPrx | None]] = Operation(
    "echoProxies", 0, _read_result_Everything_echoProxies, (), old=_OLD_Everything_echoProxies
)


def _read_result_Everything_echoTexts(buf: bytes, pos: int, source: Source) -> dict[str, str]:
    result, pos = read_Texts(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoTexts(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Texts(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoTexts(value, current)


def _write_result_Everything_echoTexts(value: dict[str, str]) -> bytearray:
    out = bytearray()
    write_Texts(out, value)
    return out


_OP_Everything_echoTexts: Operation[dict[str, str]] = Operation(
    "echoTexts", 0, _read_result_Everything_echoTexts, ()
)


def _read_result_Everything_echoNumbers(buf: bytes, pos: int, source: Source) -> dict[int, int]:
    result, pos = read_Numbers(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoNumbers(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Numbers(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoNumbers(value, current)


def _write_result_Everything_echoNumbers(value: dict[int, int]) -> bytearray:
    out = bytearray()
    write_Numbers(out, value)
    return out


_OP_Everything_echoNumbers: Operation[dict[int, int]] = Operation(
    "echoNumbers", 0, _read_result_Everything_echoNumbers, ()
)

_OLD_Everything_echoByColor = Call10("echoByColor", (old_ByColor,), (old_ByColor,), returns=True)


def _read_result_Everything_echoByColor(buf: bytes, pos: int, source: Source) -> dict[Color, Fixed]:
    result, pos = read_ByColor(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoByColor(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_ByColor(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoByColor(value, current)


def _write_result_Everything_echoByColor(value: dict[Color, Fixed]) -> bytearray:
    out = bytearray()
    write_ByColor(out, value)
    return out


_OP_Everything_echoByColor: Operation[dict[Color, Fixed]] = Operation(
    "echoByColor", 0, _read_result_Everything_echoByColor, (), old=_OLD_Everything_echoByColor
)


def _read_result_Everything_echoByKey(buf: bytes, pos: int, source: Source) -> dict[Key, list[str]]:
    result, pos = read_ByKey(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoByKey(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_ByKey(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoByKey(value, current)


def _write_result_Everything_echoByKey(value: dict[Key, list[str]]) -> bytearray:
    out = bytearray()
    write_ByKey(out, value)
    return out


_OP_Everything_echoByKey: Operation[dict[Key, list[str]]] = Operation(
    "echoByKey", 0, _read_result_Everything_echoByKey, ()
)


def _read_result_Everything_echoNested(buf: bytes, pos: int, source: Source) -> dict[str, dict[str, str]]:
    result, pos = read_Nested(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoNested(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_Nested(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoNested(value, current)


def _write_result_Everything_echoNested(value: dict[str, dict[str, str]]) -> bytearray:
    out = bytearray()
    write_Nested(out, value)
    return out


_OP_Everything_echoNested: Operation[dict[str, dict[str, str]]] = Operation(
    "echoNested", 0, _read_result_Everything_echoNested, ()
)

_OLD_Everything_echoAnything = Call10(
    "echoAnything", (Proxy10(ObjectPrx),), (Proxy10(ObjectPrx),), returns=True
)


def _read_result_Everything_echoAnything(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoAnything(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_proxy(buf, pos, current, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoAnything(value, current)


def _write_result_Everything_echoAnything(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Everything_echoAnything: Operation[ObjectPrx | None] = Operation(
    "echoAnything", 0, _read_result_Everything_echoAnything, (), old=_OLD_Everything_echoAnything
)

_OLD_Everything_echoMyself = Call10(
    "echoMyself", (Proxy10(EverythingPrx),), (Proxy10(EverythingPrx),), returns=True
)


def _read_result_Everything_echoMyself(buf: bytes, pos: int, source: Source) -> EverythingPrx | None:
    result, pos = read_proxy(buf, pos, source, EverythingPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_echoMyself(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_proxy(buf, pos, current, EverythingPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.echoMyself(value, current)


def _write_result_Everything_echoMyself(value: EverythingPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Everything_echoMyself: Operation[EverythingPrx | None] = Operation(
    "echoMyself", 0, _read_result_Everything_echoMyself, (), old=_OLD_Everything_echoMyself
)


def _read_result_Everything_divide(buf: bytes, pos: int, source: Source) -> tuple[int, int]:
    remainder, result = _S_ii.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result, remainder


def _serve_Everything_divide(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    a, b = _S_ii.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.divide(a, b, current)


def _write_result_Everything_divide(value: tuple[int, int]) -> bytes:
    result, remainder = value
    return _S_ii.pack(remainder, result)


_OP_Everything_divide: Operation[tuple[int, int]] = Operation(
    "divide", 2, _read_result_Everything_divide, (Refused,)
)


def _read_result_Everything_several(buf: bytes, pos: int, source: Source) -> tuple[str, int, dict[str, str]]:
    (c,) = _S_i.unpack_from(buf, pos)
    d, pos = read_Texts(buf, pos + 4)
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result, c, d


def _serve_Everything_several(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    a, pos = read_string(buf, pos)
    (b,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.several(a, b, current)


def _write_result_Everything_several(value: tuple[str, int, dict[str, str]]) -> bytearray:
    result, c, d = value
    out = bytearray()
    out += _S_i.pack(c)
    write_Texts(out, d)
    write_string(out, result)
    return out


_OP_Everything_several: Operation[tuple[str, int, dict[str, str]]] = Operation(
    "several", 0, _read_result_Everything_several, ()
)

_OLD_Everything_maybe = Call10("maybe", (None, None), (None, None))


def _read_result_Everything_maybe(buf: bytes, pos: int, source: Source) -> tuple[int | None, str | None]:
    values = ValueReader(source)
    result: int | None = None
    back: str | None = None
    there, pos = seek_optional(buf, pos, 1, 2, values.skip)
    if there:
        (result,) = _S_i.unpack_from(buf, pos)
        pos += 4
    there, pos = seek_optional(buf, pos, 2, 5, values.skip)
    if there:
        back, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result, back


def _serve_Everything_maybe(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    text: str | None = None
    data: bytes | None = None
    there, pos = seek_optional(buf, pos, 3, 5, values.skip)
    if there:
        text, pos = read_string(buf, pos)
    there, pos = seek_optional(buf, pos, 40, 5, values.skip)
    if there:
        data, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.maybe(text, data, current)


def _write_result_Everything_maybe(value: tuple[int | None, str | None]) -> bytearray:
    result, back = value
    out = bytearray()
    if result is not None:
        write_optional_header(out, 1, 2)
        out += _S_i.pack(result)
    if back is not None:
        write_optional_header(out, 2, 5)
        write_string(out, back)
    return out


_OP_Everything_maybe: Operation[tuple[int | None, str | None]] = Operation(
    "maybe", 0, _read_result_Everything_maybe, (), old=_OLD_Everything_maybe
)


def _serve_Everything_refuse(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    kind, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.refuse(kind, current)


_OP_Everything_refuse: Operation[None] = Operation("refuse", 0, None, (Refused, Empty))


def _serve_Everything_refuseInSlices(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    kind, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.refuseInSlices(kind, current)


_OP_Everything_refuseInSlices: Operation[None] = Operation("refuseInSlices", 0, None, (Refused,))


def _serve_Everything_fail(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    return servant.fail(current)


_OP_Everything_fail: Operation[None] = Operation("fail", 0, None, ())


def _read_result_Everything_context(buf: bytes, pos: int, source: Source) -> dict[str, str]:
    result, pos = read_Texts(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_context(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    return servant.context(current)


def _write_result_Everything_context(value: dict[str, str]) -> bytearray:
    out = bytearray()
    write_Texts(out, value)
    return out


_OP_Everything_context: Operation[dict[str, str]] = Operation(
    "context", 2, _read_result_Everything_context, ()
)


def _serve_Everything_note(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    (number,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.note(number, current)


_OP_Everything_note: Operation[None] = Operation("note", 0, None, ())


def _read_result_Everything_noted(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Everything_noted(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    return servant.noted(current)


_OP_Everything_noted: Operation[int] = Operation("noted", 2, _read_result_Everything_noted, ())


def _read_result_Everything_callBack(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_callBack(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    category, pos = read_string(buf, pos)
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.callBack(category, name, current)


def _write_result_Everything_callBack(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_Everything_callBack: Operation[str] = Operation("callBack", 0, _read_result_Everything_callBack, ())

EverythingServant.ice_operations = {
    **NamedServant.ice_operations,
    b"nothing": ServantOperation("nothing", 0, _serve_Everything_nothing, None),
    b"add": ServantOperation("add", 0, _serve_Everything_add, _S_i.pack),
    b"echoFlag": ServantOperation("echoFlag", 0, _serve_Everything_echoFlag, _S_o.pack),
    b"echoOctet": ServantOperation("echoOctet", 0, _serve_Everything_echoOctet, _S_B.pack),
    b"echoSmall": ServantOperation("echoSmall", 0, _serve_Everything_echoSmall, _S_h.pack),
    b"echoMedium": ServantOperation("echoMedium", 0, _serve_Everything_echoMedium, _S_i.pack),
    b"echoLarge": ServantOperation("echoLarge", 0, _serve_Everything_echoLarge, _S_q.pack),
    b"echoRough": ServantOperation("echoRough", 0, _serve_Everything_echoRough, _S_f.pack),
    b"echoFine": ServantOperation("echoFine", 0, _serve_Everything_echoFine, _S_d.pack),
    b"echoText": ServantOperation(
        "echoText", 0, _serve_Everything_echoText, _write_result_Everything_echoText
    ),
    b"echoColor": ServantOperation(
        "echoColor",
        0,
        _serve_Everything_echoColor,
        _write_result_Everything_echoColor,
        old=_OLD_Everything_echoColor,
    ),
    b"echoFixed": ServantOperation(
        "echoFixed", 0, _serve_Everything_echoFixed, _write_result_Everything_echoFixed
    ),
    b"echoMixed": ServantOperation(
        "echoMixed",
        0,
        _serve_Everything_echoMixed,
        _write_result_Everything_echoMixed,
        old=_OLD_Everything_echoMixed,
    ),
    b"echoBytes": ServantOperation(
        "echoBytes", 0, _serve_Everything_echoBytes, _write_result_Everything_echoBytes
    ),
    b"echoBools": ServantOperation(
        "echoBools", 0, _serve_Everything_echoBools, _write_result_Everything_echoBools
    ),
    b"echoShorts": ServantOperation(
        "echoShorts", 0, _serve_Everything_echoShorts, _write_result_Everything_echoShorts
    ),
    b"echoInts": ServantOperation(
        "echoInts", 0, _serve_Everything_echoInts, _write_result_Everything_echoInts
    ),
    b"echoLongs": ServantOperation(
        "echoLongs", 0, _serve_Everything_echoLongs, _write_result_Everything_echoLongs
    ),
    b"echoFloats": ServantOperation(
        "echoFloats", 0, _serve_Everything_echoFloats, _write_result_Everything_echoFloats
    ),
    b"echoDoubles": ServantOperation(
        "echoDoubles", 0, _serve_Everything_echoDoubles, _write_result_Everything_echoDoubles
    ),
    b"echoStrings": ServantOperation(
        "echoStrings", 0, _serve_Everything_echoStrings, _write_result_Everything_echoStrings
    ),
    b"echoColors": ServantOperation(
        "echoColors",
        0,
        _serve_Everything_echoColors,
        _write_result_Everything_echoColors,
        old=_OLD_Everything_echoColors,
    ),
    b"echoFixeds": ServantOperation(
        "echoFixeds", 0, _serve_Everything_echoFixeds, _write_result_Everything_echoFixeds
    ),
    b"echoMixeds": ServantOperation(
        "echoMixeds",
        0,
        _serve_Everything_echoMixeds,
        _write_result_Everything_echoMixeds,
        old=_OLD_Everything_echoMixeds,
    ),
    b"echoTable": ServantOperation(
        "echoTable", 0, _serve_Everything_echoTable, _write_result_Everything_echoTable
    ),
    b"echoProxies": ServantOperation(
        "echoProxies",
        0,
        _serve_Everything_echoProxies,
        _write_result_Everything_echoProxies,
        old=_OLD_Everything_echoProxies,
    ),
    b"echoTexts": ServantOperation(
        "echoTexts", 0, _serve_Everything_echoTexts, _write_result_Everything_echoTexts
    ),
    b"echoNumbers": ServantOperation(
        "echoNumbers", 0, _serve_Everything_echoNumbers, _write_result_Everything_echoNumbers
    ),
    b"echoByColor": ServantOperation(
        "echoByColor",
        0,
        _serve_Everything_echoByColor,
        _write_result_Everything_echoByColor,
        old=_OLD_Everything_echoByColor,
    ),
    b"echoByKey": ServantOperation(
        "echoByKey", 0, _serve_Everything_echoByKey, _write_result_Everything_echoByKey
    ),
    b"echoNested": ServantOperation(
        "echoNested", 0, _serve_Everything_echoNested, _write_result_Everything_echoNested
    ),
    b"echoAnything": ServantOperation(
        "echoAnything",
        0,
        _serve_Everything_echoAnything,
        _write_result_Everything_echoAnything,
        old=_OLD_Everything_echoAnything,
    ),
    b"echoMyself": ServantOperation(
        "echoMyself",
        0,
        _serve_Everything_echoMyself,
        _write_result_Everything_echoMyself,
        old=_OLD_Everything_echoMyself,
    ),
    b"divide": ServantOperation("divide", 2, _serve_Everything_divide, _write_result_Everything_divide),
    b"several": ServantOperation("several", 0, _serve_Everything_several, _write_result_Everything_several),
    b"maybe": ServantOperation(
        "maybe", 0, _serve_Everything_maybe, _write_result_Everything_maybe, old=_OLD_Everything_maybe
    ),
    b"refuse": ServantOperation("refuse", 0, _serve_Everything_refuse, None),
    b"refuseInSlices": ServantOperation(
        "refuseInSlices", 0, _serve_Everything_refuseInSlices, None, sliced=True
    ),
    b"fail": ServantOperation("fail", 0, _serve_Everything_fail, None),
    b"context": ServantOperation("context", 2, _serve_Everything_context, _write_result_Everything_context),
    b"note": ServantOperation("note", 0, _serve_Everything_note, None),
    b"noted": ServantOperation("noted", 2, _serve_Everything_noted, _S_i.pack),
    b"callBack": ServantOperation(
        "callBack", 0, _serve_Everything_callBack, _write_result_Everything_callBack
    ),
}
