"""Follows one shard's change log: asks for what comes after what it has, waits there, and takes it in.

read --page--> taken in, read on          (a page waits at the shard until there is something)
     --another log--> the shard's part is out, read from 0
     --no answer--> pause, growing to `PAUSE_MAX_S`, and read on from the same place
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.gen.pushnet.dbagent import ChangePage, Shard
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.tagalias.index import Index
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

PAGE_CHANGES: Final = 2000
"""Taken in within some milliseconds, so that queries are not held up."""
WAIT_MS: Final = 20_000
"""How long a shard may keep a follower waiting for a change."""
CALL_LIMIT_MS: Final = WAIT_MS + 5000
PAUSE_FIRST_S: Final = 0.1
PAUSE_MAX_S: Final = 5.0

_log = Logger(namespace="pushnet.tagalias")


class Follower:
    """Keeps the index at the end of one shard's log. `moved` is called after every page."""

    def __init__(
        self, world: World, number: int, shard: Shard, index: Index, moved: Callable[[], None]
    ) -> None:
        self._world = world
        self._number = number
        self._shard = shard
        self._index = index
        self._moved = moved
        self._rng = world.rng(f"tagalias.follower.{number}")
        self._pause_s = PAUSE_FIRST_S
        self._following: Deferred[None] | None = None
        self._stopped = False
        self.caught_up: Deferred[None] = Deferred()
        """Fires when the index has come to what was the log's end at the first answer, or at `stop`."""
        self._goal: int | None = None
        self.head = 0
        """The end of the log, as last heard."""
        self.away = False
        """Whether the shard did not answer the last time."""

    def start(self) -> None:
        self._following = Deferred.fromCoroutine(self._follow())
        self._world.background(f"following shard {self._number}", self._following)

    def stop(self) -> None:
        self._stopped = True
        if self._following is not None:
            self._following.cancel()
        self._arrive()

    def lag(self) -> int:
        """Changes not yet taken in, as far as is known."""
        return max(0, self.head - self._index.at(self._number).position)

    async def _follow(self) -> None:
        try:
            while not self._stopped:
                await self._read()
        except CancelledError:
            return

    async def _read(self) -> None:
        """One page, or one pause."""
        since = self._index.at(self._number).position
        wait_ms = WAIT_MS if self.caught_up.called else 0
        try:
            page = await self._shard.changes(since, PAGE_CHANGES, wait_ms)
        except (LocalException, UnavailableException) as error:
            if self._stopped:
                return
            if not self.away:
                _log.warn("shard {shard} does not answer: {error!r}", shard=self._number, error=error)
            self.away = True
            await deferLater(self._world.clock, self._rng.uniform(self._pause_s / 2, self._pause_s))
            self._pause_s = min(self._pause_s * 2, PAUSE_MAX_S)
            return
        if self.away:
            _log.info("shard {shard} answers again", shard=self._number)
        self.away = False
        self._pause_s = PAUSE_FIRST_S
        self._take(since, page)

    def _take(self, since: int, page: ChangePage) -> None:
        self.head = page.head
        if not self._index.take(self._number, since, page):
            _log.warn(
                "shard {shard} has another change log than before ({since} of it was followed): read anew",
                shard=self._number,
                since=since,
            )
        elif self._goal is None:
            self._goal = page.head
        self._moved()
        if self._goal is not None and self._index.at(self._number).position >= self._goal:
            self._arrive()

    def _arrive(self) -> None:
        if not self.caught_up.called:
            self.caught_up.callback(None)
