"""Programs that do what a test tells them, in a world whose time is a test's."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

SERVING = b'{"message":"serving","http":"http://127.0.0.1:9"}\n'


class Dummy:
    """A running program. Implements `SpawnedProcess`."""

    def __init__(self, argv: Sequence[str], pid: int, output: Callable[[bytes], None]) -> None:
        self.name = argv[0]
        self.pid = pid
        self.output = output
        self.exited: Deferred[int] = Deferred()
        self.signals: list[int] = []
        self.hangs = False

    def signal(self, number: int) -> None:
        self.signals.append(number)
        if self.exited.called:
            return
        if number == signal.SIGKILL or not self.hangs:
            self.end(0 if number == signal.SIGTERM else -number)

    def hurry(self) -> None:
        """It was never slow."""

    def end(self, status: int) -> None:
        self.exited.callback(status)


class Stage:
    """A world with a clock and programs, and nothing else."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.monotonic = self.clock.seconds
        self.call_later = self.clock.callLater
        self.spawned: list[Dummy] = []
        self.processes: Any = self

    def spawn(self, argv: Sequence[str], *, env: Mapping[str, str], output: Callable[[bytes], None]) -> Dummy:
        dummy = Dummy(argv, 1000 + len(self.spawned), output)
        self.spawned.append(dummy)
        return dummy

    def latest(self, name: str) -> Dummy:
        return [dummy for dummy in self.spawned if dummy.name == name][-1]
