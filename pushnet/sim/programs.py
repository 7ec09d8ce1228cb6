"""Programs of simulated hosts: what a process there can start.

    simulation.programs["server"] = lambda run: ...     # what `argv[0]` names; called when one starts

A program is a function that gets its `Run`: arguments, environment, a world of its own on the same host, a
way to write to its output, and `on_signal`. It ends by `run.exit(status)`, by a signal that it does not take,
by kill -9, or with its machine. It outlives the process that started it, as real ones do.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from twisted.internet.defer import Deferred

from pushnet.world import UNKNOWN_STATUS, HeldSocket, Usage

if TYPE_CHECKING:
    from pushnet.sim.simulation import Host
    from pushnet.sim.world import SimWorld

FIRST_PID = 100
_FATAL = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGABRT)

Program = Callable[["Run"], None]


class Run:
    """One run of a program. Implements `SpawnedProcess` for who started it."""

    def __init__(
        self,
        host: Host,
        world: SimWorld,
        pid: int,
        parent: SimWorld,
        argv: Sequence[str],
        env: Mapping[str, str],
        output: Callable[[bytes], None],
    ) -> None:
        self.pid = pid
        self.began = f"{host.name}#{pid}"
        self.argv = tuple(argv)
        self.env = dict(env)
        self._watchers: list[tuple[SimWorld, Deferred[int]]] = []
        self.exited = self.watched(parent)
        self.on_signal: Callable[[int], object] | None = None
        """Gets each signal but SIGKILL, SIGSTOP and SIGCONT; without it, SIGTERM and its like end the run."""
        self.world = world
        self.sockets: tuple[tuple[str, int], ...] = ()
        """Where it has listening sockets that it was started with."""
        self.gentle = False
        """It was started gently and is not hurried yet."""
        self.usage = Usage(0.0, 2**20, 8, 1)
        self._host = host
        self._parent = parent
        self._output = output

    def use_disk(self, name: str) -> None:
        """Work in that folder of the machine's disk; without it, in one of the program's name."""
        self.world.storage = self._host.disk_of(name)

    @property
    def alive(self) -> bool:
        return self.world.life.alive

    def write(self, text: str) -> None:
        """A line to stdout. Nobody reads it when who started the process has ended."""
        if self.alive:
            self._output(text.encode() + b"\n")

    def exit(self, status: int) -> None:
        """End. What it had open is closed by the system."""
        if self.alive:
            self._host.child_ended(self)
            for watcher, exited in self._watchers:
                watcher.soon(_tell, exited, status if watcher is self._parent else UNKNOWN_STATUS)

    def signal(self, number: int) -> None:
        """For who started it: send a signal; to one that has ended it is no error."""
        if not self.alive:
            return
        if number == signal.SIGKILL:
            self.exit(-number)
        elif number == signal.SIGSTOP:
            self.world.life.held = self.world.life.held or []
        elif number == signal.SIGCONT:
            self._host.resume_life(self.world.life)
        elif self.on_signal is not None:
            self.world.soon(self.on_signal, number)
        elif number in _FATAL:
            self.world.soon(self.exit, -number)

    def hurry(self) -> None:
        self.gentle = False

    def watched(self, watcher: SimWorld) -> Deferred[int]:
        """Fires in that process when this one has ended."""
        exited: Deferred[int] = Deferred(lambda exited: None)
        self._watchers.append((watcher, exited))
        return exited


class Adopted:
    """A run as another process than its parent has it. Implements `SpawnedProcess`."""

    def __init__(self, run: Run, watcher: SimWorld) -> None:
        self.pid = run.pid
        self.began = run.began
        self.exited = run.watched(watcher)
        self.signal = run.signal
        self.hurry = run.hurry


def _tell(exited: Deferred[int], status: int) -> None:
    if not exited.called:
        exited.callback(status)


class SimHeldSocket:
    """Implements `HeldSocket`: a door that nobody accepts at here."""

    def __init__(self, host: Host, world: SimWorld, given: str, port: int, shared: bool) -> None:
        self._doors = host.doors
        self._host = host.name
        self._world = world
        self._given = given
        self._port = self._doors.hold(host.name, port, world, shared)

    def address(self) -> tuple[str, int]:
        return self._given, self._port

    def hand_on(self, taker: SimWorld) -> None:
        self._doors.hand_on(self._host, self._port, self._world, taker)

    def close(self) -> None:
        self._doors.leave(self._host, self._port, self._world)


class SimProcesses:
    """Implements `Processes`: the programs of one process's host."""

    def __init__(self, host: Host, world: SimWorld) -> None:
        self._host = host
        self._world = world

    def spawn(self, argv: Sequence[str], *, env: Mapping[str, str], output: Callable[[bytes], None]) -> Run:
        return self._host.start(self._world, argv, env, output)

    def spawn_apart(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        log: str,
        folder: str = "",
        sockets: Sequence[HeldSocket] = (),
        gently: bool = False,
    ) -> Run:
        disk = self._host.disk
        disk.append(log, b"")
        run = self._host.start(self._world, argv, env, lambda data: disk.append(log, data))
        for held in sockets:
            assert isinstance(held, SimHeldSocket)
            held.hand_on(run.world)
        run.gentle = gently
        run.sockets = tuple(held.address() for held in sockets)
        return run

    def adopt(self, pid: int, began: str) -> Adopted | None:
        for run in self._host.children:
            if run.pid == pid and run.began == began:
                return Adopted(run, self._world)
        return None

    def usage(self, pid: int) -> Usage | None:
        run = next((run for run in self._host.children if run.pid == pid), None)
        return run.usage if run is not None else None

    def machine(self) -> dict[str, float]:
        return {"cpus": 1.0}

    def hold(self, host: str, port: int, backlog: int = 0, *, shared: bool = False) -> SimHeldSocket:
        return SimHeldSocket(self._host, self._world, host, port, shared)
