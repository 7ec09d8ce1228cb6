"""An adapter serves so many requests at once; what is too much is refused before it is begun."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.concurrency import WINDOW, ConcurrencyLimit, concurrency_limit
from pushnet.rpc.exceptions import InitializationException, UnknownLocalException
from pushnet.rpc.properties import Properties
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class RefusingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = EverythingI()
        self.servant.gate = Deferred()

    def serve(self, **limit: str) -> EverythingPrx:
        named = {f"adapter-4000_ConcurrencyLimit{key}": value for key, value in limit.items()}
        self.adapter = self.grid.serve("server", self.servant, **named)
        return EverythingPrx(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)

    def test_what_is_above_the_limit_is_refused_and_served_again_later(self) -> None:
        proxy = self.serve(**{"": "2"})
        first = [proxy.nothing() for _ in range(2)]
        with self.assertRaises(UnknownLocalException) as raised:
            self.grid.wait(proxy.nothing())
        self.assertTrue(raised.exception.unknown.startswith("OverloadException"))
        assert self.servant.gate is not None and self.adapter.concurrency is not None
        self.assertEqual((len(self.servant.called), self.adapter.concurrency.refused), (2, 1))
        self.servant.gate.callback(None)
        for call in first:
            self.assertIsNone(self.grid.wait(call))
        self.servant.gate = None
        self.assertIsNone(self.grid.wait(proxy.nothing()))
        self.assertEqual(self.adapter.concurrency.running, 0)

    def test_repeated_attempts_are_refused_first(self) -> None:
        proxy = self.serve(**{"": "10"})
        calls = [proxy.nothing() for _ in range(9)]
        with self.assertRaises(UnknownLocalException):
            self.grid.wait(proxy.nothing({"_pn.att": "1"}))
        calls.append(proxy.nothing())
        self.grid.simulation.run_for(1)
        self.assertEqual(len(self.servant.called), 10)
        self.assertNoResult(calls[-1])

    def test_one_way_requests_are_never_refused(self) -> None:
        proxy = self.serve(**{"": "1"}).ice_oneway()
        for _ in range(3):
            self.grid.wait(proxy.nothing())
        self.grid.simulation.run_for(1)
        self.assertEqual(len(self.servant.called), 3)

    def test_without_the_property_there_is_no_limit_and_nothing_stands_before_the_servants(self) -> None:
        self.serve()
        self.assertIsNone(self.adapter.concurrency)
        self.assertIsNone(self.adapter.servants._pipeline)


class AdaptiveTest(SynchronousTestCase):
    """Played without a network: `load` callers, and a server that gets slower when it has too many."""

    def limit_after(self, rounds: int, capacity: float, load: int, limit: ConcurrencyLimit) -> float:
        for _ in range(rounds):
            running = min(load, int(limit.limit))
            limit._busiest = running
            for _ in range(WINDOW):
                limit.took(0.01 * max(1.0, running / capacity))
        return limit.limit

    def made(self, least: int = 10, most: int = 1000) -> ConcurrencyLimit:
        return ConcurrencyLimit(lambda: 0.0, least, most)

    def test_it_grows_while_requests_take_as_long_as_ever(self) -> None:
        self.assertGreater(self.limit_after(2000, 1e9, 10_000, self.made()), 900)

    def test_it_shrinks_when_they_take_longer(self) -> None:
        limit = self.made()
        self.limit_after(400, 1e9, 10_000, limit)
        before = limit.limit
        self.assertLess(self.limit_after(20, before / 5, 10_000, limit), before * 0.7)

    def test_it_settles_near_what_the_server_can_do(self) -> None:
        limit = self.made()
        for rounds in (1200, 333, 777, 2345):
            self.assertLess(self.limit_after(rounds, 100.0, 10_000, limit), 200)
            self.assertGreater(limit.limit, 50)

    def test_a_limit_that_is_not_used_does_not_change(self) -> None:
        limit = self.made()
        before = limit.limit
        self.assertEqual(self.limit_after(100, 1e9, 5, limit), before)

    def test_it_stays_within_its_bounds(self) -> None:
        limit = self.made(10, 20)
        self.assertEqual(self.limit_after(450, 1e9, 100, limit), 20)
        self.limit_after(1, 1e9, 100, limit)
        self.assertGreaterEqual(self.limit_after(500, 0.01, 100, limit), 10)


class PropertyTest(SynchronousTestCase):
    def limit(self, **values: str) -> Any:
        named = {f"A.ConcurrencyLimit{key}": value for key, value in values.items()}
        return concurrency_limit(Properties(named), "A", lambda: 0.0)

    def test_a_number_a_word_or_nothing(self) -> None:
        self.assertIsNone(self.limit())
        self.assertIsNone(self.limit(**{"": "0"}))
        self.assertEqual(self.limit(**{"": "7"}).limit, 7)
        self.assertEqual(self.limit(**{"": "adaptive"}).limit, 109)
        self.assertEqual(self.limit(**{"": "adaptive", ".Min": "5", ".Max": "5"}).limit, 5)

    def test_what_cannot_be_is_told(self) -> None:
        with self.assertRaises(InitializationException):
            self.limit(**{"": "adaptive", ".Min": "50", ".Max": "5"})
        with self.assertRaises(InitializationException):
            self.limit(**{"": "often"})
