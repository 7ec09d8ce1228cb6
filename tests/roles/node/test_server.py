"""One version follows the other, and what goes wrong meanwhile."""

from __future__ import annotations

import signal

from pushnet.gen.pushnet.server import Activation, Handover, ServerPhase
from pushnet.roles.node.server import TRIES, CannotStart, Wish
from tests.roles.node.fleets import MachineCase


class ServerTest(MachineCase):
    def test_it_is_started_and_its_state_is_told(self) -> None:
        self.follow(self.plan())
        self.assertEqual(self.phase(), ServerPhase.Starting)
        self.pass_time(1.0)
        state = self.server.state("m")
        self.assertEqual(
            (state.phase, state.version, state.http), (ServerPhase.Serving, "1", "http://127.0.0.1:9000")
        )
        self.assertEqual(state.pid, self.host.children[0].pid)
        self.assertEqual(self.call(), "1")

    def test_one_that_is_tried_again_pauses_and_one_that_is_not_has_failed(self) -> None:
        self.habits.ends_at_once = ("1",)
        self.follow(self.plan())
        self.pass_time(30.0)
        self.assertEqual(self.phase(), ServerPhase.Pausing)
        self.assertEqual(self.server.state("m").resources[TRIES], len(self.processes))
        self.follow(self.plan(activation=Activation.Once))
        self.pass_time(30.0)
        self.assertEqual(self.phase(), ServerPhase.Failed)

    def test_it_is_told_for_how_long_it_is_as_it_is(self) -> None:
        self.habits.ends_at_once = ("1",)
        self.follow(self.plan(activation=Activation.Manual))
        self.pass_time(5.0)
        self.assertEqual(self.server.state("m").sinceMs, 5000)
        self.server.want(Wish.running)
        self.pass_time(1.0)
        self.assertNotEqual(self.phase(), ServerPhase.Resting)
        self.assertLess(self.server.state("m").sinceMs, 1001)

    def test_a_successor_serves_before_its_predecessor_drains(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow(self.plan("2"))
        told = [self.call() for _ in range(400)]
        self.pass_time(2.0)
        self.assertEqual((self.running, self.most_at_once), (["2"], 2))
        self.assertEqual(sorted(set(told)), ["1", "2"], "nobody was refused")

    def test_with_stop_first_the_predecessor_has_ended_and_callers_wait(self) -> None:
        stop_first = {"handover": Handover.StopFirst}
        self.follow(self.plan(**stop_first))
        self.pass_time(1.0)
        self.follow(self.plan("2", **stop_first))
        self.pass_time(0.4)
        self.assertEqual(self.call(), "2")
        self.assertEqual(self.most_at_once, 1)

    def test_a_successor_that_cannot_start_leaves_the_predecessor_in_place(self) -> None:
        self.habits.ends_at_once = ("2",)
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow(self.plan("2"))
        self.pass_time(10.0)
        state = self.server.state("m")
        self.assertEqual((state.phase, state.version, state.versionWanted), (ServerPhase.Serving, "1", "2"))
        self.assertIn("ended with status 2: there is no such option", state.reason)
        self.assertEqual([process.argv[1] for process in self.processes], ["1", "2"], "tried once")
        self.follow(self.plan())
        self.pass_time(1.0)
        self.assertEqual(self.running, ["1"])

    def test_a_successor_that_was_killed_as_it_started_is_tried_again_later(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow(self.plan("2"))
        self.pass_time(0.4)
        self.processes[-1].signal(9)
        self.pass_time(10.0)
        self.assertEqual(self.running, ["1"])
        self.pass_time(10.0)
        self.assertEqual(self.running, ["2"])

    def test_a_predecessor_that_ends_is_followed_at_once_by_the_successor_that_could_not_start(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow(self.plan("2"))
        self.pass_time(0.4)
        for process in reversed(self.processes):
            process.signal(9)
        self.pass_time(3.0)
        self.assertEqual(self.running, ["2"])

    def test_a_successor_that_never_serves_is_killed_at_its_limit(self) -> None:
        self.habits.never_ready = ("2",)
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow(self.plan("2"))
        self.pass_time(6.0)
        self.assertEqual(self.running, ["1"])
        self.assertIn("did not serve in time", self.server.state("m").reason)

    def test_taken_back_while_it_starts_the_predecessor_goes_on_as_it_is(self) -> None:
        self.habits.never_ready = ("2",)
        self.follow(self.plan())
        self.pass_time(1.0)
        pid = self.server.state("m").pid
        self.follow(self.plan("2"))
        self.pass_time(2.0)
        self.follow(self.plan())
        self.pass_time(6.0)
        state = self.server.state("m")
        self.assertEqual((self.running, state.pid, state.reason), (["1"], pid, ""))
        self.assertEqual([process.argv[1] for process in self.processes], ["1", "2"])

    def test_a_plan_that_changes_before_the_first_process_serves_starts_one_more(self) -> None:
        self.follow(self.plan())
        self.pass_time(0.1)
        self.follow(self.plan("2"))
        self.pass_time(3.0)
        self.assertEqual([process.argv[1] for process in self.processes], ["1", "2"])
        self.assertEqual(self.running, ["2"])

    def test_a_release_that_cannot_be_had_changes_nothing(self) -> None:
        self.broken_releases = {"2": "its signature is wrong"}
        self.follow(self.plan(release="r"))
        self.pass_time(1.0)
        self.follow(self.plan("2", release="r"))
        self.pass_time(5.0)
        self.assertEqual(self.running, ["1"])
        self.assertEqual(self.server.state("m").reason, "its signature is wrong")
        self.assertEqual(self.fetched, [("r", "1"), ("r", "2")])

    def test_with_stop_first_a_release_is_here_before_anything_stops(self) -> None:
        self.broken_releases = {"2": "nobody has it"}
        self.follow(self.plan(release="r", handover=Handover.StopFirst))
        self.pass_time(1.0)
        self.follow(self.plan("2", release="r", handover=Handover.StopFirst))
        self.pass_time(5.0)
        self.assertEqual(self.running, ["1"])

    def test_one_that_ends_is_started_again_after_a_pause_that_grows(self) -> None:
        self.habits.ends_after_s = {"1": 1.0}
        self.follow(self.plan())
        self.pass_time(10.0)
        early = len(self.processes)
        self.pass_time(10.0)
        self.assertGreater(early, 3)
        self.assertLess(len(self.processes) - early, early)
        self.assertIn("ended with status 1", self.server.state("m").reason)

    def test_one_whose_predecessor_had_to_be_killed_tells_that(self) -> None:
        self.habits.deaf = ("1",)
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow(self.plan("2"))
        self.pass_time(3.0)
        self.assertNotIn("killed", self.server.state("m").resources)
        self.pass_time(2.0)
        self.assertEqual((self.running, self.server.state("m").resources), (["2"], {"killed": 1.0}))

    def test_why_it_was_started_again_is_told_until_it_has_another_plan(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.host.children[0].exit(3)
        self.pass_time(3.0)
        state = self.server.state("m")
        self.assertEqual((state.phase, state.restarts), (ServerPhase.Serving, 1))
        self.assertIn("ended with status 3", state.reason)
        self.assertEqual(state.resources, {"last_end": 1.0})
        self.follow(self.plan("2"))
        self.pass_time(3.0)
        self.assertEqual((self.running, self.server.state("m").reason), (["2"], ""))

    def test_one_that_does_not_end_is_killed(self) -> None:
        self.habits.deaf = ("1",)
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow()
        self.pass_time(2.5)
        self.assertEqual(self.running, ["1"])
        self.pass_time(1.0)
        self.assertEqual((self.running, self.fleet.servers), ([], {}))

    def test_a_plan_that_changes_while_its_server_starts_is_followed_at_once(self) -> None:
        self.habits.never_ready = ("2",)
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow(self.plan("2"))
        self.pass_time(0.1)
        self.follow(self.plan("3"))
        self.pass_time(3.0)
        self.assertEqual(self.running, ["3"])

    def test_the_same_plan_again_touches_nothing(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow(self.plan())
        self.pass_time(1.0)
        self.assertEqual(len(self.processes), 1)

    def test_manual_and_on_demand_wait_for_somebody(self) -> None:
        self.follow(self.plan(activation=Activation.OnDemand))
        self.pass_time(1.0)
        self.assertEqual((self.running, self.phase()), ([], ServerPhase.Resting))
        self.server.activate()
        self.simulation.run_until(self.server.serving())
        self.host.children[0].signal(signal.SIGKILL)
        self.pass_time(2.0)
        self.assertEqual(self.running, ["1"], "who was wanted once is kept running")
        self.follow(self.plan("2", activation=Activation.Manual))
        self.server.want(Wish.stopped)
        self.simulation.run_until(self.server.rested())
        self.server.activate()
        self.pass_time(1.0)
        self.assertEqual(self.running, [])

    def test_once_is_once_for_each_plan(self) -> None:
        self.habits.ends_at_once = ("1",)
        once = self.plan(activation=Activation.Once, readiness=2)
        self.follow(once)
        self.pass_time(3.0)
        self.assertEqual((len(self.processes), self.phase()), (1, ServerPhase.Failed))

    def test_what_runs_once_is_not_run_again_when_it_fails_late(self) -> None:
        self.follow(self.plan(activation=Activation.Once))
        self.pass_time(1.0)
        self.processes[-1].write("half of it is done")
        self.processes[-1].exit(3)
        self.pass_time(60.0)
        self.assertEqual((len(self.processes), self.phase()), (1, ServerPhase.Failed))
        self.assertEqual(self.server.state("m").reason, "ended with status 3: half of it is done")
        self.server.want(Wish.running)
        self.pass_time(1.0)
        self.assertEqual(len(self.processes), 2, "somebody has said so")
        self.processes[-1].exit(0)
        self.pass_time(60.0)
        self.assertEqual((len(self.processes), self.phase()), (2, ServerPhase.Resting))

    def test_who_has_something_run_once_hears_when_it_has(self) -> None:
        self.habits.never_ready = ("1",)
        self.follow(self.plan(activation=Activation.Once))
        self.pass_time(1.0)
        running = self.server.serving()
        self.processes[-1].exit(0)
        self.simulation.run_until(running)

    def test_who_waits_for_a_start_that_somebody_takes_back_hears_so(self) -> None:
        self.habits.never_ready = ("1",)
        self.follow(self.plan(activation=Activation.Manual))
        self.server.want(Wish.running)
        starting = self.server.serving()
        self.pass_time(1.0)
        self.server.want(Wish.stopped)
        with self.assertRaisesRegex(CannotStart, "not to run any more"):
            self.simulation.run_until(starting)

    def test_one_on_demand_that_ends_by_itself_rests_until_it_is_looked_up_again(self) -> None:
        self.follow(self.plan(activation=Activation.OnDemand))
        self.server.activate()
        self.simulation.run_until(self.server.serving())
        self.processes[-1].exit(0)
        self.pass_time(60.0)
        self.assertEqual((self.running, self.phase()), ([], ServerPhase.Resting))
        self.server.activate()
        self.simulation.run_until(self.server.serving())
        self.processes[-1].exit(1)
        self.pass_time(3.0)
        self.assertEqual(self.running, ["1"], "it has not ended in order")

    def test_a_restart_replaces_the_process_by_one_of_the_same_plan(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.server.again()
        self.simulation.run_until(self.server.serving())
        self.pass_time(1.0)
        self.assertEqual((self.running, len(self.processes), self.most_at_once), (["1"], 2, 2))

    def test_who_waits_for_a_start_hears_why_it_fails(self) -> None:
        self.habits.ends_at_once = ("1",)
        self.follow(self.plan())
        with self.assertRaisesRegex(CannotStart, "s-1: ended with status 2: there is no such option"):
            self.simulation.run_until(self.server.serving())

    def test_one_that_never_served_is_tried_again_when_nothing_else_serves(self) -> None:
        self.habits.ends_at_once = ("1",)
        self.follow(self.plan())
        self.pass_time(5.0)
        self.habits.ends_at_once = ()
        self.pass_time(10.0)
        self.assertEqual((self.running, self.phase()), (["1"], ServerPhase.Serving))
