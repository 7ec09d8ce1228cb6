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
        self.argv = tuple(argv)
        self.env = dict(env)
        self.exited: Deferred[int] = Deferred(lambda exited: None)
        self.on_signal: Callable[[int], object] | None = None
        """Gets each signal but SIGKILL, SIGSTOP and SIGCONT; without it, SIGTERM and its like end the run."""
        self.world = world
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
            self._parent.soon(self._output, text.encode() + b"\n")

    def exit(self, status: int) -> None:
        """End. What it had open is closed by the system."""
        if self.alive:
            self._host.child_ended(self)
            self._parent.soon(self._tell, status)

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

    def _tell(self, status: int) -> None:
        if not self.exited.called:
            self.exited.callback(status)


class SimProcesses:
    """Implements `Processes`: the programs of one process's host."""

    def __init__(self, host: Host, world: SimWorld) -> None:
        self._host = host
        self._world = world

    def spawn(self, argv: Sequence[str], *, env: Mapping[str, str], output: Callable[[bytes], None]) -> Run:
        return self._host.start(self._world, argv, env, output)
