"""Blocking work in virtual time."""

from twisted.internet.defer import gatherResults
from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim import Simulation


class SimWorkerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.host = self.simulation.host("h")
        self.worker = self.host.boot().worker("w")
        self.done: list[int] = []

    def test_work_takes_time_and_keeps_its_order(self) -> None:
        work = [self.worker.submit(self.done.append, number) for number in range(20)]
        self.assertEqual(self.done, [])
        self.simulation.run_until(gatherResults(work))
        self.assertEqual(self.done, list(range(20)))
        self.assertGreater(self.simulation.now_s, 0.001)

    def test_a_failure_reaches_who_gave_the_work(self) -> None:
        work = self.worker.submit(int, "x")
        self.assertRaises(ValueError, self.simulation.run_until, work)

    def test_closing_finishes_what_was_given(self) -> None:
        self.worker.submit(self.done.append, 1)
        self.simulation.run_until(self.worker.close())
        self.assertEqual((self.done, self.worker.pending), ([1], 0))

    def test_a_process_may_die_before_its_work_or_before_it_hears_of_it(self) -> None:
        ends = set()
        for seed in range(60):
            simulation = Simulation(seed)
            host = simulation.host("h")
            work_done: list[int] = []
            answer = host.boot().worker("w").submit(work_done.append, 1)
            simulation.run_for(0.000_2)
            host.kill()
            simulation.run_for(1)
            ends.add((len(work_done), answer.called))
        self.assertEqual(sorted(ends), [(0, False), (1, False), (1, True)])
