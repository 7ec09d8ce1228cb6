# Written by slice2tx from idl/ice/identity.ice. To change it, change the Slice file.
"""What a ZeroC Ice peer expects of the module `Ice`, declared in our own words: names, signatures and type
ids are those of Ice 3.7, so that stock programs call us and are called by us.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pushnet.rpc.stubs import ObjectPrx, Source, read_proxy, write_proxy
from pushnet.wire.basic import read_count, read_string, write_size
from pushnet.wire.encoding10 import Proxy10, Sequence10
from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity, read_Identity, write_Identity

__all__ = [
    "Identity",
    "read_Identity",
    "read_IdentitySeq",
    "read_ObjectProxySeq",
    "read_PropertyDict",
    "read_StringSeq",
    "write_Identity",
    "write_IdentitySeq",
    "write_ObjectProxySeq",
    "write_PropertyDict",
    "write_StringSeq",
]

# The wire: how the above becomes bytes and back.


def write_IdentitySeq(out: bytearray, value: Sequence[Identity]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Identity(out, item)


def read_IdentitySeq(buf: bytes, pos: int) -> tuple[list[Identity], int]:
    count, pos = read_count(buf, pos, 2)
    items: list[Identity] = []
    for _ in range(count):
        item, pos = read_Identity(buf, pos)
        items.append(item)
    return items, pos


def write_ObjectProxySeq(out: bytearray, value: Sequence[ObjectPrx | None]) -> None:
    write_size(out, len(value))
    for item in value:
        write_proxy(out, item)


def read_ObjectProxySeq(buf: bytes, pos: int, source: Source) -> tuple[list[ObjectPrx | None], int]:
    count, pos = read_count(buf, pos, 2)
    items: list[ObjectPrx | None] = []
    for _ in range(count):
        item, pos = read_proxy(buf, pos, source, ObjectPrx)
        items.append(item)
    return items, pos


old_ObjectProxySeq = Sequence10(Proxy10(ObjectPrx), 2)


def write_StringSeq(out: bytearray, value: Sequence[str]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_StringSeq(buf: bytes, pos: int) -> tuple[list[str], int]:
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


def write_PropertyDict(out: bytearray, value: Mapping[str, str]) -> None:
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


def read_PropertyDict(buf: bytes, pos: int) -> tuple[dict[str, str], int]:
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
