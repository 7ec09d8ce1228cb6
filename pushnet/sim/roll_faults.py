"""What goes wrong while a version is rolled in simulation.

Registries, etcd and agents may always fail: no call may notice. Servers, machines and the connections of
callers fail only in rough runs.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pushnet.sim.rolls import RollScenario

DOWN_S: Final = (0.1, 6.0)
PAUSED_S: Final = (0.5, 7.0)
PAUSES_S: Final = (1.0, 2.0, 5.0)
"""Between two faults, in the mean."""
MILD: Final = (
    "kill registry", "power off registry", "pause registry", "partition", "etcd", "stale", "cancel", "clock",
    "kill agent", "pause agent",
)  # fmt: skip
CALM: Final = ("stale", "cancel", "clock")
ROUGH: Final = ("kill server", "pause server", "power off machine", "cut", "lose")
AGENTS: Final = ("m1", "m2", "m3")


class RollFaults:
    """Of one run."""

    def __init__(
        self, scenario: RollScenario, rng: random.Random, kinds: Collection[str] | None = None
    ) -> None:
        self.log: list[str] = []
        self._scenario = scenario
        self._simulation = scenario.simulation
        self._rng = rng
        possible = (*MILD, *ROUGH) if scenario.rough else MILD
        self._kinds = list(kinds) if kinds is not None else [kind for kind in possible if rng.random() < 0.4]
        self.calm = all(kind in CALM for kind in self._kinds)
        """Registries and agents go on all the time."""
        self._pause_s = rng.choice(PAUSES_S)
        self._partitions: list[tuple[str, str]] = []
        self._striking = True

    def begin(self) -> None:
        if self._kinds:
            self._strike_later()

    def heal(self) -> None:
        """No more faults; everything is whole again."""
        self._striking = False
        for one, other in list(self._partitions):
            self._mend(one, other)
        self._boot_etcd()
        etcd = self._scenario.etcd
        if etcd is not None and etcd.process is not None:
            etcd.process.stale_s = 0.0
        for name in (*self._scenario.registries, *AGENTS):
            self._simulation.host(name).resume()
            self._scenario.boot(name)

    def _strike_later(self) -> None:
        self._simulation.later(self._rng.expovariate(1 / self._pause_s), self._strike)

    def _strike(self) -> None:
        if not self._striking:
            return
        kind = self._rng.choice(self._kinds)
        what = self._of_registries(kind) or self._of_etcd(kind) or self._of_servers(kind)
        if what:
            self.log.append(f"{self._simulation.now_s:.3f} {kind}: {what}")
        self._strike_later()

    def _of_registries(self, kind: str) -> str:
        """Of registries and agents."""
        rng, scenario, later = self._rng, self._scenario, self._simulation.later
        who = scenario.registries if kind.endswith("registry") else AGENTS
        who = (*scenario.registries, *AGENTS) if kind == "clock" else who
        name = rng.choice(who)
        host = self._simulation.host(name)
        if kind in ("kill registry", "kill agent", "power off registry") and host.is_up:
            (host.power_off if kind.startswith("power") else host.kill)()
            later(rng.uniform(*DOWN_S), scenario.boot, name)
        elif kind in ("pause registry", "pause agent") and host.is_up and not host.is_paused:
            host.pause()
            later(rng.uniform(*PAUSED_S), host.resume)
        elif kind == "partition":
            return self._partition()
        elif kind == "clock" and host.is_up:
            host.world.wall_offset_s += rng.choice((-86_400.0, -5.0, 5.0, 86_400.0))
        else:
            return ""
        return name

    def _partition(self) -> str:
        rng, scenario = self._rng, self._scenario
        etcd = [scenario.etcd.name] if scenario.etcd is not None else []
        name = rng.choice((*scenario.registries, *AGENTS))
        inner = [*scenario.registries, *(etcd if name in scenario.registries else [])]
        others = [other for other in inner if other != name] or [rng.choice(AGENTS)]
        other = rng.choice(others)
        self._simulation.paths.partition(name, other)
        self._partitions.append((name, other))
        self._simulation.later(rng.uniform(*PAUSED_S), self._mend, name, other)
        return f"{name} and {other}"

    def _of_etcd(self, kind: str) -> str:
        etcd = self._scenario.etcd
        process = etcd.process if etcd is not None else None
        if etcd is None or process is None:
            return ""
        if kind == "etcd":
            etcd.kill()
            self._simulation.later(self._rng.uniform(0.1, 5.0), self._boot_etcd)
            return etcd.name
        if kind == "stale":
            process.stale_s = self._rng.choice((0.0, 1.0, 4.0))
            return f"{process.stale_s} s"
        if kind == "cancel":
            process.store.compact()
            process.cancel_watches()
            return "watches"
        return ""

    def _of_servers(self, kind: str) -> str:
        rng, later = self._rng, self._simulation.later
        if kind in ("kill server", "pause server"):
            alive = [process for process in self._scenario.watch.processes if process.run.alive]
            if not alive:
                return ""
            process = rng.choice(alive)
            if kind == "kill server":
                process.crash()
            else:
                process.run.signal(19)
                later(rng.uniform(*PAUSED_S), process.run.signal, 18)
            return f"{process.id} {process.version}"
        if kind == "power off machine":
            return self._power_off(rng.choice(AGENTS))
        if kind in ("cut", "lose"):
            for connection in self._simulation.network.connections(rng.choice(AGENTS)):
                (connection.reset if kind == "cut" else connection.vanish)()
            return "connections"
        return ""

    def _power_off(self, name: str) -> str:
        host = self._simulation.host(name)
        if not host.is_up:
            return ""
        for process in self._scenario.watch.processes:
            if process.world.host == name and process.run.alive:
                process.crashed = True
        host.power_off()
        self._simulation.later(self._rng.uniform(*DOWN_S), self._scenario.boot, name)
        return name

    def _boot_etcd(self) -> None:
        etcd = self._scenario.etcd
        if etcd is not None and etcd.process is None:
            etcd.boot()

    def _mend(self, one: str, other: str) -> None:
        if (one, other) in self._partitions:
            self._partitions.remove((one, other))
            self._simulation.paths.heal(one, other)
