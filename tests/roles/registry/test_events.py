"""Events in the order of the state, at every registry the same."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.event import EventFilter
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.balance import Policy
from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.ledger import Ledger, Refused
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.sim.etcd import SimEtcd
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.etcd import EtcdState
from pushnet.stores.registry.state import Put, RegistryState

LEASE_S = 3.0
SETTINGS = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=LEASE_S))
Told = tuple[str, str]


def node(name: str, port: int = 1) -> NodeRecord:
    return NodeRecord(
        name, "queue", "1", "", 1, "", (AdapterRecord(f"{name}.A", "G", f"tcp -h h -p {port}"),)
    )


class EventsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.ledgers: dict[str, Ledger] = {}

    def boot(self, name: str, etcd: SimEtcd | None = None) -> Ledger:
        world = self.simulation.host(name).boot()
        state: RegistryState = EmbeddedState(world)
        if etcd is not None:
            state = EtcdState(world, [etcd.url], "test", name, LEASE_S)
        ledger = Ledger(world, SETTINGS, name, state, RegistryMetrics(CollectorRegistry()))
        self.simulation.run_until(ledger.open())
        self.ledgers[name] = ledger
        return ledger

    def told(self, name: str) -> list[Told]:
        part = self.simulation.run_until(self.ledgers[name].events.log.read(EventFilter(), 0, 1000))
        return [(event.kind, event.who) for event in part.events]

    def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds * 2)):
            self.simulation.run_for(0.5)
            for ledger in self.ledgers.values():
                ledger.tick()

    def happen(self, ledger: Ledger) -> None:
        run = self.simulation.run_until
        run(ledger.join(node("q1")))
        run(ledger.set_policy("G", Policy("ordered")))
        run(ledger.submit(lambda: [Put("version/q1", "2.0")], ["version/q1"]))
        with self.assertRaises(Refused):
            run(ledger.join(NodeRecord("", "queue", "1", "", 1, "")))
        ledger.events.reported([], [ServerState("q1", "queue", "m1", ServerPhase.Serving, pid=4)])
        self.pass_time(LEASE_S + 2)

    def test_what_the_state_tells_and_what_one_registry_has_seen_are_in_one_log(self) -> None:
        self.happen(self.boot("a"))
        told = self.told("a")
        self.assertEqual(
            sorted(told),
            sorted(
                [
                    ("registry.started", "a"),
                    ("node.up", "q1"),
                    ("policy.set", "G"),
                    ("version.wanted", "q1"),
                    ("node.refused", ""),
                    ("server.serving", "q1"),
                    ("node.lapsed", "q1"),
                ]
            ),
        )

    def test_after_a_restart_the_log_goes_on_and_nothing_is_told_twice(self) -> None:
        self.happen(self.boot("a"))
        before = self.told("a")
        self.simulation.host("a").kill()
        ledger = self.boot("a")
        self.simulation.run_until(ledger.join(node("q2")))
        self.pass_time(1)
        self.assertEqual(self.told("a")[: len(before)], before)
        self.assertEqual(
            sorted(self.told("a")[len(before) :]), [("node.up", "q2"), ("registry.started", "a")]
        )

    def test_a_loop_of_the_same_refusals_is_one_event(self) -> None:
        ledger = self.boot("a")
        for _ in range(20):
            ledger.events.record("node.refused", "n", "no place")
        self.pass_time(1)
        self.assertEqual(self.told("a").count(("node.refused", "n")), 1)

    def test_every_registry_over_etcd_has_the_same_events_in_the_same_order_and_at_the_same_positions(
        self,
    ) -> None:
        etcd = SimEtcd(self.simulation)
        self.simulation.run_until(etcd.boot())
        for name in ("a", "b", "c"):
            self.boot(name, etcd)
        self.pass_time(1)
        for at, ledger in enumerate([*self.ledgers.values()] * 3):
            ledger.events.record("node.refused", f"n{at}", "no")
            self.simulation.run_until(ledger.join(node(f"q{at}", at)))
        self.happen(self.ledgers["b"])
        logs = {}
        for name, ledger in self.ledgers.items():
            asked = EventFilter(["node", "policy", "version", "server"])
            part = self.simulation.run_until(ledger.events.log.read(asked, 0, 1000))
            logs[name] = [(event.position, event.kind, event.who) for event in part.events]
        self.assertEqual(logs["a"], logs["b"])
        self.assertEqual(logs["a"], logs["c"])
        self.assertGreater(len(logs["a"]), 20)

    def test_while_the_state_cannot_be_written_events_wait(self) -> None:
        etcd = SimEtcd(self.simulation)
        self.simulation.run_until(etcd.boot())
        self.boot("a", etcd)
        self.pass_time(1)
        etcd.kill()
        self.pass_time(1)
        self.ledgers["a"].events.record("node.refused", "late", "no")
        self.pass_time(2)
        self.assertNotIn(("node.refused", "late"), self.told("a"))
        self.simulation.run_until(etcd.boot())
        self.pass_time(4)
        self.assertIn(("node.refused", "late"), self.told("a"))
