"""Bytes become instances of classes (encoding 1.1): one `ValueReader` for each encapsulation.

An instance is made as soon as its type is known, before its members are read, so that they may name it. Only
slices of unknown types can name it earlier: they get a shell that becomes the instance. A slice's table
stands behind it but is read first; the slice's size says where.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pushnet.wire.basic import INT, read_count, read_size, read_string
from pushnet.wire.errors import (
    MarshalException,
    NoValueFactoryException,
    UnexpectedObjectException,
    UnmarshalOutOfBoundsException,
)
from pushnet.wire.optional import skip_optionals
from pushnet.wire.proxies import ProxyData
from pushnet.wire.values import (
    HAS_OPTIONALS,
    HAS_SIZE,
    HAS_TABLE,
    LAST,
    TYPE_COMPACT,
    TYPE_INDEX,
    TYPE_STRING,
    Shell,
    SlicedData,
    SliceInfo,
    UnknownSlicedValue,
    Value,
    ValueIndex,
    ValueSlice,
)

V = TypeVar("V", bound=Value)

Type = ValueSlice | str | int
"""What a type id means: a known class's slice, or itself, as text or compact."""


class ValueReader:
    """Remembers the instances and type ids of an encapsulation. It is a `Source` of proxies, too.

    Args:
        source: the communicator or the call being served, to which proxies belong; None where there are
            neither proxies nor a communicator.
    """

    __slots__ = (
        "_depth",
        "_expected",
        "_index",
        "_instances",
        "_looked",
        "_source",
        "_table",
        "_types",
        "_waiting",
    )

    def __init__(self, source: Any) -> None:
        index = getattr(source, "ice_values", None)
        self._source = source
        self._index: ValueIndex = ValueIndex() if index is None else index
        self._looked = False
        self._instances: list[Value | None] = []
        """By number, which counts from 2. None is one whose type has not been read."""
        self._types: list[Type] = []
        self._table: list[Value | None] | None = None
        """The instances that the slice being read can name, when it has a size."""
        self._expected: dict[Value, list[type[Value]]] = {}
        """Shells, and what they must turn out to be."""
        self._waiting: list[Value] = []
        """Instances made by factories, which are told when they are whole."""
        self._depth = 0

    def ice_reference(self, data: ProxyData) -> Any:
        return self._source.ice_reference(data)

    def value(self, buf: bytes, pos: int, cls: type[V]) -> tuple[V | None, int]:
        """The instance at `pos`, which must be of that class, and the position behind it."""
        try:
            number = buf[pos]
        except IndexError:
            raise MarshalException(f"an instance is missing at {pos}") from None
        if number == 255:
            number, pos = read_size(buf, pos)
        else:
            pos += 1
        if number == 0:
            return None, pos
        table = self._table
        if table is not None:
            if number > len(table):
                raise MarshalException(f"instance {number} of a table of {len(table)}")
            found = table[number - 1]
        elif number > 1:
            found = self._met(number)
        elif self._depth:
            found, pos = self._instance(buf, pos, cls)
        else:
            try:
                found, pos = self._instance(buf, pos, cls)
            except RecursionError:
                raise MarshalException("a class graph is nested too deeply to be read") from None
            while self._waiting:
                self._waiting.pop().ice_postUnmarshal()
        if isinstance(found, cls) or found is None:
            return found, pos
        return self._checked_later(found, cls), pos

    def skip(self, buf: bytes, pos: int) -> int:
        """The position behind an instance nobody asked for. Which one a number names does not matter."""
        number, behind = read_size(buf, pos)
        return self.value(buf, pos, Value)[1] if number == 1 and self._table is None else behind

    def _checked_later(self, found: Any, cls: type[V]) -> V:
        if not isinstance(found, Shell):
            raise unexpected(found.ice_id(), cls)
        self._expected.setdefault(found, []).append(cls)
        shell: Any = found
        answer: V = shell
        return answer

    def _met(self, number: int) -> Value:
        if number - 2 >= len(self._instances):
            raise MarshalException(f"instance {number} has not been seen")
        found = self._instances[number - 2]
        if found is None:
            found = self._instances[number - 2] = Shell()
        return found

    def _instance(self, buf: bytes, pos: int, cls: type[Value]) -> tuple[Value, int]:
        """A new instance: all its slices. Ahead of the rest come most: one slice of a type seen before."""
        if self._depth >= self._index.depth_max:
            raise MarshalException(f"a class graph is deeper than {self._index.depth_max}")
        self._depth += 1
        types = self._types
        head = buf[pos : pos + 2]
        if len(head) == 2 and head[0] == LAST | TYPE_INDEX and 0 < head[1] <= len(types) and head[1] < 255:
            flags, found, pos = LAST, types[head[1] - 1], pos + 2
        else:
            flags, found, pos = self._head(buf, pos, cls)
        slice: ValueSlice | None
        if isinstance(found, ValueSlice) and not self._index.factories:
            slice = found
            value: Value = slice.cls.__new__(slice.cls)
            self._instances.append(value)
        else:
            value, flags, slice, pos = self._begun(buf, pos, cls, flags, found)
        if slice is not None:
            if flags == LAST and slice.base is None and not slice.optionals:
                pos = slice.read(buf, pos, value, self)
            else:
                pos = self._members(buf, pos, value, slice, flags)
        self._depth -= 1
        return value, pos

    def _begun(
        self, buf: bytes, pos: int, cls: type[Value], flags: int, found: Type
    ) -> tuple[Value, int, ValueSlice | None, int]:
        """An instance whose first slices may be of unknown types, or that a factory makes.

        Gives back the instance, and of its first known slice the flags, the slice and where it begins;
        no slice when none is known.
        """
        number = len(self._instances)
        self._instances.append(None)
        kept: list[SliceInfo] = []
        first = found
        made: Value | None = None
        while not isinstance(found, ValueSlice):
            made = self._index.made(found)
            if made is not None:
                found = made.ice_slice
                break
            if not flags & HAS_SIZE:
                raise NoValueFactoryException(f"nobody knows the class {found}", str(found))
            info, pos = self.unknown_slice(buf, pos, flags, found)
            kept.append(info)
            if flags & LAST:
                unknown = UnknownSlicedValue(str(first))
                unknown.ice_slicedData = SlicedData(tuple(kept))
                return self._born(number, unknown), flags, None, pos
            flags, found, pos = self._head(buf, pos, cls)
        value = self._born(number, self._index.new(found) if made is None else made)
        if self._index.factories:
            self._waiting.append(value)
        if kept and found.preserve:
            value.ice_slicedData = SlicedData(tuple(kept))
        return value, flags, found, pos

    def _members(self, buf: bytes, pos: int, value: Value, slice: ValueSlice, flags: int) -> int:
        """The slice whose head has been read, and those of its bases."""
        while True:
            after = -1
            if flags & HAS_SIZE:
                pos, end, after = self.open_slice(buf, pos, flags)
            elif flags & HAS_TABLE:
                raise MarshalException(f"a slice of {slice.type_id} has a table but no size")
            if slice.optionals:
                pos = slice.read(buf, pos, value, self, flags & HAS_OPTIONALS != 0)
            else:
                pos = slice.read(buf, pos, value, self)
            if flags & HAS_OPTIONALS:
                pos = skip_optionals(buf, pos, self.skip)
            if after >= 0:
                pos = self.close_slice(pos, end, after)
            base = slice.base
            if bool(flags & LAST) != (base is None):
                raise MarshalException(f"a class {slice.type_id} has other bases than here")
            if base is None:
                return pos
            flags, pos = self._base_head(buf, pos, base)
            slice = base

    # Slices: these are for exceptions, too.

    def open_slice(self, buf: bytes, pos: int, flags: int) -> tuple[int, int, int]:
        """A slice with its size at `pos`: where its members begin and end, and where its table ends."""
        end = slice_end(buf, pos)
        table: list[Value | None] = []
        after = end
        if flags & HAS_TABLE:
            table, after = self._entries(buf, end)
        self._table = table
        return pos + 4, end, after

    def close_slice(self, pos: int, end: int, after: int) -> int:
        """The members have been read up to `pos`; the position behind the slice."""
        self._table = None
        if pos > end:
            raise MarshalException("a slice is larger than it says")
        return after

    def unknown_slice(self, buf: bytes, pos: int, flags: int, type: str | int) -> tuple[SliceInfo, int]:
        """A slice of an unknown type with its size at `pos`, and the position behind it."""
        end = slice_end(buf, pos)
        instances: list[Value | None] = []
        after = end
        if flags & HAS_TABLE:
            instances, after = self._entries(buf, end)
        compact_id = type if isinstance(type, int) else None
        has_optionals, last = flags & HAS_OPTIONALS != 0, flags & LAST != 0
        return SliceInfo(str(type), compact_id, buf[pos + 4 : end], instances, has_optionals, last), after

    def _entries(self, buf: bytes, pos: int) -> tuple[list[Value | None], int]:
        """The table behind a slice. What is in it is there: neither the table nor a place in it is empty."""
        count, pos = read_count(buf, pos, 1)
        values: list[Value | None] = []
        for _ in range(count):
            value, pos = self.value(buf, pos, Value)
            if value is None:
                raise MarshalException("a table of instances has an empty place")
            values.append(value)
        if not values:
            raise MarshalException("a table of instances is empty")
        return values, pos

    # Types

    def _head(self, buf: bytes, pos: int, cls: type[Value]) -> tuple[int, Type, int]:
        """Flags and type of a slice, and the position behind them."""
        if pos >= len(buf):
            raise MarshalException("a slice is missing")
        flags = buf[pos]
        kind = flags & 3
        found: Type
        if kind == TYPE_STRING:
            type_id, pos = read_string(buf, pos + 1)
            found = self._find(type_id, cls)
            self._types.append(found)
        elif kind == TYPE_INDEX:
            index, pos = read_size(buf, pos + 1)
            if not 0 < index <= len(self._types):
                raise MarshalException(f"type {index} has not been seen")
            found = self._types[index - 1]
        elif kind == TYPE_COMPACT:
            compact_id, pos = read_size(buf, pos + 1)
            found = self._find(compact_id, cls)
        else:
            raise MarshalException("a slice has no type")
        return flags, found, pos

    def _base_head(self, buf: bytes, pos: int, base: ValueSlice) -> tuple[int, int]:
        if pos >= len(buf):
            raise MarshalException(f"the slice of {base.type_id} is missing")
        flags = buf[pos]
        if not flags & 3:
            return flags, pos + 1
        flags, found, pos = self._head(buf, pos, base.cls)
        if found is not base:
            told = found.type_id if isinstance(found, ValueSlice) else found
            raise MarshalException(f"{told} is not the base that {base.type_id} is here")
        return flags, pos

    def _find(self, key: str | int, cls: type[Value]) -> Type:
        slice = cls.ice_slice
        if key == slice.type_id or key == slice.compact_id:
            return slice
        found = self._index.get(key, cls)
        if found is None and not self._looked:
            self._looked = True
            self._index.look()
            found = self._index.get(key, cls)
        if found is None and isinstance(key, int) and self._index.resolve is not None:
            return self._find(self._index.resolve(key) or str(key), cls)
        return key if found is None else found

    def _born(self, number: int, value: Value) -> Value:
        """The instance of that number is this one; what named it before is one with it."""
        shell = self._instances[number]
        if shell is None:
            self._instances[number] = value
            return value
        shell.__class__ = value.__class__
        shell.__dict__.update(value.__dict__)
        for expected in self._expected.pop(shell, ()):
            if not isinstance(shell, expected):
                raise unexpected(value.ice_staticId(), expected)
        return shell


def unexpected(found: str, expected: type[Value]) -> UnexpectedObjectException:
    """What is wrong with an instance of the class `found`."""
    wanted = expected.ice_staticId()
    return UnexpectedObjectException(f"{found} where a {wanted} is expected", found, wanted)


def slice_end(buf: bytes, pos: int) -> int:
    """Where the members of a slice end whose size stands at `pos`."""
    if pos + 4 > len(buf):
        raise UnmarshalOutOfBoundsException("the size of a slice is cut off")
    (size,) = INT.unpack_from(buf, pos)
    if size < 4 or pos + size > len(buf):
        raise MarshalException(f"a slice cannot have {size} bytes")
    return pos + int(size)
