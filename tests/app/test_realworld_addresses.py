"""Addresses of names and of this host, in the order and of the families that are wanted."""

from __future__ import annotations

from twisted.internet import reactor
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.error import DNSLookupError
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.app.realworld_addresses import in_order, interface_index, local_addresses
from pushnet.world import Families

FOUR, SIX = IPv4Address("TCP", "192.0.2.1", 1), IPv6Address("TCP", "2001:db8::1", 1)


class AddressesTest(TestCase):
    def test_families_are_chosen_and_ordered(self) -> None:
        self.assertEqual(in_order([SIX, FOUR], Families()), [FOUR, SIX])
        self.assertEqual(in_order([FOUR, SIX], Families(prefer_ipv6=True)), [SIX, FOUR])
        self.assertEqual(in_order([FOUR, SIX], Families(ipv6=False)), [FOUR])
        self.assertEqual(in_order([FOUR, SIX], Families(ipv4=False)), [SIX])

    def test_the_loopback_is_an_interface_by_its_name_and_address(self) -> None:
        self.assertGreater(interface_index("lo"), 0)
        self.assertEqual(interface_index("127.0.0.1"), interface_index("lo"))
        self.assertEqual(interface_index("no-such-interface"), 0)

    def test_this_host_has_addresses_others_can_reach_or_its_loopback(self) -> None:
        for families in (Families(), Families(ipv6=False)):
            found = local_addresses(families)
            self.assertTrue(found)
            self.assertFalse([address for address in found if address.startswith("fe80:")])
        self.assertFalse([address for address in local_addresses(Families(ipv6=False)) if ":" in address])

    async def test_a_name_is_resolved_in_the_families_that_are_wanted(self) -> None:
        world = RealWorld(reactor, self.mktemp())
        self.assertEqual(await world.resolve("localhost"), "127.0.0.1")
        self.assertEqual(await world.resolve("192.0.2.7", Families(ipv4=False)), "192.0.2.7")
        with self.assertRaises(DNSLookupError):
            await world.resolve("localhost", Families(ipv4=False, ipv6=False))

    async def test_a_name_is_connected_to_by_those_addresses_only(self) -> None:
        world = RealWorld(reactor, self.mktemp())
        port = await world.server_endpoint("127.0.0.1", 0).listen(Factory.forProtocol(Protocol))
        number = port.getHost().port
        calling = world.client_endpoint("localhost", number, families=Families(ipv6=False))
        protocol = await calling.connect(Factory.forProtocol(Protocol))
        world.set_stream_buffers(protocol.transport, 20_000, 30_000)
        receive, send = world.stream_buffers(protocol.transport)
        self.assertTrue(20_000 <= receive <= 60_000 and 30_000 <= send <= 90_000, (receive, send))
        protocol.transport.abortConnection()
        self.assertEqual(world.stream_buffers(object()), (0, 0))
        with self.assertRaises(DNSLookupError):
            nowhere = world.client_endpoint("localhost", number, families=Families(ipv4=False, ipv6=False))
            await nowhere.connect(Factory.forProtocol(Protocol))
        await port.stopListening()
