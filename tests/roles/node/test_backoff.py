"""The pause before a program is started again."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.backoff import FIRST_S, LONGEST_S, SETTLED_S, Backoff


class BackoffTest(SynchronousTestCase):
    def test_the_pause_doubles_up_to_a_limit(self) -> None:
        backoff = Backoff()
        pauses = [backoff.pause_s(0.1) for _ in range(8)]
        self.assertEqual(pauses[:4], [FIRST_S, 2 * FIRST_S, 4 * FIRST_S, 8 * FIRST_S])
        self.assertEqual(pauses[-1], LONGEST_S)

    def test_a_program_that_ran_for_long_begins_anew(self) -> None:
        backoff = Backoff()
        for _ in range(5):
            backoff.pause_s(SETTLED_S - 0.1)
        self.assertEqual(backoff.pause_s(SETTLED_S), FIRST_S)
        self.assertEqual(backoff.pause_s(0.0), 2 * FIRST_S)
