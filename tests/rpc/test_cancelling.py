"""Work that nobody waits for is given up, if it may be."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.cancelling import WELCOME_MESSAGE, cancel_message, understands
from pushnet.rpc.exceptions import (
    InvocationCanceledException,
    InvocationTimeoutException,
    LocalException,
    UnknownLocalException,
)
from pushnet.rpc.stubs import Current
from pushnet.wire.message import VALIDATE_MESSAGE
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class WaitingI(EverythingI):
    """Everything waits for what never comes, and notes when it is given up."""

    opinion: bool | None = None

    def __init__(self) -> None:
        super().__init__()
        self.given_up: list[str] = []

    async def _wait(self, current: Current | None) -> None:
        assert current is not None
        if self.opinion is not None:
            current.cancellable = self.opinion
        self._note(current)
        try:
            await Deferred()
        except CancelledError:
            self.given_up.append(current.operation)
            raise

    def one(self, current: Current | None = None) -> Any:
        return self._wait(current)

    def nothing(self, current: Current | None = None) -> Any:
        return self._wait(current)

    def asked(self, current: Current | None = None) -> Any:
        self._note(current)
        return Deferred(lambda _: self.given_up.append("asked"))


class CancellingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = WaitingI()
        self.adapter = self.grid.serve("server", self.servant)
        self.proxy = EverythingPrx(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)

    def begin(self, call: Deferred[Any]) -> list[Any]:
        """Have it served; what becomes of it."""
        end: list[Any] = []
        call.addBoth(lambda result: end.append(getattr(result, "value", result)))
        self.grid.simulation.run_for(1)
        return end

    def lose(self) -> None:
        self.grid.simulation.host("client").kill()
        self.grid.simulation.run_for(5)

    def serving(self) -> bool:
        return any(connection.serving for connection in self.adapter.connections)

    def test_a_caller_that_gives_up_an_idempotent_call_ends_the_work_on_it(self) -> None:
        for call in (self.proxy.one(), self.proxy.asked()):
            end = self.begin(call)
            call.cancel()
            self.grid.simulation.run_for(1)
            self.assertIsInstance(end[0], InvocationCanceledException)
        self.assertEqual(self.servant.given_up, ["one", "asked"])
        self.assertFalse(self.serving())
        self.assertEqual(self.grid.wait(self.proxy.add(1, 2)), 3)

    def test_a_call_whose_time_is_up_ends_as_well(self) -> None:
        end = self.begin(self.proxy.ice_invocationTimeout(500).one())
        self.assertIsInstance(end[0], InvocationTimeoutException)
        self.assertEqual(self.servant.given_up, ["one"])

    def test_work_is_given_up_at_its_deadline_whatever_the_caller_says(self) -> None:
        end = self.begin(self.proxy.one({"_pn.dl": "500"}))
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.given_up, ["one"] * 2, "it was not repeated once")
        self.assertIsInstance(end[0], UnknownLocalException)
        self.assertIn("deadline", end[0].unknown)
        self.assertEqual(self.grid.communicators["server"].counters.expired, 2)
        late = self.begin(self.proxy.nothing({"_pn.dl": "500"}))
        self.grid.simulation.run_for(5)
        self.assertEqual((self.servant.given_up, late), (["one"] * 2, []))

    def test_only_that_call_is_given_up(self) -> None:
        first, second = self.proxy.one(), self.proxy.one()
        self.begin(first)
        self.begin(second)
        first.cancel()
        self.begin(Deferred())
        self.assertEqual(self.servant.given_up, ["one"])
        self.assertNoResult(second)

    def test_what_is_not_idempotent_goes_on_unless_its_servant_says_otherwise(self) -> None:
        for opinion, given_up in ((None, []), (False, []), (True, ["nothing"])):
            self.servant.opinion = opinion
            call = self.proxy.nothing()
            self.begin(call)
            call.cancel()
            self.grid.simulation.run_for(1)
            self.assertEqual(self.servant.given_up, given_up)

    def test_a_property_lets_idempotent_work_go_on_unless_its_servant_says_otherwise(self) -> None:
        self.grid.communicators["server"].cancel_idempotent = False
        for opinion, given_up in ((None, []), (True, ["one"])):
            self.servant.opinion = opinion
            call = self.proxy.one()
            self.begin(call)
            call.cancel()
            self.grid.simulation.run_for(1)
            self.assertEqual(self.servant.given_up, given_up)

    def test_a_servant_may_insist_on_going_on(self) -> None:
        self.servant.opinion = False
        call = self.proxy.one()
        self.begin(call)
        call.cancel()
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.given_up, [])

    def test_when_the_callers_connection_is_gone_its_work_is_given_up(self) -> None:
        self.begin(self.proxy.one())
        self.begin(self.proxy.nothing())
        self.lose()
        self.assertEqual(self.servant.given_up, ["one"])

    def test_one_way_requests_and_those_with_a_token_are_never_given_up(self) -> None:
        self.begin(self.proxy.one({"_pn.tok": "a"}))
        self.servant.opinion = True
        self.grid.wait(self.proxy.ice_oneway().nothing())
        self.grid.simulation.run_for(1)
        self.lose()
        self.assertEqual((self.servant.called, self.servant.given_up), (["one", "nothing"], []))

    def test_behind_middleware_it_is_the_same(self) -> None:
        self.adapter.use(lambda following: following)
        call = self.proxy.one()
        self.begin(call)
        call.cancel()
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.given_up, ["one"])

    def test_calls_through_who_serves_are_given_up_as_well(self) -> None:
        proxy = self.proxy

        class MiddleI(EverythingI):
            async def one(self, current: Current | None = None) -> int:
                through: Any = self.there
                return int(await through.one(current))

        middle = MiddleI()
        self.grid.serve("middle", middle, "middle")
        middle.there = EverythingPrx(  # type: ignore[attr-defined]
            self.grid.proxy("middle", "object:tcp -h server -p 4000").ice_reference
        )
        there = self.grid.proxy("client", "middle:tcp -h middle -p 4000")
        call = type(proxy)(there.ice_reference).one()
        self.begin(call)
        self.assertEqual(self.servant.called, ["one"])
        call.cancel()
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.given_up, ["one"])

    def test_a_peer_that_does_not_understand_it_is_not_told(self) -> None:
        self.assertTrue(understands(WELCOME_MESSAGE))
        self.assertFalse(understands(VALIDATE_MESSAGE))
        connection = self.grid.wait(self.proxy.ice_getConnection())
        self.assertTrue(connection.cancels)
        connection.cancels = False
        call = self.proxy.one()
        self.begin(call)
        call.cancel()
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.given_up, [])

    def test_what_is_not_being_served_cannot_be_given_up(self) -> None:
        connection = self.grid.wait(self.proxy.ice_getConnection())
        connection.send(cancel_message(77))
        self.assertEqual(self.grid.wait(self.proxy.add(1, 2)), 3)

    def test_the_end_of_an_adapter_gives_nothing_up_before_its_time(self) -> None:
        call = self.proxy.one()
        end = self.begin(call)
        self.adapter.deactivate()
        self.grid.simulation.run_for(1)
        self.assertEqual((self.servant.given_up, end), ([], []))
        self.grid.simulation.run_for(60)
        self.assertIsInstance(end[0], LocalException)
