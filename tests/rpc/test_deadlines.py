"""One clock for all calls: it ticks while there are any, and never lets one expire early."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.deadlines import TICK_S, Deadlines


class DeadlinesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.busy = True
        self.ticks: list[int] = []
        self.deadlines = Deadlines(self.clock.callLater, self.sweep)

    def sweep(self, tick: int) -> bool:
        self.ticks.append(tick)
        return self.busy

    def test_a_call_expires_no_sooner_than_its_time_and_at_most_two_ticks_later(self) -> None:
        for timeout_ms in (1, 49, 50, 51, 1000):
            expires = self.deadlines.after(timeout_ms)
            wait_s = (expires - self.deadlines.tick) * TICK_S
            self.assertGreaterEqual(wait_s - TICK_S, timeout_ms / 1000 - 1e-9)
            self.assertLessEqual(wait_s, timeout_ms / 1000 + 2 * TICK_S)

    def test_nothing_ticks_when_nothing_is_under_way(self) -> None:
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.deadlines.after(100)
        self.busy = False
        self.clock.pump([TICK_S] * 5)
        self.assertEqual(self.ticks, [1])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_it_ticks_on_while_something_is_under_way(self) -> None:
        self.deadlines.after(100)
        self.clock.pump([TICK_S] * 4)
        self.assertEqual(self.ticks, [1, 2, 3, 4])

    def test_what_is_left_is_at_least_a_millisecond(self) -> None:
        expires = self.deadlines.after(100)
        self.assertEqual(self.deadlines.left_ms(expires), 150)
        self.clock.pump([TICK_S] * 9)
        self.assertEqual(self.deadlines.left_ms(expires), 1)

    def test_stopped_it_ticks_no_more(self) -> None:
        self.deadlines.after(100)
        self.deadlines.stop()
        self.clock.pump([TICK_S] * 3)
        self.assertEqual(self.ticks, [])
