"""How commands reach the agents of a cluster: a server's id leads to its agent, through any registry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import attrs
from twisted.internet.defer import ensureDeferred, gatherResults

from pushnet.app.asking import open_communicator, unanswered
from pushnet.app.running import CommandError, Session
from pushnet.gen.ice.icegrid import QueryPrx
from pushnet.gen.pushnet.agent import AgentFacts, AgentPrx, NoServerException, ServerRefusedException
from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.server import ServerState
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.settings import Settings
from pushnet.grid.tokens import NOT_ALLOWED
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException, NotRegisteredException, UnknownException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity

T = TypeVar("T")
AGENT_CATEGORY: Final = "Agent"
ANSWER_LIMIT_MS: Final = 10_000
CHANGE_LIMIT_MS: Final = 600_000
"""For starting and stopping: agents have limits of their own, and answer when those are over."""
LOOK_LIMIT_MS: Final = 45_000
"""For reading a log: the agent waits for news for at most 30 s."""


class AgentSilent(CommandError):
    """An agent is not there, or does not answer."""


@attrs.frozen
class Grid:
    """The cluster as commands reach it."""

    communicator: Communicator
    registries: list[str]

    def cluster(self) -> ClusterPrx:
        proxy = ClusterPrx.uncheckedCast(self._at_registries("PushNet/Cluster"))
        assert proxy is not None
        return proxy.ice_invocationTimeout(ANSWER_LIMIT_MS)

    def agent(self, name: str, limit_ms: int = ANSWER_LIMIT_MS) -> AgentPrx:
        """The agent of that name, found by the registries' locator."""
        proxy = self.communicator.stringToProxy("anybody")
        assert proxy is not None
        agent = AgentPrx.uncheckedCast(proxy.ice_identity(Identity(name, AGENT_CATEGORY)))
        assert agent is not None
        return agent.ice_invocationTimeout(limit_ms)

    async def server(self, name: str) -> ServerState:
        """How a server is, which tells also whose it is. Raises `CommandError`."""
        states = await self.cluster().servers()
        for state in states:
            if state.id == name:
                if not state.agent:
                    raise CommandError(f"no agent runs {name}: it was started by hand")
                return state
        known = ", ".join(state.id for state in states) or "none; give some an agent and apply the file"
        raise CommandError(f"no server is called {name!r}; there are: {known}")

    async def at_server(
        self, name: str, call: Callable[[AgentPrx], Awaitable[T]], limit_ms: int = CHANGE_LIMIT_MS
    ) -> T:
        """Have `call` ask the agent that runs that server. Raises `CommandError`."""
        agent = (await self.server(name)).agent
        try:
            return await call(self.agent(agent, limit_ms))
        except NotRegisteredException as error:
            raise AgentSilent(
                f"agent {agent}, which runs {name}, is not there: start it on its machine; if that is lost, "
                f"give {name} to another agent in the file, and `pushnet apply` it"
            ) from error
        except LocalException as error:
            if isinstance(error, UnknownException) and error.reason.startswith(NOT_ALLOWED):
                raise
            told = f"{type(error).__name__}: {error}"
            raise AgentSilent(f"agent {agent}, which runs {name}, does not answer ({told})") from error

    async def agents(self) -> dict[str, AgentFacts | None]:
        """Every agent that has joined or is to run something; None where it does not answer."""
        query = QueryPrx.uncheckedCast(self._at_registries("IceGrid/Query"))
        assert query is not None
        query = query.ice_invocationTimeout(ANSWER_LIMIT_MS)
        joined = await query.findAllObjectsByType(AgentPrx.ice_type)
        names = [proxy.ice_getIdentity().name for proxy in joined if proxy is not None]
        names += [state.agent for state in await self.cluster().servers() if state.agent]
        every = sorted({*names})
        found = await gatherResults([ensureDeferred(self._facts(name)) for name in every])
        return dict(zip(every, found, strict=True))

    async def _facts(self, name: str) -> AgentFacts | None:
        try:
            return await self.agent(name).facts()
        except LocalException:
            return None

    def _at_registries(self, identity: str) -> ObjectPrx | None:
        return self.communicator.stringToProxy(":".join([identity, *self.registries]))


async def with_grid(session: Session, settings: Settings, work: Callable[[Grid], Awaitable[T]]) -> T:
    """Do `work` with the cluster of these settings; what goes wrong is told as `CommandError`."""
    communicator = open_communicator(session, settings, {"Ice.Default.Locator": settings.locator})
    try:
        return await work(Grid(communicator, settings.doors))
    except (NoServerException, ServerRefusedException) as refused:
        raise CommandError(refused.reason) from refused
    except UnavailableException as unable:
        raise CommandError(f"the registry cannot do it now: {unable.reason}") from unable
    except LocalException as error:
        if isinstance(error, UnknownException) and error.reason.startswith(NOT_ALLOWED):
            raise CommandError(f"that is {error.reason}") from error
        raise CommandError(unanswered(":".join(settings.doors), error)) from error
    finally:
        await communicator.destroy()
