"""A registry's state on one machine, for its one registry: a journal, and a SQLite file that takes it up.

What was told is in memory; a commit is told when it is on disk, many of them share one sync. Leases are kept
in memory only: after a restart each runs anew for its full time, so whoever lives has time to renew.

    waiting --(nothing under way)--> appended to the journal, many at once --> told, pending
       `--a condition, or no room--> one transaction with all that is pending --> told
    pending --(`TAKE_UP_S`, or the end)--> one transaction

Each transaction sets the last revision of the file, which is the point that voids the journal's records.

A program of before the journal would read the file without it. So before the journal is used the file says
that only programs which know of it may open it (`JOURNALED`), in the first transaction of a process; after an
orderly end nothing is missing in the file, and it says so again (`WHOLE`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from pushnet.stores.journal import Journal
from pushnet.stores.migration import demand
from pushnet.stores.registry.embedded_rows import (
    JOURNALED,
    SCHEMA,
    WHOLE,
    Changed,
    Row,
    remembered,
    replay,
    take_up,
)
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

TAKE_UP_S: Final = 1.0
"""After which what the journal has goes into the SQLite file. Long enough to be shared by many commits."""
AT_ONCE_MAX: Final = 100
"""Commits in one write of the journal."""


@attrs.frozen(eq=False)
class _Commit:
    """One commit that waits."""

    changes: Sequence[Change]
    changed: Changed
    record: bytes
    conditions: Sequence[Stands]
    done: Deferred[int]


class EmbeddedState:
    """One process."""

    def __init__(
        self, world: World, name: str = "registry.db", journal: Callable[[World, str], Journal] = Journal
    ) -> None:
        self._world = world
        self._database = Database(world, name, SCHEMA)
        self._journal = journal(world, f"{name}.journal")
        self._entries: dict[str, Entry] = {}
        self._leased: dict[str, dict[str, None]] = {}
        self._leases = Leases()
        self._watcher: Watcher | None = None
        self._revision = 0
        self._told = 0
        """The revision of the newest commit that was told."""
        self._pending: dict[str, Row | None] = {}
        """What the SQLite file does not have yet: a key's row, or None when it is gone."""
        self._waiting: list[_Commit] = []
        self._busy = False
        self._demands: int | None = None
        """What this process has made the file say of who may open it."""
        self._closing: Deferred[None] | None = None
        self._ending = False
        self._due: IDelayedCall | None = None
        self._log = Logger(namespace="pushnet.stores")

    async def open(self, watcher: Watcher) -> None:
        await self._database.open()
        self._told, rows = await self._database.read(remembered)
        for record in await self._journal.open(self._told):
            changed = Changed.of(record)
            self._pending.update(replay(rows, changed))
            self._told = changed.revision
        self._revision = self._told
        self._watcher = watcher
        now = self._world.monotonic()
        for key, value, revision, lease, ttl_s in rows.values():
            self._keep(Entry(key, value, revision, lease))
            if lease and not self._leases.holds(lease):
                self._leases.grant(lease, ttl_s, now)
        watcher.reset([self._entries[key] for key in sorted(self._entries)])
        self._take_up_later()

    async def close(self) -> None:
        """Whatever waits is written; the SQLite file has it all then, unless the disk fails."""
        if self._due is not None and self._due.active():
            self._due.cancel()
        self._closing = Deferred()
        self._next()
        await self._closing
        await self._database.close()
        await self._journal.close()

    def commit(self, changes: Sequence[Change]) -> Deferred[int]:
        if self.trouble:
            return fail(StateUnavailable(self.trouble))
        conditions = [change for change in changes if isinstance(change, Stands)]
        if any(self._is_void(condition) for condition in conditions):
            return fail(StateConflict("what must stand has lapsed"))
        self._revision += 1
        revision = self._revision
        changes = [change for change in changes if isinstance(change, Stands) or not self._is_void(change)]
        rows: list[Row] = [
            (change.key, change.value, revision, self._lease_of(change, revision), change.ttl_s)
            for change in changes
            if isinstance(change, Put)
        ]
        gone = [(change.key, change.revision) for change in changes if isinstance(change, Delete)]
        changed = Changed(revision, rows, gone)
        commit = _Commit(changes, changed, changed.record(), conditions, Deferred())
        self._waiting.append(commit)
        self._next()
        return commit.done

    def _next(self) -> None:
        """Write what waits, as many commits as can go together."""
        if self._busy:
            return
        if not self._waiting:
            if self._closing is not None:
                self._end(self._closing)
            return
        batch = self._waiting[:AT_ONCE_MAX]
        conditional = next((at for at, commit in enumerate(batch) if commit.conditions), len(batch))
        batch = batch[: max(conditional, 1)]
        self._waiting = self._waiting[len(batch) :]
        records = [commit.record for commit in batch]
        if conditional and self._demands == JOURNALED and self._journal.has_room(records):
            self._busy = True
            written = self._journal.append(records)
            written.addCallbacks(self._journaled, self._not_journaled, (batch,), {}, (batch,), {})
            self._world.background("registry.commit", written)
        else:
            self._take_up(batch)

    def _journaled(self, result: None, batch: list[_Commit]) -> None:
        for commit in batch:
            self._pending.update({key: None for key, _ in commit.changed.gone})
            self._pending.update({row[0]: row for row in commit.changed.rows})
        self._take_up_later()
        self._written(batch)

    def _not_journaled(self, failure: Failure, batch: list[_Commit]) -> None:
        """Nobody knows what the journal has of it. The SQLite file has the last word, and voids it."""
        failure.trap(OSError)  # type: ignore[no-untyped-call]
        self._log.error("the journal is not used any more: {error}", error=failure.getErrorMessage())
        self._take_up(batch)

    def _written(self, batch: list[_Commit]) -> None:
        """It is on disk. Told first, then answered: whoever hears it may commit again at once."""
        self._busy = False
        for commit in batch:
            self._tell(commit)
        for commit in batch:
            commit.done.callback(commit.changed.revision)
        self._next()

    # Into the SQLite file.

    def _take_up_later(self) -> None:
        if self._pending and self._due is None and self._closing is None:
            self._due = self._world.call_later(TAKE_UP_S, self._take_up_now)

    def _take_up_now(self) -> None:
        self._due = None
        if self._busy or self.trouble:
            self._take_up_later()
        else:
            self._take_up([])

    def _end(self, closing: Deferred[None]) -> None:
        """Once: where the disk takes nothing the journal keeps what it has, and the file says so."""
        if (self._pending or self._demands != WHOLE) and not self.trouble and not self._ending:
            self._ending = True
            self._take_up([], WHOLE)
        elif not closing.called:
            closing.callback(None)

    def _take_up(self, batch: list[_Commit], demands: int = JOURNALED) -> None:
        """One transaction: all that is pending, and these commits."""
        self._busy = True
        pending, self._pending = self._pending, {}
        last = max([self._told, *(commit.changed.revision for commit in batch)])
        conditions = [condition for commit in batch for condition in commit.conditions]
        commits = [commit.changed for commit in batch]
        says_so = demands == self._demands

        def write(connection: sqlite3.Connection) -> None:
            take_up(connection, last, pending, commits, conditions)
            if not says_so:
                demand(connection, demands)

        def failed(failure: Failure) -> None:
            self._pending = {**pending, **self._pending}
            self._not_taken_up(failure, batch)

        written = self._database.write(write)
        written.addCallbacks(lambda _: self._taken_up(last, batch, demands), failed)
        self._world.background("registry.take_up", written)

    def _taken_up(self, last: int, batch: list[_Commit], demands: int) -> None:
        self._demands = demands
        self._journal.moved(last)
        self._take_up_later()  # what has lapsed meanwhile
        self._written(batch)

    def _not_taken_up(self, failure: Failure, batch: list[_Commit]) -> None:
        self._busy = False
        self._take_up_later()
        why = _told(failure)
        for commit in batch:
            commit.done.errback(why)
        self._next()

    def renew(self, leases: Sequence[str]) -> Deferred[Mapping[str, bool]]:
        now = self._world.monotonic()
        return succeed({lease: self._leases.renew(lease, now) for lease in leases})

    def tell(self, who: str, text: str) -> None:
        """There is nobody else."""

    def current(self) -> Deferred[None]:
        return succeed(None)

    def tick(self) -> None:
        self._database.look()
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

    def _tell(self, commit: _Commit) -> None:
        assert self._watcher is not None
        now = self._world.monotonic()
        revision = self._told = commit.changed.revision
        for change in commit.changes:
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
        """Gone at once in memory; what is not yet gone on disk lapses again after the next start."""
        assert self._watcher is not None
        self._drop(entry)
        self._watcher.gone(entry, lapsed=True)
        self._pending[entry.key] = None
        self._take_up_later()


def _told(failure: Failure) -> Exception:
    if isinstance(failure.value, StateConflict):
        return failure.value
    failure.trap(StoreBusyException, StoreFailedException)  # type: ignore[no-untyped-call]
    return StateUnavailable(failure.getErrorMessage())
