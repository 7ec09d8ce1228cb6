# Written by slice2tx from golden/optionals.ice. To change it, change the Slice file.
"""Optional parameters and results."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
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
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import INT, STRING, Enum10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from pushnet.wire.optional import seek_optional, write_optional_header
from pushnet.wire.value_reader import ValueReader
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


class Format(SliceEnum):
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
        text: str | None = None,
        number: int | None = None,
        name: str | None = None,
        context: CallContext = None,
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_Form_fill, (required, text, number, name), context)
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
        a: bool | None = None,
        b: int | None = None,
        c: int | None = None,
        d: int | None = None,
        e: float | None = None,
        f: Format | None = None,
        g: str | None = None,
        h: Point | None = None,
        i: Defaults | None = None,
        j: bytes | None = None,
        k: Sequence[int] | None = None,
        ll: Sequence[bool] | None = None,
        m: Sequence[str] | None = None,
        n: Mapping[int, int] | None = None,
        o: Mapping[str, float] | None = None,
        p: Sequence[Point] | None = None,
        q: ObjectPrx | None = None,
        r: Sequence[ObjectPrx | None] | None = None,
        context: CallContext = None,
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(
                _OP_Form_all, (a, b, c, d, e, f, g, h, i, j, k, ll, m, n, o, p, q, r), context
            )
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


# The wire: how the above becomes bytes and back.

_S_B = Struct("<B")
_S_d = Struct("<d")
_S_h = Struct("<h")
_S_i = Struct("<i")
_S_ii = Struct("<ii")
_S_o = Struct("<?")
_S_q = Struct("<q")

_new_Point = maker_of(Point)

_MEMBERS_Format: Final = {member.value: member for member in Format}


def write_Format(out: bytearray, value: Format) -> None:
    write_size(out, value)


def read_Format(buf: bytes, pos: int) -> tuple[Format, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Format.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::Optionals::Format")
    return value, pos


old_Format = Enum10(Format, "::Optionals::Format")

_OLD_Form_fill = Call10("fill", (INT, None, None, None), ())


def _serve_Form_fill(servant: Form, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    (required,) = _S_i.unpack_from(buf, pos)
    number: int | None = None
    text: str | None = None
    name: str | None = None
    there, pos = seek_optional(buf, pos + 4, 1, 2, values.skip)
    if there:
        (number,) = _S_i.unpack_from(buf, pos)
        pos += 4
    there, pos = seek_optional(buf, pos, 5, 5, values.skip)
    if there:
        text, pos = read_string(buf, pos)
    there, pos = seek_optional(buf, pos, 40, 5, values.skip)
    if there:
        name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.fill(required, text, number, name, current)


_OP_Form_fill: Operation[None] = Operation("fill", 0, None, (), old=_OLD_Form_fill)

_OLD_Form_all = Call10(
    "all",
    (
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
    ),
    (),
)


def _serve_Form_all(servant: Form, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    a: bool | None = None
    b: int | None = None
    c: int | None = None
    d: int | None = None
    e: float | None = None
    f: Format | None = None
    g: str | None = None
    h: Point | None = None
    i: Defaults | None = None
    j: bytes | None = None
    k: list[int] | None = None
    ll: list[bool] | None = None
    m: list[str] | None = None
    n: dict[int, int] | None = None
    o: dict[str, float] | None = None
    p: list[Point] | None = None
    q: ObjectPrx | None = None
    r: list[ObjectPrx | None] | None = None
    there, pos = seek_optional(buf, pos, 1, 0, values.skip)
    if there:
        (a,) = _S_o.unpack_from(buf, pos)
        pos += 1
    there, pos = seek_optional(buf, pos, 2, 0, values.skip)
    if there:
        (b,) = _S_B.unpack_from(buf, pos)
        pos += 1
    there, pos = seek_optional(buf, pos, 3, 1, values.skip)
    if there:
        (c,) = _S_h.unpack_from(buf, pos)
        pos += 2
    there, pos = seek_optional(buf, pos, 4, 3, values.skip)
    if there:
        (d,) = _S_q.unpack_from(buf, pos)
        pos += 8
    there, pos = seek_optional(buf, pos, 5, 3, values.skip)
    if there:
        (e,) = _S_d.unpack_from(buf, pos)
        pos += 8
    there, pos = seek_optional(buf, pos, 6, 4, values.skip)
    if there:
        f, pos = read_Format(buf, pos)
    there, pos = seek_optional(buf, pos, 7, 5, values.skip)
    if there:
        g, pos = read_string(buf, pos)
    there, pos = seek_optional(buf, pos, 8, 5, values.skip)
    if there:
        _, pos = read_size(buf, pos)
        h_x, h_y = _S_ii.unpack_from(buf, pos)
        h = _new_Point(h_x, h_y)
        pos += 8
    there, pos = seek_optional(buf, pos, 9, 6, values.skip)
    if there:
        i, pos = read_Defaults(buf, pos + 4)
    there, pos = seek_optional(buf, pos, 10, 5, values.skip)
    if there:
        j, pos = read_bytes(buf, pos)
    there, pos = seek_optional(buf, pos, 11, 5, values.skip)
    if there:
        _, pos = read_size(buf, pos)
        k, pos = read_Ints(buf, pos)
    there, pos = seek_optional(buf, pos, 12, 5, values.skip)
    if there:
        ll, pos = read_Bools(buf, pos)
    there, pos = seek_optional(buf, pos, 13, 6, values.skip)
    if there:
        m, pos = read_Strings(buf, pos + 4)
    there, pos = seek_optional(buf, pos, 14, 5, values.skip)
    if there:
        _, pos = read_size(buf, pos)
        n, pos = read_Positions(buf, pos)
    there, pos = seek_optional(buf, pos, 15, 6, values.skip)
    if there:
        o, pos = read_Gauges(buf, pos + 4)
    there, pos = seek_optional(buf, pos, 16, 5, values.skip)
    if there:
        _, pos = read_size(buf, pos)
        p, pos = read_Points(buf, pos)
    there, pos = seek_optional(buf, pos, 17, 6, values.skip)
    if there:
        q, pos = read_proxy(buf, pos + 4, values, ObjectPrx)
    there, pos = seek_optional(buf, pos, 18, 6, values.skip)
    if there:
        r, pos = read_Proxies(buf, pos + 4, values)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.all(a, b, c, d, e, f, g, h, i, j, k, ll, m, n, o, p, q, r, current)


_OP_Form_all: Operation[None] = Operation("all", 0, None, (), old=_OLD_Form_all)

_OLD_Form_both = Call10("both", (), (None, STRING, None))


def _read_result_Form_both(buf: bytes, pos: int, source: Source) -> tuple[int | None, str, list[int] | None]:
    values = ValueReader(source)
    s, pos = read_string(buf, pos)
    numbers: list[int] | None = None
    result: int | None = None
    there, pos = seek_optional(buf, pos, 1, 5, values.skip)
    if there:
        _, pos = read_size(buf, pos)
        numbers, pos = read_Ints(buf, pos)
    there, pos = seek_optional(buf, pos, 2, 2, values.skip)
    if there:
        (result,) = _S_i.unpack_from(buf, pos)
        pos += 4
    if pos != len(buf):
        pass_over(buf, pos, values)
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
    "both", 0, _read_result_Form_both, (), old=_OLD_Form_both
)

_OLD_Form_only = Call10("only", (), (None,))


def _read_result_Form_only(buf: bytes, pos: int, source: Source) -> str | None:
    values = ValueReader(source)
    result: str | None = None
    there, pos = seek_optional(buf, pos, 1, 5, values.skip)
    if there:
        result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result


def _serve_Form_only(servant: Form, buf: bytes, pos: int, current: Current) -> Any:
    return servant.only(current)


def _write_result_Form_only(value: str | None) -> bytearray:
    out = bytearray()
    if value is not None:
        write_optional_header(out, 1, 5)
        write_string(out, value)
    return out


_OP_Form_only: Operation[str | None] = Operation("only", 0, _read_result_Form_only, (), old=_OLD_Form_only)

FormServant.ice_operations = {
    b"fill": ServantOperation("fill", 0, _serve_Form_fill, None, old=_OLD_Form_fill),
    b"all": ServantOperation("all", 0, _serve_Form_all, None, old=_OLD_Form_all),
    b"both": ServantOperation("both", 0, _serve_Form_both, _write_result_Form_both, old=_OLD_Form_both),
    b"only": ServantOperation("only", 0, _serve_Form_only, _write_result_Form_only, old=_OLD_Form_only),
}
