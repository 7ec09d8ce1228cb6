"""Keeps snapshots of the index in the node's storage: read at the start, written now and then and at the end.

A snapshot that cannot be used is put aside, not deleted: somebody may want to know what happened to it.
"""

from __future__ import annotations

from typing import Final

from twisted.internet.defer import CancelledError, Deferred, DeferredLock
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.roles.tagalias.index import Index
from pushnet.roles.tagalias.snapshot import (
    NAME,
    DamagedSnapshot,
    OutdatedSnapshot,
    decode,
    encode,
    pieces,
)
from pushnet.world import World

DAMAGED_NAME: Final = f"{NAME}.damaged"

_log = Logger(namespace="pushnet.tagalias")


class Keeper:
    """Reads and writes the snapshot of one node."""

    def __init__(self, world: World, every_s: float) -> None:
        self._world = world
        self._every_s = every_s
        self._lock = DeferredLock()
        self._keeping: Deferred[None] | None = None
        self._kept: dict[int, int] = {}
        self.size = 0
        """Bytes of the last snapshot."""

    async def load(self) -> Index:
        """The index as it was kept; an empty one when there is none that can be used."""
        try:
            data = await self._world.run_blocking(self._world.storage.read, NAME)
        except FileNotFoundError:
            return Index()
        except OSError as error:
            _log.error("the snapshot cannot be read, rebuilding: {error}", error=str(error))
            return Index()
        try:
            index = decode(data)
        except DamagedSnapshot as error:
            _log.error("the snapshot is refused, rebuilding from the change logs: {error}", error=str(error))
            await self._put_aside(data)
            return Index()
        self._kept = index.positions
        self.size = len(data)
        return index

    async def save(self, index: Index) -> None:
        """Write a snapshot, unless the last one is of the same positions. Raises `OSError`."""
        await self._lock.acquire()
        try:
            positions = index.positions
            if positions == self._kept:
                return
            content: list[bytes] = []
            for piece in pieces(index):
                content.append(piece)
                await deferLater(self._world.clock, 0)
            self.size = await self._world.run_blocking(self._write, content)
            self._kept = positions
        except OutdatedSnapshot:
            _log.info("no snapshot now: a shard is read anew")
        finally:
            self._lock.release()

    def _write(self, content: list[bytes]) -> int:
        """In a thread. Returns the size of the file."""
        data = encode(content)
        self._world.storage.replace(NAME, data)
        return len(data)

    def start(self, index: Index) -> None:
        """Save every so many seconds from now on."""
        self._keeping = Deferred.fromCoroutine(self._keep(index))
        self._world.background("keeping snapshots", self._keeping)

    def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()

    async def _keep(self, index: Index) -> None:
        try:
            while True:
                await deferLater(self._world.clock, self._every_s)
                await self._try_save(index)
        except CancelledError:
            return

    async def _try_save(self, index: Index) -> None:
        try:
            await self.save(index)
        except OSError as error:
            _log.error("no snapshot could be written: {error}", error=str(error))

    async def _put_aside(self, data: bytes) -> None:
        try:
            await self._world.run_blocking(self._world.storage.replace, DAMAGED_NAME, data)
        except OSError as error:
            _log.error("the damaged snapshot is not kept: {error}", error=str(error))
