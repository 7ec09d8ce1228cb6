"""How the servers of the cluster are, as their agents told last.

Reports are kept in memory only: an agent tells them again every second. A registry that hears one tells the
others of the grid, at most once a second for each agent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import attrs
import msgspec
from twisted.logger import Logger

from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.plans import kind_of
from pushnet.grid.tables import AGENT, ANY, ON_DEMAND, NodeSettings, ProcessSettings, ServerSettings
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.ledger import Ledger
from pushnet.world import World

NOTE: Final = "servers/"
"""Before the agent's name, as the teller of a note."""
SILENT_LEASES: Final = 2.0
"""After so long without a report nobody knows how an agent's servers are."""
SILENT: Final = "agent_silent_s"
"""Among the resources of a server whose agent is silent: for how long; 0: it was never heard here."""
AHEAD: Final = "plan_ahead"
"""Among the resources of a server whose agent goes by a later plan than the registry has: by its number."""
SHARED_EVERY_S: Final = 1.0
_AT_REST: Final = (ServerPhase.Resting, ServerPhase.Failed)
SERVERS_MAX: Final = 4096
"""Of one agent."""


class StaleReport(Exception):
    """An older process of the agent reports: its name is held under a newer epoch."""


@attrs.frozen
class Report:
    """What one agent told last."""

    servers: Sequence[ServerState]
    at: float


@attrs.frozen
class _Noted:
    epoch: int
    servers: list[ServerState]


class Reports:
    """Made once for a registry."""

    def __init__(self, world: World, ledger: Ledger, book: ClusterBook) -> None:
        self._world = world
        self._ledger = ledger
        self._book = book
        self._reports: dict[str, Report] = {}
        self._shared_at: dict[str, float] = {}
        self.followers: list[Callable[[str, Sequence[ServerState], Sequence[ServerState]], object]] = []
        """Told the agent, what its servers were, and what they are, whenever that has changed."""
        self.listeners: list[Callable[[Sequence[ServerState], float], object]] = []
        """Told what every report says, and when it was heard."""
        self._log = Logger(namespace="pushnet.registry")
        ledger.books.listeners.append(self._noted)

    def told(self, agent: str, epoch: int, servers: Sequence[ServerState]) -> None:
        """An agent reports here. Raises `StaleReport`."""
        self._check(agent, epoch)
        now = self._world.monotonic()
        servers = [attrs.evolve(each, agent=agent) for each in servers[:SERVERS_MAX]]
        before = self._reports.get(agent)
        self._reports[agent] = Report(servers, now)
        self._ledger.events.reported(before.servers if before else None, servers)
        changed = before is None or _essence(before.servers) != _essence(servers)
        if changed or now - self._shared_at.get(agent, 0.0) >= SHARED_EVERY_S:
            self._shared_at[agent] = now
            text = msgspec.json.encode(_Noted(epoch, servers)).decode()
            self._ledger.tell(NOTE + agent, text)
        self._follow(agent, before, servers)

    def _follow(self, agent: str, before: Report | None, servers: Sequence[ServerState]) -> None:
        for listener in self.listeners:
            listener(servers, self._world.monotonic())
        then = before.servers if before is not None else ()
        if self.followers and _essence(then) != _essence(servers):
            for follower in list(self.followers):
                follower(agent, then, servers)

    def states(self) -> list[ServerState]:
        """Every server of the settings, and those that still run without being in them; by id."""
        planned = self._planned()
        homes = {process.name: agent for process, agent in planned}
        found: dict[str, ServerState] = {}
        for agent, report in sorted(self._reports.items()):
            for state in self._of_report(agent, report, homes):
                if state.id not in found or homes.get(state.id) == agent:
                    found[state.id] = state
        for process, agent in planned:
            name = process.name
            told = found.get(name)
            if told is None or (told.agent != agent and told.phase is ServerPhase.Resting):
                found[name] = self._unseen(process, agent)
        versions = self._book.versions
        return [
            attrs.evolve(state, versionWanted=versions.get(name, state.versionWanted))
            for name, state in sorted(found.items())
        ]

    def heard_s(self, agent: str) -> float | None:
        """How long ago an agent was heard; None: never."""
        report = self._reports.get(agent)
        return self._world.monotonic() - report.at if report else None

    def keeps(self, adapter: str) -> bool:
        """Whether the adapter stays where it is when a process of its server ends.

        So it is behind a front, and at sockets of the agent, as long as another process serves there.
        """
        settings = self._book.settings
        for server in settings.server if settings is not None else ():
            if adapter in server.adapters and (server.front or server.sockets):
                return self._serves(server)
        return False

    def idlers(self) -> set[str]:
        """Servers that are started on demand and serve, as their agents say, and their adapters.

        They are not pinged: Ice counts that as work, and one with `Ice.ServerIdleTime` would never be idle.
        """
        settings = self._book.settings
        on_demand = [
            server
            for server in (settings.server if settings is not None else ())
            if server.activation == ON_DEMAND and server.adapters and not server.front
        ]
        idle = [server for server in on_demand if self._serves(server)]
        return {name for server in idle for name in (server.name, *server.adapters)}

    def _serves(self, server: ServerSettings) -> bool:
        """Whether its agent says so, and is not silent."""
        agent = _agent(server, self._book.places)
        report = self._reports.get(agent)
        states = report.servers if report is not None and not self.is_silent(agent) else ()
        return any(each.id == server.name and each.phase is ServerPhase.Serving for each in states)

    def returns(self, server: str) -> bool:
        """Whether its agent is at it to have a process of the server run."""
        homes = {process.name: agent for process, agent in self._planned()}
        report = self._reports.get(homes.get(server, ""))
        if report is None or self.is_silent(homes[server]):
            return False
        return any(each.id == server and each.phase not in _AT_REST for each in report.servers)

    def is_silent(self, agent: str) -> bool:
        heard_s = self.heard_s(agent)
        return heard_s is None or heard_s > SILENT_LEASES * self._ledger.lease_s

    def _of_report(self, agent: str, report: Report, homes: dict[str, str]) -> list[ServerState]:
        """Of a silent agent only what it is to run: nobody knows of the rest whether it still is."""
        if not self.is_silent(agent):
            return list(report.servers)
        silent_s = self._world.monotonic() - report.at
        reason = f"agent {agent} has been silent for {silent_s:.0f} s"
        own = [state for state in report.servers if homes.get(state.id) == agent]
        return [
            attrs.evolve(state, reason=reason, resources={**state.resources, SILENT: silent_s})
            for state in own
        ]

    def _unseen(self, process: ProcessSettings, agent: str) -> ServerState:
        """Of a server that its agent has not told of."""
        reason = ""
        if agent not in self._reports:
            reason = f"agent {agent} has not been heard" if agent else "no agent is there to run it"
        return ServerState(
            process.name,
            kind_of(process),
            agent,
            ServerPhase.Resting,
            versionWanted=process.version if process.release else "",
            reason=reason,
            resources={SILENT: 0.0} if reason else {},
        )

    def _planned(self) -> list[tuple[ProcessSettings, str]]:
        """All that agents are to run, each with its agent."""
        settings, places = self._book.settings, self._book.places
        if settings is None:
            return []
        return [
            (process, _agent(process, places))
            for process in settings.processes
            if process.agent and not (isinstance(process, NodeSettings) and process.role == AGENT)
            if process.name not in self._book.resting
        ]

    def _check(self, agent: str, epoch: int) -> None:
        member = self._ledger.books.nodes.get(agent)
        if member is not None and epoch < member.epoch:
            raise StaleReport(f"agent {agent} is held under epoch {member.epoch}, not {epoch}")

    def _noted(self, who: str, text: str) -> None:
        """Another registry was told."""
        if not who.startswith(NOTE):
            return
        agent = who.removeprefix(NOTE)
        try:
            noted = msgspec.json.decode(text, type=_Noted)
            self._check(agent, noted.epoch)
        except (msgspec.MsgspecError, StaleReport):
            return
        before = self._reports.get(agent)
        self._reports[agent] = Report(noted.servers, self._world.monotonic())
        self._follow(agent, before, noted.servers)


def _agent(process: ProcessSettings, places: dict[str, str]) -> str:
    return places.get(process.name, "") if process.agent == ANY else process.agent


def _essence(servers: Sequence[ServerState]) -> list[ServerState]:
    """What makes a report news: not the clocks and gauges in it."""
    return [attrs.evolve(each, sinceMs=0, resources={}) for each in servers]
