"""Where devices may go, as the registry tells."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.moving import Place
from pushnet.grid.settings import BrokerSettings, NodeSettings
from pushnet.roles.broker.places import Places
from tests.roles.broker.test_service import PORT, Grid


class PlacesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid.of(5)
        self.addCleanup(self.grid.simulation.close)
        self.grid.simulation.run_for(2)

    def others(self, **broker: bool) -> list[Place]:
        parts = self.grid.broker(1).parts
        node = NodeSettings(name="broker-1", role="broker", broker=BrokerSettings(port=PORT, **broker))  # type: ignore[arg-type]
        places = Places(parts.communicator, self.grid.settings, node, parts.membership)
        found: list[Place] = self.grid.simulation.run_until(ensureDeferred(places.others()))
        return found

    def test_the_other_brokers_are_told_with_their_devices(self) -> None:
        self.assertEqual(self.others(), [Place("broker-2", "broker-2", PORT, 0, 17_100)])

    def test_where_devices_come_through_a_balancer_nobody_is_told(self) -> None:
        self.assertEqual(self.others(moves_directed=False), [])

    def test_without_a_registry_nobody_is_told_either(self) -> None:
        self.grid.simulation.host("registry-1").kill()
        self.assertEqual(self.others(), [])
