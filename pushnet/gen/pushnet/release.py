# Written by slice2tx from idl/pushnet/release.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.types import (
    UnavailableException,
    read_Longs,
    read_Strings,
    write_Longs,
    write_Strings,
)
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

__all__ = ["NotHereException", "Releases", "ReleasesPrx", "ReleasesServant"]


@attrs.frozen
class NotHereException(UserException):
    """What was asked for is not here. `reason` says what."""

    reason: str = ""


class Releases(Protocol):
    """Hands out releases of programs: signed documents and the objects they name. Its well-known identity is
    `PushNet/Releases`.

    Whoever asks believes nothing that is not signed, so any node may answer: the publisher's, a registry's,
    or another node that has the release.
    """

    def root(self, number: int, current: Current | None = None, /) -> Awaitable[bytes]:
        """The root document of that number. Numbers begin at 1 and have no gaps. At most 64 KiB."""
        ...

    def timestamp(self, current: Current | None = None, /) -> Awaitable[bytes]:
        """The timestamp document of today. At most 64 KiB."""
        ...

    def have(self, digests: Sequence[str], current: Current | None = None, /) -> Awaitable[list[int]]:
        """How many bytes each of these objects has here, in the same order; -1: it is not here.

        Args:
            digests: At most 1000, each a sha256 in lower-case hexadecimal. More are answered with -1.
        """
        ...

    def read(
        self, digest: str, offset: int, size: int, current: Current | None = None, /
    ) -> Awaitable[bytes]:
        """Bytes of an object: a snapshot, a release's document, a file's content, or a pack of one.

        Args:
            offset: Where to begin; at the end or behind it the answer is empty.
            size: How many at most. An answer has no more than 256 KiB.
        """
        ...


class ReleasesPrx(ObjectPrx):
    """Calls a `Releases` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Releases"

    def root(self, number: int, context: CallContext = None) -> Deferred[bytes]:
        return self._ice_call(_OP_Releases_root, _S_i.pack(number), context)

    def timestamp(self, context: CallContext = None) -> Deferred[bytes]:
        return self._ice_call(_OP_Releases_timestamp, b"", context)

    def have(self, digests: Sequence[str], context: CallContext = None) -> Deferred[list[int]]:
        out = bytearray()
        write_Strings(out, digests)
        return self._ice_call(_OP_Releases_have, out, context)

    def read(self, digest: str, offset: int, size: int, context: CallContext = None) -> Deferred[bytes]:
        out = bytearray()
        write_string(out, digest)
        out += _S_qi.pack(offset, size)
        return self._ice_call(_OP_Releases_read, out, context)


class ReleasesServant(Servant):
    """Serves a `Releases`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Releases"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Releases")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_qi = Struct("<qi")


def _write_NotHereException(out: bytearray, value: NotHereException) -> None:
    write_string(out, value.reason)


def _read_NotHereException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


NotHereException.ice_slice = ExceptionSlice(
    "::PushNet::NotHereException", NotHereException, _write_NotHereException, _read_NotHereException, None
)


def _read_result_Releases_root(buf: bytes, pos: int, source: Source) -> bytes:
    result, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Releases_root(servant: Releases, buf: bytes, pos: int, current: Current) -> Any:
    (number,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.root(number, current)


def _write_result_Releases_root(value: bytes) -> bytearray:
    out = bytearray()
    write_bytes(out, value)
    return out


_OP_Releases_root: Operation[bytes] = Operation(
    "root", 2, _read_result_Releases_root, (NotHereException, UnavailableException)
)


def _read_result_Releases_timestamp(buf: bytes, pos: int, source: Source) -> bytes:
    result, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Releases_timestamp(servant: Releases, buf: bytes, pos: int, current: Current) -> Any:
    return servant.timestamp(current)


def _write_result_Releases_timestamp(value: bytes) -> bytearray:
    out = bytearray()
    write_bytes(out, value)
    return out


_OP_Releases_timestamp: Operation[bytes] = Operation(
    "timestamp", 2, _read_result_Releases_timestamp, (NotHereException, UnavailableException)
)


def _read_result_Releases_have(buf: bytes, pos: int, source: Source) -> list[int]:
    result, pos = read_Longs(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Releases_have(servant: Releases, buf: bytes, pos: int, current: Current) -> Any:
    digests, pos = read_Strings(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.have(digests, current)


def _write_result_Releases_have(value: list[int]) -> bytearray:
    out = bytearray()
    write_Longs(out, value)
    return out


_OP_Releases_have: Operation[list[int]] = Operation(
    "have", 2, _read_result_Releases_have, (UnavailableException,)
)


def _read_result_Releases_read(buf: bytes, pos: int, source: Source) -> bytes:
    result, pos = read_bytes(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Releases_read(servant: Releases, buf: bytes, pos: int, current: Current) -> Any:
    digest, pos = read_string(buf, pos)
    offset, size = _S_qi.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, current)
    return servant.read(digest, offset, size, current)


def _write_result_Releases_read(value: bytes) -> bytearray:
    out = bytearray()
    write_bytes(out, value)
    return out


_OP_Releases_read: Operation[bytes] = Operation(
    "read", 2, _read_result_Releases_read, (NotHereException, UnavailableException)
)

ReleasesServant.ice_operations = {
    b"root": ServantOperation("root", 2, _serve_Releases_root, _write_result_Releases_root),
    b"timestamp": ServantOperation(
        "timestamp", 2, _serve_Releases_timestamp, _write_result_Releases_timestamp
    ),
    b"have": ServantOperation("have", 2, _serve_Releases_have, _write_result_Releases_have),
    b"read": ServantOperation("read", 2, _serve_Releases_read, _write_result_Releases_read),
}
