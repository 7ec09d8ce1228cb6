# Written by slice2tx from golden/collections.ice. To change it, change the Slice file.
"""Sequences and dictionaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct, pack, unpack_from

import attrs

from pushnet.rpc.stubs import ObjectPrx, Source, read_proxy, write_proxy
from pushnet.wire.basic import (
    read_bytes,
    read_count,
    read_size,
    read_string,
    write_bytes,
    write_size,
    write_string,
)
from pushnet.wire.encoding10 import BYTES, STRING, Dictionary10, Proxy10, Same, Sequence10, Struct10
from pushnet.wire.errors import MarshalException
from pushnet.wire.makers import maker_of
from tests.golden.values import (
    Defaults,
    Light,
    Line,
    Point,
    old_Defaults,
    old_Light,
    read_Light,
    read_Point,
    write_Light,
    write_Point,
)

__all__ = [
    "Bag",
    "Key",
    "read_Bag",
    "read_Bools",
    "read_ByKey",
    "read_Chunks",
    "read_Doubles",
    "read_Gauges",
    "read_Ints",
    "read_Key",
    "read_Lights",
    "read_Lines",
    "read_Many",
    "read_Names",
    "read_Nested",
    "read_Points",
    "read_Positions",
    "read_Proxies",
    "read_Seen",
    "read_Strings",
    "read_Table",
    "read_Targets",
    "write_Bag",
    "write_Bools",
    "write_ByKey",
    "write_Chunks",
    "write_Doubles",
    "write_Gauges",
    "write_Ints",
    "write_Key",
    "write_Lights",
    "write_Lines",
    "write_Many",
    "write_Names",
    "write_Nested",
    "write_Points",
    "write_Positions",
    "write_Proxies",
    "write_Seen",
    "write_Strings",
    "write_Table",
    "write_Targets",
]


@attrs.frozen(order=True)
class Key:
    number: int = 0
    name: str = ""


@attrs.frozen
class Bag:
    raw: bytes = b""
    numbers: list[int] = attrs.field(factory=list)
    gauges: dict[str, float] = attrs.field(factory=dict)
    proxies: list[ObjectPrx | None] = attrs.field(factory=list)
    key: Key = attrs.field(factory=Key)


# The wire: how the above becomes bytes and back.

_S_4id = Struct("<4id")
_S_d = Struct("<d")
_S_i = Struct("<i")
_S_iB = Struct("<iB")
_S_id = Struct("<id")
_S_ii = Struct("<ii")
_S_iq = Struct("<iq")
_S_o = Struct("<?")
_S_oBf4id = Struct("<?Bf4id")
_S_oBfiii = Struct("<?Bfiii")

_new_Bag = maker_of(Bag)
_new_Defaults = maker_of(Defaults)
_new_Key = maker_of(Key)
_new_Line = maker_of(Line)
_new_Point = maker_of(Point)


def write_Bools(out: bytearray, value: Sequence[bool]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}?", *value)


def read_Bools(buf: bytes, pos: int) -> tuple[list[bool], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}?", buf, pos)), pos + count


def write_Ints(out: bytearray, value: Sequence[int]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}i", *value)


def read_Ints(buf: bytes, pos: int) -> tuple[list[int], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}i", buf, pos)), pos + count * 4


def write_Doubles(out: bytearray, value: Sequence[float]) -> None:
    count = len(value)
    write_size(out, count)
    out += pack(f"<{count}d", *value)


def read_Doubles(buf: bytes, pos: int) -> tuple[list[float], int]:
    count, pos = read_size(buf, pos)
    return list(unpack_from(f"<{count}d", buf, pos)), pos + count * 8


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


def write_Chunks(out: bytearray, value: Sequence[bytes]) -> None:
    write_size(out, len(value))
    for item in value:
        write_bytes(out, item)


def read_Chunks(buf: bytes, pos: int) -> tuple[list[bytes], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[bytes] = []
    for _ in range(count):
        item, pos = read_bytes(buf, pos)
        items.append(item)
    return items, pos


def write_Table(out: bytearray, value: Sequence[Sequence[int]]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Ints(out, item)


def read_Table(buf: bytes, pos: int) -> tuple[list[list[int]], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[list[int]] = []
    for _ in range(count):
        item, pos = read_Ints(buf, pos)
        items.append(item)
    return items, pos


def write_Lights(out: bytearray, value: Sequence[Light]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Light(out, item)


def read_Lights(buf: bytes, pos: int) -> tuple[list[Light], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[Light] = []
    for _ in range(count):
        item, pos = read_Light(buf, pos)
        items.append(item)
    return items, pos


old_Lights = Sequence10(old_Light, 1)


def write_Points(out: bytearray, value: Sequence[Point]) -> None:
    write_size(out, len(value))
    for item in value:
        out += _S_ii.pack(item.x, item.y)


def read_Points(buf: bytes, pos: int) -> tuple[list[Point], int]:
    count, pos = read_count(buf, pos, 8)
    end = pos + count * 8
    return [_new_Point(*row) for row in _S_ii.iter_unpack(buf[pos:end])], end


def write_Lines(out: bytearray, value: Sequence[Line]) -> None:
    write_size(out, len(value))
    for item in value:
        out += _S_4id.pack(item.from1.x, item.from1.y, item.to.x, item.to.y, item.width)


def read_Lines(buf: bytes, pos: int) -> tuple[list[Line], int]:
    count, pos = read_count(buf, pos, 24)
    end = pos + count * 24
    items: list[Line] = []
    for item_from1_x, item_from1_y, item_to_x, item_to_y, item_width in _S_4id.iter_unpack(buf[pos:end]):
        items.append(
            _new_Line(_new_Point(item_from1_x, item_from1_y), _new_Point(item_to_x, item_to_y), item_width)
        )
    return items, end


def write_Many(out: bytearray, value: Sequence[Defaults]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.name.encode()
        if (size := len(text)) < 255:
            out += _S_iB.pack(item.days, size)
        else:
            out += _S_i.pack(item.days)
            write_size(out, size)
        out += text
        write_Light(out, item.light)
        write_Light(out, item.first)
        out += _S_oBf4id.pack(
            item.open,
            item.octet,
            item.ratio,
            item.line.from1.x,
            item.line.from1.y,
            item.line.to.x,
            item.line.to.y,
            item.line.width,
        )


def read_Many(buf: bytes, pos: int) -> tuple[list[Defaults], int]:
    count, pos = read_count(buf, pos, 37)
    items: list[Defaults] = []
    for _ in range(count):
        days, size = _S_iB.unpack_from(buf, pos)
        if size < 255:
            name = buf[pos + 5 : (pos := pos + 5 + size)].decode()
        else:
            name, pos = read_string(buf, pos + 4)
        light, pos = read_Light(buf, pos)
        first, pos = read_Light(buf, pos)
        open, octet, ratio, line_from1_x, line_from1_y, line_to_x = _S_oBfiii.unpack_from(buf, pos)
        line_to_y, line_width = _S_id.unpack_from(buf, pos + 18)
        pos += 30
        items.append(
            _new_Defaults(
                days,
                name,
                light,
                first,
                open,
                octet,
                ratio,
                _new_Line(
                    _new_Point(line_from1_x, line_from1_y), _new_Point(line_to_x, line_to_y), line_width
                ),
            )
        )
    return items, pos


old_Many = Sequence10(old_Defaults, 37)


def write_Proxies(out: bytearray, value: Sequence[ObjectPrx | None]) -> None:
    write_size(out, len(value))
    for item in value:
        write_proxy(out, item)


def read_Proxies(buf: bytes, pos: int, source: Source) -> tuple[list[ObjectPrx | None], int]:
    count, pos = read_count(buf, pos, 2)
    items: list[ObjectPrx | None] = []
    for _ in range(count):
        item, pos = read_proxy(buf, pos, source, ObjectPrx)
        items.append(item)
    return items, pos


old_Proxies = Sequence10(Proxy10(ObjectPrx), 2)


def write_Key(out: bytearray, value: Key) -> None:
    out += _S_i.pack(value.number)
    write_string(out, value.name)


def read_Key(buf: bytes, pos: int) -> tuple[Key, int]:
    (number,) = _S_i.unpack_from(buf, pos)
    name, pos = read_string(buf, pos + 4)
    return _new_Key(number, name), pos


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


def write_Names(out: bytearray, value: Mapping[Light, str]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        write_Light(out, key)
        text = item.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_Names(buf: bytes, pos: int) -> tuple[dict[Light, str], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[Light, str] = {}
    for _ in range(count):
        key, pos = read_Light(buf, pos)
        if (size := buf[pos]) < 255:
            item = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            item, pos = read_string(buf, pos)
        value[key] = item
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return value, pos


old_Names = Dictionary10(old_Light, STRING, 2)


def write_ByKey(out: bytearray, value: Mapping[Key, Sequence[str]]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.name.encode()
        if (size := len(text)) < 255:
            out += _S_iB.pack(key.number, size)
        else:
            out += _S_i.pack(key.number)
            write_size(out, size)
        out += text
        write_Strings(out, item)


def read_ByKey(buf: bytes, pos: int) -> tuple[dict[Key, list[str]], int]:
    count, pos = read_count(buf, pos, 6)
    value: dict[Key, list[str]] = {}
    for _ in range(count):
        number, size = _S_iB.unpack_from(buf, pos)
        if size < 255:
            name = buf[pos + 5 : (pos := pos + 5 + size)].decode()
        else:
            name, pos = read_string(buf, pos + 4)
        item, pos = read_Strings(buf, pos)
        value[_new_Key(number, name)] = item
    return value, pos


def write_Targets(out: bytearray, value: Mapping[Point, ObjectPrx | None]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        out += _S_ii.pack(key.x, key.y)
        write_proxy(out, item)


def read_Targets(buf: bytes, pos: int, source: Source) -> tuple[dict[Point, ObjectPrx | None], int]:
    count, pos = read_count(buf, pos, 10)
    value: dict[Point, ObjectPrx | None] = {}
    for _ in range(count):
        x, y = _S_ii.unpack_from(buf, pos)
        item, pos = read_proxy(buf, pos + 8, source, ObjectPrx)
        value[_new_Point(x, y)] = item
    return value, pos


old_Targets = Dictionary10(Same(write_Point, read_Point), Proxy10(ObjectPrx), 10)


def write_Seen(out: bytearray, value: Mapping[bytes, bool]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        write_bytes(out, key)
        out += _S_o.pack(item)


def read_Seen(buf: bytes, pos: int) -> tuple[dict[bytes, bool], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[bytes, bool] = {}
    for _ in range(count):
        key, pos = read_bytes(buf, pos)
        (item,) = _S_o.unpack_from(buf, pos)
        pos += 1
        value[key] = item
    return value, pos


def write_Nested(out: bytearray, value: Mapping[str, Mapping[str, float]]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_Gauges(out, item)


def read_Nested(buf: bytes, pos: int) -> tuple[dict[str, dict[str, float]], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[str, dict[str, float]] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        item, pos = read_Gauges(buf, pos)
        value[key] = item
    return value, pos


def write_Bag(out: bytearray, value: Bag) -> None:
    write_bytes(out, value.raw)
    write_Ints(out, value.numbers)
    write_Gauges(out, value.gauges)
    write_Proxies(out, value.proxies)
    write_Key(out, value.key)


def read_Bag(buf: bytes, pos: int, source: Source) -> tuple[Bag, int]:
    raw, pos = read_bytes(buf, pos)
    numbers, pos = read_Ints(buf, pos)
    gauges, pos = read_Gauges(buf, pos)
    proxies, pos = read_Proxies(buf, pos, source)
    key, pos = read_Key(buf, pos)
    return _new_Bag(raw, numbers, gauges, proxies, key), pos


old_Bag = Struct10(
    Bag,
    (
        ("raw", BYTES),
        ("numbers", Same(write_Ints, read_Ints)),
        ("gauges", Same(write_Gauges, read_Gauges)),
        ("proxies", old_Proxies),
        ("key", Same(write_Key, read_Key)),
    ),
)
