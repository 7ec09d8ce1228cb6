"""Answers that are kept with the effect outlive a crash, and the effect is had once."""

from __future__ import annotations

import sqlite3

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException, UnknownLocalException
from pushnet.rpc.once import Reply
from pushnet.rpc.stubs import Current
from pushnet.sim.simulation import Simulation
from pushnet.stores.migration import Step
from pushnet.stores.replies import SCHEMA, SqliteReplies
from pushnet.stores.sqlite import Database
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx, EverythingServant
from tests.stores.worlds import OnFiles, Simulated, scenario


class RepliesContract:
    """What every world's replies do."""

    async def _open(self, **options):
        self.now = 1000.0
        self.database = Database(self.world, "test.db", [Step(SCHEMA)])
        await self.database.open()
        return SqliteReplies(self.database, lambda: self.now, **options)

    @scenario
    async def test_an_answer_is_found_by_its_key_after_a_crash(self) -> None:
        replies = await self._open()
        await replies.keep(Reply(b"one", True, b"first"))
        await replies.keep(Reply(b"two", False, b"second"))
        self.crash()
        before, again = self.database, await self._open()
        found = [await again.find(key) for key in (b"one", b"two", b"three")]
        self.assertEqual(found, [(True, b"first"), (False, b"second"), None])
        await self.database.close()
        await self.bury(before)

    @scenario
    async def test_the_last_and_young_ones_are_kept(self) -> None:
        replies = await self._open(count_max=2, age_s=10.0)
        for key in (b"1", b"2", b"3"):
            await replies.keep(Reply(key, True, b""))
        self.assertEqual([await replies.find(key) for key in (b"1", b"3")], [None, (True, b"")])
        self.now += 10.0
        self.assertIsNone(await replies.find(b"3"))
        await replies.keep(Reply(b"4", True, b""))
        count = await self.database.read(lambda c: c.execute("SELECT count(*) FROM replies").fetchone()[0])
        self.assertEqual(count, 1)
        await self.database.close()


class FileReplies(RepliesContract, OnFiles):
    pass


class SimulatedReplies(RepliesContract, Simulated):
    pass


EFFECTS = "CREATE TABLE effects (n INTEGER);"


class AccountI(EverythingServant):
    """Adds up in SQLite, with the answer in the same transaction."""

    def __init__(self, database: Database, replies: SqliteReplies) -> None:
        self.database = database
        self.replies = replies
        self.mute = False
        """It does what it is asked to, and never answers."""

    async def add(self, a: int, b: int, current: Current | None = None) -> int:
        assert current is not None
        once = current.once

        def transaction(connection: sqlite3.Connection) -> int:
            connection.execute("INSERT INTO effects VALUES (?)", (a,))
            total = int(connection.execute("SELECT sum(n) FROM effects").fetchone()[0])
            if once is not None:
                self.replies.keep_in(connection, once.keep(total))
            return total

        total = await self.database.write(transaction)
        if self.mute:
            await Deferred()
        return total


class ExactlyOnceTest(SynchronousTestCase):
    """A server dies between the commit and the answer."""

    def setUp(self) -> None:
        self.simulation = Simulation(3)
        self.addCleanup(self.simulation.close)
        self.client = Communicator(self.simulation.host("client").boot(), {"Ice.RetryIntervals": "-1"})
        proxy = self.client.stringToProxy("account:tcp -h server -p 1")
        assert proxy is not None
        self.proxy = EverythingPrx(proxy.ice_reference)

    def serve(self, durable: bool = True) -> AccountI:
        world = self.simulation.host("server").boot()
        database = Database(world, "account.db", [Step(SCHEMA + EFFECTS)])
        self.simulation.run_until(database.open())
        replies = SqliteReplies(database, world.wall)
        adapter = Communicator(world).createObjectAdapterWithEndpoints("A", "tcp -h server -p 1")
        if durable:
            adapter.keepReplies(replies)
        servant = AccountI(database, replies)
        adapter.add(servant, Identity("account"))
        self.simulation.run_until(adapter.activate())
        return servant

    def lose_an_answer(self) -> None:
        """The effect is on disk, its answer has not left."""
        self.servant.mute = True
        call = self.proxy.add(5, 0, {"_pn.tok": "t"})
        done: list[object] = []
        call.addBoth(done.append)
        self.simulation.run_for(5)
        self.assertEqual(self.simulation.run_until(self.servant.database.read(count)), 1)
        self.simulation.host("server").kill()
        self.simulation.run_for(60)
        self.assertIsInstance(getattr(done[0], "value", None), LocalException)

    def test_the_repetition_is_answered_by_the_next_process_without_a_second_effect(self) -> None:
        self.servant = self.serve()
        self.lose_an_answer()
        servant = self.serve()
        self.assertEqual(self.simulation.run_until(self.proxy.add(5, 0, {"_pn.tok": "t!"})), 5)
        self.assertEqual(self.simulation.run_until(servant.database.read(count)), 1)
        self.assertEqual(self.simulation.run_until(self.proxy.add(5, 0, {"_pn.tok": "u"})), 10)

    def test_without_the_store_it_is_refused_rather_than_done_twice(self) -> None:
        self.servant = self.serve(durable=False)
        self.lose_an_answer()
        servant = self.serve(durable=False)
        with self.assertRaises(UnknownLocalException):
            self.simulation.run_until(self.proxy.add(5, 0, {"_pn.tok": "t!"}))
        self.assertEqual(self.simulation.run_until(servant.database.read(count)), 1)


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM effects").fetchone()[0])
