"""What Prometheus sees of the registry."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.metrics import RegistryMetrics


class MetricsTests(SynchronousTestCase):
    def test_each_reading_is_shown_under_its_own_name_when_asked_for(self) -> None:
        registry = CollectorRegistry()
        metrics = RegistryMetrics(registry)
        readings = {"nodes": 1.0, "groups": 2.0}
        metrics.watch(["nodes", "groups"], lambda: readings)
        readings["nodes"] = 5.0
        metrics.lookups.adapters_found += 1
        page = generate_latest(registry).decode()
        self.assertIn("pushnet_registry_nodes 5.0", page)
        self.assertIn("pushnet_registry_groups 2.0", page)
        self.assertIn('pushnet_registry_lookups_total{found="yes",kind="adapter"} 1.0', page)
