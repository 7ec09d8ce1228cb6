"""What a peer is told of a failure: what it needs, and nothing of how we look inside."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import (
    InvocationTimeoutException,
    ObjectNotExistException,
    UnknownException,
    UnknownLocalException,
)
from pushnet.rpc.failures import failure_message, is_answer
from pushnet.wire.identity import Identity
from pushnet.wire.reply import BODY_POS, Status, read_not_exist, read_text
from pushnet.wire.request import head_bytes, read_request, request_message, target_bytes
from tests.golden.failures import Empty


class FailureTest(SynchronousTestCase):
    def setUp(self) -> None:
        head = head_bytes(target_bytes(Identity("object"), "f", "add", 0), {})
        self.head = read_request(request_message(7, head, b""))[1]
        self.told = 0

    def message(self, error: BaseException, sliced: bool = False) -> bytes:
        def tell() -> str:
            self.told += 1
            return "abc123"

        return failure_message(7, self.head, error, sliced, tell)

    def status(self, message: bytes) -> int:
        return message[BODY_POS - 1]

    def test_an_unexpected_exception_is_its_class_and_a_number_in_our_log(self) -> None:
        message = self.message(KeyError("/etc/secret"))
        self.assertEqual(self.status(message), Status.unknown_exception)
        self.assertEqual(read_text(message), "KeyError [abc123]")
        self.assertEqual(self.told, 1)

    def test_a_local_exception_is_told_apart_from_others(self) -> None:
        message = self.message(InvocationTimeoutException("on host x"))
        self.assertEqual(self.status(message), Status.unknown_local_exception)
        self.assertEqual(read_text(message), "::Ice::InvocationTimeoutException [abc123]")

    def test_a_user_exception_travels_as_itself(self) -> None:
        message = self.message(Empty())
        self.assertEqual(self.status(message), Status.user_exception)
        self.assertIn(b"::Failures::Empty", message)
        self.assertEqual(self.told, 0)

    def test_what_does_not_exist_is_named_by_the_request_unless_the_servant_says_otherwise(self) -> None:
        self.assertEqual(
            read_not_exist(self.message(ObjectNotExistException())), (Identity("object"), "f", "add")
        )
        other = ObjectNotExistException(Identity("other"), "", "ice_add_proxy")
        self.assertEqual(read_not_exist(self.message(other))[::2], (Identity("other"), "ice_add_proxy"))

    def test_an_answer_chosen_by_the_servant_is_passed_on_in_its_words(self) -> None:
        message = self.message(UnknownLocalException("as it was told"))
        self.assertEqual((self.status(message), read_text(message)), (5, "as it was told"))

    def test_only_what_a_servant_chose_to_answer_is_no_matter_for_the_log(self) -> None:
        self.assertTrue(is_answer(Empty()) and is_answer(ObjectNotExistException()))
        self.assertTrue(is_answer(UnknownException()))
        self.assertFalse(is_answer(KeyError()) or is_answer(InvocationTimeoutException()))
