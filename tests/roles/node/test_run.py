"""One process, from its start to its end."""

from __future__ import annotations

import signal

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import ServerPlan
from pushnet.roles.node.run import GENTLE_S, Life, Run, described
from pushnet.sim.programs import Run as Process
from pushnet.sim.simulation import Simulation


class RunTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("m").boot()
        self.simulation.programs["server"] = self._started
        self.lives: list[Life] = []
        process = self.world.processes.spawn_apart(["server"], env={}, log="log")
        plan = ServerPlan(id="s", startLimitMs=5000)
        self.run_ = Run(self.world, plan, process, lambda run: self.lives.append(run.life))
        self.simulation.run_for(0.1)

    def _started(self, process: Process) -> None:
        self.process = process
        process.on_signal = lambda number: None

    def test_it_serves_drains_and_ends(self) -> None:
        self.run_.ready("http://h:1")
        self.process.on_signal = lambda number: self.process.exit(0)
        self.run_.drain(3.0)
        self.run_.drain(3.0)
        self.simulation.run_for(1.0)
        self.assertEqual(self.lives, [Life.serving, Life.draining, Life.over])
        self.assertEqual((self.run_.status, self.run_.http), (0, "http://h:1"))

    def test_it_starts_gently_until_it_is_ready(self) -> None:
        self.process.gentle = True
        self.simulation.run_for(1.0)
        self.assertTrue(self.process.gentle)
        self.run_.ready()
        self.assertFalse(self.process.gentle)

    def test_to_start_gently_has_an_end(self) -> None:
        self.process.gentle = True
        self.simulation.run_for(GENTLE_S)
        self.assertFalse(self.process.gentle)

    def test_one_that_starts_gently_ends_like_any_other(self) -> None:
        self.process.gentle = True
        self.run_.drain(3.0)
        self.assertFalse(self.process.gentle)

    def test_one_that_does_not_end_is_killed_at_the_limit(self) -> None:
        self.run_.ready()
        self.run_.drain(3.0)
        self.simulation.run_for(2.9)
        self.assertEqual(self.run_.life, Life.draining)
        self.simulation.run_for(0.2)
        self.assertEqual((self.run_.life, self.run_.status), (Life.over, -signal.SIGKILL))
        self.assertTrue(self.run_.overdue)

    def test_one_that_does_not_serve_in_time_is_killed(self) -> None:
        self.simulation.run_for(6.0)
        self.assertEqual((self.run_.life, self.run_.too_late), (Life.over, True))

    def test_who_is_drained_while_it_starts_never_served(self) -> None:
        self.run_.drain(1.0)
        self.run_.ready()
        self.assertEqual((self.run_.served, self.run_.asked_to_end), (False, True))

    def test_one_that_is_checked_serves_when_its_check_says_so(self) -> None:
        asked: list[str] = []

        class Asking:
            def begin(self) -> None:
                asked.append("begin")

            def end(self) -> None:
                asked.append("end")

        self.run_.check = Asking()
        self.run_.ready("http://h:1")
        self.assertEqual((self.run_.life, asked), (Life.starting, ["begin"]))
        self.run_.checked("5 is not 4")
        self.assertEqual((self.run_.life, self.run_.objection), (Life.starting, "5 is not 4"))
        self.run_.checked("")
        self.assertEqual((self.run_.life, self.run_.http), (Life.serving, "http://h:1"))
        self.run_.drain(1.0)
        self.run_.checked("5 is not 4")
        self.assertEqual(asked, ["begin", "end"])
        self.assertEqual(self.lives, [Life.starting, Life.serving, Life.draining])

    def test_statuses_are_told_in_words(self) -> None:
        self.assertEqual([described(status) for status in (3, -9, -99)], ["status 3", "SIGKILL", "signal 99"])
