"""Devices are given away some at a time."""

from __future__ import annotations

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.broker.line import Line
from pushnet.roles.broker.mover import Mover
from tests.roles.broker.fakes import Stage


class MoverTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.lines = [self.stage.phone(f"phone-{number}").line for number in range(30)]
        self.mover = Mover(self.stage.world, 100, self.stage.tally)  # type: ignore[arg-type]

    def move(self, lines: list[Line], limit_s: float = 0.0) -> Deferred[int]:
        return ensureDeferred(self.mover.move(lines, [], limit_s))

    @property
    def gone(self) -> int:
        return sum(line.closed for line in self.lines)

    def test_no_more_leave_in_a_second_than_the_limit_says(self) -> None:
        moving = self.move(self.lines)
        self.assertEqual(self.gone, 10)
        self.stage.advance(0.05, 0.01)
        self.assertEqual(self.gone, 10)
        self.stage.advance(0.5, 0.01)
        self.assertEqual(self.successResultOf(moving), 30)

    def test_who_has_to_be_gone_in_time_is(self) -> None:
        moving = self.move(self.lines, limit_s=0.15)
        self.stage.advance(0.16, 0.01)
        self.assertEqual(self.successResultOf(moving), 30)

    def test_who_has_left_of_its_own_will_is_not_counted(self) -> None:
        self.lines[3].abort()
        self.assertEqual(self.successResultOf(self.move(self.lines[:10])), 9)
        self.assertEqual(self.stage.tally.readings()["devices_moved"], 9)

    def test_a_newer_order_ends_an_older_one(self) -> None:
        first = self.move(self.lines[:20])
        second = self.move(self.lines[20:])
        self.stage.advance(1.0, 0.01)
        self.assertEqual((self.successResultOf(first), self.successResultOf(second), self.gone), (10, 10, 20))
