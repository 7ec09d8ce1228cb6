"""Who is told to go answers first what it has been asked, and says nothing else."""

from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.leaving import answers_among
from pushnet.wire.basic import context_bytes
from pushnet.wire.identity import Identity
from pushnet.wire.message import CLOSE_MESSAGE, REPLY, REQUEST, Framer
from pushnet.wire.reply import ok_message
from pushnet.wire.request import request_message, target_bytes
from tests.rpc.given import EverythingI, Grid

PING = target_bytes(Identity("object"), "", "ice_ping", 1) + context_bytes({})


class AnswersTest(SynchronousTestCase):
    def test_replies_are_kept_and_requests_are_not(self) -> None:
        reply, request = ok_message(1, b"", (1, 1)), request_message(2, PING, b"")
        self.assertEqual(answers_among([request, reply, request, reply]), [reply, reply])
        self.assertEqual(answers_among([]), [])

    def test_a_message_in_two_parts_is_kept_or_dropped_whole(self) -> None:
        reply, request = ok_message(1, b"x" * 50, (1, 1)), request_message(2, PING, b"y" * 50)
        parts = [request[:30], request[30:], reply[:30], reply[30:], request]
        self.assertEqual(answers_among(parts), [reply[:30], reply[30:]])

    def test_what_has_begun_to_leave_leaves(self) -> None:
        request = request_message(2, PING, b"")
        self.assertEqual(answers_among([b"rest", request]), [b"rest"])


class Peer(Protocol):
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.gone = False
        self._framer = Framer(1_000_000)

    def dataReceived(self, data: bytes) -> None:
        self.messages += self._framer.receive(data)

    def connectionLost(self, reason: object = None) -> None:
        self.gone = True


class LeaveTest(SynchronousTestCase):
    def test_requests_that_come_together_with_the_end_are_answered(self) -> None:
        grid = Grid(self)
        grid.serve("server", EverythingI())
        peer = Peer()
        world = grid.communicator("client").world
        factory: Factory = Factory()
        factory.buildProtocol = lambda address: peer  # type: ignore[method-assign,assignment]
        grid.wait(world.client_endpoint("server", 4000).connect(factory))
        grid.simulation.run_for(1)
        asked = [request_message(number, PING, b"") for number in (1, 2)]
        peer.transport.write(b"".join([*asked, CLOSE_MESSAGE]))
        grid.simulation.run_for(1)
        self.assertEqual([message[8] for message in peer.messages[1:]], [REPLY, REPLY])
        self.assertTrue(peer.gone)
        self.assertNotIn(REQUEST, [message[8] for message in peer.messages])
