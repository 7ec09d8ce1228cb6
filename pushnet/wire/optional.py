"""Optional parameters and members: a tag and a format ahead of each value (encoding 1.1).

The format tells a reader that does not know the tag how to get past the value. Optional parameters end
with their encapsulation; those of a slice, in an exception or a class, end with a byte 255.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from pushnet.wire.basic import INT, read_size, write_size
from pushnet.wire.errors import MarshalException, UnmarshalOutOfBoundsException

END = 0xFF
_TAG_IN_BYTE_MAX = 29
_TAG_FOLLOWS = 30

Skip = Callable[[bytes, int], int]
"""Takes (buf, pos), returns the position behind the class instance there."""


class Format(IntEnum):
    """How long an optional value is."""

    F1 = 0
    F2 = 1
    F4 = 2
    F8 = 3
    Size = 4
    """The value is a size itself: an enumerator."""
    VSize = 5
    """A size, then so many bytes. A string or sequence of bytes is that by itself."""
    FSize = 6
    """An int32, then so many bytes."""
    Class = 7


def write_optional_header(out: bytearray, tag: int, format: int) -> None:
    """What stands ahead of an optional value."""
    if tag <= _TAG_IN_BYTE_MAX:
        out.append(tag << 3 | format)
    else:
        out.append(_TAG_FOLLOWS << 3 | format)
        write_size(out, tag)


def seek_optional(
    buf: bytes, pos: int, tag: int, format: int, skip_instance: Skip | None = None
) -> tuple[bool, int]:
    """Whether the value with `tag` is there, and where it or what stands in its place begins.

    Tags come in ascending order, and must be asked for in that order; those nobody asks for are passed
    over. Another format than the one expected is the peer's fault.
    """
    while pos < len(buf) and buf[pos] != END:
        found, given, behind = read_header(buf, pos)
        if found > tag:
            break
        if found == tag:
            if given != format:
                raise MarshalException(f"optional {tag} comes in format {given}, not {format}")
            return True, behind
        pos = skip_optional(buf, behind, given, skip_instance)
    return False, pos


def skip_optional(buf: bytes, pos: int, format: int, skip_instance: Skip | None = None) -> int:
    """The position behind an optional value of that format.

    The instance of a class ends where its slices end: passing over it takes a reader's `skip`.
    """
    if format <= Format.F8:
        pos += 1 << format
    elif format == Format.Size:
        pos += 5 if buf[pos : pos + 1] == b"\xff" else 1
    elif format == Format.VSize:
        count, pos = read_size(buf, pos)
        pos += count
    elif format == Format.FSize:
        if pos + 4 > len(buf):
            raise UnmarshalOutOfBoundsException("the length of an optional value is cut off")
        (count,) = INT.unpack_from(buf, pos)
        if count < 0:
            raise MarshalException(f"an optional value has a negative length: {count}")
        pos += 4 + count
    elif skip_instance is not None:
        return skip_instance(buf, pos)
    else:
        raise MarshalException("an optional class instance comes where no class can be")
    if pos > len(buf):
        raise UnmarshalOutOfBoundsException("an optional value is cut off")
    return pos


def end_optionals(out: bytearray, start: int) -> bool:
    """Append the end mark if there are optional members since `start`; whether there are."""
    if len(out) == start:
        return False
    out.append(END)
    return True


def skip_optionals(buf: bytes, pos: int, skip_instance: Skip | None = None) -> int:
    """The position behind the optional members of a slice and their end mark."""
    while True:
        if pos >= len(buf):
            raise MarshalException("the end of optional members is missing")
        if buf[pos] == END:
            return pos + 1
        _, format, pos = read_header(buf, pos)
        pos = skip_optional(buf, pos, format, skip_instance)


def read_header(buf: bytes, pos: int) -> tuple[int, int, int]:
    """What stands ahead of an optional value: tag, format, and the position of the value."""
    head = buf[pos]
    tag, format = head >> 3, head & 7
    pos += 1
    if tag == _TAG_FOLLOWS:
        tag, pos = read_size(buf, pos)
    return tag, format, pos
