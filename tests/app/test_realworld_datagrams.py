"""Datagrams on the loopback: they arrive, a taken port is told, and a closed socket is quiet."""

from __future__ import annotations

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError, DNSLookupError
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld


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

    async def test_names_and_addresses_are_resolved(self) -> None:
        self.assertEqual(await self.world.resolve("127.0.0.1"), "127.0.0.1")
        self.assertEqual(await self.world.resolve("::1"), "::1")
        self.assertEqual(await self.world.resolve("localhost"), "127.0.0.1")
        with self.assertRaises(DNSLookupError):
            await self.world.resolve("no-such-host.invalid")
