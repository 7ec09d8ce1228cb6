"""The contract `Queue` onto a queue store.

A `take` waits no longer than its caller does: it ends a moment before the call's deadline, and at once when
the caller's connection is gone or the node closes. What a connection had taken and not settled when it went
is due again at once, for the next consumer. Names that cannot be are refused where the contract has
a word for it, and mean nothing (no messages, no effect) where it has not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from twisted.internet.defer import CancelledError

from pushnet.gen.pushnet.queue import (
    Delivery,
    Parked,
    QueueRefusedException,
    QueueServant,
    Receipt,
    TopicStats,
)
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.queue.consumers import Consumers, Delivered
from pushnet.roles.queue.counts import Counts
from pushnet.rpc.stubs import Current
from pushnet.stores.queue import QueueFull, QueueRefused, QueueStore, Stats, Taken
from pushnet.stores.sqlite import StoreBusyException, StoreFailedException
from pushnet.world import World

ANSWER_MARGIN_S = 0.25
"""A wait ends this long before its caller's deadline, so that the answer still arrives."""
_UNABLE = (QueueFull, StoreBusyException, StoreFailedException)


class QueueI(QueueServant):
    """Serves `Queue`."""

    def __init__(self, world: World, store: QueueStore, counts: Counts) -> None:
        self._world = world
        self._store = store
        self._counts = counts
        self._consumers = Consumers(self._abandoned)
        self._closing = False

    async def publish(
        self, topic: str, body: bytes, key: str, answer: bytes, current: Current | None = None
    ) -> Receipt:
        try:
            with _unavailable():
                done = await self._store.publish(topic, body, key, answer)
        except QueueRefused as refusal:
            self._counts.published("", "refused")
            raise QueueRefusedException(str(refusal)) from refusal
        except UnavailableException:
            self._counts.published(topic, "unavailable")
            raise
        self._counts.published(topic, "duplicate" if done.duplicate else "added")
        return Receipt(done.id, done.duplicate, done.answer)

    async def take(
        self, topic: str, group: str, max: int, waitMs: int, leaseMs: int, current: Current | None = None
    ) -> list[Delivery]:
        if self._closing:
            return []
        wait_s = self._wait_s(waitMs, current)
        waiting = self._store.take(topic, group, max, wait_s, leaseMs / 1000)
        if current is not None:
            self._consumers.enter(current.con, waiting)
        taken: list[Taken] = []
        try:
            with _unavailable():
                taken = await waiting
        except CancelledError:
            return []
        except QueueRefused as refusal:
            raise QueueRefusedException(str(refusal)) from refusal
        finally:
            if current is not None:
                self._consumers.leave(current.con, waiting)
        for each in taken:
            self._counts.delivered(topic, each.attempt)
        if current is not None and taken:
            self._consumers.hold(current.con, {(topic, group, each.id): each.attempt for each in taken})
        return [Delivery(each.id, each.attempt, each.body) for each in taken]

    async def acknowledge(
        self, topic: str, group: str, ids: Sequence[int], current: Current | None = None
    ) -> None:
        with _unavailable(), _nothing():
            self._consumers.settle(topic, group, ids)
            await self._store.acknowledge(topic, group, ids)
            self._counts.settled(topic, "acknowledged", len(ids))

    async def retry(
        self, topic: str, group: str, id: int, delayMs: int, reason: str, current: Current | None = None
    ) -> None:
        with _unavailable(), _nothing():
            self._consumers.settle(topic, group, [id])
            await self._store.retry(topic, group, id, delayMs / 1000, reason)
            self._counts.settled(topic, "retried")

    async def park(
        self, topic: str, group: str, id: int, reason: str, current: Current | None = None
    ) -> None:
        with _unavailable(), _nothing():
            self._consumers.settle(topic, group, [id])
            await self._store.park(topic, group, id, reason)
            self._counts.settled(topic, "parked")

    async def parked(self, topic: str, group: str, max: int, current: Current | None = None) -> list[Parked]:
        with _unavailable(), _nothing():
            found = await self._store.parked(topic, group, max)
            return [Parked(each.id, each.attempts, each.reason, each.body) for each in found]
        return []

    async def replay(self, topic: str, group: str, ids: Sequence[int], current: Current | None = None) -> int:
        with _unavailable(), _nothing():
            count = await self._store.replay(topic, group, ids)
            self._counts.settled(topic, "replayed", count)
            return count
        return 0

    async def stats(self, topic: str, group: str, current: Current | None = None) -> TopicStats:
        found = Stats()
        with _unavailable(), _nothing():
            found = await self._store.stats(topic, group)
        return TopicStats(found.published, found.waiting, found.in_flight, found.parked)

    @property
    def consumers_waiting(self) -> int:
        return self._consumers.count

    def release_consumers(self) -> None:
        """The node closes: those who wait go with nothing, and nothing more is handed out."""
        self._closing = True
        self._consumers.release_all()

    def _abandoned(self, held: dict[Delivered, int]) -> None:
        """A consumer has gone with these: their leases end now."""
        lines: dict[tuple[str, str], dict[int, int]] = {}
        for (topic, group, id), attempt in held.items():
            lines.setdefault((topic, group), {})[id] = attempt
        for (topic, group), attempts in lines.items():
            released = self._store.release(topic, group, attempts)
            self._world.background(f"releasing what a lost consumer of {topic}/{group} held", released)

    def _wait_s(self, wait_ms: int, current: Current | None) -> float:
        wait_s = wait_ms / 1000
        if current is not None and current.deadline is not None:
            wait_s = min(wait_s, current.deadline - self._world.monotonic() - ANSWER_MARGIN_S)
        return max(wait_s, 0.0)


@contextmanager
def _unavailable() -> Iterator[None]:
    """What the store is not able to do now, in the contract's word."""
    try:
        yield
    except _UNABLE as error:
        raise UnavailableException(str(error)) from error


@contextmanager
def _nothing() -> Iterator[None]:
    """A name that cannot be has no messages."""
    try:
        yield
    except QueueRefused:
        return
