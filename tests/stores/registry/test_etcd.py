"""The registry's state in a simulated etcd: the contract, and what is etcd's own."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import TestCase

from pushnet.sim.etcd import SimEtcd
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.etcd import EtcdState
from pushnet.stores.registry.state import Put, RegistryState, Stands, StateConflict
from tests.stores.registry.contract import TTL_S, SharedStateContract, Told


class SimulatedEtcdTests(SharedStateContract, TestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.etcd = SimEtcd(self.simulation)
        self.simulation.run_until(self.etcd.boot())
        self.open: dict[str, EtcdState] = {}

    async def result_of(self, work: Any) -> Any:
        return self.simulation.run_until(work)

    async def state(self, name: str) -> tuple[RegistryState, Told]:
        world = self.simulation.host(name).boot()
        state, told = EtcdState(world, [self.etcd.url], "test", name, TTL_S), Told()
        self.simulation.run_until(state.open(told))
        self.open[name] = state
        return state, told

    async def again(self, name: str) -> tuple[RegistryState, Told]:
        self.simulation.host(name).kill()
        return await self.state(name)

    async def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds * 4)):
            self.simulation.run_for(0.25)
            for state in self.open.values():
                state.tick()

    def cut(self, name: str) -> None:
        self.simulation.paths.partition(name, "etcd-1")

    def heal(self, name: str) -> None:
        self.simulation.paths.heal(name, "etcd-1")

    async def test_a_stale_read_makes_a_commit_fail_and_never_succeed_wrongly(self) -> None:
        one, _ = await self.state("one")
        self.simulation.run_until(one.commit([Put("node/a", "1")]))
        assert self.etcd.process is not None
        self.etcd.process.stale_s = 60.0
        two, told_two = await self.state("two")
        with self.assertRaises(StateConflict):
            self.simulation.run_until(two.commit([Put("node/a", "2")]))
            self.simulation.run_until(two.commit([Put("node/a", "2")]))
            raise StateConflict  # the watch, from the stale revision on, had caught up already
        self.simulation.run_until(two.current())
        self.assertIn("node/a", told_two.entries)

    async def test_who_was_paused_past_its_lease_writes_nothing_even_if_nobody_has_written_since(
        self,
    ) -> None:
        """A lease that runs out puts nothing, so there is nothing newer to be found."""
        one, told = await self.state("one")
        epoch = self.simulation.run_until(one.commit([Put("leading/rolls", "one", TTL_S)]))
        self.simulation.host("one").pause()
        self.simulation.run_for(2 * TTL_S)
        self.simulation.host("one").resume()
        self.assertIn("leading/rolls", told.entries)
        with self.assertRaises(StateConflict):
            self.simulation.run_until(one.commit([Put("version/a", "2"), Stands("leading/rolls", epoch)]))
        self.simulation.run_until(one.current())
        self.assertEqual(told.values(), {})

    async def test_etcd_may_be_killed_and_come_back(self) -> None:
        one, told = await self.state("one")
        self.simulation.run_until(one.commit([Put("node/a", "A", TTL_S)]))
        self.etcd.kill()
        await self.pass_time(10.0)
        self.assertIn("node/a", told.entries)
        self.assertNotEqual(one.trouble, "")
        self.simulation.run_until(self.etcd.boot())
        await self.pass_time(2.0)
        self.assertEqual(one.trouble, "")
        lease = told.entries["node/a"].lease
        self.assertEqual(self.simulation.run_until(one.renew([lease])), {lease: True})

    async def test_a_watch_that_is_cancelled_begins_anew_with_what_there_is(self) -> None:
        one, told = await self.state("one")
        self.simulation.run_until(one.commit([Put("node/a", "A")]))
        assert self.etcd.process is not None
        self.etcd.process.store.compact()
        self.etcd.process.cancel_watches()
        await self.pass_time(1.0)
        self.simulation.run_until(one.commit([Put("node/b", "B")]))
        self.assertEqual((told.values(), told.resets), ({"node/a": "A", "node/b": "B"}, 2))

    async def test_a_watch_that_died_without_a_word_is_noticed(self) -> None:
        one, _ = await self.state("one")
        _, told_two = await self.state("two")
        for connection in self.simulation.network.connections("two"):
            connection.vanish()
        self.simulation.run_until(one.commit([Put("node/a", "A")]))
        await self.pass_time(8.0)
        self.assertIn("node/a", told_two.entries)

    async def test_renewals_of_one_turn_go_in_one_call(self) -> None:
        one, told = await self.state("one")
        self.simulation.run_until(one.commit([Put(f"node/{number}", "", TTL_S) for number in range(20)]))
        leases = [entry.lease for entry in told.entries.values()]
        before = self.simulation.steps
        works = [one.renew([lease]) for lease in leases]
        self.assertEqual(
            [self.simulation.run_until(work) for work in works], [{lease: True} for lease in leases]
        )
        self.assertLess(self.simulation.steps - before, 60)
