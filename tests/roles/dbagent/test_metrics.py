"""What a DBAgent shows to Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.dbagent.metrics import DBAgentMetrics


class MetricsTests(SynchronousTestCase):
    def test_shards_count_apart(self) -> None:
        registry = CollectorRegistry()
        node = DBAgentMetrics(registry)
        node.of(0).logins.inc()
        node.of(1).logins.inc(2)
        for shard, logins in (("0", 1), ("1", 2)):
            self.assertEqual(
                registry.get_sample_value("pushnet_dbagent_logins_total", {"shard": shard}), logins
            )

    def test_gauges_are_read_when_asked_for(self) -> None:
        registry = CollectorRegistry()
        held = [1]
        DBAgentMetrics(registry).of(3).watch({"online": lambda: len(held)})
        held.append(2)
        self.assertEqual(registry.get_sample_value("pushnet_dbagent_devices_online", {"shard": "3"}), 2)

    def test_the_account_is_shown_by_app(self) -> None:
        registry = CollectorRegistry()
        DBAgentMetrics(registry).of(0).show_account("app", {"pending": 5, "expired": 1})
        labels = {"shard": "0", "app": "app", "what": "pending"}
        self.assertEqual(registry.get_sample_value("pushnet_dbagent_account", labels), 5)
