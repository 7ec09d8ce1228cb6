"""The relay from its start to its end."""

from __future__ import annotations

import attrs
from prometheus_client import CollectorRegistry

from pushnet.grid.settings import NodeSettings, RelaySettings, SettingsError
from pushnet.roles.relay.service import make_service
from tests.roles.relay.simrelay import RelayCase


class ServiceTests(RelayCase):
    def test_it_takes_part_in_the_grid(self) -> None:
        self.assertIn("relay-1", self.grid.names())
        self.assertEqual([member.node for member in self.grid.replicas("Relay")], ["relay-1"])
        self.assertTrue(self.relay.health()["ok"])

    def test_it_stops_without_leaving_anything_behind(self) -> None:
        client = self.session()
        client.do(client.broker().stats())
        world = self.simulation.host("relay-1").world
        self.run_until(self.relay.stopService())
        self.run_until(self.relay.parts.communicator.destroy())
        self.assertFalse(client.is_connected())
        self.assertNotIn("relay-1", self.grid.names())
        self.assertEqual(world.leftovers(), [])
        self.assertEqual(self.simulation.failures, [])

    def test_settings_that_cannot_be_are_refused_before_anything_opens(self) -> None:
        wrong = {
            "relay.allow": RelaySettings(allow=["a/"]),
            "relay.users.ann": RelaySettings(users={"ann": "plain"}),
        }
        for name, relay in wrong.items():
            node = NodeSettings(name="relay-1", role="relay", relay=relay)
            parts = attrs.evolve(self.relay.parts, node=node, metrics=CollectorRegistry())
            relay_service = make_service(parts)
            relay_service.startService()
            refused = self.failureResultOf(relay_service.started, SettingsError)
            self.assertIn(f"node relay-1, {name}", refused.getErrorMessage())
