"""`PushNet::Agent`: what people and registries ask of one machine's agent."""

from __future__ import annotations

from collections.abc import Callable

from pushnet.gen.pushnet.agent import (
    AgentFacts,
    AgentServant,
    LogPart,
    NoServerException,
    ServerRefusedException,
)
from pushnet.gen.pushnet.server import ServerState
from pushnet.roles.node.fleet import Fleet
from pushnet.roles.node.output import WAIT_MAX_S
from pushnet.roles.node.server import CannotStart, Server, Wish
from pushnet.rpc.stubs import Current


class AgentI(AgentServant):
    """On the fleet of one machine."""

    def __init__(
        self, fleet: Fleet, states: Callable[[], list[ServerState]], facts: Callable[[], AgentFacts]
    ) -> None:
        self._fleet = fleet
        self._states = states
        self._facts = facts

    async def facts(self, current: Current | None = None) -> AgentFacts:
        return self._facts()

    async def servers(self, current: Current | None = None) -> list[ServerState]:
        return self._states()

    async def start(self, id: str, current: Current | None = None) -> None:
        server = self._planned(id)
        server.want(Wish.running)
        await self._serving(server)

    async def activate(self, id: str, current: Current | None = None) -> None:
        server = self._planned(id)
        if server.wish is Wish.stopped:
            raise ServerRefusedException(f"{id} was stopped by hand: `pushnet server start {id}`")
        server.activate()
        await self._serving(server)

    async def stop(self, id: str, current: Current | None = None) -> None:
        server = self._planned(id)
        server.want(Wish.stopped)
        await server.rested()

    async def restart(self, id: str, current: Current | None = None) -> None:
        server = self._planned(id)
        server.again()
        if not server.wanted:
            server.want(Wish.running)
        await self._serving(server)

    async def signal(self, id: str, number: int, current: Current | None = None) -> None:
        server = self._planned(id)
        if not server.runs:
            raise ServerRefusedException(f"{id} does not run")
        server.runs[-1].process.signal(number)

    async def log(
        self, id: str, offset: int, size: int, waitMs: int, current: Current | None = None
    ) -> LogPart:
        self._planned(id)
        part = await self._fleet.output.part(id, offset, size, min(max(waitMs, 0) / 1000, WAIT_MAX_S))
        return LogPart(part.offset, part.data, part.more)

    def _planned(self, id: str) -> Server:
        server = self._fleet.servers.get(id)
        if server is None or server.plan is None:
            known = ", ".join(self._fleet.servers) or "none"
            raise NoServerException(f"no server of this agent is called {id!r}; there are: {known}")
        return server

    async def _serving(self, server: Server) -> None:
        try:
            await server.serving()
        except CannotStart as error:
            raise ServerRefusedException(str(error)) from error
