"""Calls with tokens are done once however often they are sent; the first answer to a hedged call counts."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.cancelling import WELCOME_MESSAGE
from pushnet.rpc.exceptions import (
    ConnectionLostException,
    InvocationCanceledException,
    InvocationTimeoutException,
    ObjectNotExistException,
    UnknownException,
)
from pushnet.rpc.stubs import Current
from pushnet.wire.message import VALIDATE_MESSAGE
from pushnet.wire.request import encapsulated, read_request
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class Breaker(Protocol):
    """Greets as `greeting` says, and breaks at the first request, which it keeps."""

    requests: list[bytes]
    greeting: bytes

    def connectionMade(self) -> None:
        self.transport.write(self.greeting)

    def dataReceived(self, data: bytes) -> None:
        self.requests.append(data)
        self.transport.abortConnection()


class OnceTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.requests: list[bytes] = []

    def broken(self, greeting: bytes, **properties: str) -> EverythingPrx:
        """A proxy whose first endpoint breaks; the second is a servant."""
        kind = type("Greeting", (Breaker,), {"requests": self.requests, "greeting": greeting})
        world = self.grid.communicator("breaker").world
        self.grid.wait(world.server_endpoint("breaker", 4000).listen(Factory.forProtocol(kind)))
        self.servant = EverythingI()
        self.grid.serve("server", self.servant)
        self.grid.communicator("client", Ice_Default_EndpointSelection="Ordered", **properties)
        text = "object:tcp -h breaker -p 4000:tcp -h server -p 4000"
        return EverythingPrx(self.grid.proxy("client", text).ice_reference).pn_exactlyOnce()

    def first_token(self) -> str:
        _, head, _ = read_request(self.requests[0])
        return head.context["_pn.tok"]

    def test_each_call_has_a_token_of_its_own(self) -> None:
        servant, proxy = self.grid.pair()
        once = proxy.pn_exactlyOnce()
        self.assertTrue(once.pn_isExactlyOnce() and not proxy.pn_isExactlyOnce())
        self.assertNotEqual(once, proxy)
        self.grid.wait(once.add(1, 2))
        self.grid.wait(once.add(1, 2, {"mine": "x"}))
        self.grid.wait(once.ice_invoke("nothing", 0, encapsulated(b"")))
        self.grid.wait(once.ice_encodingVersion((1, 0)).add(1, 2))
        self.grid.wait(proxy.add(1, 2))
        tokens = [context.get("_pn.tok") for context in servant.contexts]
        self.assertEqual(len({token for token in tokens[:4] if token}), 4)
        self.assertIsNone(tokens[4])
        self.assertEqual(servant.contexts[1]["mine"], "x")

    def test_a_call_that_may_have_been_done_is_repeated_with_its_token_and_a_mark(self) -> None:
        proxy = self.broken(WELCOME_MESSAGE, Ice_RetryIntervals="100")
        self.grid.simulation.later(0.05, self.grid.simulation.host("breaker").kill)
        with self.assertRaises(UnknownException) as raised:
            self.grid.wait(proxy.add(1, 2))
        self.assertIn("an earlier attempt may have been done", str(raised.exception))
        self.assertEqual((len(self.requests), self.servant.called), (1, []))
        self.assertFalse(self.first_token().endswith("!"))

    def test_towards_a_server_that_knows_no_tokens_nothing_is_repeated(self) -> None:
        proxy = self.broken(VALIDATE_MESSAGE)
        with self.assertRaises(ConnectionLostException):
            self.grid.wait(proxy.add(1, 2))
        self.assertEqual((len(self.requests), self.servant.called), (1, []))

    def test_a_connection_that_breaks_costs_no_second_effect(self) -> None:
        servant, proxy = self.grid.pair()
        once = proxy.pn_exactlyOnce()
        self.grid.wait(once.add(1, 2))
        servant.gate = Deferred()
        call = once.nothing()
        self.grid.simulation.run_for(0.1)
        connection = once.ice_getCachedConnection()
        connection.abort(ConnectionLostException("cut"))
        self.grid.simulation.run_for(0.1)
        servant.gate.callback(None)
        self.assertIsNone(self.grid.wait(call))
        self.assertEqual(servant.called.count("nothing"), 1)


class HedgedTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.slow, self.quick = SlowI(), SlowI()
        self.grid.serve("slow", self.slow)
        self.grid.serve("quick", self.quick)
        self.client = self.grid.communicator("client", Ice_Default_EndpointSelection="Ordered")
        text = "object:tcp -h slow -p 4000:tcp -h quick -p 4000"
        self.plain = EverythingPrx(self.grid.proxy("client", text).ice_reference)
        self.proxy = self.plain.pn_hedged(100)

    def test_an_idempotent_call_that_takes_long_is_answered_elsewhere(self) -> None:
        self.slow.gate = Deferred()
        started = self.grid.simulation.now_s
        self.assertEqual(self.grid.wait(self.proxy.one()), 1)
        self.assertTrue(0.1 <= self.grid.simulation.now_s - started < 0.15)
        self.assertEqual((self.slow.called, self.quick.called), (["one"], ["one"]))
        self.assertEqual(self.client.counters.hedges, 1)
        self.assertEqual((self.proxy.pn_getHedged(), self.plain.pn_getHedged()), (100, 0))

    def test_a_call_that_is_answered_in_time_is_not_sent_twice(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy.one()), 1)
        self.grid.simulation.run_for(1)
        self.assertEqual((self.slow.called, self.quick.called), (["one"], []))

    def test_a_call_that_changes_something_is_never_sent_twice(self) -> None:
        self.slow.gate = Deferred()
        call = self.proxy.nothing()
        self.grid.simulation.run_for(1)
        self.assertNoResult(call)
        self.slow.gate.callback(None)
        self.assertEqual((self.slow.called, self.quick.called), (["nothing"], []))

    def test_the_first_answer_counts_whoever_gives_it(self) -> None:
        self.slow.gate, self.quick.gate = Deferred(), Deferred()
        call = self.proxy.one()
        self.grid.simulation.run_for(1)
        self.assertEqual(self.quick.called, ["one"])
        self.slow.gate.callback(None)
        self.assertEqual(self.grid.wait(call), 1)

    def test_one_that_fails_leaves_the_other_to_answer(self) -> None:
        self.quick.gate, self.slow.gate = Deferred(), Deferred()
        call = self.proxy.one()
        self.grid.simulation.run_for(1)
        self.quick.gate.errback(ObjectNotExistException())
        self.grid.simulation.run_for(1)
        self.assertNoResult(call)
        self.slow.gate.callback(None)
        self.assertEqual(self.grid.wait(call), 1)

    def test_both_failing_fails_the_call(self) -> None:
        self.quick.gate, self.slow.gate = Deferred(), Deferred()
        call = self.proxy.one()
        self.grid.simulation.run_for(1)
        for servant in (self.quick, self.slow):
            assert servant.gate is not None
            servant.gate.errback(ObjectNotExistException())
        self.assertRaises(ObjectNotExistException, self.grid.wait, call)

    def test_its_time_ends_both(self) -> None:
        self.quick.gate, self.slow.gate = Deferred(), Deferred()
        started = self.grid.simulation.now_s
        call = self.proxy.ice_invocationTimeout(500).one()
        self.assertRaises(InvocationTimeoutException, self.grid.wait, call)
        self.assertLess(self.grid.simulation.now_s - started, 0.65)

    def test_who_gives_up_gives_up_both(self) -> None:
        self.quick.gate, self.slow.gate = Deferred(), Deferred()
        call = self.proxy.one()
        self.grid.simulation.run_for(1)
        call.cancel()
        self.failureResultOf(call, InvocationCanceledException)
        self.assertEqual(self.pending(), 0)

    def test_the_winner_gives_the_other_call_up(self) -> None:
        self.slow.gate = Deferred()
        self.grid.wait(self.proxy.one())
        self.assertEqual(self.pending(), 0)

    def test_with_one_endpoint_there_is_nobody_else_to_ask(self) -> None:
        self.slow.gate = Deferred()
        only = EverythingPrx(self.grid.proxy("client", "object:tcp -h slow -p 4000").ice_reference)
        call = only.pn_hedged(100).one()
        self.grid.simulation.run_for(1)
        self.assertEqual(self.slow.called, ["one"])
        self.slow.gate.callback(None)
        self.assertEqual(self.grid.wait(call), 1)

    def test_second_calls_are_paid_for_from_the_retry_budget(self) -> None:
        self.slow.gate = Deferred()
        self.client.retry_budget.spend = lambda connection: False  # type: ignore[method-assign]
        call = self.proxy.one()
        self.grid.simulation.run_for(1)
        self.assertEqual(self.quick.called, [])
        call.cancel()
        self.failureResultOf(call, InvocationCanceledException)

    def pending(self) -> int:
        """Calls the client's connections wait for."""
        return sum(len(connection.pending) for connection in self.client._connections())


class SlowI(EverythingI):
    """Its idempotent operation waits for the gate, too."""

    def one(self, current: Current | None = None) -> Deferred[int] | int:
        self._note(current)
        return 1 if self.gate is None else self.gate.addCallback(lambda _: 1)
