"""Logins that come too often."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.broker.flapping import AWAY_S, LOGINS_MAX, Flapping

DEVICE = ("app", 7)


class FlappingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.flapping = Flapping(counted_max=100, away_max=10)

    def enter(self, count: int, at: float, device: tuple[str, int] = DEVICE) -> None:
        for _ in range(count):
            self.flapping.entered(device, at)

    def test_fifteen_logins_in_a_minute_are_followed_by_five_minutes_away(self) -> None:
        self.enter(LOGINS_MAX - 1, 0.0)
        self.assertEqual(self.flapping.away_s(DEVICE, 30.0), 0)
        self.enter(1, 59.0)
        self.assertEqual(self.flapping.away_s(DEVICE, 60.0), AWAY_S - 1)
        self.assertEqual(self.flapping.away_s(("app", 8), 60.0), 0)
        self.assertEqual(self.flapping.away_s(("other", 7), 60.0), 0)
        self.assertEqual(self.flapping.away_s(DEVICE, 59.0 + AWAY_S), 0)

    def test_after_a_minute_counting_begins_anew(self) -> None:
        for minute in range(10):
            self.enter(LOGINS_MAX - 1, 60.0 * minute)
        self.assertEqual(self.flapping.away_s(DEVICE, 600.0), 0)

    def test_who_comes_back_has_all_logins_again(self) -> None:
        self.enter(LOGINS_MAX, 0.0)
        self.enter(LOGINS_MAX - 1, AWAY_S + 1)
        self.assertEqual(self.flapping.away_s(DEVICE, AWAY_S + 1), 0)

    def test_both_tables_are_bounded_and_the_oldest_goes_first(self) -> None:
        for ordinal in range(1000):
            self.enter(1, float(ordinal) / 100, ("app", ordinal))
        self.assertEqual(len(self.flapping), 100)
        for ordinal in range(1000):
            self.enter(LOGINS_MAX, 20.0, ("app", ordinal))
        self.assertLessEqual(len(self.flapping), 110)
        self.assertEqual(self.flapping.away_s(("app", 0), 20.0), 0)
        self.assertEqual(self.flapping.away_s(("app", 999), 20.0), AWAY_S)
