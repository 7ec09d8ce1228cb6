# Written by slice2tx from golden/optionals.ice. To change it, change the Slice file.
"""Optional parameters and results."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from enum import IntEnum
from struct import Struct
from typing import Any, ClassVar, Final, Protocol

from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    read_proxy,
    write_proxy,
)
from pushnet.wire.basic import read_bytes, read_size, read_string, write_bytes, write_size, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.optional import optional_pos, read_optionals, write_optional_header
from tests.golden.collections import (
    read_Bools,
    read_Gauges,
    read_Ints,
    read_Points,
    read_Positions,
    read_Proxies,
    read_Strings,
    write_Bools,
    write_Gauges,
    write_Ints,
    write_Points,
    write_Positions,
    write_Proxies,
    write_Strings,
)
from tests.golden.values import Defaults, Point, read_Defaults, write_Defaults

__all__ = ["Form", "FormPrx", "FormServant", "Format", "NameTag", "read_Format", "write_Format"]


class Format(IntEnum):
    F1 = 0
    F2 = 1
    F4 = 2
    F8 = 3
    Size = 4
    VSize = 5
    FSize = 6


NameTag: Final = 40


class Form(Protocol):
    def fill(
        self,
        required: int,
        text: str | None,
        number: int | None,
        name: str | None,
        current: Current | None = None,
        /,
    ) -> Awaitable[None]: ...

    def all(
        self,
        a: bool | None,
        b: int | None,
        c: int | None,
        d: int | None,
        e: float | None,
        f: Format | None,
        g: str | None,
        h: Point | None,
        i: Defaults | None,
        j: bytes | None,
        k: Sequence[int] | None,
        ll: Sequence[bool] | None,
        m: Sequence[str] | None,
        n: Mapping[int, int] | None,
        o: Mapping[str, float] | None,
        p: Sequence[Point] | None,
        q: ObjectPrx | None,
        r: Sequence[ObjectPrx | None] | None,
        current: Current | None = None,
        /,
    ) -> Awaitable[None]: ...

    def both(
        self, current: Current | None = None, /
    ) -> Awaitable[tuple[int | None, str, list[int] | None]]: ...

    def only(self, current: Current | None = None, /) -> Awaitable[str | None]: ...


class FormPrx(ObjectPrx):
    """Calls a `Form` wherever it is."""

    ice_type: ClassVar[str] = "::Optionals::Form"

    def fill(
        self,
        required: int,
        text: str | None,
        number: int | None,
        name: str | None,
        context: CallContext = None,
    ) -> Deferred[None]:
        out = bytearray()
        out += _S_i.pack(required)
        if number is not None:
            write_optional_header(out, 1, 2)
            out += _S_i.pack(number)
        if text is not None:
            write_optional_header(out, 5, 5)
            write_string(out, text)
        if name is not None:
            write_optional_header(out, 40, 5)
            write_string(out, name)
        return self._ice_call(_OP_Form_fill, out, context)

    def all(
        self,
        a: bool | None,
        b: int | None,
        c: int | None,
        d: int | None,
        e: float | None,
        f: Format | None,
        g: str | None,
        h: Point | None,
        i: Defaults | None,
        j: bytes | None,
        k: Sequence[int] | None,
        ll: Sequence[bool] | None,
        m: Sequence[str] | None,
        n: Mapping[int, int] | None,
        o: Mapping[str, float] | None,
        p: Sequence[Point] | None,
        q: ObjectPrx | None,
        r: Sequence[ObjectPrx | None] | None,
        context: CallContext = None,
    ) -> Deferred[None]:
        out = bytearray()
        if a is not None:
            write_optional_header(out, 1, 0)
            out += _S_o.pack(a)
        if b is not None:
            write_optional_header(out, 2, 0)
            out += _S_B.pack(b)
        if c is not None:
            write_optional_header(out, 3, 1)
            out += _S_h.pack(c)
        if d is not None:
            write_optional_header(out, 4, 3)
            out += _S_q.pack(d)
        if e is not None:
            write_optional_header(out, 5, 3)
            out += _S_d.pack(e)
        if f is not None:
            write_optional_header(out, 6, 4)
            write_Format(out, f)
        if g is not None:
            write_optional_header(out, 7, 5)
            write_string(out, g)
        if h is not None:
            write_optional_header(out, 8, 5)
            write_size(out, 8)
            out += _S_ii.pack(h.x, h.y)
        if i is not None:
            write_optional_header(out, 9, 6)
            start = len(out)
            out += b"\0\0\0\0"
            write_Defaults(out, i)
            _S_i.pack_into(out, start, len(out) - start - 4)
        if j is not None:
            write_optional_header(out, 10, 5)
            write_bytes(out, j)
        if k is not None:
            write_optional_header(out, 11, 5)
            write_size(out, len(k) * 4 + (1 if len(k) < 255 else 5))
            write_Ints(out, k)
        if ll is not None:
            write_optional_header(out, 12, 5)
            write_Bools(out, ll)
        if m is not None:
            write_optional_header(out, 13, 6)
            start = len(out)
            out += b"\0\0\0\0"
            write_Strings(out, m)
            _S_i.pack_into(out, start, len(out) - start - 4)
        if n is not None:
            write_optional_header(out, 14, 5)
            write_size(out, len(n) * 12 + (1 if len(n) < 255 else 5))
            write_Positions(out, n)
        if o is not None:
            write_optional_header(out, 15, 6)
            start = len(out)
            out += b"\0\0\0\0"
            write_Gauges(out, o)
            _S_i.pack_into(out, start, len(out) - start - 4)
        if p is not None:
            write_optional_header(out, 16, 5)
            write_size(out, len(p) * 8 + (1 if len(p) < 255 else 5))
            write_Points(out, p)
        if q is not None:
            write_optional_header(out, 17, 6)
            start = len(out)
            out += b"\0\0\0\0"
            write_proxy(out, q)
            _S_i.pack_into(out, start, len(out) - start - 4)
        if r is not None:
            write_optional_header(out, 18, 6)
            start = len(out)
            out += b"\0\0\0\0"
            write_Proxies(out, r)
            _S_i.pack_into(out, start, len(out) - start - 4)
        return self._ice_call(_OP_Form_all, out, context)

    def both(self, context: CallContext = None) -> Deferred[tuple[int | None, str, list[int] | None]]:
        return self._ice_call(_OP_Form_both, b"", context)

    def only(self, context: CallContext = None) -> Deferred[str | None]:
        return self._ice_call(_OP_Form_only, b"", context)


class FormServant(Servant):
    """Serves a `Form`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Optionals::Form"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Optionals::Form")


# The wire: how the above becomes bytes and back (encoding 1.1).

_S_B = Struct("<B")
_S_d = Struct("<d")
_S_h = Struct("<h")
_S_i = Struct("<i")
_S_ii = Struct("<ii")
_S_o = Struct("<?")
_S_q = Struct("<q")

_MEMBERS_Format: Final = {member.value: member for member in Format}


def write_Format(out: bytearray, value: Format) -> None:
    write_size(out, value)


def read_Format(buf: bytes, pos: int) -> tuple[Format, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Format.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::Optionals::Format")
    return value, pos


def _serve_Form_fill(servant: Form, buf: bytes, pos: int, current: Current) -> Any:
    (required,) = _S_i.unpack_from(buf, pos)
    found = read_optionals(buf, pos + 4)
    number: int | None = None
    at = optional_pos(found, 1, 2)
    if at is not None:
        (number,) = _S_i.unpack_from(buf, at)
    text: str | None = None
    at = optional_pos(found, 5, 5)
    if at is not None:
        text, at = read_string(buf, at)
    name: str | None = None
    at = optional_pos(found, 40, 5)
    if at is not None:
        name, at = read_string(buf, at)
    return servant.fill(required, text, number, name, current)


_OP_Form_fill: Operation[None] = Operation("fill", 0, None, ())


def _serve_Form_all(servant: Form, buf: bytes, pos: int, current: Current) -> Any:
    found = read_optionals(buf, pos)
    a: bool | None = None
    at = optional_pos(found, 1, 0)
    if at is not None:
        (a,) = _S_o.unpack_from(buf, at)
    b: int | None = None
    at = optional_pos(found, 2, 0)
    if at is not None:
        (b,) = _S_B.unpack_from(buf, at)
    c: int | None = None
    at = optional_pos(found, 3, 1)
    if at is not None:
        (c,) = _S_h.unpack_from(buf, at)
    d: int | None = None
    at = optional_pos(found, 4, 3)
    if at is not None:
        (d,) = _S_q.unpack_from(buf, at)
    e: float | None = None
    at = optional_pos(found, 5, 3)
    if at is not None:
        (e,) = _S_d.unpack_from(buf, at)
    f: Format | None = None
    at = optional_pos(found, 6, 4)
    if at is not None:
        f, at = read_Format(buf, at)
    g: str | None = None
    at = optional_pos(found, 7, 5)
    if at is not None:
        g, at = read_string(buf, at)
    h: Point | None = None
    at = optional_pos(found, 8, 5)
    if at is not None:
        _, at = read_size(buf, at)
        h_x, h_y = _S_ii.unpack_from(buf, at)
        h = Point(h_x, h_y)
    i: Defaults | None = None
    at = optional_pos(found, 9, 6)
    if at is not None:
        i, at = read_Defaults(buf, at + 4)
    j: bytes | None = None
    at = optional_pos(found, 10, 5)
    if at is not None:
        j, at = read_bytes(buf, at)
    k: list[int] | None = None
    at = optional_pos(found, 11, 5)
    if at is not None:
        _, at = read_size(buf, at)
        k, at = read_Ints(buf, at)
    ll: list[bool] | None = None
    at = optional_pos(found, 12, 5)
    if at is not None:
        ll, at = read_Bools(buf, at)
    m: list[str] | None = None
    at = optional_pos(found, 13, 6)
    if at is not None:
        m, at = read_Strings(buf, at + 4)
    n: dict[int, int] | None = None
    at = optional_pos(found, 14, 5)
    if at is not None:
        _, at = read_size(buf, at)
        n, at = read_Positions(buf, at)
    o: dict[str, float] | None = None
    at = optional_pos(found, 15, 6)
    if at is not None:
        o, at = read_Gauges(buf, at + 4)
    p: list[Point] | None = None
    at = optional_pos(found, 16, 5)
    if at is not None:
        _, at = read_size(buf, at)
        p, at = read_Points(buf, at)
    q: ObjectPrx | None = None
    at = optional_pos(found, 17, 6)
    if at is not None:
        q, at = read_proxy(buf, at + 4, current, ObjectPrx)
    r: list[ObjectPrx | None] | None = None
    at = optional_pos(found, 18, 6)
    if at is not None:
        r, at = read_Proxies(buf, at + 4, current)
    return servant.all(a, b, c, d, e, f, g, h, i, j, k, ll, m, n, o, p, q, r, current)


_OP_Form_all: Operation[None] = Operation("all", 0, None, ())


def _read_result_Form_both(buf: bytes, pos: int, source: Source) -> tuple[int | None, str, list[int] | None]:
    s, pos = read_string(buf, pos)
    found = read_optionals(buf, pos)
    numbers: list[int] | None = None
    at = optional_pos(found, 1, 5)
    if at is not None:
        _, at = read_size(buf, at)
        numbers, at = read_Ints(buf, at)
    result: int | None = None
    at = optional_pos(found, 2, 2)
    if at is not None:
        (result,) = _S_i.unpack_from(buf, at)
    return result, s, numbers


def _serve_Form_both(servant: Form, buf: bytes, pos: int, current: Current) -> Any:
    return servant.both(current)


def _write_result_Form_both(value: tuple[int | None, str, list[int] | None]) -> bytearray:
    result, s, numbers = value
    out = bytearray()
    write_string(out, s)
    if numbers is not None:
        write_optional_header(out, 1, 5)
        write_size(out, len(numbers) * 4 + (1 if len(numbers) < 255 else 5))
        write_Ints(out, numbers)
    if result is not None:
        write_optional_header(out, 2, 2)
        out += _S_i.pack(result)
    return out


_OP_Form_both: Operation[tuple[int | None, str, list[int] | None]] = Operation(
    "both", 0, _read_result_Form_both, ()
)


def _read_result_Form_only(buf: bytes, pos: int, source: Source) -> str | None:
    found = read_optionals(buf, pos)
    result: str | None = None
    at = optional_pos(found, 1, 5)
    if at is not None:
        result, at = read_string(buf, at)
    return result


def _serve_Form_only(servant: Form, buf: bytes, pos: int, current: Current) -> Any:
    return servant.only(current)


def _write_result_Form_only(value: str | None) -> bytearray:
    out = bytearray()
    if value is not None:
        write_optional_header(out, 1, 5)
        write_string(out, value)
    return out


_OP_Form_only: Operation[str | None] = Operation("only", 0, _read_result_Form_only, ())

FormServant.ice_operations = {
    b"fill": ServantOperation("fill", 0, _serve_Form_fill, None),
    b"all": ServantOperation("all", 0, _serve_Form_all, None),
    b"both": ServantOperation("both", 0, _serve_Form_both, _write_result_Form_both),
    b"only": ServantOperation("only", 0, _serve_Form_only, _write_result_Form_only),
}
