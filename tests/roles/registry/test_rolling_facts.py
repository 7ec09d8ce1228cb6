"""What agents tell becomes what a roll is decided on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.gates import Objection
from pushnet.roles.registry.books import NODE, Books
from pushnet.roles.registry.records import NodeRecord
from pushnet.roles.registry.rolling_facts import HEARD_S_MAX, Facts
from pushnet.stores.registry.state import Entry

STATE = ServerState("b1", "broker", "m1", ServerPhase.Serving, "1.0", "1.0", sinceMs=60_000)


class FactsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.told = [STATE]
        self.heard: float | None = 0.5
        self.nodes: list[str] = []
        self.books = Books(lambda: 0.0)
        self.facts = Facts(self.books, self, self.nodes.__contains__)

    def states(self) -> Sequence[ServerState]:
        return self.told

    def heard_s(self, agent: str) -> float | None:
        return self.heard

    def tell(self, **changed: Any) -> None:
        self.told = [attrs.evolve(self.told[0], **changed)]

    def test_a_server_serves_as_long_as_its_agent_says_so(self) -> None:
        self.assertTrue(self.facts.of(["b1"])[0].serving)
        self.heard = HEARD_S_MAX + 1
        self.assertFalse(self.facts.of(["b1"])[0].serving)

    def test_a_node_serves_as_long_as_it_holds_its_lease_whoever_is_silent(self) -> None:
        self.nodes.append("b1")
        self.assertFalse(self.facts.of(["b1"])[0].serving)
        record = NodeRecord("b1", "broker", "1", "", 1, "", ())
        self.books.put(Entry(NODE + "b1", record.to_json(), 4, "lease"))
        self.heard = HEARD_S_MAX + 1
        self.assertTrue(self.facts.of(["b1"])[0].serving)

    def test_who_cannot_be_started_says_why(self) -> None:
        self.tell(phase=ServerPhase.Failed, reason="ended with status 1")
        self.assertEqual(self.facts.of(["b1"])[0].trouble, "ended with status 1")
        self.tell(phase=ServerPhase.Pausing, reason="")
        self.assertEqual(self.facts.of(["b1"])[0].trouble, "it is Pausing")

    def test_one_that_rests_because_nobody_wants_it_to_run_has_what_it_will_start_with(self) -> None:
        self.tell(phase=ServerPhase.Resting, version="", versionWanted="1.1")
        fact = self.facts.of(["b1"])[0]
        self.assertEqual((fact.serving, fact.version), (True, "1.1"))
        self.tell(reason="agent m1 has not been heard")
        self.assertFalse(self.facts.of(["b1"])[0].serving)

    def test_a_release_is_fetched_while_the_old_one_serves(self) -> None:
        self.assertFalse(self.facts.of(["b1"])[0].preparing)
        self.tell(resources={"preparing": 1.0})
        self.assertTrue(self.facts.of(["b1"])[0].preparing)

    def test_a_restart_between_two_looks_is_trouble_too(self) -> None:
        self.assertEqual(self.facts.of(["b1"])[0].trouble, "")
        self.tell(restarts=1, sinceMs=100)
        self.assertIn("started again", self.facts.of(["b1"])[0].trouble)
        self.tell(reason="ended with SIGSEGV", resources={"last_end": 1.0})
        self.assertEqual(self.facts.of(["b1"])[0].trouble, "ended with SIGSEGV")
        self.facts.forget(["b1"])
        self.assertEqual(self.facts.of(["b1"])[0].trouble, "")

    def test_who_refuses_a_version_and_serves_on_is_in_trouble_at_once(self) -> None:
        self.tell(versionWanted="1.1", reason="bad signature")
        fact = self.facts.of(["b1"])[0]
        self.assertEqual((fact.serving, fact.trouble, fact.phase_s), (True, "bad signature", 0.0))
        self.heard = 8.0
        self.assertEqual(self.facts.of(["b1"])[0].trouble, "")

    def test_what_a_check_says_is_held_against_a_version_that_serves(self) -> None:
        self.tell(resources={"check_failed": 1.0}, reason="its check ended with status 1: 5 is not 4")
        self.assertEqual(
            self.facts.checked(["b1"]),
            [Objection("b1", "its check ended with status 1: 5 is not 4", "check")],
        )
        self.assertEqual(self.facts.checked(["b2"]), [])

    def test_what_the_check_says_of_the_old_version_is_not_held_against_the_new_one(self) -> None:
        self.tell(
            resources={"check_failed": 1.0}, versionWanted="1.1", reason="its check ended with status 1"
        )
        self.assertEqual(self.facts.of(["b1"])[0].trouble, "")

    def test_how_it_ended_before_it_was_given_a_version_is_not_held_against_that(self) -> None:
        self.tell(resources={"last_end": 1.0}, versionWanted="1.1", reason="ended with SIGSEGV")
        self.assertEqual(self.facts.of(["b1"])[0].trouble, "")

    def test_requests_count_from_the_first_look_and_a_new_process_from_nothing(self) -> None:
        def requests(count: float) -> int:
            self.tell(resources={"requests": count, "memory_bytes": 5.0})
            return self.facts.readings(["b1"])[0].requests

        self.assertEqual([requests(count) for count in (1000.0, 1200.0, 30.0, 50.0)], [0, 200, 30, 50])

    def test_who_was_never_heard_of_is_not_known(self) -> None:
        self.assertTrue(self.facts.all_heard(["b1"]))
        self.heard = None
        self.assertFalse(self.facts.all_heard(["b1"]))
