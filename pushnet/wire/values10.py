"""Instances of classes in encoding 1.0: named by numbers first, sent behind everything else.

What names an instance is a negative number, counted from 1, or 0 for none. The instances follow the
parameters in lots, each a count and then number and slices; a lot of none ends them. So reading needs no
stack: an instance is a shell until its lot arrives. Every slice has its type and size; the last is always
that of `::Ice::Object`, which has a single byte 0.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pushnet.wire.basic import INT, read_count, read_size, read_string, write_size, write_string
from pushnet.wire.errors import MarshalException, NoValueFactoryException, UnmarshalOutOfBoundsException
from pushnet.wire.proxies import ProxyData
from pushnet.wire.value_reader import slice_end, unexpected
from pushnet.wire.values import Shell, UnknownSlicedValue, Value, ValueIndex, ValueSlice

V = TypeVar("V", bound=Value)

_ROOT = "::Ice::Object"
_INSTANCE_BYTES_MIN = 10


class Writer10:
    """Remembers the instances and type ids of an encapsulation, and which instances are still to be sent."""

    __slots__ = ("_numbers", "_pending", "_types")

    def __init__(self) -> None:
        self._numbers: dict[Value, int] = {}
        self._pending: list[Value] = []
        self._types: dict[str, int] = {}

    def write(self, out: bytearray, value: Value | None) -> None:
        """Append the number of an instance, to be sent later."""
        if value is None:
            out += b"\0\0\0\0"
            return
        number = self._numbers.get(value)
        if number is None:
            if isinstance(value, UnknownSlicedValue):
                raise MarshalException(f"a {value.ice_id()} cannot be sent in encoding 1.0")
            number = self._numbers[value] = len(self._numbers) + 1
            self._pending.append(value)
        out += INT.pack(-number)

    def finish(self, out: bytearray) -> None:
        """Append the instances that were named, and those that they name."""
        while self._pending:
            lot, self._pending = self._pending, []
            write_size(out, len(lot))
            for value in lot:
                out += INT.pack(self._numbers[value])
                self._instance(out, value)
        out.append(0)

    def _instance(self, out: bytearray, value: Value) -> None:
        if value.__class__ is not value.ice_slice.cls:
            value.ice_preMarshal()
        slice: ValueSlice | None = value.ice_slice
        while slice is not None and slice.type_id != _ROOT:
            self._type(out, slice.type_id)
            start = len(out)
            out += b"\0\0\0\0"
            if slice.old is None:
                slice.write(out, value, self)
            else:
                for name, shape in slice.old:
                    if shape is not None:
                        shape.write(out, getattr(value, name), self)
            INT.pack_into(out, start, len(out) - start)
            slice = slice.base
        self._type(out, _ROOT)
        out += b"\5\0\0\0\0"

    def _type(self, out: bytearray, type_id: str) -> None:
        index = self._types.get(type_id)
        if index is None:
            self._types[type_id] = len(self._types) + 1
            out.append(0)
            write_string(out, type_id)
        else:
            out.append(1)
            write_size(out, index)


class Reader10:
    """Remembers the instances and type ids of an encapsulation. It is a `Source` of proxies, too.

    Args:
        source: the communicator or the call being served.
        instances_follow: False where the peer says that none will come: then those named are None. Ice for
            Python says so of an exception that has instances in a base only.
    """

    __slots__ = ("_expected", "_follow", "_index", "_instances", "_looked", "_source", "_types", "_waiting")

    def __init__(self, source: Any, instances_follow: bool = True) -> None:
        index = getattr(source, "ice_values", None)
        self._source = source
        self._follow = instances_follow
        self._index: ValueIndex = ValueIndex() if index is None else index
        self._looked = False
        self._instances: dict[int, Value] = {}
        self._types: list[str] = []
        self._expected: dict[Value, list[type[Value]]] = {}
        self._waiting: list[Value] = []

    def ice_reference(self, data: ProxyData) -> Any:
        return self._source.ice_reference(data)

    def value(self, buf: bytes, pos: int, cls: type[V]) -> tuple[V | None, int]:
        """The instance named at `pos`, which is complete after `finish`, and the position behind the name."""
        if pos + 4 > len(buf):
            raise UnmarshalOutOfBoundsException("the number of an instance is cut off")
        (number,) = INT.unpack_from(buf, pos)
        if number == 0 or not self._follow:
            return None, pos + 4
        if number > 0:
            raise MarshalException(f"an instance is named {number}")
        instance: Any = self._instances.get(-number)
        if instance is None:
            instance = self._instances[-number] = Shell()
        self._expected.setdefault(instance, []).append(cls)
        return instance, pos + 4

    def finish(self, buf: bytes, pos: int) -> int:
        """Read the instances themselves; the position behind them."""
        while True:
            count, pos = read_count(buf, pos, _INSTANCE_BYTES_MIN)
            if count == 0:
                break
            for _ in range(count):
                pos = self._instance(buf, pos)
        if any(isinstance(instance, Shell) for instance in self._instances.values()):
            raise MarshalException("an instance is named and does not come")
        while self._waiting:
            self._waiting.pop().ice_postUnmarshal()
        for instance, cls in [(found, cls) for found, classes in self._expected.items() for cls in classes]:
            if not isinstance(instance, cls):
                raise unexpected(instance.ice_id(), cls)
        return pos

    def _instance(self, buf: bytes, pos: int) -> int:
        if pos + 4 > len(buf):
            raise UnmarshalOutOfBoundsException("the number of an instance is cut off")
        (number,) = INT.unpack_from(buf, pos)
        value = self._instances.setdefault(number, Shell())
        if number < 1 or not isinstance(value, Shell):
            raise MarshalException(f"an instance {number} comes twice, or should not come at all")
        first = ""
        expected = self._expected.get(value, [Value])[0]
        pos += 4
        while True:
            type_id, pos = self._head(buf, pos)
            first = first or type_id
            slice = self._find(type_id, expected)
            made = self._index.made(type_id) if slice is None else self._index.new(slice)
            if made is not None:
                slice = made.ice_slice if slice is None else slice
                break
            if type_id == _ROOT:
                raise NoValueFactoryException(f"nobody knows the class {first}", first)
            pos = slice_end(buf, pos)
        shell: Any = value
        shell.__class__ = made.__class__
        shell.__dict__.update(made.__dict__)
        if self._index.factories:
            self._waiting.append(value)
        current: ValueSlice | None = slice
        while current is not None:
            pos = self._members(buf, pos, value, current)
            current = current.base
            type_id, pos = self._head(buf, pos)
            if type_id != (_ROOT if current is None else current.type_id):
                raise MarshalException(f"a class {slice.type_id} has a base {type_id}")
        return slice_end(buf, pos)

    def _members(self, buf: bytes, pos: int, value: Value, slice: ValueSlice) -> int:
        end = slice_end(buf, pos)
        pos += 4
        if slice.old is None:
            pos = slice.read(buf, pos, value, self)
        else:
            for name, shape in slice.old:
                member = None
                if shape is not None:
                    member, pos = shape.read(buf, pos, self)
                setattr(value, name, member)
        if pos > end:
            raise MarshalException("a slice is larger than it says")
        return end

    def _head(self, buf: bytes, pos: int) -> tuple[str, int]:
        """The type id of a slice, and where its size stands."""
        if pos >= len(buf):
            raise MarshalException("a slice is missing")
        if buf[pos]:
            index, pos = read_size(buf, pos + 1)
            if not 0 < index <= len(self._types):
                raise MarshalException(f"type {index} has not been seen")
            type_id = self._types[index - 1]
        else:
            type_id, pos = read_string(buf, pos + 1)
            self._types.append(type_id)
        return type_id, pos

    def _find(self, type_id: str, cls: type[Value]) -> ValueSlice | None:
        found = self._index.get(type_id, cls)
        if found is None and not self._looked:
            self._looked = True
            self._index.look()
            found = self._index.get(type_id, cls)
        return found
