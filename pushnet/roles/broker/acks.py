"""What devices have received, on its way to the shards in batches.

An acknowledgement is cumulative, so of several for one stream only the highest is kept. About every 50 ms
each shard gets what has gathered for it, one call at a time; what a shard does not take is kept and tried
again a second later. Losing some (a full book, a killed Broker) costs nothing: a device tells what it has
at its next login.
"""

from __future__ import annotations

from twisted.internet.defer import DeferredLock, ensureDeferred, gatherResults
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from pushnet.gen.pushnet.dbagent import Acknowledgement
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import shard_of_ordinal
from pushnet.roles.broker.shards import Shards
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

GATHER_S = 0.05
RETRY_S = 1.0
BATCH_MAX = 2000
"""Acknowledgements in one call: some 80 KB."""
BOOK_MAX = 200_000
"""For one shard: both streams of 100,000 devices; past that the oldest are dropped."""

_log = Logger(namespace="pushnet.broker")


class AckBook:
    """Gathers acknowledgements and hands them to the shards."""

    def __init__(self, world: World, shards: Shards) -> None:
        self._pages = [_Page(world, shards, number) for number in range(shards.count)]

    def __len__(self) -> int:
        return sum(len(page.entries) for page in self._pages)

    def add(self, app: str, ordinal: int, group: bool, seq: int) -> None:
        """The device has everything up to `seq`."""
        self._pages[shard_of_ordinal(ordinal)].add((app, ordinal, group), seq)

    async def flush(self) -> None:
        """Hand over everything now; what a shard refuses stays in the book."""
        await gatherResults([ensureDeferred(page.flush()) for page in self._pages])


class _Page:
    """What has gathered for one shard."""

    def __init__(self, world: World, shards: Shards, number: int) -> None:
        self.entries: dict[tuple[str, int, bool], int] = {}
        self._world = world
        self._shards = shards
        self._number = number
        self._turn = DeferredLock()
        self._timer: IDelayedCall | None = None

    def add(self, key: tuple[str, int, bool], seq: int) -> None:
        self._note(key, seq)
        if self._timer is None:
            self._later(GATHER_S)

    async def flush(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
            self._timer = None
        await self._turn.acquire()
        try:
            while self.entries and await self._send():
                pass
        finally:
            self._turn.release()

    def _later(self, delay_s: float) -> None:
        self._timer = self._world.call_later(delay_s, self._begin)

    def _begin(self) -> None:
        self._world.background("acknowledgements", ensureDeferred(self._one_batch()))

    async def _one_batch(self) -> None:
        """Until this is over the timer stays set, so there is one call at a time."""
        await self._turn.acquire()
        try:
            taken = await self._send()
        finally:
            self._turn.release()
        self._timer = None
        if self.entries:
            self._later(GATHER_S if taken else RETRY_S)

    async def _send(self) -> bool:
        """Whether the shard has taken a batch."""
        keys = [key for key, _ in zip(self.entries, range(BATCH_MAX), strict=False)]
        batch = {key: self.entries.pop(key) for key in keys}
        acks = [Acknowledgement(app, ordinal, group, seq) for (app, ordinal, group), seq in batch.items()]
        try:
            await self._shards.shard(self._number).acknowledge(acks)
        except (LocalException, UnavailableException) as error:
            _log.info("shard {shard} takes no acknowledgements: {error!r}", shard=self._number, error=error)
            for key, seq in batch.items():
                self._note(key, seq)
            return False
        return True

    def _note(self, key: tuple[str, int, bool], seq: int) -> None:
        if key in self.entries:
            self.entries[key] = max(self.entries[key], seq)
            return
        if len(self.entries) >= BOOK_MAX:
            del self.entries[next(iter(self.entries))]
        self.entries[key] = seq
