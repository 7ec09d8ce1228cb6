"""Instances of classes become bytes (encoding 1.1): one `ValueWriter` for each encapsulation.

An instance is written where it first appears and named by its number, counted from 2, wherever it appears
again; that is how graphs with cycles travel. In the sliced format a slice names instances by their place in
a table of its own that follows it.

How deep a graph may be is for its reader to say (`Ice.ClassGraphDepthMax`), as in Ice; here the stack is the
limit (`STACK_DEPTH_MAX`).
"""

from __future__ import annotations

from pushnet.wire.basic import INT, write_size, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.values import (
    HAS_OPTIONALS,
    HAS_SIZE,
    HAS_TABLE,
    LAST,
    STACK_DEPTH_MAX,
    TYPE_COMPACT,
    TYPE_INDEX,
    TYPE_STRING,
    SliceInfo,
    UnknownSlicedValue,
    Value,
    ValueSlice,
)


class ValueWriter:
    """Remembers which instances and type ids of an encapsulation have been written."""

    __slots__ = ("_depth", "_numbers", "_sliced", "_table", "_types")

    def __init__(self, sliced: bool = False) -> None:
        self._sliced = sliced
        self._numbers: dict[Value, int] = {}
        self._types: dict[str, int] = {}
        self._table: dict[Value, int] | None = None
        """The instances named in the slice being written, when it has a size."""
        self._depth = 0

    def write(self, out: bytearray, value: Value | None) -> None:
        """Append an instance, or its number when it has one."""
        if value is None:
            out.append(0)
            return
        table = self._table
        if table is not None:
            write_size(out, table.setdefault(value, len(table) + 1))
            return
        numbers = self._numbers
        number = numbers.get(value)
        if number is not None:
            write_size(out, number)
            return
        numbers[value] = len(numbers) + 2
        out.append(1)
        if self._depth:
            self._instance(out, value)
            return
        try:
            self._instance(out, value)
        except RecursionError:
            raise MarshalException("a class graph is nested too deeply to be written") from None

    def _instance(self, out: bytearray, value: Value) -> None:
        """All slices, the most derived first."""
        if self._depth >= STACK_DEPTH_MAX:
            raise MarshalException(f"a class graph is deeper than {STACK_DEPTH_MAX}")
        self._depth += 1
        if value.__class__ is not value.ice_slice.cls:
            value.ice_preMarshal()
        data = value.ice_slicedData
        if data is not None and (self._sliced or isinstance(value, UnknownSlicedValue)):
            for info in data.slices:
                self._kept(out, info)
        if self._sliced:
            self._sized_slices(out, value)
        elif not isinstance(value, UnknownSlicedValue):
            slice: ValueSlice | None = value.ice_slice
            typed = True
            while slice is not None:
                start = len(out)
                flags = LAST if slice.base is None else 0
                if typed:
                    self._type(out, flags, slice.type_id, slice.compact_id)
                    typed = False
                else:
                    out.append(flags)
                if slice.write(out, value, self):
                    out[start] |= HAS_OPTIONALS
                slice = slice.base
        self._depth -= 1

    def _sized_slices(self, out: bytearray, value: Value) -> None:
        slice: ValueSlice | None = None if isinstance(value, UnknownSlicedValue) else value.ice_slice
        while slice is not None:
            start = len(out)
            flags = HAS_SIZE if slice.base is not None else HAS_SIZE | LAST
            self._type(out, flags, slice.type_id, slice.compact_id)
            size_pos = len(out)
            out += b"\0\0\0\0"
            self.begin_table()
            if slice.write(out, value, self):
                out[start] |= HAS_OPTIONALS
            INT.pack_into(out, size_pos, len(out) - size_pos)
            if self.end_table(out):
                out[start] |= HAS_TABLE
            slice = slice.base

    def begin_table(self) -> None:
        """From here to `end_table` instances are named by their place in a table."""
        self._table = {}

    def end_table(self, out: bytearray) -> bool:
        """Append the table if it has any instance; whether it has."""
        table, self._table = self._table, None
        if not table:
            return False
        self._entries(out, list(table))
        return True

    def _entries(self, out: bytearray, values: list[Value | None] | list[Value]) -> None:
        write_size(out, len(values))
        for value in values:
            self.write(out, value)

    def _type(self, out: bytearray, flags: int, type_id: str, compact_id: int | None) -> None:
        """Flags and type id of a slice."""
        if compact_id is not None:
            out.append(flags | TYPE_COMPACT)
            write_size(out, compact_id)
            return
        index = self._types.get(type_id)
        if index is not None:
            out.append(flags | TYPE_INDEX)
            write_size(out, index)
        else:
            self._types[type_id] = len(self._types) + 1
            out.append(flags | TYPE_STRING)
            write_string(out, type_id)

    def _kept(self, out: bytearray, info: SliceInfo) -> None:
        """A slice of an unknown type, as it came."""
        flags = (
            HAS_SIZE | (HAS_OPTIONALS if info.hasOptionalMembers else 0) | (LAST if info.isLastSlice else 0)
        )
        flags |= HAS_TABLE if info.instances else 0
        self._type(out, flags, info.typeId, info.compactId)
        out += INT.pack(4 + len(info.bytes))
        out += info.bytes
        if info.instances:
            self._entries(out, info.instances)

    def kept_exception_slice(self, out: bytearray, info: SliceInfo) -> None:
        """The same for an exception, whose type ids are always strings."""
        flags = (
            HAS_SIZE | (HAS_OPTIONALS if info.hasOptionalMembers else 0) | (LAST if info.isLastSlice else 0)
        )
        out.append(flags | (HAS_TABLE if info.instances else 0))
        write_string(out, info.typeId)
        out += INT.pack(4 + len(info.bytes))
        out += info.bytes
        if info.instances:
            self._entries(out, info.instances)
