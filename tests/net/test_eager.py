"""What is written to a socket with nothing queued leaves before the call returns; the rest follows."""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP4ServerEndpoint
from twisted.internet.interfaces import ITCPTransport
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import TestCase

from pushnet.net.eager import EagerTransport, eager


class Sink(Protocol):
    """Keeps what it hears, and tells when that is as much as was wanted."""

    def __init__(self, wanted: int) -> None:
        self.heard = bytearray()
        self.all: Deferred[bytes] = Deferred()
        self.ended: Deferred[None] = Deferred()
        self._wanted = wanted

    def dataReceived(self, data: bytes) -> None:
        self.heard += data
        if len(self.heard) == self._wanted:
            self.all.callback(bytes(self.heard))

    def connectionLost(self, reason: Any = None) -> None:
        self.ended.callback(None)


class EagerTest(TestCase):
    timeout = 30

    async def pair(self, wanted: int) -> tuple[Any, Sink]:
        """The client's transport, and who hears it."""
        sink = Sink(wanted)
        factory = Factory()
        factory.buildProtocol = lambda addr: sink  # type: ignore[method-assign,assignment]
        port = await TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1").listen(factory)
        self.addCleanup(port.stopListening)
        there = TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port)
        client = await there.connect(Factory.forProtocol(Protocol))
        return client.transport, sink

    def queued(self, transport: Any) -> int:
        return len(transport.dataBuffer) + sum(map(len, transport._tempDataBuffer))

    async def test_a_little_leaves_at_once(self) -> None:
        transport, sink = await self.pair(10)
        quick = eager(transport)
        quick.write(b"hello")
        quick.writeSequence([b"wo", b"rld"])
        self.assertEqual(self.queued(transport), 0)
        self.assertEqual(await sink.all, b"helloworld")
        quick.loseConnection()
        await sink.ended

    async def test_what_the_socket_does_not_take_follows_in_order(self) -> None:
        size = 30_000_000
        transport, sink = await self.pair(size + 3)
        quick = eager(transport)
        data = bytes(range(250)) * (size // 250)
        quick.write(data)
        self.assertTrue(0 < self.queued(transport) < size)
        quick.write(b"end")
        self.assertEqual(await sink.all, data + b"end")
        quick.loseConnection()
        await sink.ended
        quick.write(b"too late")

    async def test_it_is_like_what_stands_behind_it(self) -> None:
        transport, sink = await self.pair(1)
        quick = eager(transport)
        self.assertIsInstance(quick, EagerTransport)
        self.assertTrue(ITCPTransport.providedBy(quick))
        self.assertEqual(quick.getPeer(), transport.getPeer())
        quick.write(b"x")
        quick.loseConnection()
        quick.write(b"not after hanging up")
        self.assertEqual(await sink.all, b"x")
        await sink.ended

    def test_what_is_no_socket_stays_as_it_is(self) -> None:
        other = object()
        self.assertIs(eager(other), other)
