"""What a Broker counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.broker.tally import Tally


class TallyTests(SynchronousTestCase):
    def test_prometheus_and_stats_tell_the_same(self) -> None:
        registry = CollectorRegistry()
        tally = Tally(registry)
        tally.inline.inc(3)
        tally.devices.set(2)
        readings = tally.readings()
        self.assertEqual(
            (readings["messages_inline"], readings["devices"], readings["logins"]), (3.0, 2.0, 0.0)
        )
        text = generate_latest(registry).decode()
        self.assertIn("pushnet_broker_messages_inline_total 3.0", text)
        self.assertIn("pushnet_broker_devices 2.0", text)
