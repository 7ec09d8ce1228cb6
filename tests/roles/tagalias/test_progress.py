"""Waiting for positions."""

from __future__ import annotations

from twisted.internet.defer import CancelledError
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.tagalias.progress import Progress


class ProgressTests(SynchronousTestCase):
    def test_what_is_reached_needs_no_waiting(self) -> None:
        progress = Progress({0: 5})
        self.successResultOf(progress.reached({0: 5, 7: 0}))
        self.successResultOf(progress.reached({}))

    def test_all_shards_must_have_come_far_enough(self) -> None:
        progress = Progress({0: 5})
        waiter = progress.reached({0: 6, 1: 2})
        progress.moved({0: 6})
        self.assertNoResult(waiter)
        progress.moved({0: 6, 1: 3})
        self.successResultOf(waiter)
        self.assertEqual(len(progress), 0)

    def test_a_shard_read_anew_is_waited_for_again(self) -> None:
        progress = Progress({0: 5})
        progress.moved({})
        waiter = progress.reached({0: 5})
        self.assertNoResult(waiter)
        progress.moved({0: 5})
        self.successResultOf(waiter)

    def test_who_gives_up_is_forgotten_and_at_the_end_all_give_up(self) -> None:
        progress = Progress({})
        first, second = progress.reached({0: 1}), progress.reached({0: 2})
        first.cancel()
        self.failureResultOf(first, CancelledError)
        self.assertEqual(len(progress), 1)
        progress.stop()
        self.failureResultOf(second, CancelledError)
