"""Waiting for a number to grow."""

from __future__ import annotations

from twisted.internet.defer import CancelledError
from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores.shard.tidemark import Tidemark


class TidemarkTests(SynchronousTestCase):
    def test_who_waits_for_what_has_passed_does_not_wait(self) -> None:
        self.assertIsNone(self.successResultOf(Tidemark(5).passed(4)))

    def test_who_waits_hears_when_it_has_passed(self) -> None:
        mark = Tidemark(5)
        at_5, at_7 = mark.passed(5), mark.passed(7)
        mark.rise(7)
        self.successResultOf(at_5)
        self.assertNoResult(at_7)
        mark.rise(6)
        self.assertEqual(mark.value, 7)
        mark.rise(8)
        self.successResultOf(at_7)
        self.assertEqual(len(mark), 0)

    def test_who_gives_up_is_forgotten(self) -> None:
        mark = Tidemark()
        waiter = mark.passed(0)
        waiter.cancel()
        self.failureResultOf(waiter, CancelledError)
        self.assertEqual(len(mark), 0)
        mark.rise(1)

    def test_at_the_end_everybody_goes(self) -> None:
        mark = Tidemark()
        waiter = mark.passed(10)
        mark.release()
        self.successResultOf(waiter)

    def test_one_who_hears_may_wait_again(self) -> None:
        mark = Tidemark()
        again = []
        mark.passed(0).addCallback(lambda _: again.append(mark.passed(1)))
        mark.rise(1)
        self.assertNoResult(again[0])
