"""Group commit on one SQLite file, in both worlds."""

import sqlite3
from errno import ENOSPC
from pathlib import Path

from twisted.internet.defer import CancelledError, Deferred, ensureDeferred, gatherResults

from pushnet.app.realworld_storage import FileStorage
from pushnet.sim.disk import DiskFault
from pushnet.stores.migration import Step
from pushnet.stores.sqlite import (
    BATCH_MAX,
    LOOK_S,
    PROBE_FIRST_S,
    PROBE_MAX_S,
    Database,
    StoreBusyException,
    StoreFailedException,
    StoreFullException,
)
from tests.stores.worlds import OnFiles, Simulated, scenario

SCHEMA = [Step("CREATE TABLE kept (name TEXT PRIMARY KEY); CREATE TABLE counts (n INTEGER)")]


def put(name: str):
    def write(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO kept (name) VALUES (?)", (name,))
        return name

    return write


def all_names(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM kept ORDER BY name")]


def end_transaction(connection: sqlite3.Connection) -> None:
    """What no write may do; the same happens when the disk is full."""
    connection.execute("ROLLBACK")
    raise ValueError("the transaction is gone")


class DatabaseContract:
    """What every world's database does."""

    async def _open(self, schema=SCHEMA, **options) -> Database:
        database = Database(self.world, "test.db", schema, **options)
        await database.open()
        return database

    @scenario
    async def test_what_was_answered_is_there_after_a_crash(self) -> None:
        database = await self._open()
        await gatherResults([database.write(put(f"{number:03}")) for number in range(50)])
        self.crash()
        again = await self._open()
        self.assertEqual(await again.read(all_names), [f"{number:03}" for number in range(50)])
        await again.close()
        await self.bury(database)

    @scenario
    async def test_a_write_that_fails_takes_nothing_with_it(self) -> None:
        database = await self._open()

        def half(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO kept VALUES ('half')")
            raise ValueError("changed my mind")

        good, bad, also = database.write(put("a")), database.write(half), database.write(put("b"))
        twice = database.write(put("a"))
        self.assertEqual([await good, await also], ["a", "b"])
        await self.assertFailure(bad, ValueError)
        await self.assertFailure(twice, sqlite3.IntegrityError)
        self.assertEqual(await database.read(all_names), ["a", "b"])
        await database.close()

    @scenario
    async def test_writes_of_one_turn_share_a_transaction(self) -> None:
        database = await self._open()
        await database.write(lambda connection: connection.execute("INSERT INTO counts VALUES (0)").rowcount)

        def changes(connection: sqlite3.Connection) -> int:
            connection.execute("UPDATE counts SET n = n + 1")
            return connection.execute("SELECT n FROM counts").fetchone()[0]

        answers: list[int] = []
        seen: list[int] = []

        def look(number: int) -> None:
            answers.append(number)
            if len(answers) == 1:
                reading = database.read(lambda c: c.execute("SELECT n FROM counts").fetchone()[0])
                reading.addCallback(seen.append)

        await gatherResults([database.write(changes).addCallback(look) for _ in range(10)])
        await database.close()
        self.assertEqual((answers, seen), (list(range(1, 11)), [10]))

    @scenario
    async def test_a_crowd_is_served_in_order_by_several_transactions(self) -> None:
        database = await self._open()
        order: list[int] = []
        many = BATCH_MAX * 2 + 5
        await gatherResults(
            [database.write(lambda c, n=number: n).addCallback(order.append) for number in range(many)]
        )
        self.assertEqual(order, list(range(many)))
        await database.close()

    @scenario
    async def test_a_reader_sees_every_write_that_was_answered(self) -> None:
        database = await self._open()
        for name in "abc":
            await database.write(put(name))
            self.assertEqual((await database.read(all_names))[-1], name)
        await database.close()

    @scenario
    async def test_a_reader_cannot_write(self) -> None:
        database = await self._open()
        await self.assertFailure(database.read(put("a")), sqlite3.OperationalError)
        await database.close()

    @scenario
    async def test_too_many_waiting_are_told_at_once(self) -> None:
        database = await self._open(waiting_max=3)
        writes = [database.write(put(str(number))) for number in range(4)]
        reads = [database.read(all_names) for number in range(4)]
        self.failureResultOf(writes.pop(), StoreBusyException)
        self.failureResultOf(reads.pop(), StoreBusyException)
        self.assertEqual(await gatherResults(writes), ["0", "1", "2"])
        await gatherResults(reads)
        await database.close()
        self.assertEqual(database.waiting, 0)

    @scenario
    async def test_who_gives_up_before_the_transaction_leaves_nothing(self) -> None:
        database = await self._open()
        given_up = database.write(put("a"))
        given_up.cancel()
        self.failureResultOf(given_up, CancelledError)
        await database.write(put("b"))
        self.assertEqual(await database.read(all_names), ["b"])
        await database.close()

    @scenario
    async def test_closing_finishes_what_was_given_and_refuses_more(self) -> None:
        database = await self._open()
        last = database.write(put("last"))
        closing = Deferred.fromCoroutine(database.close())
        self.failureResultOf(database.write(put("late")), StoreFailedException)
        await closing
        self.assertEqual(self.successResultOf(last), "last")
        self.failureResultOf(database.read(all_names), StoreFailedException)
        await database.close()

    @scenario
    async def test_a_failed_commit_stops_the_store(self) -> None:
        database = await self._open()
        await database.write(put("kept"))

        with_it = database.write(end_transaction)
        lost = database.write(put("lost"))
        error = await self.assertFailure(lost, StoreFailedException)
        self.assertIn("a commit failed", str(error))
        self.failureResultOf(with_it, StoreFailedException)
        self.failureResultOf(database.write(put("later")), StoreFailedException)
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        await database.close()
        self.crash()
        again = await self._open()
        self.assertEqual(await again.read(all_names), ["kept"])
        await again.close()

    @scenario
    async def test_a_newer_schema_is_reached_step_by_step(self) -> None:
        database = await self._open()
        await database.write(put("a"))
        await database.close()
        newer = [*SCHEMA, Step("ALTER TABLE kept ADD COLUMN size INTEGER DEFAULT 7")]
        again = await self._open(newer)
        sizes = await again.read(lambda c: c.execute("SELECT name, size FROM kept").fetchall())
        self.assertEqual(sizes, [("a", 7)])
        await again.close()
        older = await self._open()
        await older.write(put("b"))
        await older.close()
        again = await self._open(newer)
        sizes = await again.read(lambda c: c.execute("SELECT name, size FROM kept").fetchall())
        self.assertEqual(sizes, [("a", 7), ("b", 7)])
        await again.close()

    @scenario
    async def test_a_file_that_a_newer_program_has_changed_for_good_is_refused_by_an_older(self) -> None:
        newer = await self._open([*SCHEMA, Step("DROP TABLE counts", breaking=True)])
        await newer.close()
        older = Database(self.world, "test.db", SCHEMA)
        error = await self.assertFailure(Deferred.fromCoroutine(older.open()), StoreFailedException)
        self.assertIn("wants a program that knows 2, not 1", str(error))

    @scenario
    async def test_a_store_that_is_not_open_refuses(self) -> None:
        database = Database(self.world, "test.db", SCHEMA)
        self.failureResultOf(database.write(put("a")), StoreFailedException)
        self.failureResultOf(database.read(all_names), StoreFailedException)
        await database.close()


class DatabaseOnFilesTests(DatabaseContract, OnFiles):
    pass


class DatabaseSimulatedTests(DatabaseContract, Simulated):
    pass


class BadDiskTests(Simulated):
    """What a full or broken disk does to a store."""

    def setUp(self) -> None:
        super().setUp()
        self.database = Database(self.world, "test.db", SCHEMA)
        self.ended: list[str] = []
        self.database.on_failure = self.ended.append
        self.play(self.database.open())
        self.play(self.database.write(put("kept")))

    def failed(self, write: Deferred) -> Exception:
        """What a write fails with."""
        seen: list[Exception] = []
        write.addErrback(lambda failure: seen.append(failure.value))
        self.play(write)
        return seen[0]

    def names(self) -> list[str]:
        return self.simulation.run_until(self.database.read(all_names))

    def test_a_full_disk_refuses_writes_and_lets_read(self) -> None:
        self.host.disk.fault = DiskFault.FULL
        first, second = self.database.write(put("a")), self.database.write(put("b"))
        self.assertIsInstance(self.failed(first), StoreFullException)
        self.assertIsInstance(self.failed(second), StoreFullException)
        self.failureResultOf(self.database.write(put("c")), StoreFullException)
        self.assertEqual(self.names(), ["kept"])
        self.assertEqual((self.database.failure, self.ended), ("the disk is full", []))

    def test_a_file_that_was_deleted_takes_no_writes_and_what_it_had_can_be_read_on(self) -> None:
        self.host.disk.delete("test.db")
        self.simulation.run_for(LOOK_S)
        self.assertIsInstance(self.failed(self.database.write(put("a"))), StoreFailedException)
        self.assertIn("gone from the disk", self.database.failure)
        self.assertEqual((self.names(), self.ended), (["kept"], []))

    def test_a_write_that_alone_found_no_room_fails_alone(self) -> None:
        def too_large(connection: sqlite3.Connection) -> None:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

        small, large = self.database.write(put("small")), self.database.write(too_large)
        self.play(small)
        self.assertIsInstance(self.failed(large), StoreFullException)
        self.assertEqual(self.names(), ["kept", "small"])
        self.simulation.run_for(1)
        self.assertEqual(self.database.failure, "")

    def test_it_takes_writes_again_by_itself_when_there_is_room(self) -> None:
        self.host.disk.fault = DiskFault.FULL
        self.failed(self.database.write(put("a")))
        self.simulation.run_for(120)
        self.assertEqual(self.database.failure, "the disk is full")
        self.host.disk.fault = DiskFault.NONE
        self.simulation.run_for(PROBE_MAX_S + 1)
        self.assertEqual(self.database.failure, "")
        self.play(self.database.write(put("b")))
        self.assertEqual(self.names(), ["b", "kept"])
        self.assertEqual(self.host.disk.names(), ["test.db"])

    def test_while_it_is_full_nobody_asks_it_all_the_time(self) -> None:
        self.host.disk.fault = DiskFault.FULL
        self.failed(self.database.write(put("a")))
        before = self.simulation.steps
        self.simulation.run_for(600)
        self.assertLess(self.simulation.steps - before, 4 * 600 / PROBE_MAX_S)

    def test_a_full_disk_that_breaks_is_broken(self) -> None:
        self.host.disk.fault = DiskFault.FULL
        self.failed(self.database.write(put("a")))
        self.host.disk.fault = DiskFault.BROKEN
        self.simulation.run_for(PROBE_FIRST_S + 1)
        self.assertEqual(len(self.ended), 1)
        self.failureResultOf(self.database.write(put("b")), StoreFailedException)
        self.assertEqual(len(self.flushLoggedErrors(OSError)), 1)

    def test_a_sync_that_fails_ends_the_store_and_says_so_once(self) -> None:
        self.host.disk.fault = DiskFault.BROKEN
        self.assertIsInstance(self.failed(self.database.write(put("a"))), StoreFailedException)
        self.host.disk.fault = DiskFault.NONE
        self.simulation.run_for(60)
        self.failureResultOf(self.database.write(put("b")), StoreFailedException)
        self.assertEqual(len(self.ended), 1)
        self.assertIn("test.db: a commit failed (disk I/O error)", self.ended[0])
        self.assertEqual(len(self.flushLoggedErrors(sqlite3.OperationalError)), 1)

    def test_closing_a_full_store_leaves_nothing_behind(self) -> None:
        self.host.disk.fault = DiskFault.FULL
        self.failed(self.database.write(put("a")))
        for pause_s in (0.0, PROBE_FIRST_S, 0.001):
            self.simulation.run_for(pause_s)
        self.play(self.database.close())
        self.assertEqual(self.world.leftovers(), [])


class NarrowStorage(FileStorage):
    """Files of a disk that has room for so many pages of a database."""

    pages_max = 1 << 30

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.connections: list[sqlite3.Connection] = []

    def connect_sqlite(self, name: str, *, read_only: bool = False) -> sqlite3.Connection:
        connection = super().connect_sqlite(name, read_only=read_only)
        self.connections.append(connection)
        return connection

    def replace(self, name: str, data: bytes) -> None:
        if self.pages_max < len(data) // 4096:
            raise OSError(ENOSPC, "No space left on device", name)
        super().replace(name, data)

    def room_for(self, pages: int) -> None:
        """Not while the store is at work."""
        self.pages_max = pages
        for connection in self.connections:
            connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()


class DamagedFileTests(OnFiles):
    @scenario
    async def test_a_file_that_is_no_database_is_named_with_what_to_do(self) -> None:
        (self.folder / "test.db").write_bytes(b"x" * 8192)
        database = Database(self.world, "test.db", SCHEMA)
        told = await self.assertFailure(ensureDeferred(database.open()), StoreFailedException)
        self.assertIn(f"{self.folder / 'test.db'} is damaged", str(told))
        self.assertIn("put a backup in its place", str(told))

    @scenario
    async def test_a_page_that_is_torn_is_told_when_it_is_read(self) -> None:
        database = Database(self.world, "test.db", SCHEMA)
        await database.open()
        await database.write(put("kept"))
        await database.close()
        path = self.folder / "test.db"
        path.write_bytes(path.read_bytes()[:4096] + b"x" * (path.stat().st_size - 4096))
        again = Database(self.world, "test.db", SCHEMA)
        await again.open()
        told = await self.assertFailure(again.read(all_names), StoreFailedException)
        self.assertIn(f"{path} is damaged", str(told))
        await again.close()


class FullFileTests(OnFiles):
    @scenario
    async def test_what_sqlite_says_of_a_full_disk_is_understood(self) -> None:
        storage = self.world.storage = NarrowStorage(self.folder)
        database = Database(self.world, "test.db", SCHEMA)
        await database.open()
        await database.write(put("kept"))
        storage.room_for(8)
        large = put("x" * 100_000)
        small, too_large = database.write(put("small")), database.write(large)
        await self.assertFailure(too_large, StoreFullException)
        await self.assertFailure(small, StoreFullException)
        self.failureResultOf(database.write(put("more")), StoreFullException)
        self.assertEqual(await database.read(all_names), ["kept"])
        storage.room_for(1 << 30)
        while database.failure:
            await self.pause(0.05)
        await database.write(large)
        self.assertEqual(len(await database.read(all_names)), 2)
        await database.close()
