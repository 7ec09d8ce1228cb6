"""Programs that simulated processes start."""

from __future__ import annotations

import signal

from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import TestCase

from pushnet.sim.programs import Run
from pushnet.sim.simulation import Simulation


class ProgramsTests(TestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("m")
        self.agent = self.host.boot()
        self.runs: list[Run] = []
        self.lines: list[bytes] = []
        self.ended: list[int] = []
        self.simulation.programs["server"] = self.runs.append

    def start(self) -> Run:
        started = self.agent.processes.spawn(["server", "-x"], env={"A": "b"}, output=self.lines.append)
        started.exited.addCallback(self.ended.append)
        self.simulation.run_for(0.1)
        return self.runs[-1]

    def test_it_gets_its_arguments_and_what_it_writes_is_heard(self) -> None:
        run = self.start()
        self.assertEqual((run.argv, run.env), (("server", "-x"), {"A": "b"}))
        run.write("serving")
        self.simulation.run_for(0.1)
        self.assertEqual(self.lines, [b"serving\n"])

    def test_a_program_that_is_not_there_cannot_be_started(self) -> None:
        with self.assertRaises(FileNotFoundError):
            self.agent.processes.spawn(["other"], env={}, output=self.lines.append)

    def test_its_end_is_told_with_its_status(self) -> None:
        self.start().exit(3)
        self.simulation.run_for(0.1)
        self.assertEqual(self.ended, [3])

    def test_a_signal_ends_it_unless_it_takes_it(self) -> None:
        self.start().signal(signal.SIGTERM)
        self.simulation.run_for(0.1)
        self.assertEqual(self.ended, [-signal.SIGTERM])
        taken: list[int] = []
        run = self.start()
        run.on_signal = taken.append
        run.signal(signal.SIGTERM)
        self.simulation.run_for(0.1)
        self.assertEqual((taken, run.alive), ([signal.SIGTERM], True))
        run.signal(signal.SIGKILL)
        self.simulation.run_for(0.1)
        self.assertEqual(self.ended[1:], [-signal.SIGKILL])

    def test_a_stopped_one_goes_on_where_it_was(self) -> None:
        run = self.start()
        done: list[str] = []
        run.signal(signal.SIGSTOP)
        run.world.call_later(1.0, done.append, "late")
        self.simulation.run_for(5.0)
        self.assertEqual(done, [])
        run.signal(signal.SIGCONT)
        self.simulation.run_for(0.1)
        self.assertEqual(done, ["late"])

    def test_it_outlives_who_started_it_but_not_the_machine(self) -> None:
        run = self.start()
        run.world.server_endpoint("", 7000).listen(Factory.forProtocol(Protocol))
        self.host.kill()
        self.simulation.run_for(1.0)
        self.assertTrue(run.alive)
        self.assertEqual(self.simulation.network.doors.of(run.world), [("m", 7000)])
        self.host.power_off()
        self.assertFalse(run.alive)
        self.assertEqual(self.host.children, [])

    def test_its_disk_is_found_again_by_its_name(self) -> None:
        run = self.start()
        run.use_disk("server-1")
        run.world.storage.replace("state", b"kept")
        run.exit(0)
        self.simulation.run_for(0.1)
        again = self.start()
        again.use_disk("server-1")
        self.assertEqual(again.world.storage.read("state"), b"kept")
        again.use_disk("server-2")
        self.assertEqual(again.world.storage.names(), [])
