# Written by slice2tx from golden/modules.ice. To change it, change the Slice file.
"""Modules within modules, opened twice, with the same names in them."""

from __future__ import annotations

from collections.abc import Awaitable
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import CallContext, Current, ObjectPrx, Operation, Servant, ServantOperation, Source
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "Finder",
    "FinderPrx",
    "FinderServant",
    "Other",
    "Outer_Inner_Thing",
    "Outer_Thing",
    "read_Other",
    "read_Outer_Inner_Thing",
    "read_Outer_Thing",
    "write_Other",
    "write_Outer_Inner_Thing",
    "write_Outer_Thing",
]


@attrs.frozen(order=True)
class Outer_Inner_Thing:
    a: int = 0


@attrs.frozen(order=True)
class Outer_Thing:
    inner: Outer_Inner_Thing = attrs.field(factory=Outer_Inner_Thing)


@attrs.frozen(order=True)
class Other:
    outer: Outer_Thing = attrs.field(factory=Outer_Thing)


class Finder(Protocol):
    def find(
        self, like: Outer_Thing, other: Other, current: Current | None = None, /
    ) -> Awaitable[Outer_Inner_Thing]: ...


class FinderPrx(ObjectPrx):
    """Calls a `Finder` wherever it is."""

    ice_type: ClassVar[str] = "::Outer::Inner::Finder"

    def find(
        self, like: Outer_Thing, other: Other, context: CallContext = None
    ) -> Deferred[Outer_Inner_Thing]:
        return self._ice_call(_OP_Finder_find, _S_ii.pack(like.inner.a, other.outer.inner.a), context)


class FinderServant(Servant):
    """Serves a `Finder`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Outer::Inner::Finder"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Outer::Inner::Finder")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_ii = Struct("<ii")

_new_Other = maker_of(Other)
_new_Outer_Inner_Thing = maker_of(Outer_Inner_Thing)
_new_Outer_Thing = maker_of(Outer_Thing)


def write_Outer_Inner_Thing(out: bytearray, value: Outer_Inner_Thing) -> None:
    out += _S_i.pack(value.a)


def read_Outer_Inner_Thing(buf: bytes, pos: int) -> tuple[Outer_Inner_Thing, int]:
    (a,) = _S_i.unpack_from(buf, pos)
    return _new_Outer_Inner_Thing(a), pos + 4


def write_Outer_Thing(out: bytearray, value: Outer_Thing) -> None:
    out += _S_i.pack(value.inner.a)


def read_Outer_Thing(buf: bytes, pos: int) -> tuple[Outer_Thing, int]:
    (inner_a,) = _S_i.unpack_from(buf, pos)
    return _new_Outer_Thing(_new_Outer_Inner_Thing(inner_a)), pos + 4


def write_Other(out: bytearray, value: Other) -> None:
    out += _S_i.pack(value.outer.inner.a)


def read_Other(buf: bytes, pos: int) -> tuple[Other, int]:
    (outer_inner_a,) = _S_i.unpack_from(buf, pos)
    return _new_Other(_new_Outer_Thing(_new_Outer_Inner_Thing(outer_inner_a))), pos + 4


def _read_result_Finder_find(buf: bytes, pos: int, source: Source) -> Outer_Inner_Thing:
    (result_a,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return _new_Outer_Inner_Thing(result_a)


def _serve_Finder_find(servant: Finder, buf: bytes, pos: int, current: Current) -> Any:
    like_inner_a, other_outer_inner_a = _S_ii.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.find(
        _new_Outer_Thing(_new_Outer_Inner_Thing(like_inner_a)),
        _new_Other(_new_Outer_Thing(_new_Outer_Inner_Thing(other_outer_inner_a))),
        current,
    )


def _write_result_Finder_find(value: Outer_Inner_Thing) -> bytes:
    return _S_i.pack(value.a)


_OP_Finder_find: Operation[Outer_Inner_Thing] = Operation("find", 0, _read_result_Finder_find, ())

FinderServant.ice_operations = {
    b"find": ServantOperation("find", 0, _serve_Finder_find, _write_result_Finder_find),
}
