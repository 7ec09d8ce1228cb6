"""The simulated world and the checkers. Nothing that runs imports it.

A `Simulation(seed)` is one thread, one virtual clock and one network of named hosts. A host has a disk that
outlives its processes; `host.boot()` gives the `SimWorld` a node is built from, `host.kill()` and
`host.power_off()` end it without a word. What happens next depends on the seed alone: the same seed gives
the same `trace_hash`, in any process, whatever PYTHONHASHSEED is.
"""

from pushnet.sim.simulation import Host, Simulation, SimulationFailed
from pushnet.sim.world import SimWorld

__all__ = ["Host", "SimWorld", "Simulation", "SimulationFailed"]
