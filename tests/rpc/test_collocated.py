"""Objects of the same communicator are called without the network; nothing else about a call is different."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import (
    ConnectionRefusedException,
    InvocationCanceledException,
    InvocationTimeoutException,
    MarshalException,
    ObjectAdapterDeactivatedException,
    ObjectNotExistException,
    OperationNotExistException,
    UnknownException,
)
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated
from tests.golden.calls import CallbackPrx, EverythingPrx
from tests.rpc.given import EverythingI, Grid


class ServantI(EverythingI):
    """Keeps the connection calls come from, and fails when asked to."""

    cons: list[Any]
    fails = False

    async def add(self, a: int, b: int, current: Current | None = None) -> int:
        assert current is not None
        self.cons.append(current.con)
        if self.fails:
            raise RuntimeError("nobody expects this")
        return await super().add(a, b, current)


class CollocatedTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = ServantI()
        self.servant.cons = []
        self.adapter = self.grid.serve("server", self.servant, A_AdapterId="A", A_ReplicaGroupId="G")
        self.communicator = self.grid.communicators["server"]
        self.proxy = EverythingPrx(self.adapter.createProxy(Identity("object")).ice_reference)

    def connections(self) -> int:
        return len(self.communicator._connections())

    def test_an_object_here_is_called_without_a_connection(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy.add(1, 2)), 3)
        self.assertEqual(self.connections(), 0)
        self.assertEqual(self.servant.cons, [None])
        self.assertIsNone(self.grid.wait(self.proxy.ice_getConnection()))
        self.assertIsNone(self.proxy.ice_getCachedConnection())

    def test_a_call_is_served_in_a_later_turn_and_answered_once(self) -> None:
        call = self.proxy.add(1, 2)
        self.assertEqual(self.servant.called, [])
        self.assertNoResult(call)
        self.assertEqual(self.grid.wait(call), 3)

    def test_who_does_not_want_it_goes_through_the_network(self) -> None:
        proxy = self.proxy.ice_collocationOptimized(False)
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.assertEqual(self.connections(), 2)
        self.assertIsNotNone(self.servant.cons[0])

    def test_an_object_here_is_known_by_endpoints_by_adapter_and_by_its_own_name(self) -> None:
        other = self.communicator
        other.properties.setProperty("Named.AdapterId", "Id")
        other.properties.setProperty("Named.ReplicaGroupId", "Group")
        named = other.createObjectAdapterWithEndpoints("Named", "tcp -h server -p 4100:udp -h server -p 4100")
        named.add(self.servant, Identity("object"))
        self.grid.wait(named.activate())
        for text in (
            "object:tcp -h server -p 4100",
            "object:tcp -h elsewhere -p 1:tcp -h server -p 4000 -t 5",
            "object:ssl -h elsewhere -p 1:tcp -h server -p 4000",
            "object@Id",
            "object@Group",
            "object",
        ):
            proxy = EverythingPrx(self.grid.proxy("server", text).ice_reference)
            self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3, text)
        self.assertEqual(self.connections(), 0)

    def test_an_object_elsewhere_is_called_there(self) -> None:
        self.grid.serve("other", EverythingI())
        proxy = EverythingPrx(self.grid.proxy("server", "object:tcp -h other -p 4000").ice_reference)
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.assertEqual((self.connections(), self.servant.called), (1, []))

    def test_values_are_copied(self) -> None:
        given = self.proxy.ice_context({"a": "b"})
        back = self.grid.wait(self.proxy.me(None, given))
        self.assertEqual(str(back), str(given))
        self.assertEqual(back.ice_getContext(), {})

    def test_large_values_arrive_whole(self) -> None:
        long = {str(number): "x" * 100 for number in range(1500)}
        self.grid.wait(self.proxy.add(1, 2, long))
        self.assertEqual(self.servant.contexts[-1], long)
        facet = self.proxy.ice_facet("f" * 200_000)
        self.assertEqual(self.grid.wait(self.proxy.me(None, facet)).ice_getFacet(), facet.ice_getFacet())

    def test_errors_arrive_as_from_elsewhere(self) -> None:
        gone = EverythingPrx(self.adapter.createProxy(Identity("gone")).ice_reference)
        self.assertRaises(ObjectNotExistException, self.grid.wait, gone.add(1, 2))
        with self.assertRaises(OperationNotExistException):
            self.grid.wait(CallbackPrx(self.proxy.ice_reference).tell("x"))
        self.servant.fails = True
        self.assertRaises(UnknownException, self.grid.wait, self.proxy.add(1, 2))
        self.flushLoggedErrors(RuntimeError)
        with self.assertRaises(MarshalException):
            self.grid.wait(self.proxy.ice_invoke("add", 0, b"x"))

    def test_contexts_and_deadlines_arrive(self) -> None:
        self.grid.wait(self.proxy.ice_invocationTimeout(5000).add(1, 2, {"who": "me"}))
        self.assertEqual(self.servant.contexts[0]["who"], "me")
        deadline = self.servant.deadlines[0]
        assert deadline is not None
        self.assertTrue(4.5 < deadline - self.communicator.world.monotonic() <= 5)

    def test_a_call_that_is_not_answered_ends_with_its_time_or_when_it_is_given_up(self) -> None:
        self.servant.gate = Deferred()
        with self.assertRaises(InvocationTimeoutException):
            self.grid.wait(self.proxy.ice_invocationTimeout(500).nothing())
        call = self.proxy.nothing()
        self.grid.simulation.run_for(1)
        call.cancel()
        self.failureResultOf(call, InvocationCanceledException)
        self.servant.gate.callback(None)
        self.assertEqual(self.grid.wait(self.proxy.add(1, 2)), 3)

    def test_one_way_and_batched_calls_arrive(self) -> None:
        self.grid.wait(self.proxy.ice_oneway().nothing())
        batch = self.proxy.ice_batchOneway()
        batch.nothing()
        batch.nothing()
        self.grid.simulation.run_for(1)
        self.assertEqual(len(self.servant.called), 1)
        self.grid.wait(batch.ice_flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual((len(self.servant.called), self.connections()), (3, 0))

    def test_calls_in_encoding_10_work_too(self) -> None:
        old = self.proxy.ice_encodingVersion((1, 0))
        self.assertEqual(self.grid.wait(old.add(1, 2)), 3)
        self.assertEqual(str(self.grid.wait(old.me(None, old))), str(old))

    def test_an_adapter_that_is_held_or_not_active_yet_serves_calls_from_within_as_in_ice(self) -> None:
        self.adapter.hold()
        self.assertEqual(self.grid.wait(self.proxy.add(1, 2)), 3)
        later = self.communicator.createObjectAdapterWithEndpoints("later", "")
        proxy = EverythingPrx(later.add(self.servant, Identity("later")).ice_reference)
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)

    def test_deactivating_an_adapter_waits_for_what_is_being_served_and_fails_what_is_not(self) -> None:
        self.servant.gate = Deferred()
        served = self.proxy.nothing()
        self.grid.simulation.run_for(1)
        late = self.proxy.add(1, 2)
        done = self.adapter.deactivate()
        self.grid.simulation.run_for(1)
        self.failureResultOf(late, ObjectAdapterDeactivatedException)
        self.assertNoResult(done)
        self.servant.gate.callback(None)
        self.assertIsNone(self.successResultOf(served))
        self.grid.wait(done)
        self.assertRaises(ObjectAdapterDeactivatedException, self.grid.wait, self.proxy.add(1, 2))
        self.assertRaises(ConnectionRefusedException, self.grid.wait, self.proxy.add(1, 2))
        fresh = self.grid.proxy("server", str(self.proxy))
        self.assertRaises(ConnectionRefusedException, self.grid.wait, fresh.ice_ping())

    def test_a_checked_cast_and_a_call_by_name_work(self) -> None:
        untyped = ObjectPrx(self.proxy.ice_reference)
        self.assertIsInstance(self.grid.wait(EverythingPrx.checkedCast(untyped)), EverythingPrx)
        ok, _ = self.grid.wait(untyped.ice_invoke("nothing", 0, encapsulated(b"")))
        self.assertTrue(ok)
