# Written by slice2tx from golden/forms.ice. To change it, change the Slice file.
"""What the Slice file declares in `Forms`."""

from __future__ import annotations

from array import array
from builtins import bytes as _bytes
from collections.abc import Awaitable, Sequence
from struct import Struct, pack, unpack_from
from typing import Any, ClassVar, Protocol

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
)
from pushnet.wire.basic import read_count, read_size, read_string, write_size
from pushnet.wire.buffers import read_array, write_buffer
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import Class10, Same
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from pushnet.wire.optional import end_optionals, seek_optional, write_optional_header
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import Value, ValueSlice

__all__ = [
    "Maker",
    "MakerPrx",
    "MakerServant",
    "Node",
    "Row",
    "Wrong",
    "read_Bytes_list",
    "read_Numbers",
    "read_Numbers_array",
    "read_Numbers_tuple",
    "read_Row",
    "read_Rows",
    "read_Texts",
    "read_Texts_tuple",
    "read_Tuple",
    "read_Tuple_default",
    "write_Bytes_list",
    "write_Numbers",
    "write_Numbers_array",
    "write_Numbers_tuple",
    "write_Row",
    "write_Rows",
    "write_Texts",
    "write_Texts_tuple",
    "write_Tuple",
    "write_Tuple_default",
]


@attrs.frozen(order=True)
class Row:
    asTuple: tuple[int, ...] = ()
    asArray: array[int] = attrs.field(factory=lambda: array("i"))
    asList: list[int] = attrs.field(factory=list)
    plain: list[int] = attrs.field(factory=list)
    usual: list[str] = attrs.field(factory=list)


@attrs.define(eq=False, slots=False)
class Node(Value):
    texts: tuple[str, ...] = ()
    more: tuple[str, ...] | None = None


@attrs.frozen
class Wrong(UserException):
    texts: tuple[str, ...] = ()


class Maker(Protocol):
    def swap(
        self, numbers: Any, current: Current | None = None, /
    ) -> Awaitable[tuple[tuple[int, ...], list[int]]]: ...

    def _pass(
        self, rows: Sequence[Row], node: Node | None, current: Current | None = None, /
    ) -> Awaitable[tuple[list[Row], Node | None]]: ...

    def fail(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def maybe(self, texts: Sequence[str] | None, current: Current | None = None, /) -> Awaitable[None]: ...


class MakerPrx(ObjectPrx):
    """Calls a `Maker` wherever it is."""

    ice_type: ClassVar[str] = "::Forms::Maker"

    def swap(self, numbers: Any, context: CallContext = None) -> Deferred[tuple[tuple[int, ...], list[int]]]:
        out = bytearray()
        write_Numbers_array(out, numbers)
        return self._ice_call(_OP_Maker_swap, out, context)

    def _pass(
        self, rows: Sequence[Row], node: Node | None, context: CallContext = None
    ) -> Deferred[tuple[list[Row], Node | None]]:
        if self._ice_old:
            return self._ice_call10(_OP_Maker_pass, (rows, node), context)
        out = bytearray()
        values = ValueWriter(self._ice_sliced)
        write_Rows(out, rows)
        values.write(out, node)
        return self._ice_call(_OP_Maker_pass, out, context)

    def fail(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Maker_fail, b"", context)

    def maybe(self, texts: Sequence[str] | None = None, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_Maker_maybe, (texts,), context)
        out = bytearray()
        if texts is not None:
            write_optional_header(out, 2, 6)
            start = len(out)
            out += b"\0\0\0\0"
            write_Texts_tuple(out, texts)
            _S_i.pack_into(out, start, len(out) - start - 4)
        return self._ice_call(_OP_Maker_maybe, out, context)


class MakerServant(Servant):
    """Serves a `Maker`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Forms::Maker"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Forms::Maker", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")

_new_Row = maker_of(Row)


def write_Numbers(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}i", *value)


def read_Numbers(buf: _bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}i", buf, pos)), pos + count * 4


def write_Texts(out: bytearray, value: Sequence[str]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Texts(buf: _bytes, pos: int) -> tuple[list[str], int]:
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


def write_Tuple(out: bytearray, value: Sequence[str]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Tuple(buf: _bytes, pos: int) -> tuple[tuple[str, ...], int]:
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
    return tuple(items), pos


def write_Numbers_tuple(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}i", *value)


def read_Numbers_tuple(buf: _bytes, pos: int) -> tuple[tuple[int, ...], int]:
    count, pos = read_size(buf, pos)
    return unpack_from(f"<{count}i", buf, pos), pos + count * 4


def write_Numbers_array(out: bytearray, value: Any) -> None:
    write_buffer(out, value, "i", 4)


def read_Numbers_array(buf: _bytes, pos: int) -> tuple[array[int], int]:
    return read_array(buf, pos, "i", 4)


def write_Bytes_list(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}B", *value)


def read_Bytes_list(buf: _bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}B", buf, pos)), pos + count


def write_Tuple_default(out: bytearray, value: Sequence[str]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Tuple_default(buf: _bytes, pos: int) -> tuple[list[str], int]:
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


def write_Row(out: bytearray, value: Row) -> None:
    write_Numbers_tuple(out, value.asTuple)
    write_Numbers_array(out, value.asArray)
    write_Bytes_list(out, value.asList)
    write_Numbers(out, value.plain)
    write_Tuple_default(out, value.usual)


def read_Row(buf: _bytes, pos: int) -> tuple[Row, int]:
    asTuple, pos = read_Numbers_tuple(buf, pos)
    asArray, pos = read_Numbers_array(buf, pos)
    asList, pos = read_Bytes_list(buf, pos)
    plain, pos = read_Numbers(buf, pos)
    usual, pos = read_Tuple_default(buf, pos)
    return _new_Row(asTuple, asArray, asList, plain, usual), pos


def write_Rows(out: bytearray, value: Sequence[Row]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Numbers_tuple(out, item.asTuple)
        write_Numbers_array(out, item.asArray)
        write_Bytes_list(out, item.asList)
        write_Numbers(out, item.plain)
        write_Tuple_default(out, item.usual)


def read_Rows(buf: _bytes, pos: int) -> tuple[list[Row], int]:
    count, pos = read_count(buf, pos, 5)
    items: list[Row] = []
    for _ in range(count):
        asTuple, pos = read_Numbers_tuple(buf, pos)
        asArray, pos = read_Numbers_array(buf, pos)
        asList, pos = read_Bytes_list(buf, pos)
        plain, pos = read_Numbers(buf, pos)
        usual, pos = read_Tuple_default(buf, pos)
        items.append(_new_Row(asTuple, asArray, asList, plain, usual))
    return items, pos


def write_Texts_tuple(out: bytearray, value: Sequence[str]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Texts_tuple(buf: _bytes, pos: int) -> tuple[tuple[str, ...], int]:
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
    return tuple(items), pos


def _write_Node(out: bytearray, value: Node, values: ValueWriter) -> bool:
    write_Texts_tuple(out, value.texts)
    before = len(out)
    if value.more is not None:
        write_optional_header(out, 1, 6)
        start = len(out)
        out += b"\0\0\0\0"
        write_Texts_tuple(out, value.more)
        _S_i.pack_into(out, start, len(out) - start - 4)
    return end_optionals(out, before)


def _read_Node(buf: _bytes, pos: int, value: Node, source: ValueReader, optionals: bool) -> int:
    value.texts, pos = read_Texts_tuple(buf, pos)
    value.more = None
    if optionals:
        there, pos = seek_optional(buf, pos, 1, 6, source.skip)
        if there:
            value.more, pos = read_Texts_tuple(buf, pos + 4)
    return pos


_old_Node = (("texts", Same(write_Texts_tuple, read_Texts_tuple)), ("more", None))

Node.ice_slice = ValueSlice("::Forms::Node", Node, _write_Node, _read_Node, optionals=True, old=_old_Node)


def _write_Wrong(out: bytearray, value: Wrong) -> None:
    write_Texts_tuple(out, value.texts)


def _read_Wrong(buf: _bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    texts, pos = read_Texts_tuple(buf, pos)
    return (texts,), pos


Wrong.ice_slice = ExceptionSlice("::Forms::Wrong", Wrong, _write_Wrong, _read_Wrong, None)


def _read_result_Maker_swap(buf: _bytes, pos: int, source: Source) -> tuple[tuple[int, ...], list[int]]:
    bytes, pos = read_Bytes_list(buf, pos)
    result, pos = read_Numbers_tuple(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result, bytes


def _serve_Maker_swap(servant: Maker, buf: _bytes, pos: int, current: Current) -> Any:
    numbers, pos = read_Numbers_array(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.swap(numbers, current)


def _write_result_Maker_swap(value: tuple[tuple[int, ...], list[int]]) -> bytearray:
    result, bytes = value
    out = bytearray()
    write_Bytes_list(out, bytes)
    write_Numbers_tuple(out, result)
    return out


_OP_Maker_swap: Operation[tuple[tuple[int, ...], list[int]]] = Operation(
    "swap", 0, _read_result_Maker_swap, ()
)

_OLD_Maker_pass = Call10(
    "_pass",
    (Same(write_Rows, read_Rows), Class10(Node)),
    (Same(write_Rows, read_Rows), Class10(Node)),
    returns=True,
    classes_in=True,
    classes_out=True,
)


def _read_result_Maker_pass(buf: _bytes, pos: int, source: Source) -> tuple[list[Row], Node | None]:
    values = ValueReader(source)
    again, pos = values.value(buf, pos, Node)
    result, pos = read_Rows(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result, again


def _serve_Maker_pass(servant: Maker, buf: _bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    rows, pos = read_Rows(buf, pos)
    node, pos = values.value(buf, pos, Node)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant._pass(rows, node, current)


def _write_result_Maker_pass(value: tuple[list[Row], Node | None], sliced: bool = False) -> bytearray:
    result, again = value
    out = bytearray()
    values = ValueWriter(sliced)
    values.write(out, again)
    write_Rows(out, result)
    return out


_OP_Maker_pass: Operation[tuple[list[Row], Node | None]] = Operation(
    "pass", 0, _read_result_Maker_pass, (), old=_OLD_Maker_pass
)


def _serve_Maker_fail(servant: Maker, buf: _bytes, pos: int, current: Current) -> Any:
    return servant.fail(current)


_OP_Maker_fail: Operation[None] = Operation("fail", 0, None, (Wrong,))

_OLD_Maker_maybe = Call10("maybe", (None,), ())


def _serve_Maker_maybe(servant: Maker, buf: _bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    texts: tuple[str, ...] | None = None
    there, pos = seek_optional(buf, pos, 2, 6, values.skip)
    if there:
        texts, pos = read_Texts_tuple(buf, pos + 4)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.maybe(texts, current)


_OP_Maker_maybe: Operation[None] = Operation("maybe", 0, None, (), old=_OLD_Maker_maybe)

MakerServant.ice_operations = {
    b"swap": ServantOperation("swap", 0, _serve_Maker_swap, _write_result_Maker_swap),
    b"pass": ServantOperation(
        "pass", 0, _serve_Maker_pass, _write_result_Maker_pass, either_format=True, old=_OLD_Maker_pass
    ),
    b"fail": ServantOperation("fail", 0, _serve_Maker_fail, None),
    b"maybe": ServantOperation("maybe", 0, _serve_Maker_maybe, None, old=_OLD_Maker_maybe),
}
