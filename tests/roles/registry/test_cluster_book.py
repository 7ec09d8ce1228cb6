"""What is read of settings from the state, whatever stands there."""

from __future__ import annotations

import msgspec
from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.settings import Settings
from pushnet.roles.registry.cluster_book import WAITING_MAX, Applied, ClusterBook, TooManyWait
from pushnet.roles.registry.papers import Papers
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.state import Entry
from tests.roles.registry.clusters import CLUSTER


class ClusterBookTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.papers = Papers()
        self.book = ClusterBook(self.simulation.host("h").boot(), self.papers)
        self.adopted: list[Settings] = []
        self.book.followers.append(self.adopted.append)

    def put(self, key: str, value: str, revision: int) -> None:
        self.papers.put(Entry(key, value, revision))

    def text(self, generation: int, text: str, revision: int) -> None:
        self.put(f"settings/{generation}", msgspec.json.encode(Applied(text, "", "", 0)).decode(), revision)

    def test_a_generation_holds_when_text_and_head_are_told_in_either_order(self) -> None:
        self.put("settings/head", "1", 1)
        self.assertIsNone(self.book.settings)
        self.text(1, CLUSTER, 1)
        self.assertEqual((self.book.generation, len(self.adopted)), (1, 1))
        self.text(2, CLUSTER + "#", 2)
        self.put("settings/head", "2", 2)
        self.assertEqual((self.book.generation, len(self.adopted)), (2, 2))

    def test_what_this_version_cannot_read_changes_nothing(self) -> None:
        self.text(1, CLUSTER, 1)
        self.put("settings/head", "1", 1)
        self.text(2, CLUSTER.replace("lease_s", "lease_of_a_later_version_s"), 2)
        self.put("settings/head", "2", 2)
        self.put("settings/3", "no json", 3)
        self.put("settings/head", "3", 3)
        self.assertEqual((self.book.generation, len(self.adopted)), (1, 1))

    def test_a_plan_changes_its_number_with_what_it_is_made_of_only(self) -> None:
        self.text(1, CLUSTER, 1)
        self.put("settings/head", "1", 1)
        self.put("version/broker-1", "1.1", 5)
        self.assertEqual([self.book.number(agent) for agent in ("m1", "m2")], [5, 1])
        self.assertEqual(self.book.plan("m1").servers[0].version, "1.1")
        self.put("place/other", "m2", 7)
        self.assertEqual([self.book.number(agent) for agent in ("m1", "m2")], [7, 7])

    def test_a_version_taken_back_leaves_what_the_settings_say_under_a_later_number(self) -> None:
        self.text(1, CLUSTER, 1)
        self.put("settings/head", "1", 1)
        self.put("version/broker-1", "1.1", 5)
        self.put("version/broker-1", "", 8)
        self.assertEqual((self.book.number("m1"), self.book.plan("m1").servers[0].version), (8, "1.0"))
        self.assertEqual(self.book.versions, {})

    def test_a_server_of_any_agent_is_planned_where_it_was_placed(self) -> None:
        self.text(1, CLUSTER.replace('agent = "m2"', 'agent = "any"'), 1)
        self.put("settings/head", "1", 1)
        self.assertEqual(self.book.plan("m2").servers, [])
        self.put("place/clock", "m2", 2)
        self.assertEqual([each.id for each in self.book.plan("m2").servers], ["clock"])
        told = [self.book.agent_of(name) for name in ("broker-1", "clock", "nobody")]
        self.assertEqual(told, ["m1", "m2", ""])
        self.papers.gone("place/clock")
        self.assertEqual(self.book.plan("m2").servers, [])

    def test_who_waits_is_answered_when_the_registry_closes(self) -> None:
        waiting = ensureDeferred(self.book.wait("m1", 0, 10.0))
        self.assertNoResult(waiting)
        self.book.close()
        self.assertEqual(self.successResultOf(waiting).generation, 0)

    def test_only_so_many_wait_and_the_next_is_refused_at_once(self) -> None:
        waiting = [ensureDeferred(self.book.wait("m1", 0, 10.0)) for _ in range(WAITING_MAX)]
        self.failureResultOf(ensureDeferred(self.book.wait("m1", 0, 10.0)), TooManyWait)
        self.book.close()
        for each in waiting:
            self.successResultOf(each)
