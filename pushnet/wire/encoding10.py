"""Encoding 1.0, from descriptions: what generated code says of types whose bytes differ from 1.1's.

Enums are as wide as their largest value asks for, proxies have no versions, instances of classes come at the
end, and optional values do not travel. Peers that want this encoding are few and old, so it is served by
walking over descriptions ("shapes") instead of by code of its own. A shape has

* `write(out, value, writer)`, where `writer` is the encapsulation's `Writer10`,
* `read(buf, pos, reader)` with a `Reader10`, which returns the value and the position behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from struct import Struct
from typing import Any, Protocol

import attrs

from pushnet.wire.basic import (
    read_bytes,
    read_count,
    read_string,
    write_bytes,
    write_size,
    write_string,
)
from pushnet.wire.errors import MarshalException
from pushnet.wire.proxies10 import read_proxy_data10, write_proxy_data10
from pushnet.wire.values import Value
from pushnet.wire.values10 import Reader10, Writer10


class Shape(Protocol):
    """How the values of one type are written and read."""

    def write(self, out: bytearray, value: Any, writer: Writer10) -> None: ...

    def read(self, buf: bytes, pos: int, reader: Reader10) -> tuple[Any, int]: ...


@attrs.frozen
class Same:
    """A type whose bytes are those of encoding 1.1, and the functions for these."""

    write_same: Callable[[bytearray, Any], None]
    read_same: Callable[[bytes, int], tuple[Any, int]]

    def write(self, out: bytearray, value: Any, writer: Writer10) -> None:
        self.write_same(out, value)

    def read(self, buf: bytes, pos: int, reader: Reader10) -> tuple[Any, int]:
        return self.read_same(buf, pos)


class Fixed:
    """A number or truth value."""

    def __init__(self, code: str) -> None:
        self._struct = Struct(f"<{code}")

    def write(self, out: bytearray, value: Any, writer: Writer10) -> None:
        out += self._struct.pack(value)

    def read(self, buf: bytes, pos: int, reader: Reader10) -> tuple[Any, int]:
        return self._struct.unpack_from(buf, pos)[0], pos + self._struct.size


BOOL, BYTE, SHORT, INT, LONG = Fixed("?"), Fixed("B"), Fixed("h"), Fixed("i"), Fixed("q")
FLOAT, DOUBLE = Fixed("f"), Fixed("d")
STRING, BYTES = Same(write_string, read_string), Same(write_bytes, read_bytes)


class Enum10:
    """An enum: a byte when its largest value is below 127, else a short or an int."""

    def __init__(self, cls: type[IntEnum], type_id: str) -> None:
        largest = max(member.value for member in cls)
        self._struct = Struct("<B" if largest < 127 else "<h" if largest < 32767 else "<i")
        self._members = {member.value: member for member in cls}
        self._type_id = type_id

    def write(self, out: bytearray, value: Any, writer: Writer10) -> None:
        out += self._struct.pack(value)

    def read(self, buf: bytes, pos: int, reader: Reader10) -> tuple[Any, int]:
        (number,) = self._struct.unpack_from(buf, pos)
        member = self._members.get(number)
        if member is None:
            raise MarshalException(f"{number} is no {self._type_id}")
        return member, pos + self._struct.size


@attrs.frozen
class Proxy10:
    """A proxy of that class."""

    cls: type[Any]

    def write(self, out: bytearray, value: Any, writer: Writer10) -> None:
        if value is not None and value.ice_isFixed():
            raise MarshalException(f"{value} is bound to a connection and cannot be passed on")
        write_proxy_data10(out, None if value is None else value.ice_reference.data)

    def read(self, buf: bytes, pos: int, reader: Reader10) -> tuple[Any, int]:
        data, pos = read_proxy_data10(buf, pos)
        return (None if data is None else self.cls(reader.ice_reference(data))), pos


@attrs.frozen
class Class10:
    """An instance of that class or of one derived from it."""

    cls: type[Value]

    def write(self, out: bytearray, value: Any, writer: Writer10) -> None:
        writer.write(out, value)

    def read(self, buf: bytes, pos: int, reader: Reader10) -> tuple[Any, int]:
        return reader.value(buf, pos, self.cls)


@attrs.frozen
class Struct10:
    """A struct: its members by name."""

    cls: type[Any]
    members: tuple[tuple[str, Shape], ...]

    def write(self, out: bytearray, value: Any, writer: Writer10) -> None:
        for name, shape in self.members:
            shape.write(out, getattr(value, name), writer)

    def read(self, buf: bytes, pos: int, reader: Reader10) -> tuple[Any, int]:
        values = []
        for _, shape in self.members:
            value, pos = shape.read(buf, pos, reader)
            values.append(value)
        return self.cls(*values), pos


@attrs.frozen
class Sequence10:
    """A sequence of elements that have at least so many bytes each; read as `made`, a list or a tuple."""

    element: Shape
    element_bytes_min: int
    made: type[list[Any]] | type[tuple[Any, ...]] = list

    def write(self, out: bytearray, value: Any, writer: Writer10) -> None:
        write_size(out, len(value))
        for item in value:
            self.element.write(out, item, writer)

    def read(self, buf: bytes, pos: int, reader: Reader10) -> tuple[Any, int]:
        count, pos = read_count(buf, pos, self.element_bytes_min)
        items = []
        for _ in range(count):
            item, pos = self.element.read(buf, pos, reader)
            items.append(item)
        return self.made(items), pos


@attrs.frozen
class Dictionary10:
    """A dictionary of entries that have at least so many bytes each. Sequences become tuples as keys."""

    key: Shape
    value: Shape
    entry_bytes_min: int

    def write(self, out: bytearray, value: Any, writer: Writer10) -> None:
        write_size(out, len(value))
        for key, item in value.items():
            self.key.write(out, key, writer)
            self.value.write(out, item, writer)

    def read(self, buf: bytes, pos: int, reader: Reader10) -> tuple[Any, int]:
        count, pos = read_count(buf, pos, self.entry_bytes_min)
        entries = {}
        for _ in range(count):
            key, pos = self.key.read(buf, pos, reader)
            key = tuple(key) if type(key) is list else key
            entries[key], pos = self.value.read(buf, pos, reader)
        return entries, pos
