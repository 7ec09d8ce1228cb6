"""Datagrams on the loopback: they arrive, a taken port is told, and a closed socket is quiet."""

from __future__ import annotations

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError, DNSLookupError
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.world import DatagramOptions


class UdpSocketTest(TestCase):
    def setUp(self) -> None:
        self.world = RealWorld(reactor, self.mktemp())

    async def test_there_and_back(self) -> None:
        asked: Deferred[tuple[bytes, str, int]] = Deferred()
        answered: Deferred[tuple[bytes, str, int]] = Deferred()
        server = self.world.datagrams("127.0.0.1", 0, lambda *what: asked.callback(what))
        client = self.world.datagrams("127.0.0.1", 0, lambda *what: answered.callback(what))
        client.send(b"question", *server.address())
        data, host, port = await asked
        self.assertEqual((data, host, port), (b"question", *client.address()))
        server.send(b"answer", host, port)
        self.assertEqual(await answered, (b"answer", *server.address()))
        await client.close()
        await server.close()
        client.send(b"nothing", host, port)

    async def test_a_socket_of_all_addresses_tells_by_which_it_sends(self) -> None:
        everywhere = self.world.datagrams("", 0, lambda *what: None)
        one = self.world.datagrams("127.0.0.1", 0, lambda *what: None)
        for asked in (everywhere, one):
            self.assertEqual(asked.address_towards("127.0.0.1"), "127.0.0.1")
        self.assertEqual(everywhere.address_towards("no address"), "0.0.0.0")
        await everywhere.close()
        await one.close()

    async def test_what_is_too_large_is_lost_without_a_word(self) -> None:
        arrived: Deferred[bytes] = Deferred()
        server = self.world.datagrams("127.0.0.1", 0, lambda data, host, port: arrived.callback(data))
        client = self.world.datagrams("", 0, lambda *what: None)
        client.send(bytes(70_000), *server.address())
        client.send(bytes(65_507), *server.address())
        self.assertEqual(len(await arrived), 65_507)
        await client.close()
        await server.close()

    async def test_a_port_that_is_taken(self) -> None:
        server = self.world.datagrams("127.0.0.1", 0, lambda *what: None)
        with self.assertRaises(CannotListenError):
            self.world.datagrams("127.0.0.1", server.address()[1], lambda *what: None)
        await server.close()

    async def test_several_on_one_port_hear_what_is_sent_to_their_group(self) -> None:
        heard: list[Deferred[bytes]] = [Deferred(), Deferred()]
        options = DatagramOptions(group="239.255.7.8", interface="127.0.0.1")
        first = self.world.datagrams("", 0, lambda data, *who: heard[0].callback(data), options)
        port = first.address()[1]
        second = self.world.datagrams("", port, lambda data, *who: heard[1].callback(data), options)
        sending = DatagramOptions(interface="lo", ttl=0, send_bytes=20_000, receive_bytes=30_000)
        client = self.world.datagrams("", 0, lambda *what: None, sending)
        client.send(b"to all", "239.255.7.8", port)
        self.assertEqual([await each for each in heard], [b"to all"] * 2)
        received, sent = client.buffers()
        self.assertTrue(30_000 <= received <= 90_000 and 20_000 <= sent <= 60_000, (received, sent))
        for each in (first, second, client):
            await each.close()

    async def test_a_group_of_ipv6_is_joined_the_same_way(self) -> None:
        """Whether its datagrams travel on a loopback is the system's choice: Linux has no route for them."""
        options = DatagramOptions(group="ff15::7:8", interface="lo", ttl=0)
        first = self.world.datagrams("", 0, lambda *what: None, options)
        second = self.world.datagrams("", first.address()[1], lambda *what: None, options)
        self.assertEqual(first.address(), second.address())
        await first.close()
        await second.close()

    async def test_an_interface_that_is_not_there(self) -> None:
        with self.assertRaises(CannotListenError):
            self.world.datagrams(
                "", 0, lambda *what: None, DatagramOptions(group="239.255.7.8", interface="eth99")
            )

    async def test_names_and_addresses_are_resolved(self) -> None:
        self.assertEqual(await self.world.resolve("127.0.0.1"), "127.0.0.1")
        self.assertEqual(await self.world.resolve("::1"), "::1")
        self.assertEqual(await self.world.resolve("localhost"), "127.0.0.1")
        with self.assertRaises(DNSLookupError):
            await self.world.resolve("no-such-host.invalid")
