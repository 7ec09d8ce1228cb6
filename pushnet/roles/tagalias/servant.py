"""`PushNet::TagAlias` onto the index: wait for the positions asked for, then answer from memory."""

from __future__ import annotations

from collections.abc import Mapping

from twisted.internet.defer import CancelledError

from pushnet.gen.pushnet.push import Audience
from pushnet.gen.pushnet.tagalias import LaggingException, Selection, TagAliasServant
from pushnet.roles.tagalias.index import Index
from pushnet.roles.tagalias.metrics import TagAliasMetrics
from pushnet.roles.tagalias.progress import Progress
from pushnet.rpc.stubs import Current
from pushnet.world import World

WAIT_MAX_S = 30.0
WAITS_MAX = 10_000
"""Queries that wait at once; more are told that the replica lags, and may try another."""
ANSWER_S = 0.1
"""Left of a caller's deadline for the answer to travel."""


class TagAliasI(TagAliasServant):
    """One replica."""

    def __init__(self, world: World, index: Index, progress: Progress, metrics: TagAliasMetrics) -> None:
        self._world = world
        self._index = index
        self._progress = progress
        self._metrics = metrics
        self.answered = 0
        """Queries so far, for the load."""

    async def resolve(
        self,
        app: str,
        wanted: Audience,
        needed: Mapping[int, int],
        waitMs: int,
        current: Current | None = None,
    ) -> Selection:
        await self._reach("resolve", needed, waitMs, current)
        chosen = self._index.select(app, wanted)
        self._metrics.selected.observe(len(chosen))
        chosen.run_optimize()
        return Selection(chosen.serialize(), len(chosen))

    async def tags(
        self, app: str, needed: Mapping[int, int], waitMs: int, current: Current | None = None
    ) -> list[str]:
        await self._reach("tags", needed, waitMs, current)
        return self._index.tags(app)

    async def hasTag(
        self,
        app: str,
        tag: str,
        ordinal: int,
        needed: Mapping[int, int],
        waitMs: int,
        current: Current | None = None,
    ) -> bool:
        await self._reach("hasTag", needed, waitMs, current)
        return self._index.has_tag(app, tag, ordinal)

    async def followed(self, current: Current | None = None) -> dict[int, int]:
        return self._index.positions

    async def _reach(
        self, what: str, needed: Mapping[int, int], wait_ms: int, current: Current | None
    ) -> None:
        """Raises `LaggingException` unless the positions are reached in time."""
        if not self._progress.has(needed) and not await self._wait(needed, wait_ms / 1000, current):
            self._metrics.lagging.inc()
            raise LaggingException(self._index.positions)
        self.answered += 1
        self._metrics.queries.labels(what).inc()

    async def _wait(self, needed: Mapping[int, int], wait_s: float, current: Current | None) -> bool:
        """Whether the positions were reached within the time, and the caller's."""
        wait_s = min(wait_s, WAIT_MAX_S)
        if current is not None and current.deadline is not None:
            wait_s = min(wait_s, current.deadline - self._world.monotonic() - ANSWER_S)
        if wait_s <= 0 or len(self._progress) >= WAITS_MAX:
            return False
        waiter = self._progress.reached(needed)
        timer = self._world.call_later(wait_s, waiter.cancel)
        try:
            await waiter
        except CancelledError:
            return False
        finally:
            if timer.active():
                timer.cancel()
        return True
