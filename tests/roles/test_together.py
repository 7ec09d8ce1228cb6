"""Several calls at once."""

from __future__ import annotations

from twisted.internet.defer import CancelledError, Deferred, ensureDeferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.together import together


class TogetherTests(SynchronousTestCase):
    def test_results_come_in_the_order_of_the_calls(self) -> None:
        late: Deferred[int] = Deferred()

        async def soon() -> int:
            return 2

        done = ensureDeferred(together([late, soon(), succeed(3)]))
        self.assertNoResult(done)
        late.callback(1)
        self.assertEqual(self.successResultOf(done), [1, 2, 3])

    def test_nothing_to_do_is_done(self) -> None:
        self.assertEqual(self.successResultOf(ensureDeferred(together([]))), [])

    def test_the_first_error_is_raised_as_itself(self) -> None:
        first: Deferred[int] = Deferred()
        second: Deferred[int] = Deferred()
        done = ensureDeferred(together([first, second]))
        second.errback(KeyError("x"))
        self.failureResultOf(done, KeyError)
        first.errback(ValueError("unheard"))

    def test_cancelling_cancels_all(self) -> None:
        cancelled: list[int] = []
        works: list[Deferred[int]] = [Deferred(lambda _, n=n: cancelled.append(n)) for n in range(3)]
        done = ensureDeferred(together(works))
        done.cancel()
        self.failureResultOf(done, CancelledError)
        self.assertEqual(cancelled, [0, 1, 2])
