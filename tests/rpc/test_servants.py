"""The servants of an adapter: found by identity and facet, else by category, with Ice's errors."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    FacetNotExistException,
    IllegalIdentityException,
    NotRegisteredException,
    ObjectNotExistException,
    OperationNotExistException,
    UnknownLocalException,
)
from pushnet.rpc.once import OnceOnly, RecentReplies
from pushnet.rpc.servants import Servants, Target
from pushnet.wire.identity import Identity
from pushnet.wire.request import head_bytes, read_request, request_message, target_bytes
from tests.rpc.given import EverythingI

IDENTITY = Identity("object", "category")


def wanted(servants: Servants, identity: Identity, operation: str, mode: int = 0, facet: str = "") -> Target:
    """What a request for that operation means."""
    head = head_bytes(target_bytes(identity, facet, operation, mode), {})
    message = request_message(1, head, b"")
    return servants.target(read_request(message)[1])


class ServantsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.servants = Servants(OnceOnly(RecentReplies(lambda: 0.0)))
        self.servant = EverythingI()

    def test_a_servant_is_found_by_its_identity_and_facet(self) -> None:
        self.servants.add(self.servant, IDENTITY, "facet")
        self.assertIs(self.servants.find(IDENTITY, "facet"), self.servant)
        self.assertIsNone(self.servants.find(IDENTITY))

    def test_an_identity_needs_a_name(self) -> None:
        self.assertRaises(IllegalIdentityException, self.servants.add, self.servant, Identity("", "category"))

    def test_a_second_servant_with_the_same_identity_and_facet_is_refused(self) -> None:
        self.servants.add(self.servant, IDENTITY)
        self.assertRaises(AlreadyRegisteredException, self.servants.add, EverythingI(), IDENTITY)

    def test_what_is_not_there_cannot_be_removed(self) -> None:
        self.assertRaises(NotRegisteredException, self.servants.remove, IDENTITY)
        self.assertRaises(NotRegisteredException, self.servants.remove_default, "category")

    def test_the_default_servant_of_the_category_comes_before_that_of_all(self) -> None:
        every, own = EverythingI(), EverythingI()
        self.servants.add_default(every, "")
        self.servants.add_default(own, "category")
        self.assertIs(self.servants.find(IDENTITY), own)
        self.assertIs(self.servants.find(Identity("object", "other")), every)

    def test_a_request_for_an_unknown_object_means_that_it_does_not_exist(self) -> None:
        error = wanted(self.servants, IDENTITY, "add").error
        self.assertIsInstance(error, ObjectNotExistException)
        self.assertEqual((error.id, error.operation), (IDENTITY, "add"))

    def test_a_request_for_another_facet_of_a_known_object_says_so(self) -> None:
        self.servants.add(self.servant, IDENTITY)
        self.assertIsInstance(wanted(self.servants, IDENTITY, "add", facet="f").error, FacetNotExistException)

    def test_a_request_for_an_unknown_operation_says_so(self) -> None:
        self.servants.add(self.servant, IDENTITY)
        self.assertIsInstance(wanted(self.servants, IDENTITY, "subtract").error, OperationNotExistException)

    def test_a_request_in_another_mode_than_declared_is_refused_in_ices_words(self) -> None:
        self.servants.add(self.servant, IDENTITY)
        error = wanted(self.servants, IDENTITY, "add", mode=2).error
        self.assertIsInstance(error, UnknownLocalException)
        self.assertEqual(
            str(error),
            "::Ice::MarshalException: unexpected operation mode."
            " expected = ::Ice::Normal received = ::Ice::Idempotent",
        )

    def test_nonmutating_stands_for_idempotent(self) -> None:
        self.servants.add(self.servant, IDENTITY)
        self.assertIsNone(wanted(self.servants, IDENTITY, "one", mode=1).error)

    def test_the_built_in_operations_take_any_mode(self) -> None:
        self.servants.add(self.servant, IDENTITY)
        for mode in (0, 1, 2):
            self.assertIsNone(wanted(self.servants, IDENTITY, "ice_ping", mode=mode).error)

    def test_what_a_request_means_is_learnt_anew_when_the_servants_change(self) -> None:
        self.servants.add(self.servant, IDENTITY)
        self.assertIs(wanted(self.servants, IDENTITY, "add").servant, self.servant)
        self.servants.remove(IDENTITY)
        self.assertIsInstance(wanted(self.servants, IDENTITY, "add").error, ObjectNotExistException)

    def test_more_different_targets_than_are_kept_are_all_answered(self) -> None:
        self.servants.add_default(self.servant, "")
        for number in range(5000):
            self.assertIs(wanted(self.servants, Identity(f"o{number}"), "add").servant, self.servant)
