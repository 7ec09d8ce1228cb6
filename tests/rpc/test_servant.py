"""What every object answers, whatever its interface, and the servant that takes everything as bytes."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.servant import Blobject, Servant, operation_of
from pushnet.rpc.stubs import Current
from tests.rpc.given import EverythingI, Grid

EVERYTHING = "::Calls::Everything"


class BuiltInTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant, self.proxy = self.grid.pair()

    def test_an_object_answers_a_ping(self) -> None:
        self.assertIsNone(self.grid.wait(self.proxy.ice_ping()))

    def test_an_object_names_its_most_derived_interface(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy.ice_id()), EVERYTHING)

    def test_an_object_names_all_its_interfaces_sorted(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy.ice_ids()), [EVERYTHING, "::Ice::Object"])

    def test_an_object_knows_what_it_is_and_is_not(self) -> None:
        self.assertIs(self.grid.wait(self.proxy.ice_isA(EVERYTHING)), True)
        self.assertIs(self.grid.wait(self.proxy.ice_isA("::Calls::Callback")), False)

    def test_an_operation_that_is_nowhere_is_not_found(self) -> None:
        self.assertIsNone(operation_of(EverythingI(), "subtract"))

    def test_a_bare_servant_has_the_built_in_operations_only(self) -> None:
        self.assertIsNotNone(operation_of(Servant(), "ice_ids"))
        self.assertIsNone(operation_of(Servant(), "add"))


class EchoI(Blobject):
    """Answers with its parameters; operation `fail` with a user exception of the same bytes."""

    async def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        self.seen = (current.operation, current.mode)
        if current.operation == "nothing":
            return True, b""
        return current.operation != "fail", params


class BlobjectTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = EchoI()
        self.grid.serve("server", self.servant)
        self.proxy = self.grid.proxy("client", "object:tcp -h server -p 4000")

    def test_a_request_comes_as_it_was_sent_and_its_answer_goes_as_it_was_given(self) -> None:
        params = b"\x0a\0\0\0\x01\x01\1\2\3\4"
        self.assertEqual(self.grid.wait(self.proxy.ice_invoke("anything", 2, params)), (True, params))
        self.assertEqual(self.servant.seen, ("anything", 2))

    def test_a_user_exception_is_told_from_a_result(self) -> None:
        params = b"\x07\0\0\0\x01\x01\1"
        self.assertEqual(self.grid.wait(self.proxy.ice_invoke("fail", 0, params)), (False, params))

    def test_nothing_stands_for_an_encapsulation_with_nothing_in_it(self) -> None:
        for nothing in (None, b""):
            for operation in ("echo", "nothing"):
                answer = self.grid.wait(self.proxy.ice_invoke(operation, 0, nothing))
                self.assertEqual(answer, (True, b"\x06\0\0\0\x01\x01"))
        old = self.proxy.ice_encodingVersion((1, 0))
        self.assertEqual(self.grid.wait(old.ice_invoke("nothing", 0, None)), (True, b"\x06\0\0\0\x01\0"))

    def test_an_encapsulation_in_an_encoding_of_its_own_passes_untouched(self) -> None:
        params = b"\x08\0\0\0\x01\x00\1\2"
        self.assertEqual(self.grid.wait(self.proxy.ice_invoke("anything", 0, params)), (True, params))
