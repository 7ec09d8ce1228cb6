"""A whole cluster in one thread under a seed.

    simulation = Simulation(7)
    host = simulation.host("broker-1")
    world = host.boot()                     # what a node is built from
    simulation.run_until(something(world))  # virtual time passes, events happen one by one
    host.kill()                             # as kill -9; `power_off` also loses what was not synced
    world = host.boot()                     # the disk is as it was left

A run ends with its Deferred. It fails when nothing is left to happen, when it takes more virtual time or
more events than allowed (a livelock), each time with the seed and the last events.
"""

from __future__ import annotations

import gc
import hashlib
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from twisted.internet import defer
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.logger import ILogObserver, LogEvent, Logger
from twisted.python.failure import Failure
from zope.interface import provider

from pushnet.sim.disk import SimDisk
from pushnet.sim.network import Network
from pushnet.sim.paths import Paths
from pushnet.sim.programs import FIRST_PID, Program, Run, SimProcesses
from pushnet.sim.timeline import Happening, Life, Timeline, microseconds
from pushnet.sim.trace import Trace
from pushnet.sim.transport import SimTransport
from pushnet.sim.world import SimWorld

T = TypeVar("T")

REPEATED_AFTER_S = (0.2, 3.0)
"""TCP repeats what was not acknowledged after so long: then the peer of a machine that came back hears it."""
STEPS_MAX = 20_000_000
"""Events of one run: far more than any scenario needs, so what reaches it goes round in circles."""
COLLECT_EVERY_STEPS = 250_000
"""Garbage is collected at fixed steps only, or finalisers would run at other moments in another process."""


class SimulationFailed(Exception):
    """The run cannot go on, or went on for too long. Tells the seed and the last events."""


class Simulation:
    """Hosts, their network, one virtual clock, one seed."""

    def __init__(self, seed: int | str, *, steps_max: int = STEPS_MAX) -> None:
        self.seed = seed
        self.steps = 0
        self.failures: list[str] = []
        """Exceptions that reached the event loop, or a background Deferred, of a living process."""
        self.timeline = Timeline()
        self.trace = Trace()
        self.paths = Paths(self.rng("network"))
        self.network = Network(self.timeline, self.paths, self.trace, self.rng("doors"))
        self.hosts: dict[str, Host] = {}
        self.programs: dict[str, Program] = {}
        """What processes can start on any host, by the name that stands first in their arguments."""
        self._life = Life("simulation", 1)
        self._steps_max = steps_max
        self._log = Logger(namespace="pushnet.sim")

    def rng(self, name: str) -> random.Random:
        """A random stream of the simulation's own; a new one each time."""
        return random.Random(hashlib.sha256(f"{self.seed}/{name}".encode()).digest())

    def host(self, name: str) -> Host:
        """The host of that name, made when first asked for."""
        if name not in self.hosts:
            self.hosts[name] = Host(self, name)
        return self.hosts[name]

    @property
    def now_s(self) -> float:
        """Virtual seconds since the beginning."""
        return self.timeline.now_us / 1e6

    @property
    def trace_hash(self) -> str:
        return self.trace.digest()

    def later(self, delay_s: float, function: Any, *args: Any) -> Happening:
        """For scenarios: call a function at a later virtual time, whatever processes live then."""
        happening = Happening(self.timeline, self._life, "scenario", function, args)
        self.timeline.put(happening, self.timeline.now_us + microseconds(delay_s))
        return happening

    def sleep(self, delay_s: float) -> Deferred[None]:
        """For scenarios: fires after `delay_s` virtual seconds."""
        done: Deferred[None] = Deferred()
        self.later(delay_s, done.callback, None)
        return done

    def run_until(self, awaited: Deferred[T] | Coroutine[Deferred[Any], Any, T], limit_s: float = 600.0) -> T:
        """Run until `awaited` has a result, and return it, or raise its exception.

        Raises:
            SimulationFailed: it takes longer than `limit_s` of virtual time, or never comes.
        """
        done = awaited if isinstance(awaited, Deferred) else ensureDeferred(awaited)
        outcome: list[Any] = []
        done.addBoth(outcome.append)
        until_us = self.timeline.now_us + microseconds(limit_s)
        with _NoGarbage():
            while not outcome:
                if not self._step(until_us):
                    late = self.timeline.waiting()
                    raise self._stuck(f"not done after {limit_s} s" if late else "nothing is left to happen")
        if isinstance(outcome[0], Failure):
            outcome[0].raiseException()
        result: T = outcome[0]
        return result

    def run_for(self, seconds: float) -> None:
        """Let virtual time pass."""
        until_us = self.timeline.now_us + microseconds(seconds)
        with _NoGarbage():
            while self._step(until_us):
                pass
        self.timeline.now_us = until_us

    def leftovers(self) -> list[str]:
        """What the living processes still have to do or hold open."""
        return [
            line
            for host in self.hosts.values()
            for world in [*([host.world] if host.is_up else []), *(run.world for run in host.children)]
            for line in world.leftovers()
        ]

    def close(self) -> None:
        """End what still runs, as by kill -9, and give the memory back."""
        for host in self.hosts.values():
            host.discard()
        self.timeline.clear()
        bury()

    def _step(self, until_us: int) -> bool:
        happening = self.timeline.take(until_us)
        if happening is None:
            return False
        self.steps += 1
        if self.steps >= self._steps_max:
            raise self._stuck(f"more than {self._steps_max} events: a livelock")
        if self.steps % COLLECT_EVERY_STEPS == 0:
            bury()
        if happening.kind:
            self.trace.add(f"{self.timeline.now_us} call {happening.life.name} {happening.kind}")
        try:
            happening.function(*happening.args)
        except Exception as error:
            failure = Failure(error)  # type: ignore[no-untyped-call]
            self.failures.append(f"{happening.life.name}: {happening.kind}: {error!r}")
            self._log.failure("{who}: {what} failed", failure, who=happening.life.name, what=happening.kind)
        return True

    def _stuck(self, why: str) -> SimulationFailed:
        tail = "\n  ".join(self.trace.last_lines()[-40:])
        return SimulationFailed(f"seed {self.seed} at {self.now_s:.6f} s: {why}\n  {tail}")


class Host:
    """A machine: name, disks, clocks; one process that `boot` starts, and those that it starts."""

    def __init__(self, simulation: Simulation, name: str) -> None:
        self.name = name
        self.address = simulation.network.add_host(name)
        self.doors = simulation.network.doors
        self.disk = SimDisk(simulation.rng(f"{name}/disk"))
        self._simulation = simulation
        self._boots = 0
        self._starts = 1
        """Of the machine, with its power."""
        self._silent: list[SimTransport] = []
        """Connections of processes that went with the power: their peers have not heard of it."""
        self.remains: list[object] = []
        """Of ended processes: kept until the end of the simulation, when all is collected at once."""
        self.children: list[Run] = []
        """What its processes have started, and has not ended."""
        self._worlds: list[SimWorld] = []
        self._disks: dict[str, SimDisk] = {}
        self._pid = FIRST_PID
        self._repeats = simulation.rng(f"{name}/repeats")
        self._salt = simulation.rng(f"{name}/salt").getrandbits(32) | 1
        self._uptime_us = simulation.rng(f"{name}/uptime").randrange(1_000_000, 10**12)

    @property
    def world(self) -> SimWorld:
        """Of the process that runs, or ran last."""
        return self._worlds[-1]

    @property
    def is_up(self) -> bool:
        return bool(self._worlds) and self.world.life.alive

    def boot(self) -> SimWorld:
        """Start a process; the one before must have ended."""
        assert not self.is_up, f"{self.name} has a process"
        self._boots += 1
        simulation, boot = self._simulation, f"{self.name}/{self._boots}"
        simulation.network.darken(self.name, False)
        silent, self._silent = self._silent, []
        for transport in silent:
            simulation.later(self._repeats.uniform(*REPEATED_AFTER_S), transport.power_back)
        simulation.trace.add(f"{simulation.timeline.now_us} boot {boot}")
        world = self._world(boot, self._salt, self.disk)
        self._worlds.append(world)
        return world

    def kill(self) -> None:
        """As kill -9: the process is gone, the system closes its connections, the disk keeps everything."""
        self._end(power_lost=False)
        self.disk.process_ended()

    def power_off(self) -> None:
        """The machine goes dark: peers hear nothing, and what was not synced may be lost."""
        self._starts += 1
        self._end(power_lost=True)
        for run in list(self.children):
            self.child_ended(run, power_lost=True)
        self._simulation.network.darken(self.name)
        for disk in (self.disk, *self._disks.values()):
            disk.power_lost()

    def disk_of(self, name: str) -> SimDisk:
        """The folder of a child on this machine's disk, made when first asked for."""
        if name not in self._disks:
            self._disks[name] = SimDisk(self._simulation.rng(f"{self.name}/disk/{name}"))
        return self._disks[name]

    def start(
        self, parent: SimWorld, argv: Sequence[str], env: Mapping[str, str], output: Callable[[bytes], None]
    ) -> Run:
        """Start a program for one of this host's processes. `FileNotFoundError` when there is none."""
        program = self._simulation.programs.get(argv[0])
        if program is None:
            raise FileNotFoundError(2, f"{self.name} has no such program", argv[0])
        self._pid += 1
        self._simulation.trace.add(f"{self._simulation.timeline.now_us} start {self.name}#{self._pid}")
        world = self._world(f"{self.name}#{self._pid}", self._salt + 2 * self._pid, self.disk_of(argv[0]))
        run = Run(self, world, self._pid, parent, argv, env, output)
        self.children.append(run)
        world.soon(program, run)
        return run

    def child_ended(self, run: Run, *, power_lost: bool = False) -> None:
        """A child is no more: the system closes what it had open."""
        simulation = self._simulation
        simulation.trace.add(f"{simulation.timeline.now_us} end {self.name}#{run.pid} power={power_lost}")
        self.children.remove(run)
        self.remains.append(run.world.remains())
        run.world.end(power_lost)
        self._silent += run.world.power_back()

    def resume_life(self, life: Life) -> None:
        """As kill -CONT."""
        if life.held is not None:
            self._simulation.timeline.resume(life)

    @property
    def is_paused(self) -> bool:
        """Whether its process is stopped."""
        return self.is_up and self.world.life.held is not None

    def pause(self) -> None:
        """As kill -STOP: the process does nothing; the system goes on taking in what is sent to it."""
        assert self.is_up and not self.is_paused
        self._simulation.trace.add(f"{self._simulation.timeline.now_us} pause {self.name}/{self._boots}")
        self.world.life.held = []

    def resume(self) -> None:
        """As kill -CONT; nothing when it was killed meanwhile."""
        if self.is_paused:
            self._simulation.trace.add(f"{self._simulation.timeline.now_us} resume {self.name}/{self._boots}")
            self._simulation.timeline.resume(self.world.life)

    def discard(self) -> None:
        """End what runs without a trace, and forget everything."""
        for world in (*self._worlds, *(run.world for run in self.children)):
            world.life.alive = False
            world.forget()
        self.remains.clear()
        self._silent.clear()
        self.children.clear()
        for disk in (self.disk, *self._disks.values()):
            disk.discard()

    def _end(self, power_lost: bool) -> None:
        simulation = self._simulation
        simulation.trace.add(f"{simulation.timeline.now_us} end {self.name}/{self._boots} power={power_lost}")
        if self.is_up:
            self.remains.append(self.world.remains())
            self.world.end(power_lost)
            self._silent += self.world.power_back()

    def _world(self, life_name: str, salt: int, disk: SimDisk) -> SimWorld:
        simulation = self._simulation
        world = SimWorld(
            self.name,
            simulation.network,
            Life(life_name, salt, self._uptime_us),
            disk,
            lambda name: simulation.rng(f"{life_name}/{name}"),
            simulation.failures,
        )
        world.processes = SimProcesses(self, world)
        world.starts = self._starts
        return world


def bury() -> None:
    """Collect what processes that have ended leave behind, in silence. Slow: a tenth of a second and more.

    Their coroutines are closed in the order in which the collector comes upon them, and those that find
    others closed already fail. A process that was killed would not have told anybody either.
    """
    observer, defer.log.observer = defer.log.observer, _nobody
    try:
        gc.collect()
    finally:
        defer.log.observer = observer


@provider(ILogObserver)
def _nobody(event: LogEvent) -> None:
    """Hears of nothing."""


class _NoGarbage:
    """Without the cyclic collector, whose moments are not seeded."""

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_enabled:
            gc.enable()
