"""One who has releases, as a fetcher sees it: `Source` is the contract, `RpcSource` the one over RPC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pushnet.gen.pushnet.release import NotHereException, ReleasesPrx
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.patch.download import ASK_LIMIT_S
from pushnet.rpc.exceptions import LocalException


class SourceLacks(Exception):
    """The source does not have what it was asked for."""


class SourceFailed(Exception):
    """The source did not answer, or not with an answer."""


class SourcesFailed(Exception):
    """Of all sources none could help; the text tells of each why."""


class Source(Protocol):
    """Answers are not to be believed. Raises `SourceLacks` and `SourceFailed`, nothing else."""

    name: str

    async def root(self, number: int) -> bytes: ...

    async def timestamp(self) -> bytes: ...

    async def have(self, digests: Sequence[str]) -> list[int]: ...

    async def read(self, digest: str, offset: int, size: int) -> bytes: ...


class RpcSource:
    """An object `PushNet::Releases`, at a registry or another node.

    Args:
        proxy: where it is.
        name: for people; by default the proxy as a string.
        limit_s: how long an answer may take.
    """

    def __init__(self, proxy: ReleasesPrx, name: str = "", limit_s: float = ASK_LIMIT_S) -> None:
        limited = ReleasesPrx.uncheckedCast(proxy.ice_invocationTimeout(int(limit_s * 1000)))
        assert limited is not None, "a proxy with a timeout is a proxy"
        self._proxy = limited
        self.name = name or str(proxy)

    async def root(self, number: int) -> bytes:
        try:
            return bytes(await self._proxy.root(number))
        except _ERRORS as error:
            raise _told(error) from error

    async def timestamp(self) -> bytes:
        try:
            return bytes(await self._proxy.timestamp())
        except _ERRORS as error:
            raise _told(error) from error

    async def have(self, digests: Sequence[str]) -> list[int]:
        try:
            return list(await self._proxy.have(digests))
        except _ERRORS as error:
            raise _told(error) from error

    async def read(self, digest: str, offset: int, size: int) -> bytes:
        try:
            return bytes(await self._proxy.read(digest, offset, size))
        except _ERRORS as error:
            raise _told(error) from error


_ERRORS = (NotHereException, UnavailableException, LocalException)


def _told(error: Exception) -> Exception:
    if isinstance(error, NotHereException):
        return SourceLacks(error.reason)
    if isinstance(error, UnavailableException):
        return SourceFailed(error.reason)
    return SourceFailed(f"{type(error).__name__}: {error}")
