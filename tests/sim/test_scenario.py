"""One run under a seed: it is right without faults, it repeats, and it finds bugs that are planted."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.faults import Profile
from pushnet.sim.scenario import Outcome, Scenario
from tests.sim import mutants

QUIET = Profile(kinds=("cut",), pause_s=1e9)
SEEDS_MAX = 25
"""A planted bug is usually found by the first few seeds; no bug survives so many."""


class ScenarioTests(SynchronousTestCase):
    def tearDown(self) -> None:
        self.flushLoggedErrors()

    def test_without_faults_everything_arrives(self) -> None:
        outcome = Scenario(1, profile=QUIET).play()
        self.assertEqual((outcome.wrong, outcome.faults), ([], {"cut": 0}))
        self.assertGreater(outcome.deliveries, 100)

    def test_a_run_repeats_itself(self) -> None:
        first, second = Scenario(2, phones=10).play(), Scenario(2, phones=10).play()
        self.assertEqual(first, second)
        self.assertNotEqual(first.trace_hash, Scenario(3, phones=10).play().trace_hash)


class PlantedBugTests(SynchronousTestCase):
    """The checker is worth what it finds."""

    def tearDown(self) -> None:
        self.flushLoggedErrors()

    def _find(self, told: str, **planted: Any) -> Outcome:
        """Play seeds until one shows the bug, as `told` among what is wrong."""
        for seed in range(1, SEEDS_MAX + 1):
            outcome = Scenario(seed, **planted).play()
            if any(told in wrong for wrong in outcome.wrong):
                return outcome
        raise self.failureException(f"no seed up to {SEEDS_MAX} has found it")

    def test_a_device_that_forgets_what_it_has_shown_is_found(self) -> None:
        profile = Profile(("power off", "kill a phone"), 0.1, ("broker",))
        self._find("twice", store=mutants.ForgetfulStore, profile=profile)

    def test_a_queue_that_answers_before_the_disk_has_it_is_found(self) -> None:
        profile = Profile(("kill in the act",), 0.1, ("queue",))
        self._find("never reached", makers={"queue": mutants.eager_queue}, profile=profile)

    def test_a_queue_that_forgets_its_keys_is_found(self) -> None:
        profile = Profile(("kill in the act",), 0.1, ("gateway",))
        self._find("twice", makers={"queue": mutants.forgetful_queue}, profile=profile)

    def test_a_broker_that_ignores_a_hole_in_the_group_log_is_found(self) -> None:
        self._find("never reached", makers={"broker": mutants.CarelessBrokerService})

    def test_a_tag_index_that_does_not_wait_for_the_shards_is_found(self) -> None:
        self._find("", makers={"tagalias": mutants.HastyTagAliasService})
