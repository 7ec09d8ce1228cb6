"""A registry's state in one SQLite file, for the one registry of a machine.

What was told is in memory; a commit is told when it is on disk, many of them share one sync. Leases are kept
in memory only: after a restart each runs anew for its full time, so whoever lives has time to renew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure

from pushnet.stores.migration import Step
from pushnet.stores.registry.leases import Leases
from pushnet.stores.registry.state import (
    Change,
    Delete,
    Entry,
    Put,
    Stands,
    StateConflict,
    StateUnavailable,
    Watcher,
)
from pushnet.stores.sqlite import Database, StoreBusyException, StoreFailedException
from pushnet.world import World

SCHEMA: Final = (
    Step("""
    CREATE TABLE revision (id INTEGER PRIMARY KEY CHECK (id = 0), last INTEGER NOT NULL);
    INSERT INTO revision VALUES (0, 0);
    CREATE TABLE entry (key TEXT PRIMARY KEY, value TEXT NOT NULL, revision INTEGER NOT NULL,
        lease TEXT NOT NULL, ttl_s REAL NOT NULL) WITHOUT ROWID;
    """),
)
_UPSERT: Final = (
    "INSERT INTO entry (key, value, revision, lease, ttl_s) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value,"
    " revision = excluded.revision, lease = excluded.lease, ttl_s = excluded.ttl_s"
)


class EmbeddedState:
    """One file; one process."""

    def __init__(self, world: World, name: str = "registry.db") -> None:
        self._world = world
        self._database = Database(world, name, SCHEMA)
        self._entries: dict[str, Entry] = {}
        self._leased: dict[str, dict[str, None]] = {}
        self._leases = Leases()
        self._watcher: Watcher | None = None
        self._revision = 0

    async def open(self, watcher: Watcher) -> None:
        await self._database.open()
        self._revision, rows = await self._database.read(_remembered)
        self._watcher = watcher
        now = self._world.monotonic()
        for key, value, revision, lease, ttl_s in rows:
            self._keep(Entry(key, value, revision, lease))
            if lease and not self._leases.holds(lease):
                self._leases.grant(lease, ttl_s, now)
        watcher.reset([self._entries[key] for key in sorted(self._entries)])

    async def close(self) -> None:
        await self._database.close()

    def commit(self, changes: Sequence[Change]) -> Deferred[int]:
        if self.trouble:
            return fail(StateUnavailable(self.trouble))
        self._revision += 1
        revision = self._revision
        changes = [change for change in changes if isinstance(change, Stands) or not self._is_void(change)]
        rows = [
            (change.key, change.value, revision, self._lease_of(change, revision), change.ttl_s)
            for change in changes
            if isinstance(change, Put)
        ]
        gone = [(change.key, change.revision) for change in changes if isinstance(change, Delete)]
        conditions = [change for change in changes if isinstance(change, Stands)]
        if any(self._is_void(condition) for condition in conditions):
            return fail(StateConflict("what must stand has lapsed"))

        def write(connection: sqlite3.Connection) -> None:
            for condition in conditions:
                _check(connection, condition)
            connection.execute("UPDATE revision SET last = max(last, ?)", (revision,))
            connection.executemany("DELETE FROM entry WHERE key = ? AND revision = ?", gone)
            connection.executemany(_UPSERT, rows)

        written = self._database.write(write)
        answer: Deferred[int] = Deferred()
        written.addCallbacks(
            lambda _: self._written(changes, revision, answer),
            lambda failure: answer.errback(_told(failure)),
        )
        self._world.background("registry.commit", written)
        return answer

    def renew(self, leases: Sequence[str]) -> Deferred[Mapping[str, bool]]:
        now = self._world.monotonic()
        return succeed({lease: self._leases.renew(lease, now) for lease in leases})

    def tell(self, who: str, text: str) -> None:
        """There is nobody else."""

    def current(self) -> Deferred[None]:
        return succeed(None)

    def tick(self) -> None:
        for lease in self._leases.overdue(self._world.monotonic()):
            for key in list(self._leased.get(lease, ())):
                self._lapse(self._entries[key])

    def left_s(self, lease: str) -> float:
        return self._leases.left_s(lease, self._world.monotonic())

    @property
    def trouble(self) -> str:
        return self._database.failure

    def on_failure(self, tell: Callable[[str], object]) -> None:
        self._database.on_failure = tell

    def _is_void(self, change: Change) -> bool:
        """It speaks of an entry that is no longer there."""
        if isinstance(change, Put):
            return False
        entry = self._entries.get(change.key)
        return entry is None or entry.revision != change.revision

    def _lease_of(self, put: Put, revision: int) -> str:
        return put.lease or (f"{revision}/{put.key}" if put.ttl_s else "")

    def _written(self, changes: Sequence[Change], revision: int, answer: Deferred[int]) -> None:
        assert self._watcher is not None
        now = self._world.monotonic()
        for change in changes:
            known = self._entries.get(change.key)
            if isinstance(change, Put):
                entry = Entry(change.key, change.value, revision, self._lease_of(change, revision))
                if entry.lease and not self._leases.holds(entry.lease):
                    self._leases.grant(entry.lease, change.ttl_s, now)
                self._keep(entry)
                self._watcher.put(entry)
            elif isinstance(change, Delete) and known is not None and known.revision == change.revision:
                self._drop(known)
                self._watcher.gone(known, lapsed=False)
        answer.callback(revision)

    def _keep(self, entry: Entry) -> None:
        known = self._entries.get(entry.key)
        if known is not None and known.lease != entry.lease:
            self._drop(known)
        self._entries[entry.key] = entry
        if entry.lease:
            self._leased.setdefault(entry.lease, {})[entry.key] = None

    def _drop(self, entry: Entry) -> None:
        del self._entries[entry.key]
        if not entry.lease:
            return
        under = self._leased[entry.lease]
        under.pop(entry.key, None)
        if not under:
            del self._leased[entry.lease]
            self._leases.release(entry.lease)

    def _lapse(self, entry: Entry) -> None:
        """Gone at once in memory; what cannot be deleted on disk lapses again after the next start."""
        assert self._watcher is not None
        self._drop(entry)
        self._watcher.gone(entry, lapsed=True)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM entry WHERE key = ? AND revision = ?", (entry.key, entry.revision)
            )

        deleting = self._database.write(write).addErrback(_expect_store_trouble)
        self._world.background("registry.lapse", deleting)


def _remembered(connection: sqlite3.Connection) -> tuple[int, list[tuple[str, str, int, str, float]]]:
    ((last,),) = connection.execute("SELECT last FROM revision").fetchall()
    return last, connection.execute("SELECT key, value, revision, lease, ttl_s FROM entry").fetchall()


def _check(connection: sqlite3.Connection, condition: Stands) -> None:
    """In the transaction. Raises `StateConflict`."""
    key = (condition.key, condition.revision)
    if connection.execute("SELECT 1 FROM entry WHERE key = ? AND revision = ?", key).fetchone() is None:
        raise StateConflict(f"{condition.key} stands no more")


def _told(failure: Failure) -> Exception:
    if isinstance(failure.value, StateConflict):
        return failure.value
    failure.trap(StoreBusyException, StoreFailedException)  # type: ignore[no-untyped-call]
    return StateUnavailable(failure.getErrorMessage())


def _expect_store_trouble(failure: Failure) -> None:
    failure.trap(StoreBusyException, StoreFailedException)  # type: ignore[no-untyped-call]
