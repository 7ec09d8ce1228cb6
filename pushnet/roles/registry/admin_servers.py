"""The servers that agents run, as administrators of an IceGrid see and order them.

A node that an agent runs is a server of that agent's node, beside stock Ice servers and other programs; the
agent is asked to start, stop and signal them. Whatever nobody's agent runs is a node with one server: itself.
"""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from typing import Final

from pushnet.gen.ice.icegrid_admin import LoadInfo, ServerState
from pushnet.gen.ice.icegrid_descriptors import AdapterDescriptor, ServerDescriptor
from pushnet.gen.ice.icegrid_exceptions import (
    BadSignalException,
    NodeUnreachableException,
    ServerStartException,
    ServerStopException,
)
from pushnet.gen.ice.icegrid_observers import ServerDynamicInfo
from pushnet.gen.pushnet.agent import AgentFacts, AgentPrx, NoServerException, ServerRefusedException
from pushnet.gen.pushnet.server import ServerPhase
from pushnet.gen.pushnet.server import ServerState as Told
from pushnet.grid.tables import ProcessSettings, ServerSettings
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.cluster_reports import Reports
from pushnet.roles.registry.desk import Desk
from pushnet.rpc.exceptions import LocalException
from pushnet.wire.identity import Identity

AGENT: Final = "Agent"
FACTS_LIMIT_MS: Final = 3000
MARGIN_MS: Final = 5000
LIMIT_MS: Final = 60_000
"""For an agent to start or stop a server that no settings name; others have limits of their own."""
STATES: Final = {
    ServerPhase.Resting: ServerState.Inactive,
    ServerPhase.Fetching: ServerState.Activating,
    ServerPhase.Starting: ServerState.Activating,
    ServerPhase.Serving: ServerState.Active,
    ServerPhase.Draining: ServerState.Deactivating,
    ServerPhase.Pausing: ServerState.Inactive,
    ServerPhase.Failed: ServerState.Inactive,
}


class AgentServers:
    """Those of one registry's grid."""

    def __init__(self, desk: Desk, reports: Reports, book: ClusterBook) -> None:
        self._desk = desk
        self._reports = reports
        self._book = book

    def states(self) -> dict[str, Told]:
        """Every server that an agent runs, or is to run, by id."""
        return {state.id: state for state in self._reports.states() if state.agent}

    def of(self, agent: str) -> list[Told]:
        return [state for state in self.states().values() if state.agent == agent]

    def find(self, server_id: str) -> Told | None:
        return self.states().get(server_id)

    def agent_of(self, server_id: str) -> AgentPrx | None:
        """The agent that runs the server; None: it is not there."""
        state = self.find(server_id)
        return self._agent(state.agent) if state is not None else None

    def is_agent(self, name: str) -> bool:
        """Whether a node of that name is there and runs servers."""
        return self._agent(name) is not None

    def descriptor(self, state: Told) -> ServerDescriptor:
        """What stands for a deployment."""
        process = self._process(state.id)
        made = ServerDescriptor(id=state.id, activation=process.activation if process else "manual")
        made.description = f"{state.kind} {state.version}".strip()
        if isinstance(process, ServerSettings):
            made.exe, made.options = process.command[0], list(process.command[1:])
            made.adapters = [AdapterDescriptor(name=name, id=name) for name in process.adapters]
        member = self._desk.ledger.books.nodes.get(state.id)
        for adapter in member.record.adapters if member else ():
            made.adapters.append(
                AdapterDescriptor(name=adapter.id, id=adapter.id, replicaGroupId=adapter.group)
            )
        return made

    async def start(self, state: Told) -> None:
        """Raises `ServerStartException` or `NodeUnreachableException`."""
        if state.phase is ServerPhase.Serving:
            raise ServerStartException(state.id, "it runs")
        try:
            await self._ask(state, lambda agent: agent.start(state.id))
        except (NoServerException, ServerRefusedException) as refused:
            raise ServerStartException(state.id, refused.reason) from refused

    async def stop(self, state: Told) -> None:
        """Answers when it has ended. Raises `ServerStopException` or `NodeUnreachableException`."""
        try:
            await self._ask(state, lambda agent: agent.stop(state.id))
        except (NoServerException, ServerRefusedException) as refused:
            raise ServerStopException(state.id, refused.reason) from refused

    async def signal(self, state: Told, name: str) -> None:
        """Raises `BadSignalException` or `NodeUnreachableException`."""
        number = signal_number(name)
        try:
            await self._ask(state, lambda agent: agent.signal(state.id, number))
        except (NoServerException, ServerRefusedException) as refused:
            raise BadSignalException(refused.reason) from refused

    async def facts(self, name: str) -> AgentFacts:
        """Of an agent's machine. Raises `NodeUnreachableException`."""
        agent = self._agent(name)
        if agent is None:
            raise NodeUnreachableException(name, "its agent is not there")
        try:
            return await agent.ice_invocationTimeout(FACTS_LIMIT_MS).facts()
        except LocalException as error:
            raise NodeUnreachableException(name, f"{type(error).__name__}: {error}") from error

    async def load(self, name: str) -> LoadInfo:
        """Of an agent's machine; likewise."""
        has = (await self.facts(name)).resources
        return LoadInfo(has.get("load1", -1.0), has.get("load5", -1.0), has.get("load15", -1.0))

    async def _ask(self, state: Told, call: Callable[[AgentPrx], Awaitable[None]]) -> None:
        agent = self._agent(state.agent)
        if agent is None:
            raise NodeUnreachableException(state.agent, "its agent is not there")
        process = self._process(state.id)
        limit_s = process.start_limit_s + process.stop_limit_s if process else 0.0
        limit_ms = int(limit_s * 1000) + MARGIN_MS if process else LIMIT_MS
        try:
            await call(agent.ice_invocationTimeout(limit_ms))
        except LocalException as error:
            raise NodeUnreachableException(state.agent, f"{type(error).__name__}: {error}") from error

    def _agent(self, name: str) -> AgentPrx | None:
        found = self._desk.ledger.lookups.adapter(f"{name}.{AGENT}") if name else None
        proxy = self._desk.proxies.fresh(found.proxy) if found is not None else None
        return AgentPrx.uncheckedCast(proxy.ice_identity(Identity(name, AGENT))) if proxy else None

    def _process(self, server_id: str) -> ProcessSettings | None:
        settings = self._book.settings
        processes = settings.processes if settings is not None else ()
        return next((process for process in processes if process.name == server_id), None)


def dynamic(state: Told) -> ServerDynamicInfo:
    """How a server is, for observers. One that has failed is shown as disabled: nobody starts it again."""
    return ServerDynamicInfo(state.id, STATES[state.phase], state.pid, state.phase is not ServerPhase.Failed)


def signal_number(name: str) -> int:
    """Of `SIGTERM`, `TERM` or `15`. Raises `BadSignalException`."""
    told = name.upper()
    try:
        if told.isdigit():
            return int(signal.Signals(int(told)))
        return int(signal.Signals[told if told.startswith("SIG") else f"SIG{told}"])
    except (KeyError, ValueError) as error:
        raise BadSignalException(f"{name!r} is no signal") from error
