"""One connection: the deadline before the login, and the lobby's bound."""

from __future__ import annotations

from twisted.internet.interfaces import IProtocol, IPushProducer
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from pushnet.device.frames import Close, Reason, Register
from pushnet.device.reading import split
from pushnet.device.writing import HEARTBEAT, encode
from pushnet.roles.broker.line import LOGIN_LIMIT_S, Line
from tests.roles.broker.fakes import APP, Stage


class LineTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()

    def caller(self) -> Line:
        line = Line(self.stage.board)
        line.makeConnection(StringTransport())
        return line

    def last_word(self, line: Line) -> object:
        return split(line.transport.value(), 1024)[0][-1]  # type: ignore[attr-defined]

    def test_it_is_a_protocol_and_a_producer(self) -> None:
        verifyObject(IProtocol, self.caller())
        verifyObject(IPushProducer, self.caller())
        self.assertFalse(hasattr(self.caller(), "__dict__"))

    def test_who_says_nothing_is_hung_up_on_after_the_deadline(self) -> None:
        line = self.caller()
        self.stage.advance(LOGIN_LIMIT_S - 1)
        self.assertFalse(line.closed)
        self.stage.advance(1)
        self.assertEqual(self.last_word(line), Close(Reason.TOO_SLOW))

    def test_the_deadline_is_for_all_of_it_whatever_is_said_meanwhile(self) -> None:
        line = self.caller()
        first = encode(Register(APP, "phone", "ios"))
        for number in range(LOGIN_LIMIT_S):
            line.dataReceived(HEARTBEAT if number % 2 else first[number : number + 1][:0])
            self.stage.advance(1)
        self.assertTrue(line.closed)

    def test_a_login_that_no_shard_answers_ends_with_the_deadline(self) -> None:
        self.stage.shard.waiting = []
        line = self.caller()
        line.dataReceived(encode(Register(APP, "phone", "ios")))
        self.stage.advance(LOGIN_LIMIT_S)
        self.assertTrue(line.closed)

    def test_a_crowd_in_the_lobby_costs_its_oldest_and_nobody_who_is_in(self) -> None:
        phone = self.stage.phone()
        lines = [self.caller() for _ in range(12)]
        self.assertEqual([line.closed for line in lines], [True, True] + [False] * 10)
        self.assertFalse(phone.line.closed)

    def test_garbage_is_answered_with_a_reason(self) -> None:
        line = self.caller()
        line.dataReceived(b"GET / HTTP/1.1\r\n\r\n")
        line.dataReceived(bytes([0x7F]) * 200)
        self.assertTrue(line.closed)
        self.assertEqual(self.last_word(line).reason, Reason.VERSION)  # type: ignore[attr-defined]

    def test_nothing_is_said_after_the_end(self) -> None:
        line = self.caller()
        line.abort()
        line.write(b"late")
        line.close(Reason.TRY_LATER)
        line.connectionLost()
        self.assertEqual(line.transport.value(), b"")  # type: ignore[attr-defined]
        self.assertEqual(self.stage.board.connections, 0)
