"""Servers on demand: a lookup of an adapter whose server does not run has its agent start it, and waits.

Who asked is answered when the adapter is registered, or told that there is none when the server could not be
started within its limit. However many ask, the agent is asked once. An agent itself, and whoever only wants
to know, says `_pn.asleep` in the context of the lookup: then nobody is woken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from pushnet.gen.pushnet.agent import AgentPrx, NoServerException, ServerRefusedException
from pushnet.grid.tables import ANY, ON_DEMAND, ServerSettings
from pushnet.roles.registry.books import Event, What
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.proxies import Proxies
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from pushnet.world import World

ASLEEP: Final = "_pn.asleep"
"""In a lookup's context: nobody is to be woken for it."""
AGENT_CATEGORY: Final = "Agent"
MARGIN_S: Final = 5.0
"""For the agent to answer, over the server's own limit."""
WAITING_MAX: Final = 4096
"""Lookups that wait at one registry; those beyond are told that the adapter is not there."""


@attrs.define
class _Awaited:
    """A server that is being started for those who look for one of its adapters."""

    waiting: list[Deferred[None]]
    limit: IDelayedCall


class Waking:
    """Made once for a registry."""

    def __init__(self, world: World, ledger: Ledger, book: ClusterBook, proxies: Proxies) -> None:
        self._world = world
        self._lookups = ledger.lookups
        self._book = book
        self._proxies = proxies
        self._awaited: dict[str, _Awaited] = {}
        self.otherwise: Callable[[str], Deferred[None] | None] = _nobody
        """Asked for adapters that are there not on demand, but always."""
        self._log = Logger(namespace="pushnet.registry")
        ledger.books.followers.append(self._follow)

    def wake(self, adapter: str, current: Current | None) -> Deferred[None] | None:
        """Fires when the adapter is there, or will not be. None: nobody has it on demand, or again."""
        if current is not None and ASLEEP in current.head.context:
            return None
        server = self._server(adapter)
        if server is None:
            return self.otherwise(adapter)
        if sum(len(each.waiting) for each in self._awaited.values()) >= WAITING_MAX:
            return None
        waiting: Deferred[None] = Deferred(lambda _: None)
        awaited = self._awaited.get(adapter)
        if awaited is not None:
            awaited.waiting.append(waiting)
            return waiting
        limit_s = server.start_limit_s + MARGIN_S
        due = self._world.call_later(limit_s, self._give_up, adapter)
        self._awaited[adapter] = _Awaited([waiting], due)
        self._world.background("registry.wake", ensureDeferred(self._ask(server, adapter, limit_s)))
        return waiting

    def close(self) -> None:
        """Answer all who wait."""
        for adapter in list(self._awaited):
            self._answer(adapter)

    def _server(self, adapter: str) -> ServerSettings | None:
        settings = self._book.settings
        for server in settings.server if settings is not None else ():
            if server.activation == ON_DEMAND and adapter in server.adapters:
                return server
        return None

    async def _ask(self, server: ServerSettings, adapter: str, limit_s: float) -> None:
        """Have the agent start it. The adapter may come a little later than the agent's answer."""
        name = self._book.places.get(server.name, "") if server.agent == ANY else server.agent
        agent = self._agent(name)
        try:
            if agent is None:
                raise ServerRefusedException(f"agent {name} is not there")
            await agent.ice_invocationTimeout(int(limit_s * 1000)).activate(server.name)
        except (NoServerException, ServerRefusedException, LocalException) as error:
            told = {"server": server.name, "adapter": adapter, "error": _told(error)}
            self._log.warn("{server} was looked for as {adapter} and is not started: {error}", **told)
            self._answer(adapter)
        else:
            self._log.info(
                "{server} was started for who looks for {adapter}", server=server.name, adapter=adapter
            )

    def _agent(self, name: str) -> AgentPrx | None:
        found = self._lookups.adapter(f"{name}.Agent") if name else None
        proxy = self._proxies.fresh(found.proxy) if found is not None else None
        return AgentPrx.uncheckedCast(proxy.ice_identity(Identity(name, AGENT_CATEGORY))) if proxy else None

    def _follow(self, event: Event) -> None:
        if event.name in self._awaited and event.what in (What.adapter_added, What.adapter_updated):
            self._world.call_later(0, self._answer, event.name)

    def _give_up(self, adapter: str) -> None:
        self._log.warn("{adapter} was looked for and was not there in time", adapter=adapter)
        self._answer(adapter)

    def _answer(self, adapter: str) -> None:
        awaited = self._awaited.pop(adapter, None)
        if awaited is None:
            return
        if awaited.limit.active():
            awaited.limit.cancel()
        for waiting in awaited.waiting:
            waiting.callback(None)


def _nobody(adapter: str) -> None:
    """It is not waited for."""


def _told(error: Exception) -> str:
    if isinstance(error, (NoServerException, ServerRefusedException)):
        return error.reason
    return f"{type(error).__name__}: {error}"
