"""What nodes tell of themselves."""

from __future__ import annotations

import math

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import UNKNOWN_LOAD
from pushnet.roles.registry.readings import GAUGES_MAX, Readings


class ReadingsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.readings = Readings()

    def test_a_node_that_has_told_nothing_has_an_unknown_load(self) -> None:
        self.assertEqual(self.readings.load("a"), UNKNOWN_LOAD)
        self.assertEqual(self.readings.averages("a"), (UNKNOWN_LOAD,) * 3)
        self.assertIsNone(self.readings.of("a"))

    def test_load_is_what_the_role_tells_or_what_waits(self) -> None:
        self.assertEqual(self.readings.told("a", {"load": 0.5, "waiting": 3.0}, 0.0).load, 0.5)
        self.assertEqual(self.readings.told("b", {"waiting": 3.0}, 0.0).load, 3.0)

    def test_waiting_and_rate_say_how_long_a_request_takes(self) -> None:
        told = self.readings.told("a", {"waiting": 2.0, "served_per_s": 100.0}, 0.0)
        self.assertEqual(told.latency_s, 0.02)
        self.assertIsNone(self.readings.told("idle", {"waiting": 0.0, "served_per_s": 0.0}, 1.0).latency_s)
        self.assertIsNone(self.readings.told("a", {"load": 1.0}, 2.0).latency_s)

    def test_one_report_says_half_and_where_little_waits_it_is_chance(self) -> None:
        self.readings.told("a", {"waiting": 0.0, "served_per_s": 10.0}, 0.0)
        first = self.readings.told("a", {"waiting": 0.5, "served_per_s": 10.0}, 1.0)
        self.assertEqual((first.waiting, first.is_busy), (0.25, False))
        second = self.readings.told("a", {"waiting": 2.25, "served_per_s": 10.0}, 2.0)
        self.assertEqual((second.waiting, second.latency_s, second.is_busy), (1.25, 0.125, True))

    def test_what_is_measured_on_requests_is_certain_however_little_waits(self) -> None:
        told = self.readings.told("a", {"waiting": 0.1, "served_per_s": 10.0, "took_ms": 10.0}, 0.0)
        self.assertEqual((told.latency_s, told.is_busy), (0.01, True))

    def test_a_machine_keeps_its_averages_itself_for_all_its_processors(self) -> None:
        machine = {"load": 0.5, "load1": 2.0, "load5": 4.0, "load15": 8.0, "cpus": 4.0}
        self.assertEqual(self.readings.told("m1", machine, 0.0).loads, (0.5, 1.0, 2.0))
        self.assertEqual(self.readings.averages("m1"), (0.5, 1.0, 2.0))

    def test_what_is_no_reading_is_dropped(self) -> None:
        told = self.readings.told("a", {"load": math.nan, "x" * 100: 1.0, "fine": 2.0}, 0.0)
        self.assertEqual(told.gauges, {"fine": 2.0})
        many = self.readings.told("a", {f"g{number}": 1.0 for number in range(200)}, 0.0)
        self.assertEqual(len(many.gauges), GAUGES_MAX)

    def test_each_report_is_told_apart_and_averages_go_on(self) -> None:
        first = self.readings.told("a", {"load": 0.0}, 0.0)
        second = self.readings.told("a", {"load": 1.0}, 60.0)
        self.assertNotEqual(first.report, second.report)
        self.assertAlmostEqual(self.readings.averages("a")[0], 0.632, places=2)
        self.readings.forget("a")
        self.assertEqual(self.readings.load("a"), UNKNOWN_LOAD)
