"""Registries under faults: whole runs, and the bugs they must find."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.registries import Makers, RegistryScenario, Verdict
from tests.sim import mutants_registry as mutants

SEEDS_MAX = 500


class RegistryScenarioTests(SynchronousTestCase):
    def test_runs_end_well_and_are_not_idle(self) -> None:
        verdicts = [RegistryScenario(seed).play() for seed in range(3)]
        self.assertEqual([verdict.wrong for verdict in verdicts], [[]] * 3)
        self.assertGreater(sum(len(verdict.faults) for verdict in verdicts), 15)
        self.assertGreater(sum(verdict.calls for verdict in verdicts), 100)
        self.assertGreater(sum(verdict.handovers for verdict in verdicts), 0)

    def test_a_seed_gives_one_run(self) -> None:
        one, other = RegistryScenario(3).play(), RegistryScenario(3).play()
        self.assertEqual((one.trace_hash, one.faults), (other.trace_hash, other.faults))


class PlantedBugTests(SynchronousTestCase):
    """Each is found within 500 seeds; the seed that found it last is tried first."""

    def find(self, makers: Makers, first: int) -> Verdict:
        for seed in (first, *range(SEEDS_MAX)):
            verdict = RegistryScenario(seed, makers).play()
            if verdict.wrong:
                return verdict
        raise self.failureException(f"not found within {SEEDS_MAX} seeds")

    def two_owners(self, makers: Makers, first: int = 0) -> None:
        self.assertIn("two owners", self.find(makers, first).wrong[0])

    def test_a_lease_measured_on_the_wall_clock(self) -> None:
        self.two_owners(Makers(membership=mutants.WallClockMembership), 5)

    def test_a_renewal_taken_for_granted_before_the_round_trip(self) -> None:
        self.two_owners(Makers(membership=mutants.EagerMembership), 1)

    def test_a_lease_counted_from_the_answer(self) -> None:
        self.two_owners(Makers(membership=mutants.LateMembership), 1)

    def test_a_lease_believed_in_until_somebody_says_otherwise(self) -> None:
        self.two_owners(Makers(membership=mutants.StubbornMembership), 1)

    def test_an_epoch_that_is_not_checked(self) -> None:
        self.two_owners(Makers(service=mutants.with_ledger(mutants.CarelessLedger)), 1)

    def test_a_join_that_looks_at_nobody_else(self) -> None:
        self.two_owners(Makers(service=mutants.with_ledger(mutants.TrustingLedger)))

    def test_a_copy_that_takes_the_name_of_the_first(self) -> None:
        self.two_owners(Makers(service=mutants.with_ledger(mutants.NamesakesLedger)), 3)

    def test_a_lease_told_longer_than_it_is_kept(self) -> None:
        self.two_owners(Makers(service=mutants.with_ledger(mutants.GenerousLedger)), 1)

    def test_a_write_that_does_not_compare_what_it_has_read(self) -> None:
        self.two_owners(Makers(service=mutants.with_state(mutants.UncomparedState)), 3)

    def test_a_lease_said_to_be_renewed_when_nobody_knows(self) -> None:
        self.two_owners(Makers(service=mutants.with_state(mutants.GrantingState)), 15)

    def test_a_watch_that_is_not_begun_anew(self) -> None:
        self.find(Makers(service=mutants.with_state(mutants.DeafState)), 0)

    def test_a_watch_that_died_in_silence(self) -> None:
        self.find(Makers(service=mutants.with_state(mutants.SilentState)), 56)

    def test_what_is_gone_meanwhile_kept_after_a_break(self) -> None:
        self.find(Makers(service=mutants.with_state(mutants.MergingState)), 0)

    def test_a_cache_that_is_never_invalidated(self) -> None:
        verdict = self.find(Makers(client=mutants.ForgetlessCommunicator), 1)
        self.assertIn("the client has reached nobody", verdict.wrong[0])
