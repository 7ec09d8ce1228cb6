"""Many seeds from the command line."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.campaign import line_of, play, report_of, seeds_of, told_of
from pushnet.sim.scenario import Outcome


class CampaignTests(SynchronousTestCase):
    def test_seeds_are_numbers_and_ranges(self) -> None:
        self.assertEqual(seeds_of("3"), [3])
        self.assertEqual(seeds_of("1-3,9"), [1, 2, 3, 9])
        self.assertRaises(ValueError, seeds_of, "one")

    def test_a_run_is_told_in_one_line(self) -> None:
        outcome = Outcome(7, "ab" * 32, [], {"cut": 3, "kill": 0}, 25, 270, 0, 41.2, 15_000, [])
        line = line_of(told_of(outcome, 0.5))
        for part in ("seed 7", "ok", "25 pushes", "270 deliveries", "3 cut", "abab"):
            self.assertIn(part, line)
        self.assertNotIn("kill", line)

    def test_a_failure_says_how_to_see_it_again(self) -> None:
        outcome = Outcome(7, "", ["push 1 was never accepted"], {}, 1, 0, 0, 1.0, 1, ["0.5 kill: queue-1"])
        report = report_of(told_of(outcome, 0.1))
        self.assertIn("push 1 was never accepted", report)
        self.assertIn("0.5 kill: queue-1", report)
        self.assertIn("scripts/simulate --seed 7", report)
        self.assertIn("1 WRONG", line_of(told_of(outcome, 0.1)))

    def test_other_scenarios_are_played_by_name(self) -> None:
        told = play("rolls", 6)
        self.assertEqual((told.seed, told.wrong), (6, []))
        self.assertIn("pusher 2 done", line_of(told))
        self.assertIn("scripts/simulate --scenario rolls --seed 6", report_of(told, "rolls"))
