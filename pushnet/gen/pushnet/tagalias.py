# Written by slice2tx from idl/pushnet/tagalias.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.push import Audience, read_Audience, write_Audience
from pushnet.gen.pushnet.types import read_Positions, read_Strings, write_Positions, write_Strings
from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ExceptionSlice,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    UserException,
)
from pushnet.wire.basic import read_bytes, read_string, write_bytes, write_string
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "LaggingException",
    "Selection",
    "TagAlias",
    "TagAliasPrx",
    "TagAliasServant",
    "read_Selection",
    "write_Selection",
]


@attrs.frozen(order=True)
class Selection:
    """The devices that an audience means."""

    bitmap: bytes = b""
    """A serialized roaring bitmap of ordinals."""

    count: int = 0


@attrs.frozen
class LaggingException(UserException):
    """The replica has not caught up with the positions asked for within the time given."""

    at: dict[int, int] = attrs.field(factory=dict)


class TagAlias(Protocol):
    """The index of tags and aliases. Well-known as `TagAlias`; any replica of the group answers alike. Every
    query names the change log positions it needs, and waits up to `waitMs` for them.
    """

    def resolve(
        self,
        app: str,
        wanted: Audience,
        needed: Mapping[int, int],
        waitMs: int,
        current: Current | None = None,
        /,
    ) -> Awaitable[Selection]:
        """The devices that an audience means."""
        ...

    def tags(
        self, app: str, needed: Mapping[int, int], waitMs: int, current: Current | None = None, /
    ) -> Awaitable[list[str]]:
        """The app's tags that have devices, sorted."""
        ...

    def hasTag(
        self,
        app: str,
        tag: str,
        ordinal: int,
        needed: Mapping[int, int],
        waitMs: int,
        current: Current | None = None,
        /,
    ) -> Awaitable[bool]:
        """Whether a device, by its ordinal, has a tag."""
        ...

    def followed(self, current: Current | None = None, /) -> Awaitable[dict[int, int]]:
        """How far this replica has followed each shard."""
        ...


class TagAliasPrx(ObjectPrx):
    """Calls a `TagAlias` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::TagAlias"

    def resolve(
        self, app: str, wanted: Audience, needed: Mapping[int, int], waitMs: int, context: CallContext = None
    ) -> Deferred[Selection]:
        out = bytearray()
        write_string(out, app)
        write_Audience(out, wanted)
        write_Positions(out, needed)
        out += _S_i.pack(waitMs)
        return self._ice_call(_OP_TagAlias_resolve, out, context)

    def tags(
        self, app: str, needed: Mapping[int, int], waitMs: int, context: CallContext = None
    ) -> Deferred[list[str]]:
        out = bytearray()
        write_string(out, app)
        write_Positions(out, needed)
        out += _S_i.pack(waitMs)
        return self._ice_call(_OP_TagAlias_tags, out, context)

    def hasTag(
        self,
        app: str,
        tag: str,
        ordinal: int,
        needed: Mapping[int, int],
        waitMs: int,
        context: CallContext = None,
    ) -> Deferred[bool]:
        out = bytearray()
        write_string(out, app)
        write_string(out, tag)
        out += _S_i.pack(ordinal)
        write_Positions(out, needed)
        out += _S_i.pack(waitMs)
        return self._ice_call(_OP_TagAlias_hasTag, out, context)

    def followed(self, context: CallContext = None) -> Deferred[dict[int, int]]:
        return self._ice_call(_OP_TagAlias_followed, b"", context)


class TagAliasServant(Servant):
    """Serves a `TagAlias`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::TagAlias"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::TagAlias")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_o = Struct("<?")
_S_q = Struct("<q")

_new_Selection = maker_of(Selection)


def write_Selection(out: bytearray, value: Selection) -> None:
    write_bytes(out, value.bitmap)
    out += _S_q.pack(value.count)


def read_Selection(buf: bytes, pos: int) -> tuple[Selection, int]:
    bitmap, pos = read_bytes(buf, pos)
    (count,) = _S_q.unpack_from(buf, pos)
    return _new_Selection(bitmap, count), pos + 8


def _write_LaggingException(out: bytearray, value: LaggingException) -> None:
    write_Positions(out, value.at)


def _read_LaggingException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    at, pos = read_Positions(buf, pos)
    return (at,), pos


LaggingException.ice_slice = ExceptionSlice(
    "::PushNet::LaggingException", LaggingException, _write_LaggingException, _read_LaggingException, None
)


def _read_result_TagAlias_resolve(buf: bytes, pos: int, source: Source) -> Selection:
    result, pos = read_Selection(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_TagAlias_resolve(servant: TagAlias, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    wanted, pos = read_Audience(buf, pos)
    needed, pos = read_Positions(buf, pos)
    (waitMs,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.resolve(app, wanted, needed, waitMs, current)


def _write_result_TagAlias_resolve(value: Selection) -> bytearray:
    out = bytearray()
    write_Selection(out, value)
    return out


_OP_TagAlias_resolve: Operation[Selection] = Operation(
    "resolve", 2, _read_result_TagAlias_resolve, (LaggingException,)
)


def _read_result_TagAlias_tags(buf: bytes, pos: int, source: Source) -> list[str]:
    result, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_TagAlias_tags(servant: TagAlias, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    needed, pos = read_Positions(buf, pos)
    (waitMs,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.tags(app, needed, waitMs, current)


def _write_result_TagAlias_tags(value: list[str]) -> bytearray:
    out = bytearray()
    write_Strings(out, value)
    return out


_OP_TagAlias_tags: Operation[list[str]] = Operation(
    "tags", 2, _read_result_TagAlias_tags, (LaggingException,)
)


def _read_result_TagAlias_hasTag(buf: bytes, pos: int, source: Source) -> bool:
    result: bool = _S_o.unpack_from(buf, pos)[0]
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, source)
    return result


def _serve_TagAlias_hasTag(servant: TagAlias, buf: bytes, pos: int, current: Current) -> Any:
    app, pos = read_string(buf, pos)
    tag, pos = read_string(buf, pos)
    (ordinal,) = _S_i.unpack_from(buf, pos)
    needed, pos = read_Positions(buf, pos + 4)
    (waitMs,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.hasTag(app, tag, ordinal, needed, waitMs, current)


_OP_TagAlias_hasTag: Operation[bool] = Operation(
    "hasTag", 2, _read_result_TagAlias_hasTag, (LaggingException,)
)


def _read_result_TagAlias_followed(buf: bytes, pos: int, source: Source) -> dict[int, int]:
    result, pos = read_Positions(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_TagAlias_followed(servant: TagAlias, buf: bytes, pos: int, current: Current) -> Any:
    return servant.followed(current)


def _write_result_TagAlias_followed(value: dict[int, int]) -> bytearray:
    out = bytearray()
    write_Positions(out, value)
    return out


_OP_TagAlias_followed: Operation[dict[int, int]] = Operation(
    "followed", 2, _read_result_TagAlias_followed, ()
)

TagAliasServant.ice_operations = {
    b"resolve": ServantOperation("resolve", 2, _serve_TagAlias_resolve, _write_result_TagAlias_resolve),
    b"tags": ServantOperation("tags", 2, _serve_TagAlias_tags, _write_result_TagAlias_tags),
    b"hasTag": ServantOperation("hasTag", 2, _serve_TagAlias_hasTag, _S_o.pack),
    b"followed": ServantOperation("followed", 2, _serve_TagAlias_followed, _write_result_TagAlias_followed),
}
