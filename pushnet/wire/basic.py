"""Basic values as bytes: sizes, strings, byte sequences. Both encodings write them alike.

`buf` is bytes that end where the encapsulation ends, so `len(buf)` is the limit of every read. A reader
takes a position and returns the value and the position behind it; it checks a claimed length against what
is left before it makes anything of that length. Numbers are read by precompiled structs at the caller's.
"""

from __future__ import annotations

from struct import Struct

from pushnet.wire.errors import MarshalException, UnmarshalOutOfBoundsException

INT = Struct("<i")
_LONG_SIZE = Struct("<Bi")


def read_size(buf: bytes, pos: int) -> tuple[int, int]:
    """A count: one byte below 255, else 255 and an int32."""
    try:
        count = buf[pos]
    except IndexError:
        raise UnmarshalOutOfBoundsException(f"a size is missing at {pos}") from None
    if count < 255:
        return count, pos + 1
    if pos + 5 > len(buf):
        raise UnmarshalOutOfBoundsException(f"a size is cut off at {pos}")
    (count,) = INT.unpack_from(buf, pos + 1)
    if count < 0:
        raise MarshalException(f"a size is negative: {count}")
    return count, pos + 5


def write_size(out: bytearray, count: int) -> None:
    if count < 255:
        out.append(count)
    else:
        out += _LONG_SIZE.pack(255, count)


def read_count(buf: bytes, pos: int, min_size: int) -> tuple[int, int]:
    """The count of elements of at least `min_size` bytes each: refused when so many bytes are not left."""
    count, pos = read_size(buf, pos)
    if count * min_size > len(buf) - pos:
        raise UnmarshalOutOfBoundsException(f"{count} elements cannot be in {len(buf) - pos} bytes")
    return count, pos


def read_bytes(buf: bytes, pos: int) -> tuple[bytes, int]:
    """A sequence of bytes, preceded by its size."""
    count, pos = read_size(buf, pos)
    end = pos + count
    if end > len(buf):
        raise UnmarshalOutOfBoundsException(f"{count} bytes are claimed where {len(buf) - pos} are left")
    return buf[pos:end], end


def write_bytes(out: bytearray, value: bytes | bytearray | memoryview | list[int] | tuple[int, ...]) -> None:
    """Numbers in a list or tuple are taken, too, as by Ice for Python."""
    if isinstance(value, list | tuple):
        value = bytes(value)
    write_size(out, len(value))
    out += value


def read_string(buf: bytes, pos: int) -> tuple[str, int]:
    """UTF-8, preceded by its size in bytes."""
    count, pos = read_size(buf, pos)
    end = pos + count
    if end > len(buf):
        raise UnmarshalOutOfBoundsException(
            f"a string of {count} bytes is claimed where {len(buf) - pos} are left"
        )
    try:
        return buf[pos:end].decode(), end
    except UnicodeDecodeError:
        raise MarshalException(f"a string at {pos} is not UTF-8") from None


def write_string(out: bytearray, value: str) -> None:
    encoded = value.encode()
    count = len(encoded)
    if count < 255:
        out.append(count)
    else:
        out += _LONG_SIZE.pack(255, count)
    out += encoded


def read_strings(buf: bytes, pos: int) -> tuple[list[str], int]:
    """A sequence of strings."""
    count, pos = read_count(buf, pos, 1)
    values = []
    for _ in range(count):
        value, pos = read_string(buf, pos)
        values.append(value)
    return values, pos


def write_strings(out: bytearray, values: list[str] | tuple[str, ...]) -> None:
    write_size(out, len(values))
    for value in values:
        write_string(out, value)


def read_context(buf: bytes, pos: int) -> tuple[dict[str, str], int]:
    """A dictionary of strings: the context of a request, or properties."""
    count, pos = read_count(buf, pos, 2)
    context = {}
    for _ in range(count):
        key, pos = read_string(buf, pos)
        context[key], pos = read_string(buf, pos)
    return context, pos


def context_bytes(context: dict[str, str]) -> bytes:
    """A dictionary of strings, as `read_context` reads it."""
    out = bytearray()
    write_size(out, len(context))
    for key, value in context.items():
        write_string(out, key)
        write_string(out, value)
    return bytes(out)
