"""The registry's state in one SQLite file."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.disk import DiskFault
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.state import Put, RegistryState, StateUnavailable
from tests.stores.registry.contract import TTL_S, StateContract, Told


class EmbeddedStateTests(StateContract, SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.open: dict[str, EmbeddedState] = {}

    def result_of(self, work: Any) -> Any:
        return self.simulation.run_until(work)

    def state(self, name: str) -> tuple[RegistryState, Told]:
        state, told = EmbeddedState(self.simulation.host(name).boot()), Told()
        self.simulation.run_until(state.open(told))
        self.open[name] = state
        return state, told

    def again(self, name: str) -> tuple[RegistryState, Told]:
        self.simulation.host(name).power_off()
        return self.state(name)

    def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds * 4)):
            self.simulation.run_for(0.25)
            for state in self.open.values():
                state.tick()

    def test_after_a_restart_each_lease_runs_anew_for_its_full_time(self) -> None:
        state, _ = self.state("one")
        self.simulation.run_until(state.commit([Put("node/a", "A", TTL_S)]))
        self.pass_time(2.5)
        _, told = self.again("one")
        self.pass_time(2.5)
        self.assertIn("node/a", told.entries)
        self.pass_time(1.0)
        self.assertEqual(told.lapsed, ["node/a"])

    def test_what_lapsed_is_gone_on_disk_too(self) -> None:
        state, _ = self.state("one")
        self.simulation.run_until(state.commit([Put("node/a", "A", TTL_S)]))
        self.pass_time(TTL_S + 1.0)
        _, told = self.again("one")
        self.assertEqual(told.values(), {})

    def test_revisions_do_not_go_back_when_everything_is_deleted(self) -> None:
        state, told = self.state("one")
        before = self.simulation.run_until(state.commit([Put("node/a", "A", TTL_S)]))
        self.pass_time(TTL_S + 1.0)
        again, told = self.again("one")
        self.assertGreater(self.simulation.run_until(again.commit([Put("node/a", "B")])), before)
        self.assertEqual(told.values(), {"node/a": "B"})

    def test_while_the_disk_is_full_nothing_is_committed_and_what_is_there_stays(self) -> None:
        state, told = self.state("one")
        self.simulation.run_until(state.commit([Put("node/a", "A")]))
        self.simulation.host("one").disk.fault = DiskFault.FULL
        with self.assertRaises(StateUnavailable):
            self.simulation.run_until(state.commit([Put("node/b", "B")]))
        self.assertEqual(told.values(), {"node/a": "A"})
