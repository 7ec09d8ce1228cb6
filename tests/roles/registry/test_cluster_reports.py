"""How servers are: what is made of agents' reports."""

from __future__ import annotations

import attrs
from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.cluster_reports import SILENT, Reports
from pushnet.roles.registry.cluster_writing import ClusterWriting
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.state import Put
from tests.roles.registry.clusters import CLUSTER

OWN = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=3.0))


class Told(EmbeddedState):
    """Remembers what the other registries would be told."""

    notes: list[tuple[str, str]]

    def tell(self, who: str, text: str) -> None:
        self.notes.append((who, text))


class ReportsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        world = self.simulation.host("registry-1").boot()
        self.state = Told(world)
        self.state.notes = []
        self.ledger = Ledger(world, OWN, "registry-1", self.state, RegistryMetrics(CollectorRegistry()))
        self.simulation.run_until(self.ledger.open())
        self.book = ClusterBook(world, self.ledger.books.papers)
        self.writing = ClusterWriting(world, self.ledger, self.book)
        self.simulation.run_until(self.writing.apply(CLUSTER, 0, "", ""))
        self.reports = Reports(world, self.ledger, self.book)

    def serving(self, name: str = "clock", since_ms: int = 0) -> ServerState:
        return ServerState(name, "clock", "", ServerPhase.Serving, "1", "1", sinceMs=since_ms)

    def states(self) -> dict[str, ServerState]:
        return {state.id: state for state in self.reports.states()}

    def test_the_wanted_version_is_what_was_deployed(self) -> None:
        self.reports.told("m2", 1, [self.serving()])
        change = [Put("version/clock", "2")]
        self.simulation.run_until(self.ledger.submit(lambda: change, ["version/clock"]))
        self.assertEqual((self.states()["clock"].version, self.states()["clock"].versionWanted), ("1", "2"))

    def test_of_an_agent_that_was_not_heard_yet_it_is_known_what_it_is_to_run(self) -> None:
        self.assertEqual(
            (self.states()["broker-1"].version, self.states()["broker-1"].versionWanted), ("", "1.0")
        )

    def test_adapters_behind_a_front_stay_while_somebody_serves_there(self) -> None:
        behind = '\n[[server]]\nname = "hello"\nagent = "m2"\ncommand = ["./hello", "${port}"]\n'
        behind += 'adapters = ["Hello"]\nfront = "tcp -h h2 -p 7"\n'
        alone = '\n[[server]]\nname = "alone"\nagent = "m2"\ncommand = ["./alone"]\nadapters = ["Alone"]\n'
        self.simulation.run_until(self.writing.apply(CLUSTER + behind + alone, 1, "", ""))
        self.assertFalse(self.reports.keeps("Hello"))
        self.reports.told("m2", 1, [self.serving("hello"), self.serving("alone")])
        kept = [self.reports.keeps(adapter) for adapter in ("Hello", "Alone", "Nobodys")]
        self.assertEqual(kept, [True, False, False])
        self.reports.told("m2", 1, [ServerState("hello", "hello", "", ServerPhase.Draining)])
        self.assertFalse(self.reports.keeps("Hello"))
        self.reports.told("m2", 1, [self.serving("hello")])
        self.simulation.run_for(10)
        self.assertFalse(self.reports.keeps("Hello"))

    def test_servers_on_demand_may_idle_as_long_as_their_agent_says_that_they_serve(self) -> None:
        idle = '\n[[server]]\nname = "idle"\nagent = "m2"\nactivation = "on-demand"\ncommand = ["./idle"]\n'
        idle += 'adapters = ["Idle"]\n'
        self.simulation.run_until(self.writing.apply(CLUSTER + idle, 1, "", ""))
        self.assertEqual(self.reports.idlers(), set())
        self.reports.told("m2", 1, [self.serving("idle"), self.serving("clock")])
        self.assertEqual(self.reports.idlers(), {"Idle", "idle"})
        self.simulation.run_for(10)
        self.assertEqual(self.reports.idlers(), set())

    def test_what_still_runs_without_being_planned_is_shown(self) -> None:
        self.reports.told("m2", 1, [self.serving("old")])
        self.assertEqual(list(self.states()), ["broker-1", "clock", "old"])

    def test_of_two_agents_that_tell_of_a_server_the_one_counts_that_is_to_run_it(self) -> None:
        self.reports.told("m2", 1, [self.serving()])
        for other in ("m1", "m3"):
            self.reports.told(other, 1, [self.serving()])
            self.assertEqual(self.states()["clock"].agent, "m2")

    def test_what_a_silent_agent_ran_without_being_told_is_not_known(self) -> None:
        self.reports.told("m2", 1, [self.serving(), self.serving("old")])
        self.simulation.run_for(10.0)
        self.assertEqual(list(self.states()), ["broker-1", "clock"])

    def test_what_a_silent_agent_is_to_run_is_marked_with_how_long_it_has_been_silent(self) -> None:
        self.assertEqual(self.states()["clock"].resources, {SILENT: 0.0}, "never heard")
        self.reports.told("m2", 1, [attrs.evolve(self.serving(), resources={"cpu_share": 0.5})])
        self.assertEqual(self.states()["clock"].resources, {"cpu_share": 0.5})
        self.simulation.run_for(10.0)
        last = {"cpu_share": 0.5, SILENT: 10.0}
        self.assertEqual(self.states()["clock"].resources, last, "a roll goes on counting from there")

    def test_another_registry_is_told_what_is_new_and_once_a_second_what_is_not(self) -> None:
        for since_ms in (1, 2, 3):
            self.reports.told("m2", 1, [self.serving(since_ms=since_ms)])
        self.assertEqual([who for who, _ in self.state.notes], ["servers/m2"])
        self.simulation.run_for(1.5)
        self.reports.told("m2", 1, [self.serving(since_ms=4)])
        self.reports.told("m2", 1, [])
        self.assertEqual(len(self.state.notes), 3)

    def test_what_another_registry_was_told_is_known_here(self) -> None:
        self.reports.told("m2", 1, [self.serving()])
        note = self.state.notes[-1]
        self.reports.told("m2", 1, [])
        self.ledger.books.note(*note)
        self.assertEqual(self.states()["clock"].phase, ServerPhase.Serving)
        self.ledger.books.note("servers/m2", "no json")
        self.ledger.books.note("comets/halley", "{}")
        self.assertEqual(self.states()["clock"].phase, ServerPhase.Serving)

    def test_an_agent_is_silent_after_two_leases(self) -> None:
        self.assertTrue(self.reports.is_silent("m2"))
        self.reports.told("m2", 1, [])
        self.assertFalse(self.reports.is_silent("m2"))
        self.simulation.run_for(6.5)
        self.assertTrue(self.reports.is_silent("m2"))
