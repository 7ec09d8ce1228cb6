"""Optional parameters and members: a tag and a format ahead of each value (encoding 1.1).

The format tells a reader that does not know the tag how to get past the value. Optional parameters end
with their encapsulation; those of an exception's slice end with a byte 255.
"""

from __future__ import annotations

from enum import IntEnum

from pushnet.wire.basic import INT, read_size, write_size
from pushnet.wire.errors import MarshalException

END = 0xFF
_TAG_IN_BYTE_MAX = 29


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
        out.append(30 << 3 | format)
        write_size(out, tag)


def read_optionals(buf: bytes, pos: int) -> dict[int, tuple[int, int]]:
    """Where optional values stand: tag -> (format, position behind the header), up to the end of `buf`.

    A value of format VSize or FSize still has its length ahead of it at that position.
    """
    found: dict[int, tuple[int, int]] = {}
    while pos < len(buf) and buf[pos] != END:
        tag, format, pos = _read_header(buf, pos)
        found[tag] = (format, pos)
        pos = skip_optional(buf, pos, format)
    return found


def optional_pos(optionals: dict[int, tuple[int, int]], tag: int, format: int) -> int | None:
    """Where the value with `tag` begins, or None when it is not set. Another format is the peer's fault."""
    found = optionals.get(tag)
    if found is None:
        return None
    if found[0] != format:
        raise MarshalException(f"optional {tag} comes in format {found[0]}, not {format}")
    return found[1]


def skip_optional(buf: bytes, pos: int, format: int) -> int:
    """The position behind an optional value of that format."""
    if format <= Format.F8:
        pos += 1 << format
    elif format == Format.Size:
        _, pos = read_size(buf, pos)
    elif format == Format.VSize:
        count, pos = read_size(buf, pos)
        pos += count
    elif format == Format.FSize:
        if pos + 4 > len(buf):
            raise MarshalException("the length of an optional value is cut off")
        (count,) = INT.unpack_from(buf, pos)
        if count < 0:
            raise MarshalException(f"an optional value has a negative length: {count}")
        pos += 4 + count
    else:
        raise MarshalException("optional class instances are not supported")
    if pos > len(buf):
        raise MarshalException("an optional value is cut off")
    return pos


def skip_optionals(buf: bytes, pos: int) -> int:
    """The position behind the optional members of a slice and their end mark."""
    while True:
        if pos >= len(buf):
            raise MarshalException("the end of optional members is missing")
        if buf[pos] == END:
            return pos + 1
        _, format, pos = _read_header(buf, pos)
        pos = skip_optional(buf, pos, format)


def _read_header(buf: bytes, pos: int) -> tuple[int, int, int]:
    """Tag, format, and the position of the value."""
    head = buf[pos]
    tag, format = head >> 3, head & 7
    pos += 1
    if tag > _TAG_IN_BYTE_MAX:
        tag, pos = read_size(buf, pos)
    return tag, format, pos
