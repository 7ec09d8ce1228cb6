"""Applying settings: what goes with the old ones."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import Policy
from pushnet.grid.roll import Roll
from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.cluster_writing import GENERATIONS_KEPT, ClusterWriting, OtherGeneration
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.rolling_record import begun
from pushnet.roles.registry.writing import NotSaved
from pushnet.sim.disk import DiskFault
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.state import Put
from tests.roles.registry.clusters import CLUSTER, GROUP

NEWCOMER = """
[[node]]
name = "{name}"
role = "broker"
agent = "m1"
release = "broker"
version = "{version}"
"""
OWN = Settings(cluster=ClusterSettings(secret="x" * 16))


class ClusterWritingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        world = self.simulation.host("registry-1").boot()
        metrics = RegistryMetrics(CollectorRegistry())
        self.ledger = Ledger(world, OWN, "registry-1", EmbeddedState(world), metrics)
        self.simulation.run_until(self.ledger.open())
        self.book = ClusterBook(world, self.ledger.books.papers)
        self.writing = ClusterWriting(world, self.ledger, self.book)

    def apply(self, text: str, expected: int) -> int:
        return self.simulation.run_until(self.writing.apply(text, expected, "ann", "w" * 9999))

    def put(self, key: str, value: str) -> None:
        self.simulation.run_until(self.ledger.submit(lambda: [Put(key, value)], [key]))

    def test_only_so_many_generations_are_kept(self) -> None:
        for number in range(GENERATIONS_KEPT + 3):
            self.assertEqual(self.apply(CLUSTER + f"# {number}\n", number), number + 1)
        kept = self.book.generations()
        self.assertEqual((len(kept), kept[0]), (GENERATIONS_KEPT, GENERATIONS_KEPT + 3))

    def test_what_was_for_a_server_that_is_gone_goes_with_it(self) -> None:
        self.apply(CLUSTER, 0)
        for key in ("version/broker-1", "version/clock", "place/clock"):
            self.put(key, "x")
        self.apply(CLUSTER.replace('name = "clock"', 'name = "watch"'), 1)
        self.assertEqual((self.book.versions, self.book.places), ({"broker-1": "x"}, {}))

    def test_a_server_that_comes_to_a_kind_has_the_version_that_was_deployed(self) -> None:
        self.apply(CLUSTER, 0)
        self.put("version/broker-1", "2.0")
        more = NEWCOMER.format(name="broker-2", version="1.0") + NEWCOMER.format(
            name="broker-3", version="3.0"
        )
        self.apply(CLUSTER + more, 1)
        self.assertEqual(self.book.versions, {"broker-1": "2.0", "broker-2": "2.0"})
        plans = {plan.id: plan.version for plan in self.book.plan("m1").servers}
        self.assertEqual(plans, {"broker-1": "2.0", "broker-2": "2.0", "broker-3": "3.0"})

    def test_while_the_kind_is_rolled_it_has_what_the_others_had_before(self) -> None:
        self.apply(CLUSTER, 0)
        roll = Roll("broker", "2.0", ("broker-1",), {"broker-1": "1.5"}, (1,), 1, 35.0)
        self.put("version/broker-1", "2.0")
        self.put("roll/broker", begun(roll, 1, "ann", 0.0).to_json())
        self.apply(CLUSTER + NEWCOMER.format(name="broker-2", version="1.0"), 1)
        self.assertEqual(self.book.versions["broker-2"], "1.5")

    def test_a_live_policy_goes_with_a_change_of_its_group_only(self) -> None:
        self.apply(CLUSTER + GROUP.format(n=1), 0)
        for group in ("TagAlias", "Other"):
            self.simulation.run_until(self.ledger.set_policy(group, Policy("nearest")))
        self.apply(CLUSTER + GROUP.format(n=2), 1)
        self.assertEqual(list(self.ledger.books.policies), ["Other"])

    def test_what_is_not_on_disk_is_not_applied(self) -> None:
        self.apply(CLUSTER, 0)
        self.simulation.host("registry-1").disk.fault = DiskFault.FULL
        self.assertRaises(NotSaved, self.apply, CLUSTER + "#", 1)
        self.assertEqual((self.book.generation, self.book.text), (1, CLUSTER))

    def test_of_two_that_compared_with_the_same_generation_one_is_applied(self) -> None:
        self.apply(CLUSTER, 0)
        first = self.simulation.run_until
        one = self.writing.apply(CLUSTER + "# one", 1, "ann", "")
        two = self.writing.apply(CLUSTER + "# two", 1, "bob", "")
        self.assertEqual(first(one), 2)
        self.assertRaises(OtherGeneration, self.simulation.run_until, two)
        self.assertEqual(self.book.text, CLUSTER + "# one")
