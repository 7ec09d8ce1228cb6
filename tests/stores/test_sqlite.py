"""Group commit on one SQLite file, in both worlds."""

import sqlite3

from twisted.internet.defer import CancelledError, Deferred, gatherResults

from pushnet.stores.sqlite import BATCH_MAX, Database, StoreBusyException, StoreFailedException
from tests.stores.worlds import OnFiles, Simulated, scenario

SCHEMA = ["CREATE TABLE kept (name TEXT PRIMARY KEY); CREATE TABLE counts (n INTEGER)"]


def put(name: str):
    def write(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO kept VALUES (?)", (name,))
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
        again = await self._open([*SCHEMA, "ALTER TABLE kept ADD COLUMN size INTEGER DEFAULT 7"])
        sizes = await again.read(lambda c: c.execute("SELECT name, size FROM kept").fetchall())
        self.assertEqual(sizes, [("a", 7)])
        await again.close()
        older = Database(self.world, "test.db", SCHEMA)
        error = await self.assertFailure(Deferred.fromCoroutine(older.open()), StoreFailedException)
        self.assertIn("newer than this program's 1", str(error))

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
