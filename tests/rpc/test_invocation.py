"""At most once: which calls are repeated elsewhere, which never, and how each comes to an end."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import (
    CloseConnectionException,
    CommunicatorDestroyedException,
    ConnectionLostException,
    ConnectionManuallyClosedException,
    ConnectionTimeoutException,
    FacetNotExistException,
    InvocationCanceledException,
    InvocationTimeoutException,
    LocalException,
    MemoryLimitException,
    ObjectNotExistException,
    OperationNotExistException,
    SocketException,
    UnknownException,
    UnknownUserException,
    UnsupportedEncodingException,
    UnsupportedProtocolException,
)
from pushnet.rpc.stubs import Blobject, Current
from pushnet.wire.message import CLOSE_MESSAGE, VALIDATE_MESSAGE
from pushnet.wire.request import encapsulated
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class Breaker(Protocol):
    """A peer that validates and, at the first request, does what `act` says."""

    requests: list[bytes]
    act = "cut"

    def connectionMade(self) -> None:
        self.transport.write(VALIDATE_MESSAGE)

    def dataReceived(self, data: bytes) -> None:
        self.requests.append(data)
        if self.act == "cut":
            self.transport.abortConnection()
        elif self.act == "close":
            self.transport.write(CLOSE_MESSAGE)


class InvocationTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.requests: list[bytes] = []

    def breaker(self, act: str, **properties: str) -> EverythingPrx:
        """A proxy whose first endpoint breaks as `act` says; the second is a servant."""
        kind = type("Acting", (Breaker,), {"requests": self.requests, "act": act})
        world = self.grid.communicator("breaker").world
        self.grid.wait(world.server_endpoint("breaker", 4000).listen(Factory.forProtocol(kind)))
        self.servant = EverythingI()
        self.grid.serve("server", self.servant)
        properties = {"Ice_RetryIntervals": "100", **properties}
        self.grid.communicator("client", Ice_Default_EndpointSelection="Ordered", **properties)
        text = "object:tcp -h breaker -p 4000:tcp -h server -p 4000"
        return EverythingPrx(self.grid.proxy("client", text).ice_reference)

    def test_a_call_that_may_have_run_is_not_repeated(self) -> None:
        with self.assertRaises(ConnectionLostException):
            self.grid.wait(self.breaker("cut").add(1, 2))
        self.assertEqual((len(self.requests), self.servant.called), (1, []))

    def test_an_idempotent_call_is_repeated(self) -> None:
        proxy = self.breaker("cut")
        self.grid.simulation.later(0.05, self.grid.simulation.host("breaker").kill)
        self.assertEqual(self.grid.wait(proxy.one()), 1)
        self.assertEqual(self.servant.called, ["one"])

    def test_a_call_the_peer_did_not_do_is_repeated_whatever_it_does(self) -> None:
        proxy = self.breaker("close")
        call = proxy.add(1, 2)
        self.grid.simulation.later(0.02, self.grid.simulation.host("breaker").kill)
        self.assertEqual(self.grid.wait(call), 3)
        self.assertEqual(self.servant.called, ["add"])
        self.assertEqual(self.servant.contexts[0]["_pn.att"].isdigit(), True)

    def test_a_call_the_peer_did_not_do_is_repeated_even_when_nothing_else_is(self) -> None:
        proxy = self.breaker("close", Ice_RetryIntervals="-1")
        call = proxy.add(1, 2)
        self.grid.simulation.later(0.02, self.grid.simulation.host("breaker").kill)
        self.assertEqual(self.grid.wait(call), 3)

    def test_a_call_that_is_never_answered_ends_with_its_time(self) -> None:
        proxy = self.breaker("mute")
        started = self.grid.simulation.now_s
        with self.assertRaises(InvocationTimeoutException):
            self.grid.wait(proxy.ice_invocationTimeout(500).one())
        self.assertLessEqual(self.grid.simulation.now_s - started, 0.5 + 0.1)
        self.assertEqual(len(self.requests), 1)

    def test_a_proxy_bound_to_a_connection_that_is_closed_tells_why(self) -> None:
        _, proxy = self.grid.pair()
        connection = self.grid.wait(proxy.ice_getConnection())
        fixed = proxy.ice_fixed(connection)
        self.grid.wait(connection.close())
        self.failureResultOf(fixed.add(1, 2), ConnectionManuallyClosedException)
        again = proxy.ice_fixed(self.grid.wait(proxy.ice_getConnection()))
        self.grid.wait(self.grid.communicators["server"].destroy())
        self.failureResultOf(again.one(), CloseConnectionException)

    def test_the_time_of_a_call_may_be_that_of_connections_which_are_cut_then(self) -> None:
        proxy = self.breaker("mute").ice_invocationTimeout(-2).ice_timeout(300)
        connection = self.grid.wait(proxy.ice_getConnection())
        started = self.grid.simulation.now_s
        self.assertRaises(ConnectionTimeoutException, self.grid.wait, proxy.nothing())
        fixed = proxy.ice_fixed(self.grid.wait(proxy.ice_getConnection())).ice_invocationTimeout(-2)
        self.assertRaises(ConnectionTimeoutException, self.grid.wait, fixed.nothing())
        self.assertLess(self.grid.simulation.now_s - started, 1)
        self.assertFalse(connection.active)
        self.assertEqual(proxy.ice_getInvocationTimeout(), -2)

    def test_that_time_may_be_overridden_for_all(self) -> None:
        self.grid.communicator("client", **{"Ice.Override.Timeout": "300"})
        proxy = self.breaker("mute").ice_invocationTimeout(-2)
        started = self.grid.simulation.now_s
        self.assertRaises(ConnectionTimeoutException, self.grid.wait, proxy.nothing())
        self.assertLess(self.grid.simulation.now_s - started, 1)

    def test_who_takes_small_messages_only_sends_what_others_take(self) -> None:
        _, proxy = self.grid.pair(**{"Ice.MessageSizeMax": "1"})
        self.assertIsNone(self.grid.wait(proxy.nothing({"large": "x" * 5000})))
        with self.assertRaises(MemoryLimitException):
            self.grid.wait(proxy.nothing({"large": "x" * 2_000_000}))

    def test_the_time_of_a_call_includes_connecting(self) -> None:
        world = self.grid.communicator("mute").world
        self.grid.wait(world.server_endpoint("mute", 4000).listen(Factory.forProtocol(Protocol)))
        proxy = self.grid.proxy("client", "object:tcp -h mute -p 4000").ice_invocationTimeout(300)
        with self.assertRaises(InvocationTimeoutException):
            self.grid.wait(proxy.ice_ping())

    def test_a_caller_may_give_up_and_the_connection_serves_others_on(self) -> None:
        servant, proxy = self.grid.pair()
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(1)
        call.cancel()
        self.failureResultOf(call, InvocationCanceledException)
        servant.gate.callback(None)
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)

    def test_a_communicator_that_is_destroyed_fails_what_is_under_way_and_what_comes(self) -> None:
        servant, proxy = self.grid.pair(Ice_Override_CloseTimeout="500")
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(1)
        self.grid.wait(self.grid.communicators["client"].destroy())
        self.failureResultOf(call, CommunicatorDestroyedException)
        self.failureResultOf(proxy.nothing(), CommunicatorDestroyedException)


class Raising(Blobject):
    """Answers every request with the error its name says."""

    def __init__(self) -> None:
        self.served: list[str] = []

    def ice_invoke(self, params: bytes, current: Current) -> Any:
        self.served.append(current.operation)
        raise ERRORS[current.operation]


ERRORS: dict[str, Exception] = {
    "unknown": RuntimeError("nobody expects this"),
    "unknown_local": SocketException("this neither"),
    "unknown_user": UnknownUserException("nor this"),
    "no_object": ObjectNotExistException(),
    "no_facet": FacetNotExistException(),
    "no_operation": OperationNotExistException(),
}
NOTHING = encapsulated(b"")


class AnsweredErrorsTest(SynchronousTestCase):
    """Which errors the peer answers count as failures on the way, and are tried again."""

    def served(self, operation: str, mode: int, **properties: str) -> int:
        """How often a call is served that fails."""
        grid = Grid(self)
        servant = Raising()
        grid.serve("server", servant)
        grid.communicator("client", **properties)
        proxy = grid.proxy("client", "object:tcp -h server -p 4000")
        with self.assertRaises(LocalException):
            grid.wait(proxy.ice_invoke(operation, mode, NOTHING))
        self.flushLoggedErrors()
        return len(servant.served)

    def test_unknown_exceptions_are_tried_again_when_the_operation_is_idempotent(self) -> None:
        for operation in ("unknown", "unknown_local", "unknown_user"):
            self.assertEqual([self.served(operation, mode) for mode in (0, 1, 2)], [1, 2, 2], operation)

    def test_what_is_not_there_is_not_tried_again_where_it_was_said_to_be(self) -> None:
        for operation in ("no_object", "no_facet", "no_operation"):
            self.assertEqual([self.served(operation, mode) for mode in (0, 2)], [1, 1], operation)

    def test_each_interval_is_one_more_try(self) -> None:
        self.assertEqual(self.served("unknown", 2, Ice_RetryIntervals="0 10 20"), 4)
        self.assertEqual(self.served("unknown", 2, Ice_RetryIntervals="-1"), 1)

    def test_a_call_through_a_fixed_proxy_is_never_tried_again(self) -> None:
        grid = Grid(self)
        servant = Raising()
        grid.serve("server", servant)
        proxy = grid.proxy("client", "object:tcp -h server -p 4000")
        fixed = proxy.ice_fixed(grid.wait(proxy.ice_getConnection()))
        with self.assertRaises(UnknownException):
            grid.wait(fixed.ice_invoke("unknown", 2, NOTHING))
        self.flushLoggedErrors()
        self.assertEqual(servant.served, ["unknown"])


class VersionTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant, self.proxy = self.grid.pair()

    def test_a_later_minor_version_is_spoken_as_the_latest_known(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy.ice_encodingVersion((1, 5)).add(1, 2)), 3)
        later = EverythingPrx(
            self.grid.proxy("client", f"{self.proxy}".replace("-t ", "-p 1.3 ", 1)).ice_reference
        )
        self.assertEqual(self.grid.wait(later.add(1, 2)), 3)

    def test_another_major_version_is_refused_when_it_is_called(self) -> None:
        self.grid.wait(self.proxy.add(1, 2))
        self.failureResultOf(self.proxy.ice_encodingVersion((2, 0)).add(1, 2), UnsupportedEncodingException)
        other = self.grid.proxy("client", f"{self.proxy}".replace("-t ", "-p 2.0 ", 1))
        self.failureResultOf(other.ice_ping(), UnsupportedProtocolException)


class Onward(EverythingI):
    """Calls another in the name of the call it serves."""

    next: EverythingPrx

    async def add(self, a: int, b: int, current: Current | None = None) -> int:
        return await self.next.add(a, b, current)


class CarryOnTest(SynchronousTestCase):
    def test_the_deadline_and_the_trace_of_a_call_go_on_with_the_calls_made_for_it(self) -> None:
        grid = Grid(self)
        last, middle = EverythingI(), Onward()
        grid.serve("last", last)
        grid.serve("middle", middle)
        middle.next = EverythingPrx(grid.proxy("middle", "object:tcp -h last -p 4000").ice_reference)
        proxy = EverythingPrx(grid.proxy("client", "object:tcp -h middle -p 4000").ice_reference)
        call = proxy.ice_invocationTimeout(5000).add(1, 2, {"traceparent": "00-a-b-01", "mine": "x"})
        self.assertEqual(grid.wait(call), 3)
        context = last.contexts[0]
        self.assertEqual(context["traceparent"], "00-a-b-01")
        self.assertNotIn("mine", context)
        self.assertTrue(0 < int(context["_pn.dl"]) <= 5000)
