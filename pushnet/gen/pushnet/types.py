# Written by slice2tx from idl/pushnet/types.ice. To change it, change the Slice file.
"""The interfaces between pushnet's nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct, pack, unpack_from
from typing import Any

import attrs

from pushnet.rpc.stubs import ExceptionSlice, Source, UserException
from pushnet.wire.basic import read_count, read_size, read_string, write_size, write_string
from pushnet.wire.errors import MarshalException

__all__ = [
    "UnavailableException",
    "read_Gauges",
    "read_Ints",
    "read_Longs",
    "read_Positions",
    "read_Strings",
    "write_Gauges",
    "write_Ints",
    "write_Longs",
    "write_Positions",
    "write_Strings",
]


@attrs.frozen
class UnavailableException(UserException):
    """The node cannot answer now, and another or a later try may: `reason` says why."""

    reason: str = ""


# The wire: how the above becomes bytes and back.

_S_d = Struct("<d")
_S_iq = Struct("<iq")


def write_Strings(out: bytearray, value: Sequence[str]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Strings(buf: bytes, pos: int) -> tuple[list[str], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[str] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            item = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            item, pos = read_string(buf, pos)
        items.append(item)
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


def write_Ints(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}i", *value)


def read_Ints(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}i", buf, pos)), pos + count * 4


def write_Longs(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}q", *value)


def read_Longs(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}q", buf, pos)), pos + count * 8


def write_Gauges(out: bytearray, value: Mapping[str, float]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_d.pack(item)


def read_Gauges(buf: bytes, pos: int) -> tuple[dict[str, float], int]:
    count, pos = read_count(buf, pos, 9)
    value: dict[str, float] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        (item,) = _S_d.unpack_from(buf, pos)
        pos += 8
        value[key] = item
    return value, pos


def write_Positions(out: bytearray, value: Mapping[int, int]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        out += _S_iq.pack(key, item)


def read_Positions(buf: bytes, pos: int) -> tuple[dict[int, int], int]:
    count, pos = read_count(buf, pos, 12)
    value: dict[int, int] = {}
    for _ in range(count):
        key, item = _S_iq.unpack_from(buf, pos)
        pos += 12
        value[key] = item
    return value, pos


def _write_UnavailableException(out: bytearray, value: UnavailableException) -> None:
    write_string(out, value.reason)


def _read_UnavailableException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


UnavailableException.ice_slice = ExceptionSlice(
    "::PushNet::UnavailableException",
    UnavailableException,
    _write_UnavailableException,
    _read_UnavailableException,
    None,
)
