"""User exceptions as bytes: slices from the most derived type to the root (encoding 1.1).

Each slice has flags, a type id and its own members. In the sliced format each also has its size, so that a
receiver that does not know the type can skip to a base it knows; in the compact format it cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import attrs

from pushnet.wire.basic import INT, read_string, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.optional import skip_optionals

_HAS_OPTIONALS = 0x04
_HAS_INDIRECTION = 0x08
_HAS_SIZE = 0x10
_LAST = 0x20


@attrs.frozen
class UserException(Exception):
    """The root of the exceptions declared in Slice: the contract between caller and servant names them."""

    ice_slice: ClassVar[ExceptionSlice]

    @classmethod
    def ice_staticId(cls) -> str:
        """The Slice type id."""
        return cls.ice_slice.type_id

    def ice_id(self) -> str:
        return self.ice_slice.type_id


@attrs.frozen(eq=False)
class ExceptionSlice:
    """How one exception type adds its own members to those of its base.

    `read` takes (buf, pos, source) and returns the own members and the position behind them.
    """

    type_id: str
    cls: type[UserException]
    write: Callable[[bytearray, Any], None]
    read: Callable[[bytes, int, Any], tuple[tuple[Any, ...], int]]
    base: ExceptionSlice | None = None


class UnknownSlicesError(Exception):
    """None of the slices of an exception is of a known type; its text is the most derived type id."""


def write_exception(out: bytearray, value: UserException, sliced: bool = False) -> None:
    """All slices of `value`, most derived first."""
    slice: ExceptionSlice | None = value.ice_slice
    while slice is not None:
        flags = 0 if slice.base is not None else _LAST
        out.append(flags | _HAS_SIZE if sliced else flags)
        write_string(out, slice.type_id)
        start = len(out)
        if sliced:
            out += b"\0\0\0\0"
        slice.write(out, value)
        if sliced:
            INT.pack_into(out, start, len(out) - start)
        slice = slice.base


def read_exception(
    buf: bytes, pos: int, source: Any, expected: Iterable[type[UserException]]
) -> UserException:
    """The exception at `pos`, as the most derived type known.

    Known are the `expected` classes and all that derive from them. Raises `UnknownSlicesError` when
    nothing there is known, `MarshalException` when the bytes are wrong.
    """
    first = ""
    while True:
        flags, type_id, size_pos, pos = _read_head(buf, pos)
        first = first or type_id
        slice = _known(type_id, expected)
        if slice is not None:
            return _read_value(buf, pos, source, slice, flags, size_pos)
        if flags & _LAST or not flags & _HAS_SIZE or flags & _HAS_INDIRECTION:
            raise UnknownSlicesError(first)
        pos = size_pos + INT.unpack_from(buf, size_pos)[0]


def _read_value(
    buf: bytes, pos: int, source: Any, slice: ExceptionSlice, flags: int, size_pos: int
) -> UserException:
    """Members of `slice`, whose head is read, and of all its bases; then the value."""
    parts: list[tuple[Any, ...]] = []
    current: ExceptionSlice | None = slice
    while current is not None:
        members, pos = current.read(buf, pos, source)
        parts.append(members)
        if flags & _HAS_SIZE:
            pos = size_pos + INT.unpack_from(buf, size_pos)[0]
        elif flags & _HAS_OPTIONALS:
            pos = skip_optionals(buf, pos)
        current = current.base
        if bool(flags & _LAST) != (current is None):
            raise MarshalException(f"an exception {slice.type_id} has other bases than here")
        if current is not None:
            flags, type_id, size_pos, pos = _read_head(buf, pos)
            if type_id != current.type_id:
                raise MarshalException(f"an exception {slice.type_id} has a base {type_id}")
    return slice.cls(*[member for part in reversed(parts) for member in part])


def _read_head(buf: bytes, pos: int) -> tuple[int, str, int, int]:
    """Flags, type id, where the size stands, where the members begin."""
    if pos >= len(buf):
        raise MarshalException("a slice is missing")
    flags = buf[pos]
    type_id, pos = read_string(buf, pos + 1)
    size_pos = pos
    if flags & _HAS_SIZE:
        if pos + 4 > len(buf):
            raise MarshalException("the size of a slice is cut off")
        (size,) = INT.unpack_from(buf, pos)
        if size < 4 or pos + size > len(buf):
            raise MarshalException(f"a slice cannot have {size} bytes")
        pos += 4
    return flags, type_id, size_pos, pos


def _known(type_id: str, classes: Iterable[type[UserException]]) -> ExceptionSlice | None:
    """The slice of that type id among `classes` and what derives from them."""
    for cls in classes:
        slice = cls.__dict__.get("ice_slice")
        if slice is not None and slice.type_id == type_id:
            found: ExceptionSlice = slice
            return found
        below = _known(type_id, cls.__subclasses__())
        if below is not None:
            return below
    return None
