"""What a front knows of how the server behind it does."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.front_counts import TIMES_MIN, TIMES_S, FrontCounts
from pushnet.roles.node.front_cutting import Cutter
from pushnet.wire.reply import Status, reply_message
from tests.roles.node.fronts import FIRST, FrontCase


class FrontCountsTest(SynchronousTestCase):
    def test_times_are_told_when_there_are_enough_of_late(self) -> None:
        counts = FrontCounts()
        for number in range(TIMES_MIN - 1):
            counts.took(0.001, float(number) / 10)
        self.assertNotIn("p99_ms", counts.gauges(2.0))
        counts.took(0.5, 2.0)
        self.assertEqual(counts.gauges(2.0)["p99_ms"], 500.0)
        self.assertNotIn("p99_ms", counts.gauges(2.0 + TIMES_S))

    def test_who_is_slow_of_late_is_told_as_slow_at_once(self) -> None:
        counts = FrontCounts()
        for at in range(100):
            counts.took(0.01, at / 20)
        self.assertEqual(counts.gauges(5.0)["took_ms"], 10.0)
        for at in range(100, 140):
            counts.took(0.1, at / 20)
        self.assertEqual(counts.gauges(7.0)["took_ms"], 100.0)
        self.assertNotIn("took_ms", counts.gauges(9.5))

    def test_it_is_silent_as_long_as_somebody_waits_and_no_answer_comes(self) -> None:
        counts = FrontCounts()
        told = [counts.gauges(at, waits=True).get("silent_s", 0.0) for at in (1.0, 2.0, 6.0)]
        self.assertEqual(told, [0.0, 1.0, 5.0])
        counts.requests += 1
        self.assertNotIn("silent_s", counts.gauges(7.0, waits=True))
        self.assertEqual(counts.gauges(8.0, waits=True)["silent_s"], 1.0)
        self.assertNotIn("silent_s", counts.gauges(9.0, waits=False))
        self.assertNotIn("silent_s", counts.gauges(99.0, waits=True), "it was asked just now")

    def test_answers_are_failures_when_no_interface_declares_them(self) -> None:
        cutter = Cutter()
        cutter.counts = FrontCounts()
        body = b"\x06\x00\x00\x00\x01\x01"
        replies = [reply_message(1 + status.value, status, body) for status in Status]
        cutter.through(b"".join(replies), set(), set(range(20)))
        self.assertEqual(cutter.counts.requests, len(Status))
        self.assertEqual(cutter.counts.failures, len(Status) - 2)


class CountingFrontTest(FrontCase):
    def test_a_server_that_answers_nobody_is_told_as_silent(self) -> None:
        client = self.client()
        self.server(FIRST, work_s=600.0)
        self.turn_to(FIRST)
        client.two_way(1)
        self.pass_s(1.0)
        self.front.gauges()
        self.pass_s(8.0)
        self.assertAlmostEqual(self.front.gauges()["silent_s"], 8.0, places=1)

    def test_a_front_tells_of_the_answers_that_pass(self) -> None:
        client = self.client()
        self.server(FIRST, work_s=0.05)
        self.turn_to(FIRST)
        for number in range(1, 10 * TIMES_MIN):
            client.two_way(number)
            self.pass_s(0.11)
            self.front.gauges()
        told = self.front.gauges()
        self.assertGreaterEqual(told["requests"], 10 * TIMES_MIN - 1)
        self.assertEqual(told["failures"], 0.0)
        self.assertEqual(told["connections"], 1.0)
        self.assertTrue(50.0 < told["p99_ms"] < 101.0, told)
