"""A WebSocket carries a stream of bytes between two protocols, and ends in an orderly way."""

from typing import Any

from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.handshakes import HANDSHAKE_S, Accepting, Dialling, StreamInfo
from pushnet.net.websockets import client_layer, server_layer
from pushnet.sim import Simulation
from pushnet.wire.errors import ProtocolException
from pushnet.wire.websocket import PING, WebSocket
from tests.sim.peers import Recorder

PORT = 7000


class Peer(Recorder):
    """What is above the WebSocket."""

    def __init__(self, info: StreamInfo) -> None:
        super().__init__()
        self.info = info


class WebSocketsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.s, self.c = self.simulation.host("s"), self.simulation.host("c")
        self.s.boot()
        self.c.boot()
        self.servers: list[Peer] = []
        self.refused: list[Exception] = []
        factory = Accepting(
            self.s.world.call_later,
            [server_layer()],
            self._serve,
            lambda address, error: self.refused.append(error),
        )
        self.simulation.run_until(self.s.world.server_endpoint("", PORT).listen(factory))

    def _serve(self, info: StreamInfo) -> Peer:
        self.servers.append(Peer(info))
        return self.servers[-1]

    def dial(self) -> Peer:
        world = self.c.world
        layer = client_layer(world.entropy, "s", PORT, "/ice")
        dialling = Dialling([layer], Peer).begin(world.client_endpoint("s", PORT))
        client: Any = self.simulation.run_until(dialling)
        return client

    def raw(self) -> Recorder:
        """A peer that is no WebSocket yet."""
        connecting = self.c.world.client_endpoint("s", PORT).connect(Factory.forProtocol(Recorder))
        peer: Any = self.simulation.run_until(connecting)
        return peer

    def settle(self, seconds: float = 1.0) -> None:
        self.simulation.run_for(seconds)

    def test_bytes_go_both_ways(self) -> None:
        client = self.dial()
        client.transport.writeSequence([b"to ", b"you"])
        self.settle()
        server = self.servers[0]
        server.transport.write(bytes(70_000))
        self.settle()
        self.assertEqual((server.text, client.text), (b"to you", bytes(70_000)))
        self.assertEqual(server.info.headers["Host"], f"s:{PORT}")
        self.assertEqual(client.info.headers["Upgrade"], "websocket")

    def test_closing_ends_both_sides_after_what_was_written(self) -> None:
        client = self.dial()
        client.transport.write(b"last words")
        client.transport.loseConnection()
        client.transport.write(b"too late")
        self.settle()
        self.assertEqual(self.servers[0].text, b"last words")
        self.assertEqual((client.ended, self.servers[0].ended), ("ConnectionDone", "ConnectionDone"))

    def test_a_cut_ends_both_sides(self) -> None:
        client = self.dial()
        self.settle()
        self.servers[0].transport.abortConnection()
        self.settle()
        self.assertTrue(client.ended and self.servers[0].ended)

    def test_a_peer_that_breaks_the_protocol_is_told_and_its_user_learns_why(self) -> None:
        client = self.dial()
        self.settle()
        client.transport.transport.write(b"\x82\x01x")
        self.settle()
        self.assertEqual(self.servers[0].ended, "WebSocketException")
        self.assertTrue(client.ended)

    def test_a_ping_is_answered_below_the_user(self) -> None:
        client = self.dial()
        client.transport.transport.write(WebSocket(True, lambda: b"mask").frame(b"hey", PING))
        client.transport.write(b"go on")
        self.settle()
        self.assertEqual((self.servers[0].text, self.servers[0].ended), (b"go on", ""))

    def test_who_is_no_websocket_is_told_why_and_sent_away(self) -> None:
        peer = self.raw()
        peer.transport.write(b"GET / HTTP/1.1\r\nHost: s\r\n\r\n")
        self.settle()
        self.assertTrue(peer.text.startswith(b"HTTP/1.1 426 "), peer.text)
        self.assertTrue(peer.ended)
        self.assertIsInstance(self.refused[0], ProtocolException)
        self.assertEqual(self.servers, [])

    def test_who_says_nothing_is_cut_after_a_while(self) -> None:
        peer = self.raw()
        peer.transport.write(b"GET / HT")
        self.settle(HANDSHAKE_S + 1)
        self.assertTrue(peer.ended)
        self.assertEqual(len(self.refused), 1)

    def test_a_producer_is_paused_through_the_websocket(self) -> None:
        client = self.dial()
        self.settle()
        server = self.servers[0]
        server.transport.pauseProducing()
        client.transport.write(b"patience")
        self.settle()
        self.assertEqual(server.text, b"")
        server.transport.resumeProducing()
        self.settle()
        self.assertEqual(server.text, b"patience")

    def test_a_server_that_is_no_websocket_fails_the_connect(self) -> None:
        class Mute(Protocol):
            def dataReceived(self, data: bytes) -> None:
                self.transport.write(b"HTTP/1.1 404 Not Found\r\n\r\n")

        self.simulation.run_until(self.s.world.server_endpoint("", 7001).listen(Factory.forProtocol(Mute)))
        world = self.c.world
        layer = client_layer(world.entropy, "s", 7001, "/")
        dialling = Dialling([layer], Peer).begin(world.client_endpoint("s", 7001))
        with self.assertRaises(ProtocolException):
            self.simulation.run_until(dialling)
