"""What servers take of the machine, and what the machine has."""

from __future__ import annotations

from collections.abc import Iterable

from pushnet.world import World


class Meter:
    """Shares of a processor are of the time between two looks."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._before: dict[int, tuple[float, float]] = {}
        self._gauges: dict[int, dict[str, float]] = {}

    def look(self, pids: Iterable[int]) -> None:
        """Look at these processes, and forget the others."""
        now = self._world.monotonic()
        before, self._before = self._before, {}
        gauges, self._gauges = self._gauges, {}
        for pid in pids:
            usage = self._world.processes.usage(pid) if pid else None
            if usage is None:
                continue
            then, spent_s = before.get(pid, (now, usage.cpu_s))
            share = gauges.get(pid, {}).get("cpu_share", 0.0)
            if now > then:
                share = (usage.cpu_s - spent_s) / (now - then)
            self._before[pid] = (now, usage.cpu_s)
            self._gauges[pid] = {
                "cpu_share": share,
                "memory_bytes": float(usage.memory_bytes),
                "descriptors": float(usage.descriptors),
                "threads": float(usage.threads),
            }

    def of(self, pid: int) -> dict[str, float]:
        """Of one that was looked at; empty when nothing is known."""
        return self._gauges.get(pid, {})

    def machine(self) -> dict[str, float]:
        """What the machine has, and has left; `clock_s`: the time by its clock, seconds since 1970."""
        return {**self._world.processes.machine(), "clock_s": self._world.wall()}
