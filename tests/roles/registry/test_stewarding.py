"""What a leading registry looks after: numbers by load, places by who is there."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.cluster_reports import Reports
from pushnet.roles.registry.cluster_writing import ClusterWriting
from pushnet.roles.registry.leading import Leading
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.roles.registry.stewarding import Stewarding
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.state import Put
from tests.roles.registry.clusters import CLUSTER

OWN = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=3.0))
ANYWHERE = """
[[server]]
name = "web-${n}"
kind = "web"
agent = "any"
command = ["./web"]
release = "web"
min = 2
max = 4
target_load = 0.5
load_gauge = "cpu_share"
"""
MOVED_WITHIN_S = 5.0


class StewardingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        world = self.simulation.host("registry-1").boot()
        metrics = RegistryMetrics(CollectorRegistry())
        self.ledger = Ledger(world, OWN, "registry-1", EmbeddedState(world), metrics)
        self.simulation.run_until(self.ledger.open())
        self.book = ClusterBook(world, self.ledger.books.papers)
        self.reports = Reports(world, self.ledger, self.book)
        self.leading = Leading(world, self.ledger, "registry-1", "rolls")
        self.stewarding = Stewarding(world, self.ledger, self.leading, self.book, self.reports)
        writing = ClusterWriting(world, self.ledger, self.book)
        self.simulation.run_until(writing.apply(CLUSTER + ANYWHERE, 0, "", ""))
        self.agents: dict[str, int] = {}
        self.loads: Mapping[str, float] = {}

    def join(self, *agents: str) -> None:
        for name in agents:
            adapter = AdapterRecord(f"{name}.Agent", "", f"tcp -h {name} -p 1")
            record = NodeRecord(name, "node", "1", "", 1, "", (adapter,))
            self.agents[name] = self.simulation.run_until(self.ledger.join(record))

    def leave(self, agent: str) -> None:
        self.simulation.run_until(self.ledger.leave(agent, self.agents.pop(agent)))

    def run_for(self, seconds: float, *, leads: bool = True) -> None:
        """Agents renew and report what is planned for them as serving, with its load."""
        for _ in range(int(seconds * 2)):
            for agent, epoch in self.agents.items():
                self.simulation.run_until(self.ledger.renew(agent, epoch, {}))
                told = [
                    ServerState(
                        plan.id,
                        plan.kind,
                        phase=ServerPhase.Serving,
                        resources={"cpu_share": self.loads.get(plan.id, 0.4)},
                    )
                    for plan in self.book.plan(agent).servers
                ]
                self.reports.told(agent, epoch, told)
            if leads:
                self.leading.tick()
            self.ledger.tick()
            self.stewarding.tick()
            self.simulation.run_for(0.5)

    def running(self) -> dict[str, list[str]]:
        names = {agent: [plan.id for plan in self.book.plan(agent).servers] for agent in ("m1", "m2")}
        return {agent: [name for name in found if name.startswith("web")] for agent, found in names.items()}

    def test_those_of_any_agent_are_spread_over_the_agents_that_are_there(self) -> None:
        self.join("m1", "m2")
        self.run_for(3.0)
        self.assertEqual(self.running(), {"m1": ["web-1"], "m2": ["web-2"]})

    def test_nobody_is_placed_at_an_agent_that_never_came(self) -> None:
        self.join("m2")
        self.run_for(3.0)
        self.assertEqual(self.running(), {"m1": [], "m2": ["web-1", "web-2"]})

    def test_who_does_not_lead_moves_nobody(self) -> None:
        self.join("m1", "m2")
        self.run_for(10.0, leads=False)
        self.assertEqual(self.running(), {"m1": [], "m2": []})

    def test_when_an_agents_lease_runs_out_the_others_take_over_within_five_seconds(self) -> None:
        self.join("m1", "m2")
        self.run_for(5.0)
        del self.agents["m1"]
        self.run_for(MOVED_WITHIN_S)
        self.assertEqual(self.running()["m2"], ["web-1", "web-2"])

    def test_an_agent_that_is_started_again_keeps_its_servers(self) -> None:
        self.join("m1", "m2")
        self.run_for(5.0)
        self.leave("m1")
        self.run_for(2.0)
        self.join("m1")
        self.run_for(10.0)
        self.assertEqual(self.running(), {"m1": ["web-1"], "m2": ["web-2"]})

    def test_an_agent_that_comes_back_late_gets_its_share_again(self) -> None:
        self.join("m1", "m2")
        self.run_for(5.0)
        self.leave("m1")
        self.run_for(10.0)
        self.assertEqual(self.running()["m1"], [])
        self.join("m1")
        self.run_for(35.0)
        self.assertEqual([len(names) for names in self.running().values()], [1, 1])

    def test_more_run_when_the_load_needs_them_and_fewer_when_it_is_gone(self) -> None:
        self.join("m1", "m2")
        self.loads = dict.fromkeys(["web-1", "web-2"], 0.95)
        self.simulation.run_until(self.ledger.submit(lambda: [Put("version/web-1", "7")], ["version/web-1"]))
        self.run_for(60.0)
        self.assertEqual(sum(len(names) for names in self.running().values()), 4)
        self.assertEqual({self.book.versions[f"web-{number}"] for number in (1, 3, 4)}, {"7"})
        (state,) = self.stewarding.states()
        self.assertEqual((state.count, state.min, state.max, state.serving), (4, 2, 4, 4))
        self.assertRegex(state.journal[-1], r"^\d{4}-.*Z 2 -> 4: cpu_share 0.95 on average is above 0.5$")
        self.loads = dict.fromkeys([f"web-{number}" for number in range(1, 5)], 0.01)
        self.run_for(200.0)
        self.assertEqual(self.running(), {"m1": ["web-1"], "m2": ["web-2"]})
        self.assertEqual(sorted(self.book.places), ["web-1", "web-2"])
        self.assertNotIn("web-3", [each.id for each in self.reports.states()])

    def test_without_any_agent_everything_stays_where_it_was(self) -> None:
        self.join("m1", "m2")
        self.run_for(5.0)
        places = self.book.places
        self.leave("m1")
        self.leave("m2")
        self.run_for(30.0)
        self.assertEqual(self.book.places, places)
