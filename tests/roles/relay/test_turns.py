"""How much of a session may be under way."""

from __future__ import annotations

from twisted.internet.defer import CancelledError, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.relay.turns import HELD_BYTES_MAX, HELD_MAX, UNDER_WAY_MAX, Overload, Turns


class TurnsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.turns = Turns()

    def test_some_are_under_way_at_once_and_the_next_waits_for_its_turn(self) -> None:
        first = [ensureDeferred(self.turns.take(1)) for _ in range(UNDER_WAY_MAX)]
        for each in first:
            self.successResultOf(each)
        waiting = ensureDeferred(self.turns.take(1))
        self.assertNoResult(waiting)
        self.turns.give_back(1)
        self.successResultOf(waiting)
        self.assertEqual(self.turns.held, UNDER_WAY_MAX)

    def test_too_many_bytes_are_an_overload(self) -> None:
        self.successResultOf(ensureDeferred(self.turns.take(HELD_BYTES_MAX)))
        self.failureResultOf(ensureDeferred(self.turns.take(1)), Overload)
        self.turns.give_back(HELD_BYTES_MAX)
        self.successResultOf(ensureDeferred(self.turns.take(1)))

    def test_too_many_requests_are_an_overload(self) -> None:
        for _ in range(HELD_MAX):
            ensureDeferred(self.turns.take(0))
        self.failureResultOf(ensureDeferred(self.turns.take(0)), Overload)

    def test_giving_up_the_wait_frees_what_was_held(self) -> None:
        for _ in range(UNDER_WAY_MAX):
            ensureDeferred(self.turns.take(0))
        waiting = ensureDeferred(self.turns.take(10))
        waiting.cancel()
        self.failureResultOf(waiting, CancelledError)
        self.assertEqual((self.turns.held, self.turns.held_bytes), (UNDER_WAY_MAX, 0))
