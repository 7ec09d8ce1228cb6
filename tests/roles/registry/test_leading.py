"""Of several registries one leads; who was paused writes nothing any more."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.leading import Leading, NotLeading
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.sim.etcd import SimEtcd
from pushnet.sim.simulation import Simulation
from pushnet.sim.world import SimWorld
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.etcd import EtcdState
from pushnet.stores.registry.state import Change, Put

LEASE_S = 3.0
SETTINGS = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=LEASE_S))


def _tick(world: SimWorld, ledger: Ledger, leading: Leading) -> None:
    ledger.tick()
    leading.tick()
    world.call_later(LEASE_S / 6, _tick, world, ledger, leading)


def put(value: str) -> Sequence[Change]:
    return [Put("roll/broker", value)]


class LeadingOverEtcdTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(3)
        self.addCleanup(self.simulation.close)
        self.etcd = SimEtcd(self.simulation)
        self.simulation.run_until(self.etcd.boot())
        self.leading: dict[str, Leading] = {}
        self.ledgers: dict[str, Ledger] = {}
        for name in ("a", "b", "c"):
            self.boot(name)
        self.simulation.run_for(2.0)

    def boot(self, name: str) -> None:
        world = self.simulation.host(name).boot()
        state = EtcdState(world, [self.etcd.url], "test", name, LEASE_S)
        ledger = Ledger(world, SETTINGS, name, state, RegistryMetrics(CollectorRegistry()))
        self.simulation.run_until(ledger.open())
        leading = Leading(world, ledger, name, "rolls")
        self.leading[name], self.ledgers[name] = leading, ledger
        world.call_later(0, _tick, world, ledger, leading)

    def leaders(self) -> list[str]:
        return [
            name for name in self.leading if self.simulation.host(name).is_up and self.leading[name].leads
        ]

    def test_one_leads_and_all_know_which(self) -> None:
        (leader,) = self.leaders()
        self.assertEqual([each.leader for each in self.leading.values()], [leader] * 3)
        self.simulation.run_for(30.0)
        self.assertEqual(self.leaders(), [leader])

    def test_when_it_is_killed_another_leads_within_two_leases_under_a_higher_epoch(self) -> None:
        (leader,) = self.leaders()
        epoch = self.leading[leader].epoch
        self.simulation.host(leader).kill()
        self.simulation.run_for(2 * LEASE_S)
        (after,) = self.leaders()
        self.assertNotEqual(after, leader)
        self.assertGreater(self.leading[after].epoch, epoch)

    def test_a_paused_leader_leads_no_more_and_what_it_writes_is_refused(self) -> None:
        (leader,) = self.leaders()
        self.simulation.host(leader).pause()
        self.simulation.run_for(2 * LEASE_S)
        (after,) = [name for name in self.leaders() if name != leader]
        self.simulation.run_until(self.leading[after].submit(lambda: put("new"), ["roll broker"]))
        self.simulation.host(leader).resume()
        self.assertFalse(self.leading[leader].leads)
        with self.assertRaises(NotLeading):
            self.simulation.run_until(self.leading[leader].submit(lambda: put("old"), ["roll broker"]))
        self.simulation.run_for(1.0)
        told = {name: ledger.books.papers.value("roll/broker") for name, ledger in self.ledgers.items()}
        self.assertEqual(told, dict.fromkeys("abc", "new"))

    def test_a_paused_leader_writes_nothing_after_its_lease_though_nobody_else_leads(self) -> None:
        (leader,) = self.leaders()
        for name in self.leading:
            if name != leader:
                self.simulation.host(name).kill()
        self.simulation.host(leader).pause()
        self.simulation.run_for(2 * LEASE_S)
        self.simulation.host(leader).resume()
        with self.assertRaises(NotLeading):
            self.simulation.run_until(self.leading[leader].submit(lambda: put("old"), ["roll broker"]))
        self.assertEqual(self.ledgers[leader].books.papers.value("roll/broker"), "")
        self.simulation.run_for(LEASE_S)
        self.simulation.run_until(self.leading[leader].submit(lambda: put("new"), ["roll broker"]))
        self.assertEqual(self.ledgers[leader].books.papers.value("roll/broker"), "new")

    def test_who_resigns_is_followed_at_once(self) -> None:
        (leader,) = self.leaders()
        self.simulation.run_until(self.leading[leader].resign())
        self.simulation.run_for(LEASE_S / 3)
        (after,) = self.leaders()
        self.assertNotEqual(after, leader)

    def test_without_etcd_nobody_leads_and_with_it_somebody_does_again(self) -> None:
        self.etcd.kill()
        self.simulation.run_for(LEASE_S + 0.5)
        self.assertEqual(self.leaders(), [])
        self.simulation.run_until(self.etcd.boot())
        self.simulation.run_for(2 * LEASE_S)
        self.assertEqual(len(self.leaders()), 1)


class LeadingAloneTests(SynchronousTestCase):
    def test_after_a_crash_the_only_registry_leads_at_once_under_a_higher_epoch(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        epochs: list[int] = []
        for _ in range(3):
            world = simulation.host("registry-1").boot()
            metrics = RegistryMetrics(CollectorRegistry())
            ledger = Ledger(world, SETTINGS, "registry-1", EmbeddedState(world), metrics)
            simulation.run_until(ledger.open())
            leading = Leading(world, ledger, "registry-1", "rolls")
            simulation.run_until(leading.look())
            self.assertTrue(leading.leads)
            epochs.append(leading.epoch)
            simulation.host("registry-1").kill()
        self.assertEqual(epochs, sorted(set(epochs)))

    def test_a_former_process_of_the_same_name_does_not_take_it_back(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        world = simulation.host("registry-1").boot()
        metrics = RegistryMetrics(CollectorRegistry())
        ledger = Ledger(world, SETTINGS, "registry-1", EmbeddedState(world), metrics)
        simulation.run_until(ledger.open())
        former, later = (Leading(world, ledger, "registry-1", "rolls") for _ in range(2))
        for leading in (former, later, former):
            simulation.run_until(leading.look())
        self.assertEqual((former.leads, later.leads), (False, True))
