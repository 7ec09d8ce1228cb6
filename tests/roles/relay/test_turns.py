"""How much of a session may be under way."""

from __future__ import annotations

from twisted.internet.defer import CancelledError, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.relay.routing import Target
from pushnet.roles.relay.turns import HELD_BYTES_MAX, HELD_MAX, UNDER_WAY_MAX, Overload, Turns
from pushnet.wire.identity import Identity

ONE, OTHER = Target(Identity("one")), Target(Identity("other"))


class TurnsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.turns = Turns()

    def test_some_are_under_way_at_once_and_the_next_waits_for_its_turn(self) -> None:
        first = [ensureDeferred(self.turns.take(ONE, 1)) for _ in range(UNDER_WAY_MAX)]
        for each in first:
            self.successResultOf(each)
        waiting = ensureDeferred(self.turns.take(ONE, 1))
        self.assertNoResult(waiting)
        self.turns.give_back(ONE, 1)
        self.successResultOf(waiting)
        self.assertEqual(self.turns.held, UNDER_WAY_MAX)

    def test_one_object_keeps_nobody_from_another(self) -> None:
        for _ in range(UNDER_WAY_MAX + 1):
            ensureDeferred(self.turns.take(ONE, 1))
        self.successResultOf(ensureDeferred(self.turns.take(OTHER, 1)))
        self.assertEqual(self.turns.held, UNDER_WAY_MAX + 2)

    def test_who_has_given_everything_back_begins_anew(self) -> None:
        for _ in range(3 * UNDER_WAY_MAX):
            self.successResultOf(ensureDeferred(self.turns.take(ONE, 1)))
            self.turns.give_back(ONE, 1)
        self.assertEqual((self.turns.held, self.turns.held_bytes), (0, 0))

    def test_too_many_bytes_are_an_overload(self) -> None:
        self.successResultOf(ensureDeferred(self.turns.take(ONE, HELD_BYTES_MAX)))
        self.failureResultOf(ensureDeferred(self.turns.take(ONE, 1)), Overload)
        self.turns.give_back(ONE, HELD_BYTES_MAX)
        self.successResultOf(ensureDeferred(self.turns.take(ONE, 1)))

    def test_too_many_requests_are_an_overload(self) -> None:
        for _ in range(HELD_MAX):
            ensureDeferred(self.turns.take(ONE, 0))
        self.failureResultOf(ensureDeferred(self.turns.take(ONE, 0)), Overload)

    def test_giving_up_the_wait_frees_what_was_held(self) -> None:
        for _ in range(UNDER_WAY_MAX):
            ensureDeferred(self.turns.take(ONE, 0))
        waiting = ensureDeferred(self.turns.take(ONE, 10))
        waiting.cancel()
        self.failureResultOf(waiting, CancelledError)
        self.assertEqual((self.turns.held, self.turns.held_bytes), (UNDER_WAY_MAX, 0))
