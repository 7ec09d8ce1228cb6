"""Progress where there is no terminal: lines, but not too many."""

from __future__ import annotations

import io

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.demo_progress import PLAIN_EVERY_S, Step


class PlainStepTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.out = io.StringIO()
        self.clock = Clock()

    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()

    def test_begin_and_end_are_told(self) -> None:
        with Step(self.out, "connecting", 3, self.clock.seconds) as step:
            for _ in range(3):
                step.advance()
            self.clock.advance(1.5)
        self.assertEqual(self.lines(), ["connecting …", "connecting: 3 of 3 in 1.5 s"])

    def test_long_work_is_heard_from_now_and_then(self) -> None:
        with Step(self.out, "connecting", 1000, self.clock.seconds) as step:
            for done in range(0, 1000, 10):
                self.clock.advance(PLAIN_EVERY_S / 40)
                step.reach(done)
        self.assertIn("connecting: 390 of 1000", self.lines())
        self.assertLess(len(self.lines()), 6)

    def test_work_that_failed_is_not_told_as_done(self) -> None:
        with self.assertRaises(ValueError), Step(self.out, "connecting", 3, self.clock.seconds):
            raise ValueError
        self.assertEqual(self.lines(), ["connecting …"])
