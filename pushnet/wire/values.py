"""Classes declared in Slice: values with identity, which travel as graphs.

`Value` is the root of the generated classes. Each of them has a `ValueSlice` that says how it adds its own
members to those of its base. An instance may bring slices of types that nobody here knows: they are kept as
bytes where the Slice file says `preserve-slice`, and an instance of which nothing is known at all becomes an
`UnknownSlicedValue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import attrs

HAS_OPTIONALS = 0x04
HAS_TABLE = 0x08
HAS_SIZE = 0x10
LAST = 0x20
TYPE_STRING, TYPE_INDEX, TYPE_COMPACT = 1, 2, 3
"""How a slice's flags say in which form its type id follows."""

CLASS_GRAPH_DEPTH_MAX = 100
"""Instances within instances, unless `Ice.ClassGraphDepthMax` is set: longer chains eat a reader's stack."""
STACK_DEPTH_MAX = 250
"""What Python's stack has room for, whatever is set; machine code would find no end of it."""


class Value:
    """The root of the classes declared in Slice. Two of them are equal when they are the same."""

    ice_slice: ClassVar[ValueSlice]
    ice_slicedData: SlicedData | None = None
    """Slices of types that are not known here, when they are to be kept."""

    @classmethod
    def ice_staticId(cls) -> str:
        """The Slice type id of the class."""
        return cls.ice_slice.type_id

    def ice_id(self) -> str:
        """The Slice type id of the instance."""
        return self.ice_slice.type_id

    def ice_getSlicedData(self) -> SlicedData | None:
        return self.ice_slicedData

    def ice_preMarshal(self) -> None:
        """Called on instances of a program's own classes before they are written."""

    def ice_postUnmarshal(self) -> None:
        """Called on instances that a factory made when they and all they refer to have been read."""


@attrs.frozen(eq=False)
class ValueSlice:
    """How one class adds its own members to those of its base.

    Args:
        type_id: as in Slice.
        cls: what instances are made of.
        write: takes (out, value, writer) and appends the own members; true when any of them was optional.
        read: takes (buf, pos, value, reader), sets the own members and returns the position behind them;
            with `optionals` it takes one more, whether optional members follow.
        base: the base's slice.
        compact_id: the number that travels instead of the type id.
        preserve: unknown slices of derived types are kept.
        optionals: there are optional members of its own.
        old: the own members as `pushnet.wire.encoding10` writes them, where their bytes differ there; the
            optional ones, which do not travel in encoding 1.0, have no shape.
    """

    type_id: str
    cls: type[Value]
    write: Callable[[bytearray, Any, Any], bool | None]
    read: Callable[..., int]
    base: ValueSlice | None = None
    compact_id: int | None = None
    preserve: bool = False
    optionals: bool = False
    old: tuple[tuple[str, Any], ...] | None = None


@attrs.frozen(eq=False)
class SliceInfo:
    """One slice of an unknown type, as it came. `compactId` is the type's when it has one, else None."""

    typeId: str
    compactId: int | None
    bytes: bytes
    instances: list[Value | None]
    """What the instances named in the bytes are, in their order."""
    hasOptionalMembers: bool
    isLastSlice: bool


@attrs.frozen(eq=False)
class SlicedData:
    """The slices of unknown types, the most derived first."""

    slices: tuple[SliceInfo, ...]


class UnknownSlicedValue(Value):
    """An instance of which no slice is of a known type: whole it is in `ice_slicedData`."""

    def __init__(self, unknownTypeId: str = "") -> None:
        self.unknownTypeId = unknownTypeId
        """The most derived type id; a compact one in digits."""

    def ice_id(self) -> str:
        return self.unknownTypeId


class InterfaceByValue(Value):
    """An interface passed by value, as Ice 3.7 still allows: nothing but its type id travels."""


class Shell(Value):
    """An instance that was named before its type is known. It changes its class when that is read."""


Factory = Callable[[str], Value | None]
"""Takes a type id and makes an instance; None: somebody else shall."""


class ValueIndex:
    """Which class a type id or compact id means. A communicator keeps one, to look only once."""

    def __init__(self, depth_max: int = CLASS_GRAPH_DEPTH_MAX) -> None:
        self.depth_max = min(depth_max, STACK_DEPTH_MAX)
        self.factories: dict[str, Factory] = {}
        """What users have registered, by type id; the empty one is asked for all that have none."""
        self.resolve: Callable[[int], str] | None = None
        """Says the type id of a compact id that no class has; empty when it does not know either."""
        self._slices: dict[str | int, list[ValueSlice]] = {}

    def made(self, key: str | int) -> Value | None:
        """What the users' factories make of a type id; None when they make nothing of it."""
        if not self.factories:
            return None
        type_id = str(key)
        for factory in (self.factories.get(type_id), self.factories.get("")):
            value = factory(type_id) if factory is not None else None
            if value is not None:
                return value
        return None

    def new(self, slice: ValueSlice) -> Value:
        """An instance without members of the class that has this slice, or of one a factory likes better."""
        value = self.made(slice.type_id)
        return value if value is not None else slice.cls.__new__(slice.cls)

    def get(self, key: str | int, cls: type[Value]) -> ValueSlice | None:
        """The slice, if the class was there at the last look.

        Where a Slice file was compiled more than once there are several classes of one type id: then it is
        the one that derives from `cls`, and of those the one made first.
        """
        found = self._slices.get(key)
        if found is None:
            return None
        if len(found) > 1:
            fitting = [slice for slice in found if issubclass(slice.cls, cls)]
            return (fitting or found)[0]
        return found[0]

    def look(self) -> None:
        """Look at all classes there are."""
        self._slices.clear()
        for slice in _all_slices(Value):
            self._slices.setdefault(slice.type_id, []).append(slice)
            if slice.compact_id is not None:
                self._slices.setdefault(slice.compact_id, []).append(slice)


def _all_slices(cls: type[Value]) -> Iterator[ValueSlice]:
    for derived in cls.__subclasses__():
        slice = derived.__dict__.get("ice_slice")
        if slice is not None:
            yield slice
        yield from _all_slices(derived)


def write_no_members(out: bytearray, value: Value, writer: Any) -> None:
    """There is nothing to append."""


def read_no_members(buf: bytes, pos: int, value: Value, reader: Any) -> int:
    """There is nothing to set."""
    return pos


Value.ice_slice = ValueSlice("::Ice::Object", Value, write_no_members, read_no_members)
