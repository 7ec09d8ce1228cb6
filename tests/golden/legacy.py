# Written by slice2tx from golden/legacy.ice. To change it, change the Slice file.
"""What Ice 3.7 still allows and 3.8 no longer does."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from struct import Struct, pack, unpack_from
from typing import Any, ClassVar, Final, Protocol

import attrs
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
from pushnet.wire.basic import read_count, read_size, read_string, write_size
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import Class10, Enum10, Proxy10, Sequence10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import InterfaceByValue, Value, ValueSlice, read_no_members, write_no_members

__all__ = [
    "Counter",
    "CounterOperations",
    "CounterOperationsPrx",
    "CounterOperationsServant",
    "Everything",
    "EverythingPrx",
    "EverythingServant",
    "FastCounter",
    "FastCounterOperations",
    "FastCounterOperationsPrx",
    "FastCounterOperationsServant",
    "Pair",
    "Plain",
    "Resettable",
    "ResettablePrx",
    "ResettableServant",
    "ResettableValue",
    "Speed",
    "Title",
    "read_ByInts",
    "read_BySentences",
    "read_ByTitle",
    "read_IntSeqs",
    "read_Ints",
    "read_Numbers",
    "read_Pair",
    "read_Pairs",
    "read_Resettables",
    "read_Sentences",
    "read_Speed",
    "read_Title",
    "read_Titles",
    "read_Words",
    "write_ByInts",
    "write_BySentences",
    "write_ByTitle",
    "write_IntSeqs",
    "write_Ints",
    "write_Numbers",
    "write_Pair",
    "write_Pairs",
    "write_Resettables",
    "write_Sentences",
    "write_Speed",
    "write_Title",
    "write_Titles",
    "write_Words",
]


class Speed(SliceEnum):
    slow = 0
    fast = 1


@attrs.define(eq=False, slots=False)
class Counter(Value):
    """Has operations."""

    count: int = 0


@attrs.define(eq=False, slots=False)
class FastCounter(Counter):
    pass


@attrs.define(eq=False, slots=False)
class Plain(Value):
    x: int = 0


@attrs.frozen(order=True)
class Title:
    words: tuple[str, ...] = ()
    year: int = 0


@attrs.frozen(order=True)
class Pair:
    a: int = 0
    b: int = 0


class ResettableValue(InterfaceByValue):
    """A `Resettable` by value: nothing but its type travels."""


class Resettable(Protocol):
    def reset(self, current: Current | None = None, /) -> Awaitable[None]: ...


class CounterOperations(Resettable, Protocol):
    def next(self, step: int, current: Current | None = None, /) -> Awaitable[int]:
        """Count on."""
        ...


class FastCounterOperations(CounterOperations, Protocol):
    def skip(self, current: Current | None = None, /) -> Awaitable[None]: ...


class Everything(Protocol):
    def byValue(
        self, r: Value | None, rs: Sequence[Value | None], current: Current | None = None, /
    ) -> Awaitable[Value | None]: ...

    def proxies(
        self,
        f: FastCounterOperationsPrx | None,
        p: ObjectPrx | None,
        c: Counter | None,
        current: Current | None = None,
        /,
    ) -> Awaitable[CounterOperationsPrx | None]: ...

    def words(
        self,
        s: Sequence[Sequence[str]],
        t: Title,
        b: Mapping[tuple[int, ...], str],
        p: Sequence[Pair],
        n: Sequence[int],
        current: Current | None = None,
        /,
    ) -> Awaitable[tuple[tuple[str, ...], ...]]: ...


class ResettablePrx(ObjectPrx):
    """Calls a `Resettable` wherever it is."""

    ice_type: ClassVar[str] = "::Legacy::Resettable"

    def reset(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Resettable_reset, b"", context)


class CounterOperationsPrx(ResettablePrx):
    """Calls a `CounterOperations` wherever it is."""

    ice_type: ClassVar[str] = "::Legacy::Counter"

    def next(self, step: int, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_CounterOperations_next, _S_i.pack(step), context)


class FastCounterOperationsPrx(CounterOperationsPrx):
    """Calls a `FastCounterOperations` wherever it is."""

    ice_type: ClassVar[str] = "::Legacy::FastCounter"

    def skip(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_FastCounterOperations_skip, b"", context)


class EverythingPrx(ObjectPrx):
    """Calls an `Everything` wherever it is."""

    ice_type: ClassVar[str] = "::Legacy::Everything"

    def byValue(
        self, r: Value | None, rs: Sequence[Value | None], context: CallContext = None
    ) -> Deferred[Value | None]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_byValue, (r, rs), context)
        out = bytearray()
        values = ValueWriter(self._ice_sliced)
        values.write(out, r)
        write_Resettables(out, rs, values)
        return self._ice_call(_OP_Everything_byValue, out, context)

    def proxies(
        self,
        f: FastCounterOperationsPrx | None,
        p: ObjectPrx | None,
        c: Counter | None,
        context: CallContext = None,
    ) -> Deferred[CounterOperationsPrx | None]:
        if self._ice_old:
            return self._ice_call10(_OP_Everything_proxies, (f, p, c), context)
        out = bytearray()
        values = ValueWriter(self._ice_sliced)
        write_proxy(out, f)
        write_proxy(out, p)
        values.write(out, c)
        return self._ice_call(_OP_Everything_proxies, out, context)

    def words(
        self,
        s: Sequence[Sequence[str]],
        t: Title,
        b: Mapping[tuple[int, ...], str],
        p: Sequence[Pair],
        n: Sequence[int],
        context: CallContext = None,
    ) -> Deferred[tuple[tuple[str, ...], ...]]:
        out = bytearray()
        write_Sentences(out, s)
        write_Title(out, t)
        write_ByInts(out, b)
        write_Pairs(out, p)
        write_Numbers(out, n)
        return self._ice_call(_OP_Everything_words, out, context)


class ResettableServant(Servant):
    """Serves a `Resettable`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Legacy::Resettable"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Legacy::Resettable")


class CounterOperationsServant(ResettableServant):
    """Serves a `CounterOperations`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Legacy::Counter"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Legacy::Counter", "::Legacy::Resettable")


class FastCounterOperationsServant(CounterOperationsServant):
    """Serves a `FastCounterOperations`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Legacy::FastCounter"
    ice_type_ids: ClassVar[tuple[str, ...]] = (
        "::Ice::Object",
        "::Legacy::Counter",
        "::Legacy::FastCounter",
        "::Legacy::Resettable",
    )


class EverythingServant(Servant):
    """Serves an `Everything`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Legacy::Everything"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Legacy::Everything")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_ii = Struct("<ii")

_new_Pair = maker_of(Pair)
_new_Title = maker_of(Title)

_MEMBERS_Speed: Final = {member.value: member for member in Speed}


def write_Speed(out: bytearray, value: Speed) -> None:
    write_size(out, value)


def read_Speed(buf: bytes, pos: int) -> tuple[Speed, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Speed.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::Legacy::Speed")
    return value, pos


old_Speed = Enum10(Speed, "::Legacy::Speed")


def _write_Counter(out: bytearray, value: Counter, values: ValueWriter) -> None:
    out += _S_i.pack(value.count)


def _read_Counter(buf: bytes, pos: int, value: Counter, source: ValueReader) -> int:
    (value.count,) = _S_i.unpack_from(buf, pos)
    return pos + 4


Counter.ice_slice = ValueSlice("::Legacy::Counter", Counter, _write_Counter, _read_Counter)


def _write_FastCounter(out: bytearray, value: FastCounter, values: ValueWriter) -> None:
    """Has no members of its own."""


def _read_FastCounter(buf: bytes, pos: int, value: FastCounter, source: ValueReader) -> int:
    return pos


FastCounter.ice_slice = ValueSlice(
    "::Legacy::FastCounter", FastCounter, _write_FastCounter, _read_FastCounter, Counter.ice_slice
)


def _write_Plain(out: bytearray, value: Plain, values: ValueWriter) -> None:
    out += _S_i.pack(value.x)


def _read_Plain(buf: bytes, pos: int, value: Plain, source: ValueReader) -> int:
    (value.x,) = _S_i.unpack_from(buf, pos)
    return pos + 4


Plain.ice_slice = ValueSlice("::Legacy::Plain", Plain, _write_Plain, _read_Plain)


def write_Ints(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}i", *value)


def read_Ints(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}i", buf, pos)), pos + count * 4


def write_IntSeqs(out: bytearray, value: Sequence[Sequence[int]]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Ints(out, item)


def read_IntSeqs(buf: bytes, pos: int) -> tuple[list[list[int]], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[list[int]] = []
    for _ in range(count):
        item, pos = read_Ints(buf, pos)
        items.append(item)
    return items, pos


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


def write_Sentences(out: bytearray, value: Sequence[Sequence[str]]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Words(out, item)


def read_Sentences(buf: bytes, pos: int) -> tuple[tuple[tuple[str, ...], ...], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[tuple[str, ...]] = []
    for _ in range(count):
        item, pos = read_Words(buf, pos)
        items.append(item)
    return tuple(items), pos


def write_Title(out: bytearray, value: Title) -> None:
    write_Words(out, value.words)
    out += _S_i.pack(value.year)


def read_Title(buf: bytes, pos: int) -> tuple[Title, int]:
    words, pos = read_Words(buf, pos)
    (year,) = _S_i.unpack_from(buf, pos)
    return _new_Title(words, year), pos + 4


def write_Titles(out: bytearray, value: Sequence[Title]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Words(out, item.words)
        out += _S_i.pack(item.year)


def read_Titles(buf: bytes, pos: int) -> tuple[tuple[Title, ...], int]:
    count, pos = read_count(buf, pos, 5)
    items: list[Title] = []
    for _ in range(count):
        words, pos = read_Words(buf, pos)
        (year,) = _S_i.unpack_from(buf, pos)
        pos += 4
        items.append(_new_Title(words, year))
    return tuple(items), pos


def write_Pair(out: bytearray, value: Pair) -> None:
    out += _S_ii.pack(value.a, value.b)


def read_Pair(buf: bytes, pos: int) -> tuple[Pair, int]:
    a, b = _S_ii.unpack_from(buf, pos)
    return _new_Pair(a, b), pos + 8


def write_Pairs(out: bytearray, value: Sequence[Pair]) -> None:
    write_size(out, len(value))
    for item in value:
        out += _S_ii.pack(item.a, item.b)


def read_Pairs(buf: bytes, pos: int) -> tuple[tuple[Pair, ...], int]:
    count, pos = read_count(buf, pos, 8)
    end = pos + count * 8
    return tuple([_new_Pair(*row) for row in _S_ii.iter_unpack(buf[pos:end])]), end


def write_Numbers(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}i", *value)


def read_Numbers(buf: bytes, pos: int) -> tuple[tuple[int, ...], int]:
    count, pos = read_size(buf, pos)
    return unpack_from(f"<{count}i", buf, pos), pos + count * 4


def write_ByInts(out: bytearray, value: Mapping[tuple[int, ...], str]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        write_Ints(out, key)
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_ByInts(buf: bytes, pos: int) -> tuple[dict[tuple[int, ...], str], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[tuple[int, ...], str] = {}
    for _ in range(count):
        key, pos = read_Ints(buf, pos)
        if (size := buf[pos]) < 255:
            item = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            item, pos = read_string(buf, pos)
        value[tuple(key)] = item
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return value, pos


def write_BySentences(out: bytearray, value: Mapping[tuple[tuple[str, ...], ...], int]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        write_Sentences(out, key)
        out += _S_i.pack(item)


def read_BySentences(buf: bytes, pos: int) -> tuple[dict[tuple[tuple[str, ...], ...], int], int]:
    count, pos = read_count(buf, pos, 5)
    value: dict[tuple[tuple[str, ...], ...], int] = {}
    for _ in range(count):
        key, pos = read_Sentences(buf, pos)
        (item,) = _S_i.unpack_from(buf, pos)
        pos += 4
        value[key] = item
    return value, pos


def write_ByTitle(out: bytearray, value: Mapping[Title, int]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        write_Words(out, key.words)
        out += _S_ii.pack(key.year, item)


def read_ByTitle(buf: bytes, pos: int) -> tuple[dict[Title, int], int]:
    count, pos = read_count(buf, pos, 9)
    value: dict[Title, int] = {}
    for _ in range(count):
        words, pos = read_Words(buf, pos)
        year, item = _S_ii.unpack_from(buf, pos)
        pos += 8
        value[_new_Title(words, year)] = item
    return value, pos


def write_Resettables(out: bytearray, value: Sequence[Value | None], values: ValueWriter) -> None:
    write_size(out, len(value))
    for item in value:
        values.write(out, item)


def read_Resettables(buf: bytes, pos: int, source: ValueReader) -> tuple[list[Value | None], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[Value | None] = []
    for _ in range(count):
        item, pos = source.value(buf, pos, Value)
        items.append(item)
    return items, pos


old_Resettables = Sequence10(Class10(Value), 1)

ResettableValue.ice_slice = ValueSlice(
    "::Legacy::Resettable", ResettableValue, write_no_members, read_no_members
)


def _serve_Resettable_reset(servant: Resettable, buf: bytes, pos: int, current: Current) -> Any:
    return servant.reset(current)


_OP_Resettable_reset: Operation[None] = Operation("reset", 2, None, ())

ResettableServant.ice_operations = {
    b"reset": ServantOperation("reset", 2, _serve_Resettable_reset, None),
}


def _read_result_CounterOperations_next(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_CounterOperations_next(servant: CounterOperations, buf: bytes, pos: int, current: Current) -> Any:
    (step,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.next(step, current)


_OP_CounterOperations_next: Operation[int] = Operation("next", 0, _read_result_CounterOperations_next, ())

CounterOperationsServant.ice_operations = {
    **ResettableServant.ice_operations,
    b"next": ServantOperation("next", 0, _serve_CounterOperations_next, _S_i.pack),
}


def _serve_FastCounterOperations_skip(
    servant: FastCounterOperations, buf: bytes, pos: int, current: Current
) -> Any:
    return servant.skip(current)


_OP_FastCounterOperations_skip: Operation[None] = Operation("skip", 0, None, ())

FastCounterOperationsServant.ice_operations = {
    **CounterOperationsServant.ice_operations,
    b"skip": ServantOperation("skip", 0, _serve_FastCounterOperations_skip, None),
}

_OLD_Everything_byValue = Call10(
    "byValue",
    (Class10(Value), old_Resettables),
    (Class10(Value),),
    returns=True,
    classes_in=True,
    classes_out=True,
)


def _read_result_Everything_byValue(buf: bytes, pos: int, source: Source) -> Value | None:
    values = ValueReader(source)
    result, pos = values.value(buf, pos, Value)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result


def _serve_Everything_byValue(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    r, pos = values.value(buf, pos, Value)
    rs, pos = read_Resettables(buf, pos, values)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.byValue(r, rs, current)


def _write_result_Everything_byValue(value: Value | None, sliced: bool = False) -> bytearray:
    out = bytearray()
    values = ValueWriter(sliced)
    values.write(out, value)
    return out


_OP_Everything_byValue: Operation[Value | None] = Operation(
    "byValue", 0, _read_result_Everything_byValue, (), old=_OLD_Everything_byValue
)

_OLD_Everything_proxies = Call10(
    "proxies",
    (Proxy10(FastCounterOperationsPrx), Proxy10(ObjectPrx), Class10(Counter)),
    (Proxy10(CounterOperationsPrx),),
    returns=True,
    classes_in=True,
)


def _read_result_Everything_proxies(buf: bytes, pos: int, source: Source) -> CounterOperationsPrx | None:
    result, pos = read_proxy(buf, pos, source, CounterOperationsPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_proxies(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    f, pos = read_proxy(buf, pos, values, FastCounterOperationsPrx)
    p, pos = read_proxy(buf, pos, values, ObjectPrx)
    c, pos = values.value(buf, pos, Counter)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.proxies(f, p, c, current)


def _write_result_Everything_proxies(value: CounterOperationsPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Everything_proxies: Operation[CounterOperationsPrx | None] = Operation(
    "proxies", 0, _read_result_Everything_proxies, (), old=_OLD_Everything_proxies
)


def _read_result_Everything_words(buf: bytes, pos: int, source: Source) -> tuple[tuple[str, ...], ...]:
    result, pos = read_Sentences(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Everything_words(servant: Everything, buf: bytes, pos: int, current: Current) -> Any:
    s, pos = read_Sentences(buf, pos)
    t, pos = read_Title(buf, pos)
    b, pos = read_ByInts(buf, pos)
    p, pos = read_Pairs(buf, pos)
    n, pos = read_Numbers(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.words(s, t, b, p, n, current)


def _write_result_Everything_words(value: tuple[tuple[str, ...], ...]) -> bytearray:
    out = bytearray()
    write_Sentences(out, value)
    return out


_OP_Everything_words: Operation[tuple[tuple[str, ...], ...]] = Operation(
    "words", 0, _read_result_Everything_words, ()
)

EverythingServant.ice_operations = {
    b"byValue": ServantOperation(
        "byValue",
        0,
        _serve_Everything_byValue,
        _write_result_Everything_byValue,
        either_format=True,
        old=_OLD_Everything_byValue,
    ),
    b"proxies": ServantOperation(
        "proxies", 0, _serve_Everything_proxies, _write_result_Everything_proxies, old=_OLD_Everything_proxies
    ),
    b"words": ServantOperation("words", 0, _serve_Everything_words, _write_result_Everything_words),
}
