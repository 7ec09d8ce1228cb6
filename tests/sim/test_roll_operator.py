"""The operator of simulated rolls."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.rolls import RollScenario


class RollOperatorTest(SynchronousTestCase):
    def test_it_deploys_and_tells_how_the_roll_ended(self) -> None:
        verdict = RollScenario(6).play()
        self.assertEqual(verdict.rolls, ["pusher 2 done "])
        self.assertTrue(any("operator: deploy pusher 2" in line for line in verdict.faults), verdict.faults)
