"""User exceptions as bytes: slices from the most derived type to the root (encoding 1.1).

Each slice has flags, a type id and its own members. In the sliced format each also has its size, so that a
receiver that does not know the type can skip to a base it knows; in the compact format it cannot. Members
that are instances of classes take a `ValueWriter` and a `ValueReader`, which other exceptions do without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import attrs

from pushnet.wire.basic import INT, read_string, write_string
from pushnet.wire.errors import IceException, MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.optional import skip_optionals
from pushnet.wire.value_reader import ValueReader, slice_end
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import HAS_OPTIONALS, HAS_SIZE, HAS_TABLE, LAST, SlicedData, SliceInfo


@attrs.frozen
class UserException(IceException):
    """The root of the exceptions declared in Slice: the contract between caller and servant names them."""

    ice_slice: ClassVar[ExceptionSlice]
    ice_slicedData: ClassVar[SlicedData | None] = None
    """Slices of types that are not known here, when they are to be kept. An instance that has them hides
    this one."""

    @classmethod
    def ice_staticId(cls) -> str:
        """The Slice type id."""
        return cls.ice_slice.type_id

    def ice_id(self) -> str:
        return self.ice_slice.type_id

    def ice_getSlicedData(self) -> SlicedData | None:
        return self.ice_slicedData


@attrs.frozen(eq=False)
class ExceptionSlice:
    """How one exception type adds its own members to those of its base.

    Args:
        type_id: as in Slice.
        cls: what is raised.
        write: takes (out, value), with `classes` also the `ValueWriter`, and appends the own members; true
            when any of them was optional.
        read: takes (buf, pos, source), with `classes` a `ValueReader` as the source, with `optionals` also
            whether optional members follow; returns the own members and the position behind them.
        base: the base's slice.
        classes: there are instances of classes among the own members.
        optionals: there are optional members among them.
        preserve: unknown slices of derived types are kept.
        old: the own members as `pushnet.wire.encoding10` writes them, where their bytes differ there; the
            optional ones, which do not travel in encoding 1.0, have no shape.
    """

    type_id: str
    cls: type[UserException]
    write: Callable[..., bool | None]
    read: Callable[..., tuple[tuple[Any, ...], int]]
    base: ExceptionSlice | None = None
    classes: bool = False
    optionals: bool = False
    preserve: bool = False
    old: tuple[tuple[str, Any], ...] | None = None

    def holds_classes(self) -> bool:
        """Whether there are instances of classes among all members."""
        return self.classes or (self.base is not None and self.base.holds_classes())


class UnknownSlicesError(Exception):
    """None of the slices of an exception is of a known type; its text is the most derived type id."""


def write_exception(out: bytearray, value: UserException, sliced: bool = False) -> None:
    """All slices of `value`, most derived first."""
    slice: ExceptionSlice | None = value.ice_slice
    writer = ValueWriter(sliced)
    if sliced and value.ice_slicedData is not None:
        for info in value.ice_slicedData.slices:
            writer.kept_exception_slice(out, info)
    while slice is not None:
        flags_pos = len(out)
        flags = 0 if slice.base is not None else LAST
        out.append(flags | HAS_SIZE if sliced else flags)
        write_string(out, slice.type_id)
        start = len(out)
        if sliced:
            out += b"\0\0\0\0"
            writer.begin_table()
        if slice.write(out, value, writer) if slice.classes else slice.write(out, value):
            out[flags_pos] |= HAS_OPTIONALS
        if sliced:
            INT.pack_into(out, start, len(out) - start)
            if writer.end_table(out):
                out[flags_pos] |= HAS_TABLE
        slice = slice.base


def read_exception(
    buf: bytes, pos: int, source: Any, expected: Iterable[type[UserException]]
) -> UserException:
    """The exception at `pos`, as the most derived type known.

    Known are the `expected` classes and all that derive from them. Raises `UnknownSlicesError` when
    nothing there is known, `MarshalException` when the bytes are wrong.
    """
    first = ""
    reader = ValueReader(source)
    kept: list[SliceInfo] = []
    while True:
        flags, type_id, pos = _read_head(buf, pos)
        first = first or type_id
        slice = exception_slice(type_id, expected)
        if slice is not None:
            value, pos = _read_value(buf, pos, reader, slice, flags)
            if pos != len(buf):
                pass_over(buf, pos, reader)
            if kept and slice.preserve:
                object.__setattr__(value, "ice_slicedData", SlicedData(tuple(kept)))
            return value
        if not flags & HAS_SIZE:
            raise UnknownSlicesError(first)
        info, pos = reader.unknown_slice(buf, pos, flags, type_id)
        kept.append(info)
        if flags & LAST or pos == len(buf):
            raise UnknownSlicesError(first)


def _read_value(
    buf: bytes, pos: int, reader: ValueReader, slice: ExceptionSlice, flags: int
) -> tuple[UserException, int]:
    """Members of `slice`, whose head is read, and of all its bases, as a value; the position behind them."""
    parts: list[tuple[Any, ...]] = []
    current: ExceptionSlice | None = slice
    while current is not None:
        members, pos = _read_slice(buf, pos, reader, current, flags)
        parts.append(members)
        current = current.base
        # The flag may be missing: what ZeroC's C++11 mapping sends has it in no slice of an exception.
        if flags & LAST and current is not None:
            raise MarshalException(f"an exception {slice.type_id} has other bases than here")
        if current is not None:
            flags, type_id, pos = _read_head(buf, pos)
            if type_id != current.type_id:
                raise MarshalException(f"an exception {slice.type_id} has a base {type_id}")
    return slice.cls(*[member for part in reversed(parts) for member in part]), pos


def _read_slice(
    buf: bytes, pos: int, reader: ValueReader, slice: ExceptionSlice, flags: int
) -> tuple[tuple[Any, ...], int]:
    """The own members of one slice, and the position behind it."""
    end = after = -1
    if flags & HAS_SIZE:
        pos, end, after = reader.open_slice(buf, pos, flags)
    elif flags & HAS_TABLE:
        raise MarshalException(f"a slice of {slice.type_id} has a table but no size")
    if slice.optionals:
        members, pos = slice.read(buf, pos, reader, flags & HAS_OPTIONALS != 0)
    else:
        members, pos = slice.read(buf, pos, reader)
    if flags & HAS_OPTIONALS:
        pos = skip_optionals(buf, pos, reader.skip)
    return members, reader.close_slice(pos, end, after) if after >= 0 else pos


def _read_head(buf: bytes, pos: int) -> tuple[int, str, int]:
    """Flags, type id, and the position behind them, where the size stands if there is one."""
    if pos >= len(buf):
        raise MarshalException("a slice is missing")
    flags = buf[pos]
    type_id, pos = read_string(buf, pos + 1)
    if flags & HAS_SIZE:
        slice_end(buf, pos)
    return flags, type_id, pos


def exception_slice(type_id: str, classes: Iterable[type[UserException]]) -> ExceptionSlice | None:
    """The slice of that type id among `classes` and what derives from them."""
    for cls in classes:
        slice = cls.__dict__.get("ice_slice")
        if slice is not None and slice.type_id == type_id:
            found: ExceptionSlice = slice
            return found
        below = exception_slice(type_id, cls.__subclasses__())
        if below is not None:
            return below
    return None
