"""Who asks an agent about servers gets its answer, or the reason why not (see also `test_service`)."""

from __future__ import annotations

from pushnet.gen.pushnet.agent import AgentFacts, NoServerException, ServerRefusedException
from pushnet.gen.pushnet.server import Activation
from pushnet.roles.node.servant import AgentI
from tests.roles.node.fleets import MachineCase


class ServantTest(MachineCase):
    def setUp(self) -> None:
        super().setUp()
        self.agent = AgentI(self.fleet, lambda: [self.server.state("m")], AgentFacts)

    def test_a_start_that_fails_says_why(self) -> None:
        self.habits.ends_at_once = ("1",)
        self.follow(self.plan())
        with self.assertRaisesRegex(
            ServerRefusedException, "s-1: ended with status 2: there is no such option"
        ):
            self.simulation.run_until(self.agent.start("s-1"))

    def test_a_server_that_is_no_longer_planned_is_unknown_even_while_it_drains(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.follow()
        self.assertEqual(self.running, ["1"])
        with self.assertRaises(NoServerException):
            self.simulation.run_until(self.agent.start("s-1"))

    def test_a_log_is_waited_for_no_longer_than_asked(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        size = self.world.storage.size("logs/s-1.log")
        began = self.world.monotonic()
        part = self.simulation.run_until(self.agent.log("s-1", size, 100, 1500))
        self.assertEqual((part.offset, bytes(part.data), part.more), (size, b"", False))
        self.assertLess(self.world.monotonic() - began, 2.0)

    def test_a_restart_starts_what_was_never_started(self) -> None:
        self.follow(self.plan(activation=Activation.Manual))
        self.simulation.run_until(self.agent.restart("s-1"))
        self.assertEqual(self.running, ["1"])

    def test_a_restart_starts_what_was_stopped(self) -> None:
        self.follow(self.plan())
        self.pass_time(1.0)
        self.simulation.run_until(self.agent.stop("s-1"))
        self.simulation.run_until(self.agent.restart("s-1"))
        self.assertEqual(self.running, ["1"])
