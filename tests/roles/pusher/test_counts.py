"""What is counted."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.pusher.counts import Counts


class CountsTests(SynchronousTestCase):
    def test_all_are_in_the_node_s_own_registry(self) -> None:
        metrics = CollectorRegistry()
        counts = Counts(metrics)
        counts.pushes.labels("parked").inc()
        counts.targets.labels("group").inc(5)
        text = generate_latest(metrics).decode()
        self.assertIn('pushnet_pusher_pushes_total{outcome="parked"} 1.0', text)
        self.assertIn('pushnet_pusher_targets_total{kind="group"} 5.0', text)

    def test_two_pushers_in_one_process_count_apart(self) -> None:
        one, other = CollectorRegistry(), CollectorRegistry()
        Counts(one).unregistered.inc()
        Counts(other)
        self.assertEqual(other.get_sample_value("pushnet_pusher_unregistered_total"), 0.0)
