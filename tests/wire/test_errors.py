"""Errors say what happened, and can be caught by whose fault they are."""

from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import LocalException, MarshalException, MemoryLimitException, ProtocolException


class ErrorTests(SynchronousTestCase):
    def test_what_is_wrong_with_bytes_is_the_peers_fault(self) -> None:
        self.assertIsInstance(MemoryLimitException("large"), ProtocolException)
        self.assertIsInstance(MarshalException("short"), LocalException)

    def test_an_error_reads_as_its_reason(self) -> None:
        self.assertEqual(str(MarshalException("a string is cut off")), "a string is cut off")

    def test_an_error_has_its_name_in_ice(self) -> None:
        self.assertEqual(MemoryLimitException("large").ice_id(), "::Ice::MemoryLimitException")

    def test_an_error_survives_being_carried_by_a_failure(self) -> None:
        try:
            raise MarshalException("x")
        except MarshalException:
            failure = Failure()
        failure.cleanFailure()
        self.assertIsInstance(failure.value, MarshalException)
