"""Rolls under faults: whole runs, and the bugs they must find."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.roll_servers import ProgramParts
from pushnet.sim.rolls import Makers, RollScenario, SimAgent
from tests.sim import mutants_roll as mutants
from tests.sim.mutants_registry import ForgetlessCommunicator

SEEDS_MAX = 500


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


class PlantedBugTests(SynchronousTestCase):
    """Each is found within 500 seeds; the seed that found it last is tried first."""

    def find(self, makers: Makers, first: int, told: str, faults: Collection[str] | None = None) -> None:
        for seed in (first, *range(SEEDS_MAX)):
            verdict = RollScenario(seed, makers, faults, brief=True).play()
            if verdict.wrong:
                self.assertIn(told, verdict.wrong[0])
                return
        raise self.failureException(f"not found within {SEEDS_MAX} seeds")

    def in_registries(
        self, first: int, told: str, faults: Collection[str] | None = None, **parts: Any
    ) -> None:
        self.find(Makers(registry=mutants.registry(**parts)), first, told, faults)

    def in_agents(self, agent: type[SimAgent], first: int, told: str) -> None:
        self.find(Makers(agent=agent), first, told)

    def in_servers(self, first: int, told: str, **parts: Any) -> None:
        self.find(Makers(program=ProgramParts(**parts)), first, told)

    # Who leads.

    def test_a_lead_measured_on_the_wall_clock(self) -> None:
        self.in_registries(3, "two lead", ("clock", "partition"), leading=mutants.WallClockLeading)

    def test_a_lead_believed_in_until_somebody_says_otherwise(self) -> None:
        self.in_registries(0, "two lead", leading=mutants.StubbornLeading)

    def test_a_leader_that_acts_after_its_lease(self) -> None:
        self.in_registries(0, "two lead", leading=mutants.UncheckedLeading)

    def test_a_leader_that_looks_whether_it_leads_before_it_writes_not_as_it_does(self) -> None:
        self.in_registries(44, "under epoch", ("pause registry",), leading=mutants.LateLeading)

    # How rolls go on.

    def test_an_order_that_is_not_stored_before_it_is_given(self) -> None:
        self.in_registries(0, "without the roll", rolling=mutants.UnstoredRolling)

    def test_gates_that_are_not_asked(self) -> None:
        self.in_registries(10, "ran on", rolling=mutants.BlindRolling)

    def test_a_wave_that_begins_while_the_gates_are_in_doubt(self) -> None:
        faults = ("pause registry", "kill agent", "partition", "kill registry")
        self.in_registries(26, "ran on", faults, rolling=mutants.HeedlessRolling)

    def test_more_servers_out_than_may_be(self) -> None:
        self.in_registries(25, "are out at a time", rolling=mutants.GreedyRolling)

    def test_a_wave_that_is_not_watched(self) -> None:
        self.in_registries(0, "ran on", rolling=mutants.HastyRolling)

    def test_an_undo_that_leaves_one_out(self) -> None:
        self.in_registries(1, "wanted is 1", rolling=mutants.SloppyRolling)

    def test_settings_that_reach_everybody_at_once(self) -> None:
        self.in_registries(8, "without need", (), book=mutants.RashBook)

    def test_an_epoch_that_is_not_checked(self) -> None:
        self.in_registries(5, "nobody finds it", (), ledger=mutants.CarelessLedger)

    def test_servers_that_are_not_looked_at(self) -> None:
        self.in_registries(4, "ran on", rolling=mutants.HopefulRolling)

    # What agents do.

    def test_stop_first_that_starts_early(self) -> None:
        self.in_agents(mutants.servers(mutants.ImpatientServer), 0, "runs twice")

    def test_a_switch_before_the_successor_serves(self) -> None:
        self.in_agents(mutants.servers(mutants.EagerServer), 4, "failed")

    def test_a_predecessor_killed_instead_of_drained(self) -> None:
        self.in_agents(mutants.servers(mutants.ImpoliteServer), 5, "is lost")

    def test_a_predecessor_that_is_left_as_it_is(self) -> None:
        self.in_agents(mutants.servers(mutants.LeavingServer), 5, "runs ['1', '2']")

    def test_an_agent_that_forgets_its_processes(self) -> None:
        self.in_agents(mutants.agent(mutants.ForgetfulFleet), 5, "are not over")

    def test_an_agent_that_follows_any_registry_before_it_has_its_place(self) -> None:
        makers = Makers(agent=mutants.CredulousAgent)
        faults = ("kill agent", "kill agent", "partition", "partition", "cancel")
        self.find(makers, 27, "goes back from plan", faults)

    def test_an_agent_that_forgets_its_plan(self) -> None:
        self.in_agents(mutants.agent(mutants.AmnesicFleet), 0, "without need")

    def test_a_restart_with_each_plan_that_is_told(self) -> None:
        self.in_agents(mutants.agent(mutants.RestlessFleet), 0, "without need")

    # Servers and callers.

    def test_a_drain_that_stops_reading_after_close_connection(self) -> None:
        self.in_servers(5, "is lost", drain=mutants.curt_drain)

    def test_a_drain_that_reads_nothing_more(self) -> None:
        self.in_servers(5, "is lost", drain=mutants.deaf_drain)

    def test_a_successor_that_accepts_before_it_is_ready(self) -> None:
        self.in_servers(6, "is lost", serves_at_once=True)

    def test_a_cache_that_is_never_invalidated(self) -> None:
        self.find(Makers(client=ForgetlessCommunicator), 34, "callers do not reach")
