"""Servers that run what they are given, as agents would have them, for rolls under simulated time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs
from prometheus_client import CollectorRegistry

from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.deployer import DeployerI
from pushnet.roles.registry.leading import Leading
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.papers import VERSION
from pushnet.roles.registry.rolling import Rolling
from pushnet.roles.registry.rolling_facts import Facts
from pushnet.sim.world import SimWorld
from pushnet.stores.registry.state import RegistryState

OLD, NEW = "1.3.0", "1.4.0"
LEASE_S = 3.0
SETTINGS = Settings(cluster=ClusterSettings(secret="x" * 16, lease_s=LEASE_S))
START_S = 2.0
REQUESTS_PER_S = 100
MEGABYTE = 2**20


@attrs.frozen
class Patch:
    """How a server does, so many seconds after its process began; the default is as good as any."""

    phase: Callable[[float], tuple[ServerPhase, str]] = lambda age_s: (ServerPhase.Serving, "")
    gauges: Callable[[float], Mapping[str, float]] = lambda age_s: {}
    fetched: bool = True
    """Whether agents take it at all."""


GOOD = Patch()


@attrs.define
class Server:
    """One that runs, and what its agent makes of what it is to run."""

    version: str
    began: float
    wanted: str = OLD
    reason: str = ""


class Fleet:
    """Servers of one kind on machines of their own. Implements `ServersKnown`."""

    def __init__(self, now: Callable[[], float], count: int, patch: Patch = GOOD) -> None:
        self.now = now
        self.patch = patch
        self.servers = {f"broker-{number:02}": Server(OLD, now() - 1000.0) for number in range(1, count + 1)}
        self.silent: dict[str, float] = {}
        self.ever_new: dict[str, float] = {}
        """When each was first given the new version."""

    def wants(self, name: str, version: str) -> None:
        """Its agent is told which version it is to run."""
        server, now = self.servers[name], self.now()
        if server.wanted == version:
            return
        server.wanted = version
        if version == NEW:
            self.ever_new.setdefault(name, now)
        refused = version == NEW and not self.patch.fetched
        server.reason = "its signature is wrong" if refused else ""
        if not refused and server.version != version:
            server.version, server.began = version, now

    def states(self) -> Sequence[ServerState]:
        return [self.state(name, server) for name, server in self.servers.items()]

    def state(self, name: str, server: Server) -> ServerState:
        age_s = self.now() - server.began
        patch = self.patch if server.version == NEW else GOOD
        phase, reason = (ServerPhase.Starting, "") if age_s < START_S else patch.phase(age_s - START_S)
        began = age_s if age_s < START_S else age_s - START_S
        gauges = {
            "requests": REQUESTS_PER_S * age_s,
            "failures": 0.0,
            "p99_ms": 4.0,
            "memory_bytes": 100.0 * MEGABYTE,
            **patch.gauges(age_s),
        }
        return ServerState(
            id=name,
            kind="broker",
            agent=f"agent of {name}",
            phase=phase,
            version=server.version,
            versionWanted=server.wanted,
            sinceMs=int(began * 1000),
            reason=reason or server.reason,
            resources=gauges if phase is ServerPhase.Serving else {},
        )

    def heard_s(self, agent: str) -> float | None:
        since = self.silent.get(agent.removeprefix("agent of "))
        return 0.5 if since is None else self.now() - since

    @property
    def versions(self) -> list[str]:
        return [server.version for server in self.servers.values()]


class AllPublished:
    """A catalogue that has everything but what is said."""

    def __init__(self, *missing: str) -> None:
        self.missing = missing

    async def objection(self, release: str, version: str) -> str:
        return f"{release} {version} is not published" if version in self.missing else ""


class Roller:
    """What of a registry has to do with rolls, alive in a world."""

    def __init__(self, world: SimWorld, name: str, state: RegistryState, fleet: Fleet) -> None:
        self.world = world
        self.ledger = Ledger(world, SETTINGS, name, state, RegistryMetrics(CollectorRegistry()))
        self.leading = Leading(world, self.ledger, name, "rolls")
        facts = Facts(self.ledger.books, fleet, lambda server: False)
        self.rolling = Rolling(world, self.ledger, self.leading, facts)
        self.deployer = DeployerI(
            world, self.ledger, self.rolling, facts, lambda server: "broker", AllPublished("1.9.9")
        )
        self._fleet = fleet

    async def open(self) -> None:
        await self.ledger.open()
        self.ledger.books.papers.followers.append(self._told)
        self._tick()

    def _told(self, key: str) -> None:
        """Agents hear what they are to run from whichever registry they ask."""
        if key.startswith(VERSION):
            self._fleet.wants(key.removeprefix(VERSION), self.ledger.books.papers.value(key))

    def _tick(self) -> None:
        self.ledger.tick()
        self.leading.tick()
        self.rolling.tick()
        self.world.call_later(LEASE_S / 6, self._tick)
