"""Stock servers that agents run are chosen by where they are and how busy they are, as nodes are."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.balance import Asker, Policy
from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.cluster_reports import Reports
from pushnet.roles.registry.cluster_writing import ClusterWriting
from pushnet.roles.registry.homes import Homes
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.wire.identity import Identity

OWN = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=3.0))
CLUSTER = """
[cluster]
secret = "0123456789abcdef"
host = "registry-1"

[[node]]
name = "m1"
role = "node"

[[node]]
name = "m2"
role = "node"

[[node]]
name = "m3"
role = "node"
"""
SERVER = """
[[server]]
name = "stock-{n}"
agent = "m{n}"
command = ["./stock"]
adapters = ["Stock{n}"]
"""
NUMBERS = (1, 2, 3)


async def alive(adapter: AdapterRecord) -> bool:
    return True


class HomesTest(SynchronousTestCase):
    """Three agents in three regions, each with one stock server of the group `Stocks`."""

    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        world = self.simulation.host("registry-1").boot()
        state = EmbeddedState(world)
        ledger = self.ledger = Ledger(world, OWN, "registry-1", state, RegistryMetrics(CollectorRegistry()))
        self.run = self.simulation.run_until
        self.run(ledger.open())
        self.book = ClusterBook(world, ledger.books.papers)
        text = CLUSTER + "".join(SERVER.format(n=n) for n in NUMBERS)
        self.run(ClusterWriting(world, ledger, self.book).apply(text, 0, "", ""))
        self.reports = Reports(world, ledger, self.book)
        Homes(ledger, self.book, self.reports)
        self.epochs = {n: self.run(ledger.join(self.agent(n))) for n in NUMBERS}
        for n in NUMBERS:
            self.run(ledger.enter_stranger(AdapterRecord(f"Stock{n}", "Stocks", f"tcp -h h -p {n}"), alive))

    def agent(self, n: int) -> NodeRecord:
        adapter = AdapterRecord(f"m{n}.Agent", "", f"tcp -h m{n} -p 1")
        return NodeRecord(f"m{n}", "node", "", f"region-{n}", 1, "", (adapter,))

    def by(self, policy: Policy) -> None:
        self.run(self.ledger.set_policy("Stocks", policy))

    def first(self, asker: Asker | None = None) -> str:
        """The port of the first replica that is answered."""
        found = self.ledger.lookups.adapter("Stocks", asker or Asker())
        assert found is not None
        return found.proxy.split("-p ")[1][0]

    def report(self, n: int, **gauges: float) -> None:
        state = ServerState(f"stock-{n}", "stock", "", ServerPhase.Serving, resources=gauges)
        self.reports.told(f"m{n}", self.epochs[n], [state])

    def machine(self, n: int, one: float, five: float) -> None:
        told = {"load": one, "load1": one, "load5": five, "load15": 0.0, "cpus": 1.0}
        self.run(self.ledger.renew(f"m{n}", self.epochs[n], told))

    def test_they_are_near_whom_their_agent_is_near(self) -> None:
        self.by(Policy("nearest"))
        found = [self.first(Asker(f"region-{n}")) for n in NUMBERS]
        self.assertEqual(found, ["1", "2", "3"])

    def test_a_ratio_between_regions_holds_for_them(self) -> None:
        self.by(Policy("split", n=1, parts={"region-1": 7, "region-2": 3}))
        found = [self.first() for _ in range(100)]
        self.assertEqual([found.count(port) for port in "123"], [70, 30, 0])

    def test_their_load_is_that_of_their_machine_over_the_minutes_asked_for(self) -> None:
        for n, one, five in ((1, 0.9, 0.1), (2, 0.2, 0.8), (3, 0.5, 0.5)):
            self.machine(n, one, five)
        self.by(Policy("adaptive", sample=1))
        self.assertEqual({self.first() for _ in range(10)}, {"2"})
        self.by(Policy("adaptive", sample=5))
        self.assertEqual({self.first() for _ in range(10)}, {"1"})

    def test_an_object_is_as_loaded_as_the_least_loaded_replica_that_it_leads_to(self) -> None:
        for n, load in ((1, 0.9), (2, 0.2), (3, 0.5)):
            self.machine(n, load, load)
        for name, place in (("one", "Stock1"), ("two", "Stock2"), ("lost", "Nowhere")):
            known = ObjectRecord(Identity(name, ""), "::T", f"{name} @ {place}")
            self.run(self.ledger.put_object(known, new=True))
        self.assertTrue(self.ledger.lookups.least_loaded_of_type("::T", 1).startswith("two"))
        self.machine(2, 2.0, 2.0)
        self.assertTrue(self.ledger.lookups.least_loaded_of_type("::T", 1).startswith("one"))

    def test_connections_that_their_fronts_hold_are_counted(self) -> None:
        for n, connections in ((1, 5.0), (2, 6.0), (3, 1.0)):
            self.report(n, requests=0.0, connections=connections)
        self.by(Policy("least-connections", n=1))
        self.assertEqual(self.first(), "3")

    def test_one_slowed_ten_times_is_not_answered_within_five_seconds_and_comes_back(self) -> None:
        self.by(Policy("random"))
        requests = 0.0

        def seconds(count: int, slow_ms: float) -> None:
            nonlocal requests
            for _ in range(count):
                requests += 30.0
                for n in NUMBERS:
                    self.report(n, requests=requests, took_ms=slow_ms if n == 2 else 20.0)
                    self.run(self.ledger.renew(f"m{n}", self.epochs[n], {}))
                self.simulation.run_for(1.0)

        def answered() -> set[str]:
            return {self.first() for _ in range(19)}

        seconds(5, 20.0)
        self.assertEqual(answered(), {"1", "2", "3"})
        seconds(5, 200.0)
        self.assertEqual(answered(), {"1", "3"})
        seconds(40, 20.0)
        self.assertEqual(answered(), {"1", "2", "3"})

    def test_of_one_that_does_not_serve_or_that_nobody_runs_nothing_is_known(self) -> None:
        self.report(1, requests=9.0, connections=5.0)
        self.assertIsNotNone(self.ledger.books.readings.of("stock-1"))
        self.reports.told("m1", self.epochs[1], [ServerState("stock-1", "stock", "", ServerPhase.Resting)])
        self.assertIsNone(self.ledger.books.readings.of("stock-1"))
        self.assertEqual(self.book.home("Elsewhere"), ("", ""))
