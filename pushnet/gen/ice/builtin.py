# Written by slice2tx from idl/ice/builtin.ice. To change it, change the Slice file.
"""What Ice declares for everybody's use beside `StringSeq` and its kin: sequences of what Slice has by
itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import pack, unpack_from

from pushnet.wire.basic import read_count, read_size, read_string, write_size
from pushnet.wire.encoding10 import Class10, Sequence10
from pushnet.wire.errors import MarshalException
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import Value

__all__ = [
    "read_BoolSeq",
    "read_Context",
    "read_DoubleSeq",
    "read_FloatSeq",
    "read_IntSeq",
    "read_LongSeq",
    "read_ObjectSeq",
    "read_ShortSeq",
    "read_SliceChecksumDict",
    "write_BoolSeq",
    "write_Context",
    "write_DoubleSeq",
    "write_FloatSeq",
    "write_IntSeq",
    "write_LongSeq",
    "write_ObjectSeq",
    "write_ShortSeq",
    "write_SliceChecksumDict",
]

# The wire: how the above becomes bytes and back.


def write_BoolSeq(out: bytearray, value: Sequence[bool]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}?", *value)


def read_BoolSeq(buf: bytes, pos: int) -> tuple[list[bool], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}?", buf, pos)), pos + count


def write_ShortSeq(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}h", *value)


def read_ShortSeq(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}h", buf, pos)), pos + count * 2


def write_IntSeq(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}i", *value)


def read_IntSeq(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}i", buf, pos)), pos + count * 4


def write_LongSeq(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}q", *value)


def read_LongSeq(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}q", buf, pos)), pos + count * 8


def write_FloatSeq(out: bytearray, value: Sequence[float]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}f", *value)


def read_FloatSeq(buf: bytes, pos: int) -> tuple[list[float], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}f", buf, pos)), pos + count * 4


def write_DoubleSeq(out: bytearray, value: Sequence[float]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}d", *value)


def read_DoubleSeq(buf: bytes, pos: int) -> tuple[list[float], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}d", buf, pos)), pos + count * 8


def write_ObjectSeq(out: bytearray, value: Sequence[Value | None], values: ValueWriter) -> None:
    write_size(out, len(value))
    for item in value:
        values.write(out, item)


def read_ObjectSeq(buf: bytes, pos: int, source: ValueReader) -> tuple[list[Value | None], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[Value | None] = []
    for _ in range(count):
        item, pos = source.value(buf, pos, Value)
        items.append(item)
    return items, pos


old_ObjectSeq = Sequence10(Class10(Value), 1)


def write_Context(out: bytearray, value: Mapping[str, str]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Context(buf: bytes, pos: int) -> tuple[dict[str, str], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[str, str] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            item = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            item, pos = read_string(buf, pos)
        value[key] = item
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return value, pos


def write_SliceChecksumDict(out: bytearray, value: Mapping[str, str]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_SliceChecksumDict(buf: bytes, pos: int) -> tuple[dict[str, str], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[str, str] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            item = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            item, pos = read_string(buf, pos)
        value[key] = item
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return value, pos
