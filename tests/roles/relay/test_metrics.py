"""What Prometheus sees of the relay."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.relay.metrics import RelayMetrics


class MetricsTests(SynchronousTestCase):
    def test_counters_and_readings_are_shown_under_their_names(self) -> None:
        registry = CollectorRegistry()
        metrics = RelayMetrics(registry)
        metrics.watch(["sessions", "visitors"], lambda: {"sessions": 2.0, "visitors": 3.0})
        metrics.login_granted.inc()
        page = generate_latest(registry).decode()
        self.assertIn("pushnet_relay_sessions 2.0", page)
        self.assertIn("pushnet_relay_visitors 3.0", page)
        self.assertIn('pushnet_relay_logins_total{result="granted"} 1.0', page)
