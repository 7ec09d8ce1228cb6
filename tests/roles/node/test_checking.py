"""A server's own check says whether its answers are right, and what follows from that."""

from __future__ import annotations

from pushnet.gen.pushnet.server import Handover, ServerPhase, ServerPlan
from pushnet.roles.node.checking import AGAIN_S, FAILURES
from pushnet.sim.programs import Run as Process
from tests.roles.node.fleets import PORT, MachineCase

EVERY_S = 5.0


class CheckingTest(MachineCase):
    def setUp(self) -> None:
        super().setUp()
        self.wrong: list[str] = []
        """Versions whose answers are wrong."""
        self.hang: list[str] = []
        """Versions that do not answer the check."""
        self.asked: list[Process] = []
        self.simulation.programs["check"] = self.check

    def check(self, process: Process) -> None:
        self.asked.append(process)
        version = process.argv[1]
        if version in self.hang:
            return
        if version in self.wrong:
            process.write("2 + 2 is 5")
            process.write("")
        process.exit(1 if version in self.wrong else 0)

    def checked(self, version: str = "1", **changes: object) -> ServerPlan:
        return self.plan(version, check=["check", "${version}"], checkLimitMs=2000, **changes)

    def test_it_serves_when_its_check_says_that_it_answers_right(self) -> None:
        self.follow(self.checked())
        self.pass_time(3.0)
        state = self.server.state("m")
        self.assertEqual((state.phase, state.reason, len(self.asked)), (ServerPhase.Serving, "", 1))
        self.pass_time(EVERY_S * 4)
        self.assertEqual(len(self.asked), 5, "it is asked as long as it serves")

    def test_a_check_is_told_whom_to_ask_and_where(self) -> None:
        self.follow(self.checked())
        self.pass_time(3.0)
        (asked,) = self.asked
        told = {name: value for name, value in asked.env.items() if name.startswith("PUSHNET_")}
        self.assertEqual(
            told,
            {
                "PUSHNET_ID": "s-1",
                "PUSHNET_VERSION": "1",
                "PUSHNET_ADDRESS": f"m:{PORT}",
                "PUSHNET_HTTP": "http://127.0.0.1:9000",
                "PUSHNET_PID": str(self.host.children[0].pid),
            },
        )

    def test_a_successor_that_answers_wrong_leaves_its_predecessor_in_place(self) -> None:
        self.wrong = ["2"]
        self.follow(self.checked())
        self.pass_time(3.0)
        self.follow(self.checked("2"))
        self.pass_time(2.0 + AGAIN_S * FAILURES)
        state = self.server.state("m")
        self.assertEqual((state.phase, state.version, self.running), (ServerPhase.Serving, "1", ["1"]))
        self.assertEqual([process.argv[1] for process in self.processes], ["1", "2"], "tried once")
        self.assertEqual(
            state.reason, "does not answer right: its check ended with status 1: 2 + 2 is 5", "its last words"
        )
        self.assertNotIn("check_failed", state.resources, "the one that serves answers right")

    def test_one_failure_may_be_chance(self) -> None:
        self.wrong = ["2"]
        self.follow(self.checked())
        self.pass_time(3.0)
        self.follow(self.checked("2"))
        while self.asked[-1].argv[1] == "1":
            self.pass_time(0.05)
        self.wrong = []
        self.pass_time(AGAIN_S + 2.0)
        self.assertEqual((self.running, self.server.state("m").reason), (["2"], ""))

    def test_of_a_server_that_serves_it_is_told_and_taken_back(self) -> None:
        self.follow(self.checked())
        self.pass_time(3.0)
        self.wrong = ["1"]
        self.pass_time(EVERY_S + AGAIN_S + 1.0)
        state = self.server.state("m")
        self.assertEqual((state.phase, state.resources["check_failed"]), (ServerPhase.Serving, 1.0))
        self.assertIn("2 + 2 is 5", state.reason)
        self.wrong = []
        self.pass_time(EVERY_S + 1.0)
        state = self.server.state("m")
        self.assertEqual((state.reason, state.resources, self.running), ("", {}, ["1"]))

    def test_who_does_not_answer_in_time_answers_wrong(self) -> None:
        self.follow(self.checked())
        self.pass_time(3.0)
        self.hang = ["1"]
        self.pass_time(EVERY_S + 2 * 2.0 + AGAIN_S + 1.0)
        self.assertEqual(self.server.state("m").reason, "its check took longer than 2 s")
        self.assertLessEqual(sum(process.alive for process in self.asked), 1, "it is killed")

    def test_where_nobody_else_serves_a_wrong_answer_is_told_and_better_than_none(self) -> None:
        self.wrong = ["1"]
        self.follow(self.checked(handover=Handover.StopFirst))
        self.pass_time(4.0)
        state = self.server.state("m")
        self.assertEqual((state.phase, state.resources["check_failed"]), (ServerPhase.Serving, 1.0))

    def test_a_predecessor_that_answers_wrong_as_well_gives_way(self) -> None:
        self.follow(self.checked())
        self.pass_time(3.0)
        self.wrong = ["1", "2"]
        self.pass_time(EVERY_S + AGAIN_S + 1.0)
        self.follow(self.checked("2"))
        self.pass_time(6.0)
        self.assertEqual(self.running, ["2"])

    def test_a_check_that_cannot_be_run_is_told_as_that(self) -> None:
        self.follow(self.plan(check=["no-such-program"]))
        self.pass_time(6.0)
        state = self.server.state("m")
        self.assertEqual(state.phase, ServerPhase.Serving)
        self.assertTrue(state.reason.startswith("its check "), state.reason)

    def test_it_ends_with_the_server(self) -> None:
        self.hang = ["1"]
        self.follow(self.checked())
        self.pass_time(1.0)
        self.assertEqual(sum(process.alive for process in self.asked), 1)
        self.follow()
        self.pass_time(20.0)
        self.assertEqual((self.running, len(self.asked)), ([], 1))

    def test_an_agent_that_leaves_leaves_no_check_behind(self) -> None:
        self.hang = ["1"]
        self.follow(self.checked())
        self.pass_time(1.0)
        self.simulation.run_until(self.fleet.leave())
        self.pass_time(1.0)
        self.assertEqual([process.argv[0] for process in self.host.children], ["server"])

    def test_the_next_agent_asks_on(self) -> None:
        self.follow(self.checked(release="r"))
        self.pass_time(3.0)
        self.host.kill()
        self.boot()
        self.wrong = ["1"]
        self.pass_time(EVERY_S + 1.0)
        self.assertIn("2 + 2 is 5", self.server.state("m").reason)
        self.assertEqual(len(self.processes), 1)
