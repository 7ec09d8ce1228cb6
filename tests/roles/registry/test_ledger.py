"""The registry's books across joins, lapses and crashes."""

from __future__ import annotations

import attrs
from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import Policy
from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.ledger import Alive, InUse, LeaseLost, Ledger, NotInGroup, Refused
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord, ProcessRecord
from pushnet.roles.registry.writing import NotSaved
from pushnet.sim.disk import DiskFault
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import TAKE_UP_S, EmbeddedState
from pushnet.wire.identity import Identity

SETTINGS = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=3.0))
STOCK_1 = AdapterRecord("Stock", "", "tcp -h h -p 1")
STOCK_2 = AdapterRecord("Stock", "", "tcp -h h -p 2")


def node(name: str, port: int = 1, adapter_id: str = "") -> NodeRecord:
    adapters = (AdapterRecord(adapter_id or name, "G", f"tcp -h h -p {port}"),)
    return NodeRecord(name, "queue", "1", "", 1, "", adapters)


def answering(alive: bool) -> Alive:
    async def ask(adapter: AdapterRecord) -> bool:
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
        world = self.host.boot()
        self.ledger = Ledger(world, SETTINGS, "registry-1", EmbeddedState(world), metrics)
        self.simulation.run_until(self.ledger.open())

    def join(self, record: NodeRecord) -> int:
        return self.simulation.run_until(self.ledger.join(record))

    def renew(self, name: str, epoch: int, **gauges: float) -> None:
        self.simulation.run_until(self.ledger.renew(name, epoch, gauges))

    def adapter(self, name: str) -> str:
        """What a lookup is answered; empty when it is not known."""
        found = self.ledger.lookups.adapter(name)
        return found.proxy if found else ""

    def pass_time(self, seconds: float) -> None:
        """Let time pass with a look every half second, as the service does."""
        for _ in range(int(seconds * 2)):
            self.simulation.run_for(0.5)
            self.ledger.tick()

    def test_a_name_is_taken_away_by_nobody_but_the_agent_that_is_to_run_it(self) -> None:
        def of(name: str, installation: str) -> NodeRecord:
            return attrs.evolve(node(name), installation=installation)

        self.join(of("q1", "one"))
        self.join(of("m2", "two"))
        with self.assertRaisesRegex(Refused, "the name is taken: q1 is process 1 at"):
            self.join(of("q1", "two"))
        self.ledger.agent_of = {"q1": "m2"}.get  # type: ignore[assignment]
        first = self.join(of("q1", "two"))
        with self.assertRaisesRegex(Refused, "the name is taken"):
            self.join(of("q1", "one"))
        self.assertGreater(self.join(of("q1", "two")), first, "one that was started again comes in at once")
        self.assertGreater(
            self.simulation.run_until(self.ledger.join(of("q1", "three"), take_over=True)), first
        )

    def test_a_registry_with_its_state_on_its_own_disk_has_its_name_after_every_start(self) -> None:
        first = self.join(attrs.evolve(node("registry-1"), installation="one"))
        self.assertGreater(self.join(attrs.evolve(node("registry-1"), installation="two")), first)

    def test_after_a_crash_the_nodes_are_found_and_renew_as_if_nothing_had_happened(self) -> None:
        epoch = self.join(node("q1"))
        self.host.kill()
        self.boot()
        self.assertEqual(self.adapter("G"), "dummy:tcp -h h -p 1")
        self.renew("q1", epoch)

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
            self.renew("q1", epochs[-1])

    def test_a_lapsed_node_is_forgotten_on_disk_too(self) -> None:
        self.join(node("q1"))
        self.pass_time(4.0 + TAKE_UP_S)
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
        self.assertEqual(self.adapter("Stock"), "dummy:tcp -h h -p 1")
        self.pass_time(6.5)
        self.assertEqual(self.adapter("Stock"), "")

    def test_a_second_stock_server_gets_the_id_only_when_the_first_is_dead(self) -> None:
        self.simulation.run_until(self.ledger.enter_stranger(STOCK_1, answering(True)))
        with self.assertRaises(InUse):
            self.simulation.run_until(self.ledger.enter_stranger(STOCK_2, answering(True)))
        self.simulation.run_until(self.ledger.enter_stranger(STOCK_2, answering(False)))
        self.assertEqual(self.adapter("Stock"), "dummy:tcp -h h -p 2")

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
            strangers = list(self.ledger.books.strangers.values())
            self.simulation.run_until(self.ledger.answered(strangers))
        self.assertEqual(self.ledger.counts()["strangers"], 1.0)

    def test_joining_again_replaces_the_earlier_process_and_fences_it_off(self) -> None:
        old, new = self.join(node("q1", 1)), self.join(node("q1", 2))
        self.assertGreater(new, old)
        with self.assertRaises(LeaseLost) as caught:
            self.renew("q1", old)
        self.assertIn(f"epoch {new}, not {old}", str(caught.exception))
        self.simulation.run_until(self.ledger.leave("q1", old))
        self.assertEqual(self.adapter("q1"), "dummy:tcp -h h -p 2")

    def test_nodes_that_join_at_once_are_told_apart(self) -> None:
        """Both decide on what the other has done, though they share a commit."""
        first = self.simulation.host("registry-1")
        self.assertTrue(first.is_up)
        both = [self.ledger.join(node("q1")), self.ledger.join(node("q2", adapter_id="q1"))]
        outcomes = []
        for work in both:
            try:
                outcomes.append(self.simulation.run_until(work) > 0)
            except Refused:
                outcomes.append(False)
        self.assertEqual(outcomes, [True, False])

    def test_a_node_found_dead_is_gone_at_once_but_not_its_successor(self) -> None:
        old = self.join(node("q1", 1))
        self.simulation.run_until(self.ledger.found_dead("q1", old))
        self.assertEqual(self.adapter("q1"), "")
        self.join(node("q1", 2))
        self.simulation.run_until(self.ledger.found_dead("q1", old))
        self.assertEqual(self.adapter("q1"), "dummy:tcp -h h -p 2")

    def test_what_is_told_with_a_renewal_is_listed(self) -> None:
        self.renew("q1", self.join(node("q1")), load=0.25)
        (standing,) = self.ledger.standings()
        self.assertEqual((dict(standing.load), standing.lease_left_s), ({"load": 0.25}, 3.0))

    def test_an_adapter_of_a_node_is_in_use_and_groups_are_no_adapters(self) -> None:
        self.join(node("q1"))
        with self.assertRaises(InUse):
            taken = AdapterRecord("q1", "", "tcp -h h -p 9")
            self.simulation.run_until(self.ledger.enter_stranger(taken, answering(True)))
        with self.assertRaises(NotInGroup):
            wrong = AdapterRecord("Stock", "q1", "tcp -h h -p 9")
            self.simulation.run_until(self.ledger.enter_stranger(wrong, answering(True)))

    def test_where_nobody_listens_everything_of_that_place_goes(self) -> None:
        process = ProcessRecord("server", "process:tcp -h h -p 1", "tcp -h h -p 1")
        self.simulation.run_until(self.ledger.enter_stranger(STOCK_1, answering(True)))
        self.simulation.run_until(self.ledger.enter_process(process))
        self.assertEqual(self.ledger.books.places(), ["tcp -h h -p 1"])
        self.simulation.run_until(self.ledger.found_gone("tcp -h h -p 1"))
        self.assertEqual((self.adapter("Stock"), self.ledger.books.processes), ("", {}))

    def test_all_adapters_of_a_place_that_died_go_together(self) -> None:
        for number in range(40):
            entering = AdapterRecord(f"many{number}", "", "tcp -h h -p 1")
            self.simulation.run_until(self.ledger.enter_stranger(entering, answering(True)))
        before = self.ledger.books.revision
        self.simulation.run_until(self.ledger.found_gone("tcp -h h -p 1"))
        self.assertEqual(self.ledger.counts()["strangers"], 0.0)
        following = AdapterRecord("next", "", "tcp -h h -p 2")
        self.simulation.run_until(self.ledger.enter_stranger(following, answering(True)))
        self.assertLessEqual(self.ledger.books.revision, before + 4, "one commit, and what else is told")

    def test_objects_are_added_once_changed_and_removed_and_survive_a_crash(self) -> None:
        record = ObjectRecord(Identity("printer", ""), "::Printer", "printer:tcp -h h -p 1")
        moved = ObjectRecord(Identity("printer", ""), "::Printer", "printer:tcp -h h -p 2")
        put = self.ledger.put_object
        self.assertFalse(self.simulation.run_until(put(record, new=False)))
        self.assertTrue(self.simulation.run_until(put(record, new=True)))
        self.assertFalse(self.simulation.run_until(put(record, new=True)))
        self.assertTrue(self.simulation.run_until(put(moved, new=False)))
        self.host.power_off()
        self.boot()
        self.assertEqual(self.ledger.lookups.object(record.identity), "printer:tcp -h h -p 2")
        self.pass_time(20.0)
        self.assertTrue(self.simulation.run_until(self.ledger.remove_object(record.identity)))
        self.assertFalse(self.simulation.run_until(self.ledger.remove_object(record.identity)))

    def test_a_policy_is_changed_live_and_survives_a_crash(self) -> None:
        self.join(node("q1"))
        policy = Policy("split", parts={"east": 7, "west": 3})
        self.simulation.run_until(self.ledger.set_policy("G", policy))
        self.assertEqual(self.ledger.lookups.group("G").policy, policy)
        self.host.kill()
        self.boot()
        self.assertEqual(self.ledger.lookups.policies(), {"G": policy})

    def test_renewals_go_on_while_the_disk_is_full_and_joins_do_not(self) -> None:
        epoch = self.join(node("q1"))
        self.host.disk.fault = DiskFault.FULL
        for _ in range(2):
            with self.assertRaises(NotSaved):
                self.join(node("q2"))
        self.renew("q1", epoch)
        self.assertEqual(list(self.ledger.books.nodes), ["q1"])
