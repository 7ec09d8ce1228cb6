"""TCP of the real world on loopback."""

import errno
import os
import socket

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionRefusedError
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app.realworld_network import EpollSockets, NoDelayClientEndpoint, NoDelayServerEndpoint


class Greeter(Protocol):
    """Says whether its transport delays small writes, and goes."""

    def connectionMade(self) -> None:
        self.transport.write(b"no delay" if self.transport.getTcpNoDelay() else b"delay")
        self.transport.loseConnection()


class Listener(Protocol):
    def __init__(self) -> None:
        self.heard = b""
        self.ended: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.heard += data

    def connectionLost(self, reason: object) -> None:
        self.ended.callback(self.heard)


class EndpointTests(TestCase):
    async def _greet(self, client_host: str) -> None:
        port = await NoDelayServerEndpoint(reactor, "127.0.0.1", 0).listen(Factory.forProtocol(Greeter))
        self.addCleanup(port.stopListening)
        endpoint = NoDelayClientEndpoint(reactor, client_host, port.getHost().port, 5.0, "127.0.0.1")
        client = await endpoint.connect(Factory.forProtocol(Listener))
        self.assertTrue(client.transport.getTcpNoDelay())
        self.assertEqual(await client.ended, b"no delay")

    async def test_neither_side_delays_small_writes(self) -> None:
        await self._greet("127.0.0.1")

    async def test_a_name_is_looked_up(self) -> None:
        await self._greet("localhost")

    async def test_nobody_listening_is_refused(self) -> None:
        port = await NoDelayServerEndpoint(reactor, "127.0.0.1", 0).listen(Factory.forProtocol(Greeter))
        number = port.getHost().port
        await port.stopListening()
        connecting = NoDelayClientEndpoint(reactor, "127.0.0.1", number, 5.0, "").connect(Factory())
        await self.assertFailure(connecting, ConnectionRefusedError)


class EpollSocketTests(SynchronousTestCase):
    def test_a_reactor_without_descriptors_offers_none(self) -> None:
        self.assertIsNone(EpollSockets.offered_by(object()))

    def test_a_waiting_connection_is_taken_without_delay_or_blocking(self) -> None:
        listener = EpollSockets.offered_by(reactor).listen("127.0.0.1", 0, 5)
        self.addCleanup(listener.close)
        self.assertRaises(BlockingIOError, listener.accept)
        with socket.create_connection(listener.address()) as caller:
            descriptor, host, port = listener.accept()
            with socket.socket(fileno=descriptor) as taken:
                self.assertEqual((host, port), caller.getsockname())
                self.assertTrue(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                self.assertRaises(BlockingIOError, taken.recv, 1)
                self.assertFalse(os.get_inheritable(descriptor))

    def test_an_address_in_use_cannot_be_had(self) -> None:
        sockets = EpollSockets.offered_by(reactor)
        listener = sockets.listen("127.0.0.1", 0, 5)
        self.addCleanup(listener.close)
        error = self.assertRaises(OSError, sockets.listen, "127.0.0.1", listener.address()[1], 5)
        self.assertEqual(error.errno, errno.EADDRINUSE)
