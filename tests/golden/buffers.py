# Written by slice2tx from golden/buffers.ice. To change it, change the Slice file.
"""Sequences that are something else than lists."""

from __future__ import annotations

from array import array
from builtins import list as _list
from collections.abc import Awaitable, Mapping, Sequence
from struct import pack, unpack_from
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import CallContext, Current, ObjectPrx, Operation, Servant, ServantOperation, Source
from pushnet.wire.basic import read_count, read_size, read_string, write_size
from pushnet.wire.buffers import read_array, read_message, read_viewed, write_buffer, write_message
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import Same
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from pushnet.wire.optional import end_optionals, seek_optional, write_optional_header
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import Value, ValueSlice
from tests.golden.factories import Message, summed

__all__ = [
    "All",
    "Echo",
    "EchoPrx",
    "EchoServant",
    "Kept",
    "read_All",
    "read_ByTuple",
    "read_ByteList",
    "read_ByteTuple",
    "read_Doubles",
    "read_Encoded",
    "read_Flags",
    "read_Floats",
    "read_Longs",
    "read_Numbers",
    "read_Octets",
    "read_Shorts",
    "read_Table",
    "read_Viewed",
    "read_Words",
    "write_All",
    "write_ByTuple",
    "write_ByteList",
    "write_ByteTuple",
    "write_Doubles",
    "write_Encoded",
    "write_Flags",
    "write_Floats",
    "write_Longs",
    "write_Numbers",
    "write_Octets",
    "write_Shorts",
    "write_Table",
    "write_Viewed",
    "write_Words",
]


@attrs.frozen
class All:
    numbers: array[int] = attrs.field(factory=lambda: array("i"))
    doubles: array[float] = attrs.field(factory=lambda: array("d"))
    viewed: Any = ()
    encoded: Message = attrs.field(factory=Message)
    list: _list[int] = attrs.field(factory=_list)
    words: tuple[str, ...] = ()


@attrs.define(eq=False, slots=False)
class Kept(Value):
    floats: array[float] = attrs.field(factory=lambda: array("f"))
    longs: array[int] | None = None
    octets: array[int] | None = None
    encoded: Message | None = None


class Echo(Protocol):
    def twice(
        self, value: Any, flags: Any | None, current: Current | None = None, /
    ) -> Awaitable[tuple[array[int], array[int] | None]]: ...

    def back(self, value: All, current: Current | None = None, /) -> Awaitable[All]: ...


class EchoPrx(ObjectPrx):
    """Calls an `Echo` wherever it is."""

    ice_type: ClassVar[str] = "::Buffers::Echo"

    def twice(
        self, value: Any, flags: Any | None = None, context: CallContext = None
    ) -> Deferred[tuple[array[int], array[int] | None]]:
        if self._ice_old:
            return self._ice_call10(_OP_Echo_twice, (value, flags), context)
        out = bytearray()
        write_Numbers(out, value)
        if flags is not None:
            write_optional_header(out, 1, 5)
            write_Flags(out, flags)
        return self._ice_call(_OP_Echo_twice, out, context)

    def back(self, value: All, context: CallContext = None) -> Deferred[All]:
        out = bytearray()
        write_All(out, value)
        return self._ice_call(_OP_Echo_back, out, context)


class EchoServant(Servant):
    """Serves an `Echo`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Buffers::Echo"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Buffers::Echo", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_new_All = maker_of(All)


def write_Flags(out: bytearray, value: Any) -> None:
    write_buffer(out, value, "?", 1)


def read_Flags(buf: bytes, pos: int) -> tuple[array[int], int]:
    return read_array(buf, pos, "b", 1)


def write_Octets(out: bytearray, value: Any) -> None:
    write_buffer(out, value, "B", 1)


def read_Octets(buf: bytes, pos: int) -> tuple[array[int], int]:
    return read_array(buf, pos, "b", 1)


def write_Shorts(out: bytearray, value: Any) -> None:
    write_buffer(out, value, "h", 2)


def read_Shorts(buf: bytes, pos: int) -> tuple[array[int], int]:
    return read_array(buf, pos, "h", 2)


def write_Numbers(out: bytearray, value: Any) -> None:
    write_buffer(out, value, "i", 4)


def read_Numbers(buf: bytes, pos: int) -> tuple[array[int], int]:
    return read_array(buf, pos, "i", 4)


def write_Longs(out: bytearray, value: Any) -> None:
    write_buffer(out, value, "q", 8)


def read_Longs(buf: bytes, pos: int) -> tuple[array[int], int]:
    return read_array(buf, pos, "q", 8)


def write_Floats(out: bytearray, value: Any) -> None:
    write_buffer(out, value, "f", 4)


def read_Floats(buf: bytes, pos: int) -> tuple[array[float], int]:
    return read_array(buf, pos, "f", 4)


def write_Doubles(out: bytearray, value: Any) -> None:
    write_buffer(out, value, "d", 8)


def read_Doubles(buf: bytes, pos: int) -> tuple[array[float], int]:
    return read_array(buf, pos, "d", 8)


def write_Viewed(out: bytearray, value: Any) -> None:
    write_buffer(out, value, "i", 4)


def read_Viewed(buf: bytes, pos: int) -> tuple[Any, int]:
    return read_viewed(buf, pos, summed, 3, 4)


def write_Encoded(out: bytearray, value: Message) -> None:
    write_message(out, value)


def read_Encoded(buf: bytes, pos: int) -> tuple[Message, int]:
    return read_message(buf, pos, Message)


def write_ByteList(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}B", *value)


def read_ByteList(buf: bytes, pos: int) -> tuple[_list[int], int]:
    count, pos = read_size(buf, pos)
    return _list(unpack_from(f"<{count}B", buf, pos)), pos + count


def write_ByteTuple(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}B", *value)


def read_ByteTuple(buf: bytes, pos: int) -> tuple[tuple[int, ...], int]:
    count, pos = read_size(buf, pos)
    return unpack_from(f"<{count}B", buf, pos), pos + count


def write_Words(out: bytearray, value: Sequence[str]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Words(buf: bytes, pos: int) -> tuple[tuple[str, ...], int]:
    count, pos = read_count(buf, pos, 1)
    items: _list[str] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            item = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            item, pos = read_string(buf, pos)
        items.append(item)
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return tuple(items), pos


def write_Table(out: bytearray, value: Sequence[Any]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Numbers(out, item)


def read_Table(buf: bytes, pos: int) -> tuple[_list[array[int]], int]:
    count, pos = read_count(buf, pos, 1)
    items: _list[array[int]] = []
    for _ in range(count):
        item, pos = read_Numbers(buf, pos)
        items.append(item)
    return items, pos


def write_ByTuple(out: bytearray, value: Mapping[tuple[int, ...], Any]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        write_ByteTuple(out, key)
        write_Numbers(out, item)


def read_ByTuple(buf: bytes, pos: int) -> tuple[dict[tuple[int, ...], array[int]], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[tuple[int, ...], array[int]] = {}
    for _ in range(count):
        key, pos = read_ByteTuple(buf, pos)
        item, pos = read_Numbers(buf, pos)
        value[key] = item
    return value, pos


def write_All(out: bytearray, value: All) -> None:
    write_Numbers(out, value.numbers)
    write_Doubles(out, value.doubles)
    write_Viewed(out, value.viewed)
    write_Encoded(out, value.encoded)
    write_ByteList(out, value.list)
    write_Words(out, value.words)


def read_All(buf: bytes, pos: int) -> tuple[All, int]:
    numbers, pos = read_Numbers(buf, pos)
    doubles, pos = read_Doubles(buf, pos)
    viewed, pos = read_Viewed(buf, pos)
    encoded, pos = read_Encoded(buf, pos)
    list, pos = read_ByteList(buf, pos)
    words, pos = read_Words(buf, pos)
    return _new_All(numbers, doubles, viewed, encoded, list, words), pos


def _write_Kept(out: bytearray, value: Kept, values: ValueWriter) -> bool:
    write_Floats(out, value.floats)
    before = len(out)
    if value.longs is not None:
        write_optional_header(out, 1, 5)
        write_size(out, len(value.longs) * 8 + (1 if len(value.longs) < 255 else 5))
        write_Longs(out, value.longs)
    if value.octets is not None:
        write_optional_header(out, 2, 5)
        write_Octets(out, value.octets)
    if value.encoded is not None:
        write_optional_header(out, 3, 5)
        write_Encoded(out, value.encoded)
    return end_optionals(out, before)


def _read_Kept(buf: bytes, pos: int, value: Kept, source: ValueReader, optionals: bool) -> int:
    value.floats, pos = read_Floats(buf, pos)
    value.longs = None
    value.octets = None
    value.encoded = None
    if optionals:
        there, pos = seek_optional(buf, pos, 1, 5, source.skip)
        if there:
            _, pos = read_size(buf, pos)
            value.longs, pos = read_Longs(buf, pos)
        there, pos = seek_optional(buf, pos, 2, 5, source.skip)
        if there:
            value.octets, pos = read_Octets(buf, pos)
        there, pos = seek_optional(buf, pos, 3, 5, source.skip)
        if there:
            value.encoded, pos = read_Encoded(buf, pos)
    return pos


_old_Kept = (
    ("floats", Same(write_Floats, read_Floats)),
    ("longs", None),
    ("octets", None),
    ("encoded", None),
)

Kept.ice_slice = ValueSlice("::Buffers::Kept", Kept, _write_Kept, _read_Kept, optionals=True, old=_old_Kept)

_OLD_Echo_twice = Call10(
    "twice",
    (Same(write_Numbers, read_Numbers), None),
    (Same(write_Numbers, read_Numbers), None),
    returns=True,
)


def _read_result_Echo_twice(buf: bytes, pos: int, source: Source) -> tuple[array[int], array[int] | None]:
    values = ValueReader(source)
    result, pos = read_Numbers(buf, pos)
    shorts: array[int] | None = None
    there, pos = seek_optional(buf, pos, 2, 5, values.skip)
    if there:
        _, pos = read_size(buf, pos)
        shorts, pos = read_Shorts(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result, shorts


def _serve_Echo_twice(servant: Echo, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    value, pos = read_Numbers(buf, pos)
    flags: array[int] | None = None
    there, pos = seek_optional(buf, pos, 1, 5, values.skip)
    if there:
        flags, pos = read_Flags(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.twice(value, flags, current)


def _write_result_Echo_twice(value: tuple[array[int], array[int] | None]) -> bytearray:
    result, shorts = value
    out = bytearray()
    write_Numbers(out, result)
    if shorts is not None:
        write_optional_header(out, 2, 5)
        write_size(out, len(shorts) * 2 + (1 if len(shorts) < 255 else 5))
        write_Shorts(out, shorts)
    return out


_OP_Echo_twice: Operation[tuple[array[int], array[int] | None]] = Operation(
    "twice", 0, _read_result_Echo_twice, (), old=_OLD_Echo_twice
)


def _read_result_Echo_back(buf: bytes, pos: int, source: Source) -> All:
    result, pos = read_All(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Echo_back(servant: Echo, buf: bytes, pos: int, current: Current) -> Any:
    value, pos = read_All(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.back(value, current)


def _write_result_Echo_back(value: All) -> bytearray:
    out = bytearray()
    write_All(out, value)
    return out


_OP_Echo_back: Operation[All] = Operation("back", 0, _read_result_Echo_back, ())

EchoServant.ice_operations = {
    b"twice": ServantOperation("twice", 0, _serve_Echo_twice, _write_result_Echo_twice, old=_OLD_Echo_twice),
    b"back": ServantOperation("back", 0, _serve_Echo_back, _write_result_Echo_back),
}
