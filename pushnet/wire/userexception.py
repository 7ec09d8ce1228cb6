"""User exceptions, declared in Slice: values that travel as slices from the most derived type to its base.

In the compact format only the first slice names its type; in the sliced format each slice has its name and
size, so that a reader who does not know a derived type falls back to the base it knows. Source: the Ice
manual, "Data Encoding for Exceptions".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from struct import Struct
from typing import Any, ClassVar

import attrs

from pushnet.wire.basic import read_string, write_string
from pushnet.wire.errors import MarshalException

_SIZE = Struct("<i")
_HAS_OPTIONALS, _HAS_TABLE, _HAS_SIZE, _IS_LAST = 0x04, 0x08, 0x10, 0x20


@attrs.frozen
class UserException(Exception):
    """The root of all exceptions declared in Slice."""

    ice_slice: ClassVar[ExceptionSlice]

    @classmethod
    def ice_type_id(cls) -> str:
        """The Slice type id, such as `::PushNet::UnavailableException`."""
        return cls.ice_slice.type_id


@attrs.frozen
class ExceptionSlice:
    """How one exception type's own members become bytes and back; the base's stand in `base`."""

    type_id: str
    cls: type[UserException]
    write: Callable[[bytearray, Any], None]
    read: Callable[[bytes, int, Any], tuple[tuple[Any, ...], int]]
    base: ExceptionSlice | None = None


def write_user_exception(out: bytearray, value: UserException, sliced: bool) -> None:
    """The whole exception, most derived slice first."""
    part: ExceptionSlice | None = value.ice_slice
    assert part is not None
    first = True
    while part is not None:
        named = first or sliced
        out.append((_HAS_SIZE if sliced else 0) | (0 if part.base else _IS_LAST))
        if named:
            write_string(out, part.type_id)
        start = len(out)
        if sliced:
            out += b"\0\0\0\0"
        part.write(out, value)
        if sliced:
            _SIZE.pack_into(out, start, len(out) - start)
        part = part.base
        first = False


def read_user_exception(buf: bytes, pos: int, source: Any, known: dict[str, ExceptionSlice]) -> UserException:
    """Read an exception of a type in `known` or derived from one of them.

    Raises `UnknownUserType` when no slice is of a known type, `MarshalException`, `struct.error`.
    """
    first_id = ""
    while True:
        flags, type_id, end, pos = _slice_head(buf, pos)
        first_id = first_id or type_id
        part = known.get(type_id)
        if part is not None:
            return _read_known(buf, pos, source, part)
        if end < 0 or flags & _IS_LAST:
            raise UnknownUserType(first_id)
        pos = end


@attrs.frozen
class UnknownUserType(Exception):
    """None of an exception's slices is of a type we know; `type_id` is the most derived."""

    type_id: str


def known_exceptions(throws: Iterable[type[UserException]]) -> dict[str, ExceptionSlice]:
    """Type id to slice of the given types and everything derived from them that has been loaded."""
    found: dict[str, ExceptionSlice] = {}
    waiting = list(throws)
    while waiting:
        cls = waiting.pop()
        found[cls.ice_slice.type_id] = cls.ice_slice
        waiting.extend(cls.__subclasses__())
    return found


def _slice_head(buf: bytes, pos: int) -> tuple[int, str, int, int]:
    """Flags, type id, the slice's end (-1: unknown), where its members begin."""
    if pos >= len(buf):
        raise MarshalException("an exception ends before its last slice")
    flags = buf[pos]
    if flags & _HAS_TABLE:
        raise MarshalException("an exception has an indirection table, but no class members")
    type_id, pos = read_string(buf, pos + 1)
    end = -1
    if flags & _HAS_SIZE:
        size = _SIZE.unpack_from(buf, pos)[0]
        end = pos + size
        if size < 4 or end > len(buf):
            raise MarshalException(f"an exception slice of {size} bytes does not fit")
        pos += 4
    return flags, type_id, end, pos


def _read_known(buf: bytes, pos: int, source: Any, part: ExceptionSlice) -> UserException:
    """Members of `part` and its bases, which follow it."""
    members: tuple[Any, ...] = ()
    cls = part.cls
    base: ExceptionSlice | None = part
    while base is not None:
        own, pos = base.read(buf, pos, source)
        members = own + members
        base = base.base
        if base is not None:
            if pos >= len(buf):
                raise MarshalException("an exception ends before its last slice")
            pos = _slice_head(buf, pos)[3] if buf[pos] & _HAS_SIZE else pos + 1
    return cls(*members)
