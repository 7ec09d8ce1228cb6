"""The registry's state in one SQLite file."""

from __future__ import annotations

import sqlite3
from typing import Any

from twisted.trial.unittest import TestCase

from pushnet.sim.disk import DiskFault
from pushnet.sim.simulation import Simulation
from pushnet.stores.journal import Journal
from pushnet.stores.migration import TooNewError, migrate
from pushnet.stores.registry.embedded import TAKE_UP_S, EmbeddedState
from pushnet.stores.registry.embedded_rows import SCHEMA
from pushnet.stores.registry.state import Put, RegistryState, Stands, StateConflict, StateUnavailable
from tests.stores.registry.contract import TTL_S, StateContract, Told


class EmbeddedStateTests(StateContract, TestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.open: dict[str, EmbeddedState] = {}

    async def result_of(self, work: Any) -> Any:
        return self.simulation.run_until(work)

    async def state(self, name: str) -> tuple[RegistryState, Told]:
        state, told = EmbeddedState(self.simulation.host(name).boot()), Told()
        self.simulation.run_until(state.open(told))
        self.open[name] = state
        return state, told

    async def again(self, name: str) -> tuple[RegistryState, Told]:
        self.simulation.host(name).power_off()
        return await self.state(name)

    async def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds * 4)):
            self.simulation.run_for(0.25)
            for state in self.open.values():
                state.tick()

    async def test_many_commits_under_way_are_all_told_in_order(self) -> None:
        state, told = await self.state("one")
        works = [state.commit([Put("node/a", str(number))]) for number in range(20)]
        revisions = [self.simulation.run_until(work) for work in works]
        self.assertEqual(revisions, sorted(set(revisions)))
        self.assertEqual(told.values(), {"node/a": "19"})

    async def test_after_a_restart_each_lease_runs_anew_for_its_full_time(self) -> None:
        state, _ = await self.state("one")
        self.simulation.run_until(state.commit([Put("node/a", "A", TTL_S)]))
        await self.pass_time(2.5)
        _, told = await self.again("one")
        await self.pass_time(2.5)
        self.assertIn("node/a", told.entries)
        await self.pass_time(1.0)
        self.assertEqual(told.lapsed, ["node/a"])

    async def test_what_must_stand_is_compared_with_what_is_on_disk(self) -> None:
        """Not with what this process believes: another may have had the file meanwhile."""
        state, told = await self.state("one")
        epoch = self.simulation.run_until(state.commit([Put("leading/rolls", "one")]))
        connection = self.simulation.host("one").world.storage.connect_sqlite("registry.db")
        connection.execute("UPDATE entry SET revision = revision + 1")
        connection.close()
        with self.assertRaises(StateConflict):
            self.simulation.run_until(state.commit([Put("version/a", "2"), Stands("leading/rolls", epoch)]))
        self.assertNotIn("version/a", told.entries)

    async def test_what_lapsed_is_gone_on_disk_too(self) -> None:
        state, _ = await self.state("one")
        self.simulation.run_until(state.commit([Put("node/a", "A", TTL_S)]))
        await self.pass_time(TTL_S + TAKE_UP_S + 1.0)
        _, told = await self.again("one")
        self.assertEqual(told.values(), {})

    async def test_revisions_do_not_go_back_when_everything_is_deleted(self) -> None:
        state, told = await self.state("one")
        before = self.simulation.run_until(state.commit([Put("node/a", "A", TTL_S)]))
        await self.pass_time(TTL_S + 1.0)
        again, told = await self.again("one")
        self.assertGreater(self.simulation.run_until(again.commit([Put("node/a", "B")])), before)
        self.assertEqual(told.values(), {"node/a": "B"})

    async def test_after_an_orderly_end_the_sqlite_file_has_everything(self) -> None:
        """So a program that knows nothing of the journal finds all of it."""
        state, _ = await self.state("one")
        for number in range(3):
            revision = self.simulation.run_until(state.commit([Put(f"node/{number}", "N")]))
        self.simulation.run_until(state.close())
        connection = self.simulation.host("one").world.storage.connect_sqlite("registry.db")
        self.assertEqual(connection.execute("SELECT last FROM revision").fetchall(), [(revision,)])
        self.assertEqual(connection.execute("SELECT count(*) FROM entry").fetchall(), [(3,)])
        connection.close()

    def opened_by_an_older_program(self) -> None:
        """One of before the journal."""
        connection = self.simulation.host("one").world.storage.connect_sqlite("registry.db")
        try:
            migrate(connection, SCHEMA[:1])
        finally:
            connection.close()

    async def test_a_program_that_knows_nothing_of_the_journal_is_refused_what_a_killed_one_left(
        self,
    ) -> None:
        state, _ = await self.state("one")
        for value in ("first", "second"):
            self.simulation.run_until(state.commit([Put("node/a", value)]))
        self.simulation.host("one").kill()
        error = self.assertRaises(TooNewError, self.opened_by_an_older_program)
        self.assertIn("wants a program that knows 2, not 1", str(error))
        state, told = await self.again("one")
        self.assertEqual(told.values(), {"node/a": "second"})
        self.simulation.run_until(state.close())
        self.opened_by_an_older_program()

    async def test_an_end_on_a_full_disk_is_an_end_and_leaves_the_file_to_who_knows_the_journal(self) -> None:
        state, _ = await self.state("one")
        for value in ("first", "second"):
            self.simulation.run_until(state.commit([Put("node/a", value)]))
        self.simulation.host("one").disk.fault = DiskFault.FULL
        self.simulation.run_until(state.close())
        self.simulation.host("one").disk.fault = DiskFault.NONE
        self.assertRaises(TooNewError, self.opened_by_an_older_program)

    async def test_what_an_older_program_has_written_meanwhile_is_not_undone_by_the_journal(self) -> None:
        state, _ = await self.state("one")
        for value in ("first", "second"):
            self.simulation.run_until(state.commit([Put("node/a", value)]))
        self.simulation.host("one").kill()
        connection = self.simulation.host("one").world.storage.connect_sqlite("registry.db")
        connection.execute("UPDATE revision SET last = last + 1")
        connection.execute("UPDATE entry SET value = 'older program', revision = 2")
        connection.close()
        _, told = await self.again("one")
        self.assertEqual(told.values(), {"node/a": "older program"})

    async def test_a_journal_that_is_full_is_taken_up_and_begun_anew(self) -> None:
        world = self.simulation.host("small").boot()
        state, told = EmbeddedState(world, journal=lambda world, name: Journal(world, name, 300)), Told()
        self.simulation.run_until(state.open(told))
        works = [state.commit([Put(f"node/{number}", "N" * 50)]) for number in range(20)]
        for work in works:
            self.simulation.run_until(work)
        _, again = await self.again("small")
        self.assertEqual(again.values(), told.values())
        self.assertEqual(len(again.entries), 20)

    async def test_when_neither_the_journal_nor_the_sqlite_file_can_be_written_it_stops(self) -> None:
        state, _ = await self.state("one")
        self.simulation.run_until(state.commit([Put("node/a", "A")]))
        disk = self.simulation.host("one").disk
        disk.fault = DiskFault.BROKEN
        with self.assertRaises(StateUnavailable):
            self.simulation.run_until(state.commit([Put("node/b", "B")]))
        self.assertIn("a commit failed", state.trouble)
        self.flushLoggedErrors(sqlite3.OperationalError)

    async def test_without_a_journal_commits_go_into_the_sqlite_file(self) -> None:
        state, told = await self.state("one")
        disk = self.simulation.host("one").disk
        self.simulation.run_until(state.commit([Put("node/a", "A")]))
        disk.delete("registry.db.journal")
        disk.fault = DiskFault.FULL
        state, told = await self.again("one")
        disk.fault = DiskFault.NONE
        self.simulation.run_until(state.commit([Put("node/b", "B")]))
        self.assertNotIn("registry.db.journal", disk.names())
        _, told = await self.again("one")
        self.assertEqual(told.values(), {"node/a": "A", "node/b": "B"})

    async def test_while_the_disk_is_full_nothing_is_committed_and_what_is_there_stays(self) -> None:
        state, told = await self.state("one")
        self.simulation.run_until(state.commit([Put("node/a", "A")]))
        self.simulation.host("one").disk.fault = DiskFault.FULL
        with self.assertRaises(StateUnavailable):
            self.simulation.run_until(state.commit([Put("node/b", "B")]))
        self.assertEqual(told.values(), {"node/a": "A"})
