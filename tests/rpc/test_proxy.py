"""Proxies: values that call an object wherever it is, in the way each of them says."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import (
    FixedProxyException,
    IllegalIdentityException,
    MarshalException,
    NoEndpointException,
    ObjectNotExistException,
    OperationNotExistException,
    TwowayOnlyException,
)
from pushnet.rpc.stubs import ObjectPrx, read_proxy, write_proxy
from pushnet.wire.identity import Identity
from tests.golden.calls import CallbackPrx, EverythingPrx
from tests.rpc.given import Grid


class CallTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant, self.proxy = self.grid.pair()

    def test_a_call_returns_what_the_servant_returns(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy.add(20, 22)), 42)

    def test_many_calls_are_under_way_at_once_on_one_connection(self) -> None:
        calls = [self.proxy.add(number, 1) for number in range(200)]
        self.assertEqual([self.grid.wait(call) for call in calls], list(range(1, 201)))
        self.assertEqual(len(self.grid.communicators["client"]._connections()), 1)

    def test_a_one_way_call_arrives_and_is_not_answered(self) -> None:
        self.grid.wait(self.proxy.ice_oneway().nothing())
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, ["nothing"])

    def test_an_operation_with_results_cannot_be_called_one_way(self) -> None:
        self.failureResultOf(self.proxy.ice_oneway().add(1, 2), TwowayOnlyException)

    def test_a_batch_arrives_whole_when_it_is_flushed(self) -> None:
        batch = self.proxy.ice_batchOneway()
        for _ in range(3):
            batch.nothing()
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, [])
        self.grid.wait(batch.ice_flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, ["nothing"] * 3)

    def test_the_context_of_the_call_comes_before_that_of_the_proxy(self) -> None:
        proxy = self.proxy.ice_context({"who": "proxy"})
        self.grid.wait(proxy.add(1, 2))
        self.grid.wait(proxy.add(1, 2, {"who": "call"}))
        self.assertEqual([context["who"] for context in self.servant.contexts], ["proxy", "call"])

    def test_a_proxy_bound_to_a_connection_of_another_kind_than_it_asks_for_has_no_endpoint(self) -> None:
        fixed = self.proxy.ice_fixed(self.grid.wait(self.proxy.ice_getConnection()))
        for asking in (fixed.ice_secure(True), fixed.ice_datagram(), fixed.ice_secure(True).ice_oneway()):
            with self.assertRaises(NoEndpointException):
                self.grid.wait(asking.nothing())
        self.assertEqual(self.grid.wait(fixed.add(1, 2)), 3)

    def test_a_missing_object_operation_or_method_is_named(self) -> None:
        gone = self.grid.proxy("client", "cat/gone:tcp -h server -p 4000")
        with self.assertRaises(ObjectNotExistException) as raised:
            self.grid.wait(gone.ice_ping())
        self.assertEqual(raised.exception.id, Identity("gone", "cat"))
        with self.assertRaises(OperationNotExistException):
            self.grid.wait(CallbackPrx(self.proxy.ice_reference).tell("x"))

    def test_proxies_travel_as_arguments_and_results(self) -> None:
        back = self.grid.wait(self.proxy.me(None, self.proxy))
        self.assertEqual(str(back), str(self.proxy))
        self.assertIsNone(self.grid.wait(self.proxy.me(None, None)))


class CastTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant, self.proxy = self.grid.pair()

    def test_a_checked_cast_asks_the_object(self) -> None:
        self.assertIsInstance(self.grid.wait(EverythingPrx.checkedCast(self.proxy)), EverythingPrx)
        self.assertIsNone(self.grid.wait(CallbackPrx.checkedCast(self.proxy)))

    def test_a_checked_cast_to_a_facet_that_is_not_there_is_none(self) -> None:
        self.assertIsNone(self.grid.wait(EverythingPrx.checkedCast(self.proxy, "facet")))
        self.assertIsNone(self.grid.wait(EverythingPrx.checkedCast(self.proxy, facetOrContext="facet")))

    def test_what_is_no_encapsulation_is_refused_and_the_connection_lives(self) -> None:
        connection = self.grid.wait(self.proxy.ice_getConnection())
        for wrong in (b"\x06\0\0", b"\x07\0\0\0\x01\x01"):
            self.assertRaises(MarshalException, self.proxy.ice_invoke, "ice_ping", 0, wrong)
        self.assertRaises(TypeError, self.proxy.ice_invoke, "ice_ping", 0, "text")
        self.assertIsNone(self.grid.wait(self.proxy.ice_ping()))
        self.assertIs(self.grid.wait(self.proxy.ice_getConnection()), connection)

    def test_an_unchecked_cast_asks_nobody(self) -> None:
        self.assertIsInstance(CallbackPrx.uncheckedCast(self.proxy), CallbackPrx)
        self.assertIsNone(CallbackPrx.uncheckedCast(None))

    def test_proxies_are_values(self) -> None:
        same = self.grid.proxy("client", str(self.proxy))
        self.assertEqual(same, self.proxy)
        self.assertEqual({same: 1}[self.proxy], 1)
        self.assertNotEqual(same, self.proxy.ice_facet("f"))

    def test_what_is_asked_of_a_proxy_is_what_it_was_given(self) -> None:
        proxy = self.proxy.ice_invocationTimeout(5).ice_context({"a": "b"}).ice_connectionId("c")
        self.assertEqual(proxy.ice_getInvocationTimeout(), 5)
        self.assertEqual(proxy.ice_getContext(), {"a": "b"})
        self.assertEqual(proxy.ice_getConnectionId(), "c")
        self.assertEqual(proxy.ice_facet("f").ice_getFacet(), "f")
        self.assertEqual(proxy.ice_adapterId("A").ice_getAdapterId(), "A")
        self.assertEqual(proxy.ice_identity(Identity("n")).ice_getIdentity(), Identity("n"))
        self.assertTrue(proxy.ice_isTwoway() and proxy.ice_oneway().ice_isOneway())

    def test_an_identity_without_a_name_is_refused(self) -> None:
        self.assertRaises(IllegalIdentityException, self.proxy.ice_identity, Identity("", "c"))


class MarshalTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def test_a_proxy_comes_back_from_its_bytes(self) -> None:
        proxy = self.grid.proxy("client", "cat/id -f facet -o:tcp -h host -p 1 -t 5 -z:ws -h h2 -p 2 -r /x")
        out = bytearray()
        write_proxy(out, proxy)
        communicator = self.grid.communicators["client"]
        self.assertEqual(read_proxy(bytes(out), 0, communicator, ObjectPrx), (proxy, len(out)))

    def test_the_null_proxy_is_two_empty_strings(self) -> None:
        out = bytearray()
        write_proxy(out, None)
        self.assertEqual(out, b"\0\0")

    def test_a_proxy_bound_to_a_connection_cannot_be_passed_on(self) -> None:
        _, proxy = self.grid.pair()
        connection = self.grid.wait(proxy.ice_getConnection())
        self.assertRaises(FixedProxyException, write_proxy, bytearray(), proxy.ice_fixed(connection))
        self.assertEqual(self.grid.wait(proxy.ice_fixed(connection).add(1, 2)), 3)
