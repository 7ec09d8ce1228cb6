"""The relay from its start to its end."""

from __future__ import annotations

import attrs
from prometheus_client import CollectorRegistry
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure

from pushnet.gen.pushnet.broker import BrokerServant
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import NodeSettings, RelaySettings, SettingsError
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.membership import Membership
from pushnet.roles.relay.service import make_service
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import UnknownLocalException
from pushnet.rpc.stubs import Current
from pushnet.wire.errors import MemoryLimitException
from pushnet.wire.identity import Identity
from pushnet.wire.message import MAGIC, MESSAGE_BYTES_MAX
from tests.roles.relay.simrelay import PORT, RelayCase


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


class Bulky(BrokerServant):
    """Answers with more than a message from outside may have."""

    def stats(self, current: Current | None = None) -> dict[str, float]:
        return {f"{number:0200}": 1.0 for number in range(6000)}


class SizeTests(RelayCase):
    def test_what_is_larger_than_ices_default_does_not_pass_and_costs_nobody_the_connection(self) -> None:
        world = self.simulation.host("bulky-1").boot()
        inside = Communicator(world, inner_properties(self.grid.settings))
        adapter = inside.createObjectAdapterWithEndpoints("inside", "tcp -h bulky-1 -p 0")
        adapter.add(Bulky(), Identity("bulky", "broker"))
        self.run_until(adapter.activate())
        membership = Membership(
            world, inside, self.grid.settings, NodeSettings(name="bulky-1", role="broker")
        )
        membership.offer(adapter, objects=[WellKnown(Identity("bulky", "broker"), "::PushNet::Broker")])
        self.run_until(membership.start())
        client = self.session()
        asked = client.broker("broker/bulky").stats()
        self.assertRaises(UnknownLocalException, client.do, asked)
        self.assertTrue(self.flushLoggedErrors(MemoryLimitException))
        self.assertTrue(client.is_connected())
        self.assertEqual(client.do(client.broker().stats()), {"connections": 3.0})

    def test_a_stranger_cannot_make_the_relay_store_more_than_that(self) -> None:
        host = self.simulation.host("stranger")
        claim = MAGIC + b"\0\0" + (2 * MESSAGE_BYTES_MAX).to_bytes(4, "little")
        received = Received()
        connecting = (
            host.boot().client_endpoint("relay-1", PORT).connect(Factory.forProtocol(lambda: received))
        )
        self.run_until(connecting)
        received.transport.write(claim + bytes(1000))
        self.simulation.run_for(1)
        self.assertTrue(received.lost)


class Received(Protocol):
    lost = False

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost = True
