"""What servers take of a machine."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.meter import Meter
from pushnet.sim.programs import Run
from pushnet.sim.simulation import Simulation
from pushnet.world import Usage


class MeterTest(SynchronousTestCase):
    def test_shares_are_of_the_time_between_two_looks(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        world = simulation.host("m").boot()
        runs: list[Run] = []
        simulation.programs["server"] = runs.append
        world.processes.spawn_apart(["server"], env={}, log="log")
        simulation.run_for(0.1)
        meter, run = Meter(world), runs[0]
        run.usage = Usage(1.0, 2**20, 8, 2)
        meter.look([run.pid, 0, 99])
        self.assertEqual(meter.of(run.pid)["cpu_share"], 0.0)
        simulation.run_for(2.0)
        run.usage = Usage(1.5, 2**21, 9, 2)
        meter.look([run.pid])
        told = {"cpu_share": 0.25, "memory_bytes": 2.0**21, "descriptors": 9.0, "threads": 2.0}
        self.assertEqual(meter.of(run.pid), told)
        self.assertEqual(meter.of(99), {})
        meter.look([])
        self.assertEqual(meter.of(run.pid), {})
        self.assertEqual(meter.machine()["cpus"], 1.0)
