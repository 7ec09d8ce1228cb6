"""User exceptions in encoding 1.0: whether classes follow, then slices with type id and size, most derived
first. Nothing marks the last: a reader stops at the end of the base it knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pushnet.wire.basic import INT, read_string, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.slices import ExceptionSlice, UnknownSlicesError, UserException, exception_slice
from pushnet.wire.value_reader import slice_end
from pushnet.wire.values10 import Reader10, Writer10

_SPARE_BYTES_MAX = 1
"""Ice before 3.3 sent one byte too many behind some exceptions with classes: Ice takes it, and so do we."""


def write_exception10(out: bytearray, value: UserException) -> None:
    """All slices of `value`, most derived first, and the instances of classes in them."""
    slice: ExceptionSlice | None = value.ice_slice
    classes = value.ice_slice.holds_classes()
    writer = Writer10()
    out.append(classes)
    while slice is not None:
        write_string(out, slice.type_id)
        start = len(out)
        out += b"\0\0\0\0"
        if slice.old is None:
            slice.write(out, value)
        else:
            for name, shape in slice.old:
                if shape is not None:
                    shape.write(out, getattr(value, name), writer)
        INT.pack_into(out, start, len(out) - start)
        slice = slice.base
    if classes:
        writer.finish(out)


def read_exception10(
    buf: bytes, pos: int, source: Any, expected: Iterable[type[UserException]]
) -> UserException:
    """The exception at `pos`, as the most derived type known; see `pushnet.wire.slices.read_exception`."""
    if pos >= len(buf):
        raise MarshalException("an exception is missing")
    classes = bool(buf[pos])
    type_id, pos = read_string(buf, pos + 1)
    first = type_id
    slice = exception_slice(type_id, expected)
    while slice is None:
        pos = slice_end(buf, pos)
        try:
            type_id, pos = read_string(buf, pos)
            slice_end(buf, pos)
        except MarshalException:
            raise UnknownSlicesError(first) from None
        slice = exception_slice(type_id, expected)
    reader = Reader10(source, classes)
    parts: list[tuple[Any, ...]] = []
    current: ExceptionSlice | None = slice
    while current is not None:
        members, pos = _members(buf, pos, reader, current)
        parts.append(members)
        current = current.base
        if current is not None:
            type_id, pos = read_string(buf, pos)
            if type_id != current.type_id:
                raise MarshalException(f"an exception {slice.type_id} has a base {type_id}")
    if classes:
        pos = reader.finish(buf, pos)
    if pos + _SPARE_BYTES_MAX < len(buf):
        raise MarshalException(f"{len(buf) - pos} bytes follow an exception")
    return slice.cls(*[member for part in reversed(parts) for member in part])


def _members(buf: bytes, pos: int, reader: Reader10, slice: ExceptionSlice) -> tuple[tuple[Any, ...], int]:
    end = slice_end(buf, pos)
    pos += 4
    members: tuple[Any, ...]
    if slice.old is None:
        members, pos = slice.read(buf, pos, reader)
    else:
        values: list[Any] = []
        for _, shape in slice.old:
            value = None
            if shape is not None:
                value, pos = shape.read(buf, pos, reader)
            values.append(value)
        members = tuple(values)
    if pos > end:
        raise MarshalException("a slice is larger than it says")
    return members, end
