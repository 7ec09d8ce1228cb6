"""The agent ends and comes back; its servers do not notice."""

from __future__ import annotations

from pushnet.gen.pushnet.server import Activation, ServerPhase
from pushnet.roles.node.server import Wish
from tests.roles.node.fleets import MachineCase


class FleetTest(MachineCase):
    def test_servers_outlive_a_killed_agent_and_are_taken_over(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        pid = self.host.children[0].pid
        self.host.kill()
        self.assertEqual(self.call(), "1")
        self.boot()
        self.pass_time(2.0)
        state = self.server.state("m")
        self.assertEqual(
            (state.phase, state.pid, state.http), (ServerPhase.Serving, pid, "http://127.0.0.1:9000")
        )
        self.assertEqual(len(self.processes), 1)

    def test_what_ran_once_and_ended_meanwhile_is_not_run_again(self) -> None:
        self.follow(self.plan(activation=Activation.Once))
        self.pass_time(1.0)
        self.host.kill()
        self.host.children[0].exit(1)
        self.boot()
        self.pass_time(20.0)
        self.assertEqual((len(self.processes), self.phase()), (1, ServerPhase.Failed))
        self.assertIn("`pushnet server start s-1` runs it again", self.server.state("m").reason)

    def test_a_server_that_ended_meanwhile_is_started_again_without_a_registry(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.host.kill()
        self.host.children[0].exit(1)
        self.boot()
        self.pass_time(2.0)
        self.assertEqual((self.running, len(self.processes)), (["1"], 2))

    def test_after_a_power_failure_everything_starts_anew(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.host.power_off()
        self.boot()
        self.pass_time(2.0)
        self.assertEqual((self.running, self.call()), (["1"], "1"))

    def test_a_successor_follows_one_that_was_taken_over_and_nobody_is_refused(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.host.kill()
        self.boot()
        self.follow(self.plan("2"))
        told = [self.call() for _ in range(300)]
        self.pass_time(2.0)
        self.assertEqual((self.running, sorted(set(told))), (["2"], ["1", "2"]))

    def test_a_successor_starts_gently_and_who_is_needed_at_once_does_not(self) -> None:
        self.follow(self.plan())
        self.pass_time(0.02)
        self.assertEqual([process.gentle for process in self.processes], [False])
        self.pass_time(1.0)
        self.follow(self.plan("2"))
        self.pass_time(0.02)
        self.assertEqual([process.gentle for process in self.processes], [False, True])
        self.pass_time(1.0)
        self.assertEqual([process.gentle for process in self.processes], [False, False])

    def test_killed_while_one_follows_the_other_both_are_found_again(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow(self.plan("2"))
        self.pass_time(0.2)
        self.host.kill()
        self.boot()
        self.pass_time(3.0)
        self.assertEqual((self.running, len(self.processes)), (["2"], 2))

    def test_to_stop_ends_everything_and_to_leave_ends_nothing(self) -> None:
        self.follow(self.plan(), self.plan(id="s-2", sockets=[]))
        self.pass_time(1.0)
        self.simulation.run_until(self.fleet.leave())
        self.host.kill()
        self.assertEqual(self.running, ["1", "1"])
        self.boot()
        self.simulation.run_until(self.fleet.stop())
        self.assertEqual(self.running, [])

    def test_what_ended_with_its_agent_starts_with_the_next_one_unless_somebody_had_stopped_it(self) -> None:
        self.follow(self.plan(), self.plan(id="s-2", version="2", sockets=[]))
        self.pass_time(1.0)
        self.fleet.servers["s-2"].want(Wish.stopped)
        self.simulation.run_until(self.fleet.stop())
        self.simulation.run_until(self.fleet.leave())
        self.host.kill()
        self.boot()
        self.pass_time(2.0)
        self.assertEqual(self.running, ["1"])

    def test_what_cannot_be_filled_in_is_told(self) -> None:
        self.follow(self.plan(command=["server", "${nothing}"]))
        self.pass_time(1.0)
        self.assertIn("there is no ${nothing}; there are: data, id, locator,", self.server.state("m").reason)

    def test_an_address_that_is_taken_is_told(self) -> None:
        self.follow(self.plan(), self.plan(id="s-2", version="2"))
        self.pass_time(1.0)
        self.assertEqual(self.fleet.servers["s-2"].state("m").phase, ServerPhase.Serving)
