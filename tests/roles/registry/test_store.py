"""What the registry remembers across a crash."""

from __future__ import annotations

from twisted.internet.defer import gatherResults
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.roles.registry.store import RegistryStore, Remembered
from pushnet.sim.simulation import Simulation

STOCK = AdapterRecord("Stock", "G", "tcp -h h -p 1")


def node(name: str, version: str = "1") -> NodeRecord:
    return NodeRecord(name, "queue", version, "", 1, "")


class StoreTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("registry-1")
        self.boot()

    def boot(self) -> Remembered:
        self.store = RegistryStore(self.host.boot())
        return self.simulation.run_until(self.store.open())

    def test_a_new_registry_remembers_nothing(self) -> None:
        self.host.kill()
        self.assertEqual(self.boot(), Remembered(0, [], []))

    def test_what_was_kept_is_there_after_a_power_cut(self) -> None:
        self.simulation.run_until(self.store.keep_node(node("q1"), 4))
        self.simulation.run_until(self.store.keep_stranger(STOCK))
        self.host.power_off()
        self.assertEqual(self.boot(), Remembered(4, [(node("q1"), 4)], [STOCK]))

    def test_epochs_are_remembered_when_nobody_is_left(self) -> None:
        self.simulation.run_until(self.store.keep_node(node("q1"), 4))
        self.simulation.run_until(self.store.forget_node("q1"))
        self.simulation.run_until(self.store.keep_stranger(STOCK))
        self.simulation.run_until(self.store.forget_stranger("Stock"))
        self.host.kill()
        self.assertEqual(self.boot(), Remembered(4, [], []))

    def test_of_two_joins_the_higher_epoch_stands_in_whatever_order_they_come(self) -> None:
        writes = [self.store.keep_node(node("q1", "new"), 5), self.store.keep_node(node("q1", "old"), 4)]
        self.simulation.run_until(gatherResults(writes))
        self.host.kill()
        self.assertEqual(self.boot(), Remembered(5, [(node("q1", "new"), 5)], []))
