"""What happens is called by the same words, whoever tells it."""

from __future__ import annotations

import attrs
import msgspec
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.event import EventFilter
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.roles.registry.books import Event, What
from pushnet.roles.registry.event_words import Happened, fits, of_book, of_paper, of_report
from pushnet.roles.registry.records import AdapterRecord, NodeRecord

NODE = NodeRecord("b1", "broker", "1.2", "eu", 7, "", zone="a")


def server(phase: ServerPhase, since_ms: int = 0, pid: int = 1) -> ServerState:
    return ServerState("b1", "broker", "m1", phase, "1.2", pid=pid, sinceMs=since_ms, reason="")


def told(version: str, state: str, *journal: str) -> str:
    return msgspec.json.encode({"version": version, "state": state, "journal": journal}).decode()


class BookTests(SynchronousTestCase):
    def test_a_node_that_came_tells_what_it_is(self) -> None:
        told = of_book(Event(What.node_up, "b1", NODE))
        self.assertEqual((told.kind, told.who, told.text), ("node.up", "b1", "broker 1.2 process 7 eu/a"))

    def test_who_left_is_told_from_whose_lease_ran_out(self) -> None:
        self.assertEqual(of_book(Event(What.node_down, "b1", NODE)).kind, "node.left")
        self.assertEqual(of_book(Event(What.node_down, "b1", NODE, lapsed=True)).kind, "node.lapsed")

    def test_an_adapter_tells_where_it_is_and_its_group(self) -> None:
        record = AdapterRecord("A-1", "A", "tcp -h h -p 1")
        told = of_book(Event(What.adapter_added, "A-1", record))
        self.assertEqual((told.kind, told.text), ("adapter.added", "tcp -h h -p 1 in A"))


class PaperTests(SynchronousTestCase):
    def test_applied_settings_tell_who_and_why(self) -> None:
        generation = msgspec.json.encode({"who": "ann", "why": "more brokers", "text": "…"}).decode()
        (event,) = of_paper("settings/head", "1", "2", {"settings/2": generation})
        self.assertEqual((event.kind, event.who), ("settings.applied", "2"))
        self.assertEqual(event.text, "generation 2 by ann: more brokers")

    def test_a_rolls_journal_is_told_line_by_line_each_once(self) -> None:
        events = of_paper("roll/broker", told("2", "rolling", "a"), told("2", "done", "a", "b"), {})
        self.assertEqual(
            [(event.kind, event.text) for event in events], [("roll.journal", "b"), ("roll.done", "2")]
        )

    def test_what_is_not_understood_is_passed_over(self) -> None:
        self.assertEqual(of_paper("roll/broker", "", "{", {}), [])


class ReportTests(SynchronousTestCase):
    def test_a_change_of_phase_or_process_is_news_and_the_clock_is_not(self) -> None:
        before = [server(ServerPhase.Serving, 10)]
        self.assertEqual(of_report(before, [server(ServerPhase.Serving, 20)]), [])
        kinds = [event.kind for event in of_report(before, [server(ServerPhase.Draining)])]
        self.assertEqual(kinds, ["server.draining"])
        self.assertEqual(len(of_report(before, [server(ServerPhase.Serving, pid=2)])), 1)

    def test_what_a_check_says_is_told_when_it_says_something_else(self) -> None:
        right = server(ServerPhase.Serving)
        wrong = attrs.evolve(right, reason="5 is not 4", resources={"check_failed": 1.0})
        self.assertEqual([event.kind for event in of_report([right], [wrong])], ["server.wrong"])
        self.assertIn("5 is not 4", of_report([right], [wrong])[0].text)
        self.assertEqual(of_report([wrong], [wrong]), [])
        self.assertEqual([event.kind for event in of_report([wrong], [right])], ["server.right"])

    def test_a_process_that_had_to_be_killed_is_told_once(self) -> None:
        before = server(ServerPhase.Serving)
        after = attrs.evolve(before, resources={"killed": 1.0})
        (event,) = of_report([before], [after])
        self.assertEqual(event.kind, "server.killed")
        self.assertIn("stop_limit_s", event.text)
        self.assertEqual(of_report([after], [after]), [])
        kinds = [event.kind for event in of_report(None, [after])]
        self.assertNotIn("server.killed", kinds, "nobody knows when that was")

    def test_of_an_agent_heard_for_the_first_time_only_what_has_just_begun_is_news(self) -> None:
        self.assertEqual(of_report(None, [server(ServerPhase.Serving, 60_000)]), [])
        self.assertEqual(len(of_report(None, [server(ServerPhase.Serving, 100)])), 1)

    def test_of_a_set_that_is_scaled_it_is_told_what_was_decided_and_why(self) -> None:
        value = '{"count":3,"journal":["then 1 -> 2: more","now 2 -> 3: load 0.9 on average is above 0.7"]}'
        self.assertEqual(
            [(event.kind, event.who, event.text) for event in of_paper("scale/web", "", value, {})],
            [("scale.set", "web", "now 2 -> 3: load 0.9 on average is above 0.7")],
        )

    def test_a_server_that_is_planned_no_more_is_told(self) -> None:
        self.assertEqual(
            [event.kind for event in of_report([server(ServerPhase.Serving)], [])], ["server.removed"]
        )


class FilterTests(SynchronousTestCase):
    EVENT = Happened("node.up", "broker-1", "", 5000, 1)

    def test_a_kind_is_asked_for_whole_or_by_its_first_word(self) -> None:
        self.assertTrue(fits(self.EVENT, EventFilter(["node"])))
        self.assertTrue(fits(self.EVENT, EventFilter(["server", "node.up"])))
        self.assertFalse(fits(self.EVENT, EventFilter(["no"])))

    def test_names_have_patterns(self) -> None:
        self.assertTrue(fits(self.EVENT, EventFilter([], "broker-*")))
        self.assertFalse(fits(self.EVENT, EventFilter([], "relay-*")))

    def test_times_are_from_and_before(self) -> None:
        self.assertTrue(fits(self.EVENT, EventFilter([], "", 5000, 5001)))
        self.assertFalse(fits(self.EVENT, EventFilter([], "", 5001, 0)))
        self.assertFalse(fits(self.EVENT, EventFilter([], "", 0, 5000)))
