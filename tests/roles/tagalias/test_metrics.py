"""What TagAlias shows to Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.tagalias.metrics import TagAliasMetrics


class MetricsTests(SynchronousTestCase):
    def test_readings_are_taken_when_asked_for(self) -> None:
        registry = CollectorRegistry()
        metrics = TagAliasMetrics(registry)
        there, lag = [1], [0]
        metrics.watch({"devices": lambda: there[0]})
        metrics.watch_lag(2, lambda: lag[0])
        there[0], lag[0] = 7, 3
        self.assertEqual(registry.get_sample_value("pushnet_tagalias_devices"), 7)
        self.assertEqual(registry.get_sample_value("pushnet_tagalias_lag", {"shard": "2"}), 3)

    def test_queries_are_counted_by_kind(self) -> None:
        registry = CollectorRegistry()
        TagAliasMetrics(registry).queries.labels("tags").inc()
        self.assertEqual(registry.get_sample_value("pushnet_tagalias_queries_total", {"what": "tags"}), 1)
