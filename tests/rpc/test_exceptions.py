"""Local exceptions: values that say in one line what happened."""

from struct import error as StructError

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc import exceptions
from pushnet.rpc.exceptions import (
    InvocationCanceledException,
    LocalException,
    MarshalException,
    NotRegisteredException,
    ObjectAdapterDeactivatedException,
    ObjectNotExistException,
    UnmarshalOutOfBoundsException,
    unreadable,
)
from pushnet.wire.identity import Identity
from tests.golden.failures import Empty


class LocalExceptionTest(SynchronousTestCase):
    def test_its_text_is_its_reason(self) -> None:
        self.assertEqual(str(LocalException("the reason")), "the reason")

    def test_what_does_not_exist_is_in_the_text(self) -> None:
        text = str(ObjectNotExistException(Identity("name", "category"), "facet", "op"))
        for part in ("category/name", "facet", "op"):
            self.assertIn(part, text)

    def test_each_can_pass_through_a_deferred_and_be_cleaned(self) -> None:
        for name in sorted(vars(exceptions)):
            kind = getattr(exceptions, name)
            if isinstance(kind, type) and issubclass(kind, LocalException):
                failure = Failure(kind(reason="x"))
                failure.cleanFailure()
                waiting: Deferred[None] = Deferred()
                waiting.errback(failure)
                self.assertEqual(self.failureResultOf(waiting).value.reason, "x")

    def test_members_stand_in_ices_order_before_the_reason(self) -> None:
        self.assertEqual(ObjectAdapterDeactivatedException("adapter").name, "adapter")
        registered = NotRegisteredException("object", "it")
        self.assertEqual((registered.kindOfObject, registered.id), ("object", "it"))

    def test_they_tell_their_names_as_ice_does(self) -> None:
        self.assertEqual(ObjectNotExistException().ice_id(), "::Ice::ObjectNotExistException")
        self.assertEqual(ObjectNotExistException().ice_name(), "Ice::ObjectNotExistException")
        self.assertEqual(Empty().ice_name(), "Failures::Empty")

    def test_bytes_that_end_too_early_are_told_apart(self) -> None:
        for error, kind in (
            (StructError(), UnmarshalOutOfBoundsException),
            (IndexError(), UnmarshalOutOfBoundsException),
            (ValueError(), MarshalException),
        ):
            self.assertIs(type(unreadable("there", error)), kind)

    def test_a_call_given_up_is_twisteds_cancelled_error_too(self) -> None:
        self.assertTrue(issubclass(InvocationCanceledException, CancelledError))
