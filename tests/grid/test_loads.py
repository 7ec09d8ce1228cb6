"""Load averages."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import UNKNOWN_LOAD
from pushnet.grid.loads import LoadAverages


class LoadAveragesTests(SynchronousTestCase):
    def test_before_anything_is_told_the_load_is_unknown(self) -> None:
        self.assertEqual(LoadAverages().averages, (UNKNOWN_LOAD,) * 3)

    def test_the_first_reading_stands_for_the_time_before(self) -> None:
        load = LoadAverages()
        load.told(0.25, 100.0)
        self.assertEqual(load.averages, (0.25, 0.25, 0.25))

    def test_after_a_minute_the_short_average_has_gone_two_thirds_of_the_way(self) -> None:
        load = LoadAverages()
        load.told(0.0, 0.0)
        for second in range(1, 61):
            load.told(1.0, float(second))
        one, five, fifteen = load.averages
        self.assertAlmostEqual(one, 0.632, places=2)
        self.assertAlmostEqual(five, 0.181, places=2)
        self.assertAlmostEqual(fifteen, 0.0645, places=2)
