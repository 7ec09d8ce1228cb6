"""How many run: enough, not more than needed, and no to and fro."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.scaling import Decision, Scaler
from pushnet.grid.tables import ScalingSettings

EDGE = ScalingSettings(name="edge", members=[f"e-{number}" for number in range(1, 9)], min=2, target_load=0.5)


class ScalerTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 1000.0
        self.count = 2
        self.scaler = Scaler(self.now)
        self.made: list[Decision] = []

    def run_for(self, seconds: int, total: float, serving: int | None = None) -> None:
        """A look each second, the load shared evenly by those that serve."""
        for _ in range(seconds):
            self.now += 1.0
            share = self.count if serving is None else serving
            decision = self.scaler.look(EDGE, self.count, [total / share] * share if share else [], self.now)
            if decision is not None:
                self.made.append(decision)
                self.count = decision.count

    def test_a_load_above_the_target_brings_as_many_as_it_needs(self) -> None:
        self.run_for(60, 1.9)
        self.assertEqual(self.count, 4)
        self.assertEqual(self.made, [Decision(4, "load 0.95 on average is above 0.5")])

    def test_a_short_peak_changes_nothing(self) -> None:
        for _ in range(10):
            self.run_for(8, 2.0)
            self.run_for(8, 0.9)
        self.assertEqual(self.made, [])

    def test_a_large_load_doubles_them_with_pauses_between(self) -> None:
        self.run_for(15, 8.0)
        self.assertEqual(self.count, 2)
        self.run_for(10, 8.0)
        self.assertEqual(self.count, 4)
        self.run_for(12, 8.0)
        self.assertEqual(self.count, 4)
        self.run_for(30, 8.0)
        self.assertEqual(self.count, 8)
        self.run_for(300, 80.0)
        self.assertEqual(self.count, 8)

    def test_a_load_that_is_gone_takes_them_away_one_by_one_and_never_below_the_least(self) -> None:
        self.run_for(120, 4.0)
        self.assertEqual(self.count, 8)
        self.run_for(65, 0.1)
        self.assertEqual(self.count, 7)
        self.run_for(3600, 0.1)
        self.assertEqual(self.count, 2)

    def test_nobody_is_taken_away_while_one_is_missing(self) -> None:
        self.count = 4
        self.run_for(600, 0.1, serving=3)
        self.assertEqual(self.count, 4)

    def test_who_is_missing_is_replaced_when_the_others_have_too_much(self) -> None:
        self.run_for(60, 1.4, serving=1)
        self.assertGreaterEqual(self.count, 3)

    def test_without_readings_nothing_changes(self) -> None:
        self.run_for(600, 0.0, serving=0)
        self.assertEqual(self.made, [])

    def test_other_bounds_hold_at_once(self) -> None:
        self.count = 1
        self.run_for(1, 0.0)
        self.assertEqual(self.made, [Decision(2, "2 to 8 may run")])
        self.count = 20
        self.run_for(1, 0.0)
        self.assertEqual(self.count, 8)

    def test_a_steady_load_gives_a_steady_number(self) -> None:
        @given(st.floats(0.0, 6.0), st.integers(2, 8))
        @settings(max_examples=60, deadline=None)
        def check(total: float, count: int) -> None:
            self.setUp()
            self.count = count
            self.run_for(600, total)
            changes = [
                after.count - before
                for before, after in zip(
                    [count, *[each.count for each in self.made]], self.made, strict=False
                )
            ]
            self.assertFalse(any(step > 0 for step in changes) and any(step < 0 for step in changes), changes)
            settled = self.count
            self.run_for(600, total)
            self.assertEqual(self.count, settled)

        check()
