"""The kinds of calls: each reads the answer that a peer of any quality may give."""

from twisted.internet.defer import AlreadyCalledError, Deferred
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.calls import QuickCall
from pushnet.rpc.exceptions import (
    ConnectionLostException,
    FacetNotExistException,
    LocalException,
    MarshalException,
    ObjectNotExistException,
    UnknownException,
    UnknownLocalException,
    UnknownReplyStatusException,
    UnknownUserException,
    UnsupportedEncodingException,
)
from pushnet.wire.identity import Identity
from pushnet.wire.message import VALIDATE_MESSAGE
from pushnet.wire.reply import Status, not_exist_message, ok_message, reply_message, text_message
from pushnet.wire.request import read_request_id
from tests.golden.calls import EverythingPrx
from tests.rpc.given import Grid


class Answerer(Protocol):
    """Validates, and answers every request with what `answer` makes of its id."""

    def connectionMade(self) -> None:
        self.transport.write(VALIDATE_MESSAGE)

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(self.factory.answer(read_request_id(data)))


class AnswerTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.factory = Factory.forProtocol(Answerer)
        world = self.grid.communicator("server").world
        self.grid.wait(world.server_endpoint("server", 4000).listen(self.factory))
        self.grid.communicator("client", Ice_RetryIntervals="-1")
        self.proxy = EverythingPrx(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)

    def error(self, answer: bytes) -> LocalException:
        """What `add` raises when the reply is `answer`, made for any request."""
        self.factory.answer = lambda request_id: answer[:14] + request_id.to_bytes(4, "little") + answer[18:]
        with self.assertRaises(LocalException) as raised:
            self.grid.wait(self.proxy.add(1, 2))
        return raised.exception

    def test_a_result_is_read(self) -> None:
        self.factory.answer = lambda request_id: ok_message(request_id, b"\x2a\0\0\0")
        self.assertEqual(self.grid.wait(self.proxy.add(1, 2)), 42)

    def test_each_status_has_its_exception(self) -> None:
        error = self.error(not_exist_message(1, Status.object_not_exist, Identity("x", "y"), "f", "op"))
        self.assertIs(type(error), ObjectNotExistException)
        self.assertEqual((error.id, error.facet, error.operation), (Identity("x", "y"), "f", "op"))

    def test_a_missing_facet_is_told_apart(self) -> None:
        error = self.error(not_exist_message(1, Status.facet_not_exist, Identity("x"), "", "op"))
        self.assertIs(type(error), FacetNotExistException)

    def test_unknown_failures_bring_their_text(self) -> None:
        for number, kind in enumerate(
            (UnknownLocalException, UnknownUserException, UnknownException), Status.unknown_local_exception
        ):
            self.setUp()
            error = self.error(text_message(1, Status(number), "what happened"))
            self.assertIs(type(error), kind)
            self.assertEqual(str(error), "what happened")

    def test_a_status_that_does_not_exist_is_an_error_of_its_own(self) -> None:
        self.assertIsInstance(self.error(reply_message(1, 99, b"")), UnknownReplyStatusException)

    def test_a_result_that_is_too_short_cannot_be_read(self) -> None:
        self.assertIsInstance(self.error(ok_message(1, b"\x2a")), MarshalException)

    def test_a_result_whose_size_is_wrong_cannot_be_read(self) -> None:
        self.assertIsInstance(
            self.error(reply_message(1, 0, b"\x0b\0\0\0\x01\x01\x2a\0\0\0")), MarshalException
        )

    def test_a_result_in_an_encoding_we_do_not_read_says_so(self) -> None:
        self.assertIsInstance(self.error(ok_message(1, b"\x2a\0\0\0", (2, 0))), UnsupportedEncodingException)

    def test_a_user_exception_nobody_declared_is_unknown(self) -> None:
        exception = b"\x20\x04::No"
        body = (6 + len(exception)).to_bytes(4, "little") + b"\x01\x01" + exception
        error = self.error(reply_message(1, Status.user_exception, body))
        self.assertIsInstance(error, UnknownUserException)
        self.assertIn("::No", str(error))

    def test_a_reply_nobody_waits_for_is_counted_and_ignored(self) -> None:
        self.factory.answer = lambda request_id: ok_message(77, b"") + ok_message(request_id, b"\x2a\0\0\0")
        self.assertEqual(self.grid.wait(self.proxy.add(1, 2)), 42)
        self.assertEqual(self.grid.communicators["client"].counters.stray_replies, 1)

    def test_garbage_instead_of_a_reply_ends_the_connection_and_its_calls(self) -> None:
        self.factory.answer = lambda request_id: b"HTTP/1.1 400 Bad Request\r\n\r\n"
        with self.assertRaises(Exception) as raised:
            self.grid.wait(self.proxy.add(1, 2))
        self.assertNotIsInstance(raised.exception, ConnectionLostException)
        self.assertEqual(self.grid.communicators["client"].counters.malformed, 1)


class QuickAnswerTest(AnswerTest):
    """The same for calls that find their connection and their head made."""

    def setUp(self) -> None:
        super().setUp()
        self.factory.answer = lambda request_id: ok_message(request_id, b"\0\0\0\0")
        self.grid.wait(self.proxy.add(0, 0))

    def test_its_deferred_is_as_twisted_makes_it(self) -> None:
        self.factory.answer = lambda request_id: ok_message(request_id, b"\x2a\0\0\0")
        answer, usual = self.proxy.add(1, 2), Deferred(lambda _: None)
        (call,) = self.proxy.ice_getCachedConnection().pending.values()
        self.assertIs(type(call), QuickCall)
        self.assertIs(type(answer), Deferred)
        self.assertEqual(sorted(vars(answer)), sorted(vars(usual)))
        self.grid.wait(answer)
        usual.callback(42)
        usual.addBoth(lambda result: result)
        answer.addBoth(lambda result: result)
        self.assertEqual(vars(answer), {**vars(usual), "result": vars(answer)["result"]})
        self.assertRaises(AlreadyCalledError, answer.callback, 1)

    def test_what_its_callbacks_return_is_waited_for(self) -> None:
        self.factory.answer = lambda request_id: ok_message(request_id, b"\x2a\0\0\0")
        reached: Deferred[None] = Deferred()
        later: Deferred[int] = Deferred()

        def answered(result: int) -> Deferred[int]:
            reached.callback(None)
            return later.addCallback(result.__add__)

        answer = self.proxy.add(1, 2).addCallback(answered)
        self.grid.wait(reached)
        self.assertNoResult(answer)
        later.callback(8)
        self.assertEqual(self.successResultOf(answer), 50)
