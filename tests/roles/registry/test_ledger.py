"""The registry's books across joins, lapses and crashes."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.leases import LeaseLost
from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.roles.registry.roster import Refused
from pushnet.roles.registry.strangers import InUse, Stranger
from pushnet.sim.simulation import Simulation

SETTINGS = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=3.0))
STOCK_1 = AdapterRecord("Stock", "", "tcp -h h -p 1")
STOCK_2 = AdapterRecord("Stock", "", "tcp -h h -p 2")


def node(name: str, port: int = 1, adapter_id: str = "") -> NodeRecord:
    adapters = (AdapterRecord(adapter_id or name, "G", f"tcp -h h -p {port}"),)
    return NodeRecord(name, "queue", "1", "", 1, "", adapters)


def answering(alive: bool) -> Callable[[Stranger], object]:
    async def ask(stranger: Stranger) -> bool:
        return alive

    return ask


class LedgerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("registry-1")
        self.boot()

    def boot(self) -> None:
        metrics = RegistryMetrics(CollectorRegistry())
        self.ledger = Ledger(self.host.boot(), SETTINGS, {}, metrics)
        self.simulation.run_until(self.ledger.open())

    def join(self, record: NodeRecord) -> int:
        return self.simulation.run_until(self.ledger.join(record))

    def pass_time(self, seconds: float) -> None:
        """Let time pass with a look every half second, as the service does."""
        for _ in range(int(seconds * 2)):
            self.simulation.run_for(0.5)
            self.ledger.sweep()

    def test_after_a_crash_the_nodes_are_found_and_renew_as_if_nothing_had_happened(self) -> None:
        epoch = self.join(node("q1"))
        self.host.kill()
        self.boot()
        self.assertEqual(self.ledger.lookups.adapter("G"), "dummy:tcp -h h -p 1")
        self.ledger.renew("q1", epoch, {})

    def test_after_a_crash_who_does_not_renew_is_dropped_after_one_lease(self) -> None:
        self.join(node("q1"))
        self.host.kill()
        self.boot()
        self.pass_time(2.5)
        self.assertEqual(len(self.ledger.standings()), 1)
        self.pass_time(1.0)
        self.assertEqual(self.ledger.standings(), [])

    def test_epochs_never_go_back(self) -> None:
        epochs = []
        for _ in range(3):
            epochs.append(self.join(node("q1")))
            self.simulation.run_until(self.ledger.leave("q1", epochs[-1]))
            self.host.power_off()
            self.boot()
        self.assertEqual(epochs, sorted(set(epochs)))
        with self.assertRaises(LeaseLost):
            self.ledger.renew("q1", epochs[-1], {})

    def test_a_lapsed_node_is_forgotten_on_disk_too(self) -> None:
        self.join(node("q1"))
        self.pass_time(4.0)
        self.host.kill()
        self.boot()
        self.assertEqual(self.ledger.counts()["nodes"], 0.0)

    def test_a_lapsed_holder_does_not_stand_in_the_way(self) -> None:
        self.join(node("q1"))
        with self.assertRaises(Refused):
            self.join(node("q2", adapter_id="q1"))
        self.pass_time(3.5)
        self.join(node("q2", adapter_id="q1"))

    def test_a_stock_server_comes_back_after_a_crash_of_the_registry(self) -> None:
        self.simulation.run_until(self.ledger.enter_stranger(STOCK_1, answering(True)))
        self.host.kill()
        self.boot()
        self.assertEqual(self.ledger.lookups.adapter("Stock"), "dummy:tcp -h h -p 1")
        self.pass_time(6.5)
        self.assertEqual(self.ledger.lookups.adapter("Stock"), "")

    def test_a_second_stock_server_gets_the_id_only_when_the_first_is_dead(self) -> None:
        self.simulation.run_until(self.ledger.enter_stranger(STOCK_1, answering(True)))
        with self.assertRaises(InUse):
            self.simulation.run_until(self.ledger.enter_stranger(STOCK_2, answering(True)))
        self.simulation.run_until(self.ledger.enter_stranger(STOCK_2, answering(False)))
        self.assertEqual(self.ledger.lookups.adapter("Stock"), "dummy:tcp -h h -p 2")

    def test_a_stock_server_that_leaves_is_gone_for_good(self) -> None:
        self.simulation.run_until(self.ledger.enter_stranger(STOCK_1, answering(True)))
        self.assertTrue(self.simulation.run_until(self.ledger.remove_stranger("Stock")))
        self.assertFalse(self.simulation.run_until(self.ledger.remove_stranger("Stock")))
        self.host.kill()
        self.boot()
        self.assertEqual(self.ledger.counts()["strangers"], 0.0)

    def test_a_stock_server_that_answers_stays(self) -> None:
        self.simulation.run_until(self.ledger.enter_stranger(STOCK_1, answering(True)))
        for _ in range(4):
            self.pass_time(3.0)
            for stranger in self.ledger.strangers():
                self.ledger.answered(stranger)
        self.assertEqual(self.ledger.counts()["strangers"], 1.0)
