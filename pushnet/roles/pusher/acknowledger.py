"""Tells the queue what is done, in batches: what comes up while one call is under way goes with the next.

A call that fails is repeated a few times. If it fails for good, the queue hands the messages out
again after their lease, and doing them again harms nobody.
"""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.gen.pushnet.queue import Queue
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

BATCH_MAX = 1000
TRIES = 5
PAUSE_S = 0.2


class Acknowledger:
    """Collects message ids and acknowledges them, one call at a time."""

    def __init__(self, world: World, queue: Queue, topic: str, group: str, log: Logger) -> None:
        self._world = world
        self._queue = queue
        self._topic = topic
        self._group = group
        self._log = log
        self._waiting: list[int] = []
        self._busy = False
        self._idle: list[Deferred[None]] = []

    def done(self, message_id: int) -> None:
        """This message is done; the queue hears of it at once when no call is under way."""
        self._waiting.append(message_id)
        if not self._busy:
            self._busy = True
            self._world.background("acknowledging", Deferred.fromCoroutine(self._send_all()))

    async def flush(self) -> None:
        """Returns when the queue has heard of everything, or could not be told."""
        while self._busy:
            idle: Deferred[None] = Deferred()
            self._idle.append(idle)
            await idle

    async def _send_all(self) -> None:
        try:
            while self._waiting:
                ids, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
                await self._send(ids)
        finally:
            self._busy = False
            waiting, self._idle = self._idle, []
            for idle in waiting:
                idle.callback(None)

    async def _send(self, ids: list[int]) -> None:
        for left in reversed(range(TRIES)):
            try:
                await self._queue.acknowledge(self._topic, self._group, ids)
                return
            except (LocalException, UnavailableException) as error:
                if not left:
                    self._log.warn("{count} not acknowledged: {error}", count=len(ids), error=error)
                    return
            await deferLater(self._world.clock, PAUSE_S)
