"""What is rolled: twelve servers, four of each kind, one of each on four machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kinds import Programs
from load_run import Ways
from processes import Process

MACHINES = ("m1", "m2", "m3", "m4")
USER, PASSWORD = "bench", "bench"
VERSION_FILE = "VERSION"
"""What differs from release to release."""


class Grid:
    """One system with its servers. `start` serves when it returns; `stop` is always called."""

    name = ""

    def __init__(self, programs: Programs, kinds: Sequence[str], room: Path) -> None:
        self.programs = programs
        self.kinds = kinds
        self.folder = room / self.name
        self.executed = self.folder / "executed"
        self.executed.mkdir(parents=True)
        self.processes: list[Process] = []

    def start(self) -> None:
        raise NotImplementedError

    def ways(self) -> Ways:
        raise NotImplementedError

    def roll(self, version: str, look: Callable[[], None]) -> None:
        """Put a new version on all servers; `look` is called now and then."""
        raise NotImplementedError

    def stop(self) -> None:
        """In the reverse order of starting."""
        for process in reversed(self.processes):
            process.stop()

    def record(self, server: str) -> str:
        """Where a process of that server writes what it has executed."""
        return str(self.executed / f"{server}-PID")

    def servers(self) -> list[tuple[str, str, str]]:
        """(id, kind, machine)."""
        return [(f"{kind}-{number}", kind, f"m{number}") for kind in self.kinds for number in range(1, 5)]
