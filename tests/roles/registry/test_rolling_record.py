"""A roll as it is stored."""

from __future__ import annotations

from math import inf

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.roll import NodeFact, Order, State, begin, step, undo
from pushnet.roles.registry.rolling_record import JOURNAL_LINES_MAX, begun, news, read_record

FACTS = [NodeFact(f"b{number}", "1.0", True) for number in range(4)]
NOW_S = 1_700_000_000.0


class RollRecordTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.roll = begin("broker", "1.1", FACTS, soak_s=20.0)
        self.record = begun(self.roll, 3, "ann", NOW_S)

    def test_written_and_read_it_is_the_same_without_its_times(self) -> None:
        roll, orders = step(self.roll, FACTS, [], 50.0)
        record = self.record.after(roll, "", news(self.roll, roll, orders), NOW_S)
        again = read_record(record.to_json())
        self.assertEqual(again, record)
        self.assertEqual(again.roll().touched, {"b0": inf})
        self.assertEqual(again.roll(roll), roll)

    def test_it_is_the_same_when_nothing_has_happened(self) -> None:
        self.assertEqual(self.record.after(self.roll, "", [], NOW_S + 9), self.record)

    def test_how_long_it_is_watched_is_told_by_the_wall_clock(self) -> None:
        roll = attrs.evolve(self.roll, touched={"b0": 1.0}, arrived=frozenset({"b0"}), soaking_since=5.0)
        record = self.record.after(roll, "", [], NOW_S)
        self.assertEqual(record.status(1, NOW_S + 15).soakLeftMs, 5000)
        self.assertEqual(record.after(roll, "", [], NOW_S + 3), record)
        self.assertEqual(record.after(attrs.evolve(roll, soaking_since=None), "", [], NOW_S).soaks_until_s, 0)

    def test_each_server_is_told_with_where_it_is(self) -> None:
        touched = {"b0": 1.0, "b1": 1.0}
        roll = attrs.evolve(self.roll, touched=touched, arrived=frozenset({"b0"}))
        record = self.record.after(roll, "", [], NOW_S)
        hows = [member.how for member in record.status(1, NOW_S).members]
        self.assertEqual(hows, ["arrived", "moving", "waiting", "waiting"])
        back = attrs.evolve(undo(roll, "x"), returned=frozenset({"b1"}))
        hows = [member.how for member in record.after(back, "", [], NOW_S).status(1, NOW_S).members]
        self.assertEqual(hows, ["going back", "back", "waiting", "waiting"])

    def test_what_happens_is_told_in_words(self) -> None:
        roll = attrs.evolve(self.roll, touched={"b0": 1.0}, arrived=frozenset({"b0"}), soaking_since=5.0)
        lines = news(self.roll, roll, [Order("b1", "1.1")])
        self.assertEqual(lines, ["b0 serves with 1.1", "b1 is given 1.1", "1 of 4 have it: watched for 20 s"])
        back = attrs.evolve(undo(roll, "it is slow"), returned=frozenset({"b0"}), state=State.undone)
        self.assertEqual(news(undo(roll, "it is slow"), back, [])[0], "b0 is back at 1.0")
        self.assertEqual(news(roll, undo(roll, "it is slow"), []), ["turned round: it is slow"])

    def test_the_journal_keeps_the_newest_lines(self) -> None:
        record = self.record
        for number in range(JOURNAL_LINES_MAX + 5):
            record = record.noted([f"line {number}"], NOW_S)
        self.assertEqual(len(record.journal), JOURNAL_LINES_MAX)
        self.assertEqual(record.journal[-1], f"2023-11-14 22:13:20Z line {JOURNAL_LINES_MAX + 4}")

    def test_what_it_waits_for_is_told_once(self) -> None:
        record = self.record.after(self.roll, "waits for b3", [], NOW_S)
        self.assertEqual(record.after(self.roll, "waits for b3", [], NOW_S + 1), record)
        self.assertEqual(record.status(1, NOW_S).reason, "waits for b3")
