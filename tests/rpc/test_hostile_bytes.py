"""Malformed bytes on an RPC port: each costs its own connection, silently, and nobody else anything."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.cancelling import WELCOME_MESSAGE
from pushnet.rpc.connection_api import STRAYS_MAX
from pushnet.rpc.exceptions import InvocationCanceledException
from pushnet.wire.message import MAGIC, MESSAGE_BYTES_MAX, VALIDATE_MESSAGE
from tests.rpc.given import PORT, Grid


def sized(message: bytes) -> bytes:
    """The message with its true size in its header."""
    return message[:10] + len(message).to_bytes(4, "little") + message[14:]


def request(body: bytes) -> bytes:
    return sized(MAGIC + b"\0\0" + bytes(4) + body)


PING = request(b"\1\0\0\0" + b"\6object\0\0" + b"\x08ice_ping" + b"\1\0" + b"\6\0\0\0\1\1")
FACETS = PING[:26] + b"\x02\x01a\x01b" + PING[27:]
MALFORMED = {
    "another magic": b"HTTP" + PING[4:],
    "another protocol": PING[:4] + b"\x02" + PING[5:],
    "another encoding of the protocol": PING[:7] + b"\x01" + PING[8:],
    "an unknown type": PING[:8] + b"\x05" + PING[9:],
    "an unknown compression": PING[:9] + b"\x03" + PING[10:],
    "a size below that of the header": PING[:10] + b"\x0d\0\0\0" + PING[14:],
    "a negative size": PING[:10] + b"\xff\xff\xff\xff" + PING[14:],
    "a size above the limit": PING[:10] + (MESSAGE_BYTES_MAX + 1).to_bytes(4, "little") + PING[14:],
    "a request without a body": sized(PING[:14]),
    "a request cut off in its head": sized(PING[:30]),
    "a request without parameters": sized(PING[:-6]),
    "bytes behind the parameters": sized(PING + b"x"),
    "parameters larger than the message": PING[:-6] + b"\x07" + PING[-5:],
    "parameters smaller than their own head": PING[:-6] + b"\x05" + PING[-5:],
    "an operation mode nobody knows": PING[:-8] + b"\x07" + PING[-7:],
    "a facet of two parts": sized(FACETS),
    "a string longer than the message": request(bytes(4) + b"\xff\xff\xff\xff\x7f"),
    "a negative length": request(bytes(4) + b"\xff\xff\xff\xff\xff"),
    "an identity that is not UTF-8": sized(PING.replace(b"object", b"\xff\xfe\xfd\xfc\xfb\xfa")),
    "a category without a name": sized(PING[:18] + b"\0\x01c" + PING[26:]),
    "a context larger than the message": PING[:-7] + b"\x09" + PING[-6:],
    "a batch with a negative count": sized(MAGIC + b"\x01\0" + bytes(4) + b"\xff\xff\xff\xff"),
    "a batch that claims a billion requests": sized(MAGIC + b"\x01\0" + bytes(4) + b"\0\0\0\x40" + PING[18:]),
    "a batch cut off": sized(MAGIC + b"\x01\0" + bytes(4) + b"\x02\0\0\0" + PING[18:]),
    "a reply cut off": sized(MAGIC + b"\x02\0" + bytes(4) + b"\x01\0"),
    "a compressed message that is not": sized(MAGIC + b"\0\x02" + bytes(4) + b"\xff\0\0\0garbage"),
    "a compressed message that claims too much": sized(MAGIC + b"\0\x02" + bytes(4) + b"\0\0\0\x7fBZh"),
}
HARMLESS = {
    "a heartbeat": VALIDATE_MESSAGE,
    "a reply nobody waits for": sized(MAGIC + b"\x02\0" + bytes(4) + b"\x07\0\0\0\0\x06\0\0\0\x01\x01"),
    "an empty batch": sized(MAGIC + b"\x01\0" + bytes(4) + bytes(4)),
    "a request for nobody": sized(PING.replace(b"object", b"nobody")),
}


class Peer(Protocol):
    """Sends what it is told; keeps what it gets."""

    def __init__(self) -> None:
        self.got = b""
        self.gone: Deferred[None] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.got += data

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.gone.callback(None)


class HostileBytesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant, self.everything = self.grid.pair()
        self.server = self.grid.communicator("server")
        self.world = self.grid.simulation.host("stranger").boot()

    def connect(self) -> Peer:
        connecting = self.world.client_endpoint("server", PORT).connect(Factory.forProtocol(Peer))
        peer: Peer = self.grid.wait(connecting)
        self.grid.simulation.run_for(0.1)
        self.assertEqual(peer.got, WELCOME_MESSAGE)
        return peer

    def send(self, data: bytes) -> Peer:
        peer = self.connect()
        assert peer.transport is not None
        peer.transport.write(data)
        self.grid.simulation.run_for(1.0)
        return peer

    def test_each_malformed_message_closes_its_connection_without_a_word(self) -> None:
        neighbour = self.connect()
        for what, data in MALFORMED.items():
            before = self.server.counters.malformed
            peer = self.send(data)
            self.assertTrue(peer.gone.called, what)
            self.assertEqual(peer.got, WELCOME_MESSAGE, what)
            self.assertEqual(self.server.counters.malformed, before + 1, what)
            self.assertEqual(self.grid.wait(self.everything.add(1, 2)), 3)
        self.assertFalse(neighbour.gone.called)

    def test_what_is_odd_but_allowed_closes_nothing(self) -> None:
        for what, data in HARMLESS.items():
            self.assertFalse(self.send(data).gone.called, what)
        self.assertEqual(self.server.counters.malformed, 0)
        self.assertEqual(self.server.counters.stray_replies, 1)

    def test_who_sends_replies_nobody_asked_for_is_cut_off_at_last(self) -> None:
        stray = HARMLESS["a reply nobody waits for"]
        peer = self.send(stray * STRAYS_MAX)
        self.assertFalse(peer.gone.called)
        assert peer.transport is not None
        peer.transport.write(stray)
        self.grid.simulation.run_for(1.0)
        self.assertTrue(peer.gone.called)
        self.assertEqual(self.server.counters.malformed, 1)

    def test_replies_to_calls_that_were_given_up_are_forgiven(self) -> None:
        self.servant.gate = Deferred()
        calls = [self.everything.nothing() for _ in range(3 * STRAYS_MAX)]
        self.grid.simulation.run_for(1.0)
        for call in calls:
            call.addErrback(lambda failure: failure.trap(InvocationCanceledException))
            call.cancel()
        self.servant.gate.callback(None)
        self.assertEqual(self.grid.wait(self.everything.add(1, 2)), 3)
        client = self.grid.communicator("client").counters
        self.assertEqual((client.stray_replies, client.malformed), (3 * STRAYS_MAX, 0))

    def test_who_opens_asks_and_vanishes_over_and_over_harms_nobody(self) -> None:
        """The rapid reset: what was asked is served to its end, unanswered, and leaves nothing behind."""
        self.servant.gate = gate = Deferred()
        slow = request(b"\1\0\0\0\x06object\0\0\x07nothing\0\0\6\0\0\0\1\1")
        for _ in range(50):
            peer = self.connect()
            assert peer.transport is not None
            peer.transport.write(slow)
            self.grid.simulation.run_for(0.01)
            peer.transport.abortConnection()
        self.grid.simulation.run_for(1.0)
        self.assertEqual(self.servant.called, ["nothing"] * 50)
        self.assertEqual(self.grid.wait(self.everything.add(1, 2)), 3)
        gate.callback(None)
        self.grid.simulation.run_for(1.0)
        self.assertEqual((self.server.counters.malformed, self.server.counters.failed), (0, 0))
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_the_request_the_others_are_made_of_is_answered(self) -> None:
        peer = self.send(PING)
        self.assertFalse(peer.gone.called)
        answer = sized(MAGIC + b"\x02\0" + bytes(4) + b"\x01\0\0\0\0\x06\0\0\0\x01\x01")
        self.assertEqual(peer.got, WELCOME_MESSAGE + answer)

    def test_what_came_before_a_malformed_message_is_served(self) -> None:
        add = request(b"\0\0\0\0\x06object\0\0\x03add\0\0\x0e\0\0\0\x01\x01\x01\0\0\0\x02\0\0\0")
        self.send(add + b"X" * 14)
        self.assertEqual(self.servant.called, ["add"])

    def test_a_flood_of_malformed_messages_is_one_line_a_second(self) -> None:
        lines: list[object] = []
        self.server.log = type(self.server.log)(observer=lines.append)
        for _ in range(20):
            self.send(b"X" * 14)
        self.assertGreater(len(lines), 0)
        self.assertLessEqual(len(lines), 23)

    @settings(max_examples=60)
    @given(st.binary(max_size=80), st.integers(0, len(PING)))
    def test_garbage_harms_nobody(self, garbage: bytes, keep: int) -> None:
        self.setUp()
        self.send(PING[:keep] + garbage)
        self.assertEqual(self.grid.wait(self.everything.add(1, 2)), 3)
        self.assertEqual(self.flushLoggedErrors(), [])
