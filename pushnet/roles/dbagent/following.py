"""The change log for those who follow it: a page at once when there is news, or a wait for it.

A wait ends with a change, when its time is up, when the caller stops waiting or its connection is gone, and
when the node stops. A follower that is ahead of the log (it followed another one) is answered at once, so
that it sees.
"""

from __future__ import annotations

from typing import Final

from twisted.internet.defer import CancelledError, Deferred

from pushnet.gen.pushnet.dbagent import ChangePage
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.dbagent.answers import from_store
from pushnet.rpc.current import ConnectionContract
from pushnet.rpc.stubs import Current
from pushnet.stores.shard.store import ShardStore
from pushnet.world import World

PAGE_CHANGES_MAX: Final = 5000
"""Some 300 KB."""
WAIT_MAX_S: Final = 30.0
WAITS_MAX: Final = 1000
"""Each TagAlias replica has one."""
ANSWER_S: Final = 0.1
"""Left of a caller's deadline for the answer to travel."""


class Following:
    """Followers of one shard's change log.

    Args:
        log: the number of the log.
    """

    def __init__(self, world: World, store: ShardStore, log: int) -> None:
        self._world = world
        self._store = store
        self._log = log
        self._waits: dict[Deferred[None], None] = {}
        self._by_connection: dict[ConnectionContract, dict[Deferred[None], None]] = {}
        self._stopped = False

    async def changes(
        self, since: int, count_max: int, wait_ms: int, current: Current | None = None
    ) -> ChangePage:
        """Raises `UnavailableException`."""
        if since == self._store.changed.value:
            await self._wait(since, wait_ms / 1000, current)
        count = min(max(count_max, 1), PAGE_CHANGES_MAX)
        changes, head = await from_store(self._store.changes(since, count))
        return ChangePage(changes, head, self._log)

    def stop(self) -> None:
        """End all waits, and let nobody wait any more."""
        self._stopped = True
        for wait in list(self._waits):
            wait.cancel()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waits)

    async def _wait(self, since: int, wait_s: float, current: Current | None) -> None:
        wait_s = min(wait_s, WAIT_MAX_S)
        if current is not None and current.deadline is not None:
            wait_s = min(wait_s, current.deadline - self._world.monotonic() - ANSWER_S)
        if wait_s <= 0 or self._stopped:
            return
        if len(self._waits) >= WAITS_MAX:
            raise UnavailableException(f"{WAITS_MAX} followers wait already")
        wait = self._store.changed.passed(since)
        timer = self._world.call_later(wait_s, wait.cancel)
        self._waits[wait] = None
        con = current.con if current is not None else None
        if con is not None:
            self._tie(con, wait)
        try:
            await wait
        except CancelledError:
            pass
        finally:
            del self._waits[wait]
            if con is not None:
                self._untie(con, wait)
            if timer.active():
                timer.cancel()

    def _tie(self, con: ConnectionContract, wait: Deferred[None]) -> None:
        """The wait ends with the connection."""
        waits = self._by_connection.setdefault(con, {})
        waits[wait] = None
        if len(waits) == 1:
            con.setCloseCallback(self._closed)

    def _untie(self, con: ConnectionContract, wait: Deferred[None]) -> None:
        waits = self._by_connection[con]
        del waits[wait]
        if not waits:
            del self._by_connection[con]

    def _closed(self, con: ConnectionContract) -> None:
        for wait in list(self._by_connection.get(con, ())):
            wait.cancel()
