"""The basic values of the Ice encodings: sizes, strings, byte sequences.

Reading is `read_x(buf, pos) -> (value, pos)`, where `buf` ends where the encapsulation ends; writing is
`write_x(out, value)`, where `out` grows. Fixed-size values are read and written by generated code with
`struct.Struct`s of its own. Nothing is allocated before the bytes for it are known to be there.
Source: the Ice manual, "Data Encoding for Basic Types".
"""

from __future__ import annotations

from struct import Struct

from pushnet.wire.errors import MarshalException

_INT = Struct("<i")
_pack_int = _INT.pack
_unpack_int = _INT.unpack_from


def read_size(buf: bytes, pos: int) -> tuple[int, int]:
    """A size: one byte below 255, else `FF` and an int32. Raises `MarshalException`."""
    try:
        size = buf[pos]
    except IndexError:
        raise MarshalException("a size lies beyond the end") from None
    if size != 255:
        return size, pos + 1
    if pos + 5 > len(buf):
        raise MarshalException("a size lies beyond the end")
    size = _unpack_int(buf, pos + 1)[0]
    if size < 0:
        raise MarshalException("a size is negative")
    return size, pos + 5


def write_size(out: bytearray, size: int) -> None:
    if size < 255:
        out.append(size)
    else:
        out += b"\xff" + _pack_int(size)


def check_count(buf: bytes, pos: int, count: int, min_size: int) -> None:
    """Refuse a count of elements of at least `min_size` bytes each that cannot be in what is left."""
    if count * min_size > len(buf) - pos:
        raise MarshalException(f"{count} elements cannot be in {len(buf) - pos} bytes")


def read_string(buf: bytes, pos: int) -> tuple[str, int]:
    """UTF-8 text. Raises `MarshalException`."""
    try:
        size = buf[pos]
        pos += 1
        if size == 255:
            size, pos = read_size(buf, pos - 1)
        end = pos + size
        if end > len(buf):
            raise MarshalException("a string lies beyond the end")
        return str(buf[pos:end], "utf-8"), end
    except (IndexError, UnicodeDecodeError) as error:
        raise MarshalException(f"a string cannot be read: {error}") from None


def write_string(out: bytearray, value: str) -> None:
    """UTF-8 text. Raises `MarshalException` for lone surrogates."""
    try:
        data = value.encode()
    except UnicodeEncodeError as error:
        raise MarshalException(f"a string cannot be written: {error}") from None
    size = len(data)
    if size < 255:
        out.append(size)
    else:
        out += b"\xff" + _pack_int(size)
    out += data


def read_bytes(buf: bytes, pos: int) -> tuple[bytes, int]:
    """A `sequence<byte>`. Raises `MarshalException`."""
    size, pos = read_size(buf, pos)
    end = pos + size
    if end > len(buf):
        raise MarshalException("a byte sequence lies beyond the end")
    return buf[pos:end], end


def write_bytes(out: bytearray, value: bytes | bytearray | memoryview) -> None:
    write_size(out, len(value))
    out += value
