"""Faults of simulated rolls: which kinds there are, and that everything is whole in the end."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.roll_faults import MILD, ROUGH
from pushnet.sim.rolls import RollScenario


class RollFaultsTest(SynchronousTestCase):
    def test_without_rough_ones_no_server_is_touched(self) -> None:
        verdicts = [RollScenario(seed).play() for seed in (4, 15)]
        for verdict in verdicts:
            kinds = [line.split(" ", 1)[1].rpartition(": ")[0] for line in verdict.faults]
            self.assertTrue(kinds)
            self.assertEqual([kind for kind in kinds if kind in ROUGH], [])
            self.assertTrue(any(kind in MILD for kind in kinds))
