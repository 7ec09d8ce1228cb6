"""One SQLite file of a node, with group commit: many writers share one fsync.

Writes given while a transaction is on its way wait, and make up the next one together; each stands in a
savepoint of its own, so that one that fails takes nothing with it. A write's Deferred fires after the
COMMIT, which syncs the disk: what was answered is on disk. The transaction begins at the end of the
reactor's turn, so that all writes of one turn share it from the start.

    waiting --(turn ends, no batch under way)--> batch: BEGIN, each in a savepoint, COMMIT --> all fire

A COMMIT that fails leaves open what is on disk. So the store stops there: the batch and every later write
fail with `StoreFailedException`, until a new process has opened the file again and recovered; `on_failure` is
told, so that this process ends. The exception is a full disk: SQLite says that before the commit is written,
and the transaction is undone. Then writes fail with `StoreFullException`, reads go on, and now and then a
probe looks whether there is room again.

    well --the disk is full--> full --probe finds room--> well
      |--a commit fails--> failed      `--probe fails otherwise--> failed
      `--the file is gone--> lost

A file that is deleted while it is open takes writes on, without an error, and all is lost when the process
ends. So it is looked for now and then: when it is gone nothing is written any more. The process goes on: what
it has in its hands is all that is left.

Readers have a connection and a worker of their own, see one snapshot per call, and never wait for a commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from errno import EDQUOT, ENOSPC
from typing import Any, Generic, TypeVar

import attrs
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger, LogLevel
from twisted.python.failure import Failure

from pushnet.stores.migration import Step, TooNewError, migrate
from pushnet.world import Worker, World

T = TypeVar("T")

WAITING_MAX = 10_000
"""Writes, and reads, that may wait. More means the disk does not keep up: callers hear it at once."""
BATCH_MAX = 1_000
"""Writes in one transaction: keeps it in the tens of milliseconds."""
PROBE_FIRST_S, PROBE_MAX_S = 0.5, 15.0
"""When it is looked whether a full disk has room again: the first pause, doubled up to the last."""
LOOK_S = 3.0
"""It is looked no more often whether the file is still there."""
GONE = "the file is gone from the disk, and what it had ends with this process"
_PRIMARY = 0xFF
"""Of an extended result code of SQLite."""
ROOM_BYTES = 1024 * 1024
"""Room that must be there before writes are taken again: for many transactions, not only for the next."""


class StoreFailedException(Exception):
    """The store is not open: a commit failed, or it was closed, or its file is not ours. Says which."""


class StoreBusyException(Exception):
    """Too many writes or reads wait already. Nothing was done; try later."""


class StoreFullException(StoreBusyException):
    """The disk is full. Nothing was done; writes are taken again by themselves when there is room."""


class _Write(Generic[T]):
    """One function that waits for its transaction."""

    __slots__ = ("done", "function")

    def __init__(self, function: Callable[[sqlite3.Connection], T]) -> None:
        self.function = function
        self.done: Deferred[T] = Deferred(_stop_waiting)


@attrs.frozen
class _Opened:
    """The two ways into an open file."""

    writer: Worker
    reader: Worker
    write_connection: sqlite3.Connection
    read_connection: sqlite3.Connection


class Database:
    """One SQLite file of a node: one writer with group commit, one reader.

    Args:
        world: where the file and the workers come from.
        name: the file's name in the node's storage.
        schema: the steps to each version of the file. Never change one that has been released: add one.
        waiting_max: see `WAITING_MAX`.
    """

    def __init__(
        self, world: World, name: str, schema: Sequence[Step], waiting_max: int = WAITING_MAX
    ) -> None:
        self._world = world
        self._name = name
        self._schema = tuple(schema)
        self._waiting_max = waiting_max
        self._waiting: list[_Write[Any]] = []
        self._reading = 0
        self._due = False
        self._under_way = 0
        self._opened: _Opened | None = None
        self._refusal = "it is not open"
        self._idle: list[Deferred[None]] = []
        self._full = False
        self._probing: IDelayedCall | None = None
        self._pause_s = PROBE_FIRST_S
        self._gone = False
        self._look_at = 0.0
        self.on_failure: Callable[[str], object] | None = None
        """Told once, with the reason, when the store stops because nobody knows what is on disk."""
        self._log = Logger(namespace="pushnet.stores")

    async def open(self) -> None:
        """Open the file and bring it to the newest version of the schema.

        Raises:
            StoreFailedException: a newer program has changed the file so that this one must not use it, or
                it is damaged.
            sqlite3.Error: the file cannot be opened.
        """
        writer = self._world.worker(f"{self._name}.writer")
        reader = self._world.worker(f"{self._name}.reader")
        try:
            write_connection = await writer.submit(self._connect)
            read_connection = await reader.submit(self._connect_reader)
        except BaseException:
            await writer.close()
            await reader.close()
            raise
        self._opened = _Opened(writer, reader, write_connection, read_connection)
        self._refusal = ""

    def write(self, function: Callable[[sqlite3.Connection], T]) -> Deferred[T]:
        """Run `function(connection)` in the next transaction; fires with its result, after the commit.

        An exception of the function undoes and fails only its own work. Cancelling gives up waiting: a
        write that has begun is done all the same. The function must not end the transaction.
        """
        self.look()
        if self._refusal:
            return fail(self._failure())
        if self._gone:
            return fail(self._absence())
        if self._full:
            return fail(self._fullness())
        if len(self._waiting) >= self._waiting_max:
            return fail(StoreBusyException(f"{self._name}: {self._waiting_max} writes wait already"))
        write = _Write(function)
        self._waiting.append(write)
        self._begin_soon()
        return write.done

    def read(self, function: Callable[[sqlite3.Connection], T]) -> Deferred[T]:
        """Run `function(connection)` on one snapshot that has every write that was answered before."""
        if self._refusal or self._opened is None:
            return fail(self._failure())
        if self._reading >= self._waiting_max:
            return fail(StoreBusyException(f"{self._name}: {self._waiting_max} reads wait already"))
        self._reading += 1
        reading = self._opened.reader.submit(_snapshot, self._opened.read_connection, function)
        return reading.addBoth(self._read_ended)

    async def close(self) -> None:
        """Finish what was submitted, then close the file. Again, or without `open`: nothing."""
        if self._opened is None:
            return
        self._refusal = self._refusal or "it is closed"
        if self._probing is not None and self._probing.active():
            self._probing.cancel()
        if self._waiting or self._due or self._under_way:
            idle: Deferred[None] = Deferred()
            self._idle.append(idle)
            await idle
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.reader.submit(opened.read_connection.close)
            await opened.reader.close()
            await opened.writer.submit(opened.write_connection.close)
            await opened.writer.close()

    def look(self) -> None:
        """Take no more writes when the file is not where it was any more."""
        now = self._world.monotonic()
        if self._refusal or self._gone or now < self._look_at:
            return
        self._look_at = now + LOOK_S
        try:
            self._world.storage.size(self._name)
        except FileNotFoundError:
            self._gone = True
            self._log.critical("{name}: {why}", name=self._name, why=GONE)
            waiting, self._waiting = self._waiting, []
            self._refuse(waiting, self._absence())
        except OSError as error:  # whoever writes finds out whether it matters
            self._log.warn("{name}: cannot be looked for: {error}", name=self._name, error=str(error))

    @property
    def waiting(self) -> int:
        """Writes that wait for their transaction or are in it."""
        return len(self._waiting) + self._under_way

    @property
    def failure(self) -> str:
        """Why the store takes no writes; empty while it is open and well."""
        return self._refusal or (GONE if self._gone else "the disk is full" if self._full else "")

    def _failure(self) -> StoreFailedException:
        return StoreFailedException(f"{self._name}: {self._refusal}")

    def _absence(self) -> StoreFailedException:
        return StoreFailedException(f"{self._name}: {GONE}")

    def _fullness(self) -> StoreFullException:
        return StoreFullException(f"{self._name}: the disk is full")

    def _connect(self) -> sqlite3.Connection:
        """In the writer's worker."""
        try:
            connection = self._world.storage.connect_sqlite(self._name)
            try:
                migrate(connection, self._schema)
            except BaseException:
                connection.close()
                raise
        except TooNewError as error:
            raise StoreFailedException(f"{self._name}: {error}") from error
        except sqlite3.Error as error:
            if _is_damaged(error):
                raise self._damage(error) from error
            raise
        return connection

    def _damage(self, error: BaseException | None) -> StoreFailedException:
        path = self._world.storage.path(self._name)
        return StoreFailedException(
            f"{path} is damaged ({error}): put a backup in its place, and delete {path}-wal and "
            f"{path}-shm; or move it away to begin with nothing"
        )

    def _connect_reader(self) -> sqlite3.Connection:
        return self._world.storage.connect_sqlite(self._name, read_only=True)

    def _begin_soon(self) -> None:
        if not self._due and not self._under_way:
            self._due = True
            self._world.call_later(0, self._begin)

    def _begin(self) -> None:
        """Send what waits into one transaction, or tell who waits for quiet that it is quiet."""
        self._due = False
        batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
        batch = [write for write in batch if not write.done.called]
        if batch and self._opened is not None:
            self._under_way = len(batch)
            work = self._opened.writer.submit(_commit, self._opened.write_connection, batch)
            work.addCallbacks(self._committed, self._failed, callbackArgs=(batch,), errbackArgs=(batch,))
            self._world.background(f"{self._name}: what follows a commit", work)
        elif self._waiting:
            self._begin_soon()
        else:
            idle, self._idle = self._idle, []
            for waiter in idle:
                waiter.callback(None)

    def _committed(self, outcomes: list[Any], batch: list[_Write[Any]]) -> None:
        self._under_way = 0
        for write, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Failure) and _is_full(outcome.value):
                self._filled_up()
                outcome = Failure(self._fullness())  # type: ignore[no-untyped-call]
            if not write.done.called:
                write.done.callback(outcome)
        self._go_on()

    def _failed(self, failure: Failure, batch: list[_Write[Any]]) -> None:
        """The whole batch is not done, or nobody knows."""
        self._under_way = 0
        if _is_full(failure.value):
            self._filled_up()
            self._refuse(batch, self._fullness())
        else:
            self._stop(failure, batch)
        self._go_on()

    def _stop(self, failure: Failure, batch: list[_Write[Any]]) -> None:
        """Nobody knows what is on disk: this store ends here."""
        self._refusal = f"a commit failed ({failure.getErrorMessage()}); restart to recover"
        self._log.failure("{name}: no more writes", failure, LogLevel.error, name=self._name)
        waiting, self._waiting = self._waiting, []
        self._refuse(batch + waiting, self._failure())
        if self.on_failure is not None:
            self.on_failure(f"{self._name}: {self._refusal}")

    def _refuse(self, writes: list[_Write[Any]], why: Exception) -> None:
        for write in writes:
            if not write.done.called:
                write.done.errback(why)

    def _filled_up(self) -> None:
        """Take no writes until a probe finds room."""
        if self._full:
            return
        self._full = True
        self._pause_s = PROBE_FIRST_S
        self._log.error("{name}: the disk is full, no writes until there is room", name=self._name)
        waiting, self._waiting = self._waiting, []
        self._refuse(waiting, self._fullness())
        self._probe_later()

    def _probe_later(self) -> None:
        if not self._refusal:
            self._probing = self._world.call_later(self._pause_s, self._probe)

    def _probe(self) -> None:
        """Write what a crowded transaction would, in the writer's worker."""
        if self._under_way or self._opened is None:
            self._probe_later()
            return
        self._under_way = 1
        work = self._opened.writer.submit(self._write_probe, self._opened.write_connection)
        work.addCallbacks(self._has_room, self._has_no_room).addBoth(lambda _: self._go_on())
        self._world.background(f"{self._name}: looking for room", work)

    def _write_probe(self, connection: sqlite3.Connection) -> None:
        """In the writer's worker. Raises when there is no room, or worse."""
        probe = f"{self._name}.room"
        self._world.storage.replace(probe, bytes(ROOM_BYTES))
        self._world.storage.delete(probe)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        _commit(connection, [_Write(lambda c: c.execute(f"PRAGMA user_version = {version}"))])

    def _has_room(self, result: None) -> None:
        self._under_way = 0
        self._full = False
        self._log.info("{name}: there is room again", name=self._name)

    def _has_no_room(self, failure: Failure) -> None:
        self._under_way = 0
        if _is_full(failure.value):
            self._pause_s = min(self._pause_s * 2, PROBE_MAX_S)
            self._probe_later()
        else:
            self._stop(failure, [])

    def _go_on(self) -> None:
        if self._waiting or self._idle:
            self._begin_soon()

    def _read_ended(self, outcome: T) -> T:
        self._reading -= 1
        if isinstance(outcome, Failure) and _is_damaged(outcome.value):
            raise self._damage(outcome.value)
        return outcome


def _commit(connection: sqlite3.Connection, batch: list[_Write[Any]]) -> list[Any]:
    """In the writer's worker: one transaction for all. Returns a result or a Failure for each."""
    execute = connection.execute
    try:
        execute("BEGIN IMMEDIATE")
        outcomes = [_in_savepoint(connection, write.function) for write in batch]
        execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            execute("ROLLBACK")
        raise
    return outcomes


def _is_full(error: BaseException | None) -> bool:
    """Whether the disk had no room. SQLite tells a failed sync otherwise, whatever its cause."""
    if isinstance(error, OSError):
        return error.errno in (ENOSPC, EDQUOT)
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code & _PRIMARY == sqlite3.SQLITE_FULL


def _is_damaged(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.Error) and code & _PRIMARY in (
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    )


def _in_savepoint(connection: sqlite3.Connection, function: Callable[[sqlite3.Connection], Any]) -> Any:
    """The function's result, or its Failure with all it did undone."""
    connection.execute("SAVEPOINT one")
    try:
        outcome = function(connection)
    except Exception as error:
        if not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO one")
        outcome = Failure(error)  # type: ignore[no-untyped-call]
    connection.execute("RELEASE one")
    return outcome


def _snapshot(connection: sqlite3.Connection, function: Callable[[sqlite3.Connection], T]) -> T:
    """In the reader's worker: all that the function reads is of one moment."""
    connection.execute("BEGIN")
    try:
        return function(connection)
    finally:
        connection.execute("ROLLBACK")


def _stop_waiting(done: Deferred[Any]) -> None:
    """The caller has given up; the batch passes over a Deferred that has been called."""
