"""Layers agree one after the other under one deadline, or nothing of them is left."""

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IProtocol
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.handshakes import HANDSHAKE_S, Accepting, Dialling, Handshake, StreamInfo


class Word(Protocol):
    """A layer that agrees when it hears one byte, and fails when that is `!`."""

    def __init__(self, handshake: Handshake) -> None:
        self.handshake = handshake
        self.above: IProtocol | None = None

    def dataReceived(self, data: bytes) -> None:
        if self.above is not None:
            self.above.dataReceived(data)
        elif data == b"!":
            self.handshake.failed(ValueError("no"))
        else:
            self.handshake.info.cipher += data.decode()
            self.above = self.handshake.next()
            self.above.makeConnection(self.transport)

    def connectionLost(self, reason: Failure) -> None:
        if self.above is None:
            self.handshake.gone(reason.value)


class User(Protocol):
    """What the layers are for."""

    def __init__(self, info: StreamInfo) -> None:
        self.info = info
        self.heard = b""

    def dataReceived(self, data: bytes) -> None:
        self.heard += data


class Endpoint:
    """Connects when told to; whatever it is asked is kept."""

    def __init__(self) -> None:
        self.cancelled = False

    def connect(self, factory: Dialling):
        self.factory = factory
        self.opening = Deferred(self._cancel)
        return self.opening

    def _cancel(self, _: object) -> None:
        self.cancelled = True


def lost(protocol: Protocol) -> None:
    protocol.connectionLost(Failure(ConnectionError("gone")))


class AcceptingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.users: list[User] = []
        self.refused: list[str] = []
        self.factory = Accepting(self.clock.callLater, [Word, Word], self.user, self.refuse)

    def user(self, info: StreamInfo) -> User:
        self.users.append(User(info))
        return self.users[-1]

    def refuse(self, address: object, error: Exception) -> None:
        self.refused.append(f"{address} {type(error).__name__}")

    def peer(self) -> tuple[Word, StringTransport, Callable[[bytes], None]]:
        protocol = self.factory.buildProtocol("peer")
        transport = StringTransport()
        protocol.makeConnection(transport)
        return protocol, transport, protocol.dataReceived

    def test_the_user_comes_on_top_when_each_layer_has_agreed(self) -> None:
        _, transport, say = self.peer()
        say(b"a")
        self.assertEqual(self.users, [])
        say(b"b")
        say(b"hello")
        self.assertEqual((self.users[0].heard, self.users[0].info.cipher), (b"hello", "ab"))
        self.clock.advance(HANDSHAKE_S + 1)
        self.assertFalse(transport.disconnected)
        self.assertEqual(self.refused, [])

    def test_all_layers_share_one_deadline(self) -> None:
        _, transport, say = self.peer()
        self.clock.advance(HANDSHAKE_S - 1)
        say(b"a")
        self.clock.advance(1)
        self.assertTrue(transport.disconnected)
        self.assertEqual(self.refused, ["peer TimeoutError"])

    def test_who_fails_and_does_not_go_is_cut_at_the_deadline(self) -> None:
        protocol, transport, say = self.peer()
        say(b"!")
        self.assertEqual(self.refused, ["peer ValueError"])
        self.assertFalse(transport.disconnected)
        self.clock.advance(HANDSHAKE_S)
        self.assertTrue(transport.disconnected)
        lost(protocol)
        self.assertEqual(self.refused, ["peer ValueError"])

    def test_who_goes_leaves_no_timer(self) -> None:
        protocol, _, _ = self.peer()
        lost(protocol)
        self.assertEqual(self.refused, ["peer ConnectionError"])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_who_is_on_the_way_can_be_waited_for(self) -> None:
        self.successResultOf(self.factory.settled())
        _, _, say = self.peer()
        protocol, _, _ = self.peer()
        settled = self.factory.settled()
        say(b"a")
        say(b"b")
        self.clock.advance(0)
        self.assertNoResult(settled)
        lost(protocol)
        self.clock.advance(0)
        self.successResultOf(settled)

    def test_a_port_that_closes_cuts_who_is_not_through_and_does_not_complain(self) -> None:
        _, waiting, _ = self.peer()
        _, through, say = self.peer()
        say(b"a")
        say(b"b")
        self.factory.close()
        self.assertEqual((waiting.disconnected, through.disconnected), (True, False))
        self.assertEqual((self.refused, self.clock.getDelayedCalls()), ([], []))


class DiallingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.endpoint = Endpoint()
        self.dialling = Dialling([Word], User)
        self.done = self.dialling.begin(self.endpoint)

    def connected(self) -> tuple[Word, StringTransport]:
        protocol = self.dialling.buildProtocol(None)
        transport = StringTransport()
        protocol.makeConnection(transport)
        self.endpoint.opening.callback(protocol)
        return protocol, transport

    def test_it_fires_with_the_user_when_the_layers_have_agreed(self) -> None:
        protocol, _ = self.connected()
        self.assertNoResult(self.done)
        protocol.dataReceived(b"a")
        user = self.successResultOf(self.done)
        self.assertEqual(user.info.cipher, "a")

    def test_it_fails_when_nobody_answers(self) -> None:
        self.endpoint.opening.errback(ConnectionError("nobody"))
        self.failureResultOf(self.done, ConnectionError)

    def test_it_fails_when_a_layer_does(self) -> None:
        protocol, _ = self.connected()
        protocol.dataReceived(b"!")
        self.failureResultOf(self.done, ValueError)
        lost(protocol)

    def test_given_up_while_connecting_it_stops_connecting(self) -> None:
        self.done.cancel()
        self.assertTrue(self.endpoint.cancelled)
        self.failureResultOf(self.done)

    def test_given_up_in_the_handshake_the_connection_is_cut(self) -> None:
        _, transport = self.connected()
        self.done.cancel()
        self.assertTrue(transport.disconnected)
        self.failureResultOf(self.done)
