"""Rolls under faults: whole runs, and the bugs they must find."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.rolls import RollScenario


class RollScenarioTests(SynchronousTestCase):
    def test_runs_end_well_and_are_not_idle(self) -> None:
        verdicts = [RollScenario(seed).play() for seed in (2, 5, 7, 12)]
        self.assertEqual([verdict.wrong for verdict in verdicts], [[]] * 4)
        self.assertGreater(sum(len(verdict.faults) for verdict in verdicts), 20)
        self.assertGreater(sum(verdict.answered for verdict in verdicts), 3000)
        self.assertGreater(sum(verdict.more for verdict in verdicts), 50, "the new version answered")
        self.assertGreater(sum(verdict.orders for verdict in verdicts), 8)
        self.assertEqual(
            {each.split()[2] for verdict in verdicts for each in verdict.rolls}, {"done", "undone"}
        )

    def test_a_seed_gives_one_run(self) -> None:
        one, other = RollScenario(3).play(), RollScenario(3).play()
        self.assertEqual((one.trace_hash, one.faults), (other.trace_hash, other.faults))
