"""Who refuses most of what it is asked is asked about twice what it takes on."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import OverloadException, UnknownLocalException
from pushnet.rpc.stubs import Current
from pushnet.rpc.throttle import WINDOW_S, Throttle, Throttles
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class ThrottleTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 0.0
        self.throttle = Throttle(lambda: self.now)

    def made(self, count: int, taken: int) -> int:
        """How many of so many calls are made, when the target takes every so-manieth on."""
        made = 0
        for number in range(count):
            if not self.throttle.refuses((number % 100) / 100):
                made += 1
                if taken and made % taken == 0:
                    self.throttle.taken()
        return made

    def test_a_target_that_takes_half_on_is_asked_everything(self) -> None:
        self.assertEqual(self.made(1000, 2), 1000)

    def test_few_calls_say_nothing(self) -> None:
        self.assertEqual(self.made(20, 0), 20)
        self.assertLess(self.made(80, 0), 60)

    def test_a_target_that_takes_nothing_on_is_hardly_asked(self) -> None:
        self.made(1000, 0)
        self.assertLess(self.made(1000, 0), 20)

    def test_what_it_takes_on_again_is_soon_asked(self) -> None:
        self.made(1000, 0)
        self.now += WINDOW_S / 2 + 1
        self.made(10, 0)
        self.now += WINDOW_S / 2 + 1
        self.assertGreater(self.made(100, 1), 90)

    def test_after_a_long_pause_nothing_is_held_against_it(self) -> None:
        self.made(1000, 0)
        self.now += 10 * WINDOW_S
        self.assertEqual(self.made(20, 0), 20)

    def test_each_target_is_counted_by_itself(self) -> None:
        throttles = Throttles(lambda: self.now, lambda: 0.0)
        for _ in range(100):
            throttles.refuses("a")
        self.assertTrue(throttles.refuses("a"))
        self.assertFalse(throttles.refuses("b"))


class BusyI(EverythingI):
    """Refuses what it is asked."""

    busy = True

    async def add(self, a: int, b: int, current: Current | None = None) -> int:
        self._note(current)
        if self.busy:
            raise UnknownLocalException("OverloadException: too many requests are being served")
        return a + b


class CallsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.busy, self.idle = BusyI(), EverythingI()
        self.grid.serve("busy", self.busy)
        self.grid.serve("idle", self.idle)
        self.grid.communicator("client", Ice_Default_EndpointSelection="Ordered")

    def proxy(self, text: str) -> EverythingPrx:
        return EverythingPrx(self.grid.proxy("client", text).ice_reference)

    def outcome(self, proxy: EverythingPrx) -> Any:
        try:
            return self.grid.wait(proxy.add(1, 2))
        except (OverloadException, UnknownLocalException) as error:
            return type(error)

    def test_a_call_that_is_too_much_goes_to_another_endpoint_whatever_it_does(self) -> None:
        proxy = self.proxy("object:tcp -h busy -p 4000:tcp -h idle -p 4000")
        self.assertEqual(self.outcome(proxy), 3)
        self.assertEqual((self.busy.called, self.idle.called), (["add"], ["add"]))
        self.assertEqual(self.idle.contexts[0]["_pn.att"], "1")

    def test_with_nobody_else_to_ask_it_fails(self) -> None:
        proxy = self.proxy("object:tcp -h busy -p 4000")
        self.assertEqual(self.outcome(proxy), UnknownLocalException)
        self.assertEqual(self.busy.called, ["add"])

    def test_a_throttled_proxy_fails_calls_that_would_be_refused(self) -> None:
        proxy = self.proxy("object:tcp -h busy -p 4000").pn_throttled()
        self.assertTrue(proxy.pn_isThrottled())
        outcomes = [self.outcome(proxy) for _ in range(300)]
        self.assertEqual(outcomes[:20], [UnknownLocalException] * 20)
        self.assertGreater(outcomes.count(OverloadException), 150)
        self.assertEqual(len(self.busy.called), outcomes.count(UnknownLocalException))
        self.busy.busy = False
        self.grid.simulation.run_for(3 * WINDOW_S)
        self.assertEqual([self.outcome(proxy.pn_exactlyOnce()) for _ in range(50)], [3] * 50)
