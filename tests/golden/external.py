# Written by slice2tx from golden/external.ice. To change it, change the Slice file.
"""Types that people wrote in Python."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import CallContext, Current, ObjectPrx, Operation, Servant, ServantOperation, Source
from pushnet.wire.basic import read_count, write_size
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "Directory",
    "DirectoryPrx",
    "DirectoryServant",
    "Holding",
    "Identity",
    "read_Counts",
    "read_Holding",
    "read_Identities",
    "read_Identity",
    "write_Counts",
    "write_Holding",
    "write_Identities",
    "write_Identity",
]


@attrs.frozen(order=True)
class Holding:
    id: Identity = attrs.field(factory=Identity)
    count: int = 0


class Directory(Protocol):
    def first(
        self, ids: Sequence[Identity], current: Current | None = None, /
    ) -> Awaitable[tuple[Identity, Holding]]: ...


class DirectoryPrx(ObjectPrx):
    """Calls a `Directory` wherever it is."""

    ice_type: ClassVar[str] = "::External::Directory"

    def first(
        self, ids: Sequence[Identity], context: CallContext = None
    ) -> Deferred[tuple[Identity, Holding]]:
        out = bytearray()
        write_Identities(out, ids)
        return self._ice_call(_OP_Directory_first, out, context)


class DirectoryServant(Servant):
    """Serves a `Directory`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::External::Directory"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::External::Directory", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")

_new_Holding = maker_of(Holding)


def write_Identities(out: bytearray, value: Sequence[Identity]) -> None:
    write_size(out, len(value))
    for item in value:
        write_Identity(out, item)


def read_Identities(buf: bytes, pos: int) -> tuple[list[Identity], int]:
    count, pos = read_count(buf, pos, 2)
    items: list[Identity] = []
    for _ in range(count):
        item, pos = read_Identity(buf, pos)
        items.append(item)
    return items, pos


def write_Counts(out: bytearray, value: Mapping[Identity, int]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        write_Identity(out, key)
        out += _S_i.pack(item)


def read_Counts(buf: bytes, pos: int) -> tuple[dict[Identity, int], int]:
    count, pos = read_count(buf, pos, 6)
    value: dict[Identity, int] = {}
    for _ in range(count):
        key, pos = read_Identity(buf, pos)
        (item,) = _S_i.unpack_from(buf, pos)
        pos += 4
        value[key] = item
    return value, pos


def write_Holding(out: bytearray, value: Holding) -> None:
    write_Identity(out, value.id)
    out += _S_i.pack(value.count)


def read_Holding(buf: bytes, pos: int) -> tuple[Holding, int]:
    id, pos = read_Identity(buf, pos)
    (count,) = _S_i.unpack_from(buf, pos)
    return _new_Holding(id, count), pos + 4


def _read_result_Directory_first(buf: bytes, pos: int, source: Source) -> tuple[Identity, Holding]:
    holding, pos = read_Holding(buf, pos)
    result, pos = read_Identity(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result, holding


def _serve_Directory_first(servant: Directory, buf: bytes, pos: int, current: Current) -> Any:
    ids, pos = read_Identities(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.first(ids, current)


def _write_result_Directory_first(value: tuple[Identity, Holding]) -> bytearray:
    result, holding = value
    out = bytearray()
    write_Holding(out, holding)
    write_Identity(out, result)
    return out


_OP_Directory_first: Operation[tuple[Identity, Holding]] = Operation(
    "first", 0, _read_result_Directory_first, ()
)

DirectoryServant.ice_operations = {
    b"first": ServantOperation("first", 0, _serve_Directory_first, _write_result_Directory_first),
}
