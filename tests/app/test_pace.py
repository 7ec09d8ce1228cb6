"""Rates are what counters gained between two looks, over the time between them."""

from prometheus_client import CollectorRegistry, Counter
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.pace import COUNTED, Pace
from pushnet.roles.pusher.counts import Counts as PusherCounts
from pushnet.roles.queue.counts import Counts as QueueCounts


class PaceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 100.0
        self.calls = 0
        self.metrics = CollectorRegistry()
        self.pushes = Counter("pushnet_pusher_pushes", "x", ["outcome"], registry=self.metrics)
        self.other = Counter("something_else", "x", registry=self.metrics)
        self.pace = Pace(lambda: self.now, self.metrics, lambda: self.calls)

    def test_a_rate_is_the_gain_over_the_time_and_over_all_labels(self) -> None:
        self.pushes.labels("done").inc(6)
        self.pushes.labels("parked").inc(4)
        self.other.inc(99)
        self.calls = 30
        self.now += 2
        self.assertEqual(self.pace.readings(), {"calls_per_s": 15.0, "pushes_per_s": 5.0})

    def test_the_next_look_counts_from_the_last(self) -> None:
        self.calls = 30
        self.now += 1
        self.pace.readings()
        self.now += 10
        self.assertEqual(self.pace.readings()["calls_per_s"], 0.0)

    def test_two_looks_in_one_moment_are_no_division_by_zero(self) -> None:
        self.assertEqual(self.pace.readings()["calls_per_s"], 0.0)

    def test_the_counters_named_are_those_that_roles_have(self) -> None:
        for make in (PusherCounts, QueueCounts):
            metrics = CollectorRegistry()
            make(metrics)
            self.assertTrue(any(metric.name in COUNTED for metric in metrics.collect()), make)
