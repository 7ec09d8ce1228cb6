"""The relay as a service: a public adapter for clients, an inner one for callbacks, one timer."""

from __future__ import annotations

from typing import Final

from pushnet.grid.wellknown import ROUTER, ROUTER_FINDER
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.relay.doorkeeper import Doorkeeper
from pushnet.roles.relay.inside import Inside
from pushnet.roles.relay.lobby import Lobby
from pushnet.roles.relay.login import Login
from pushnet.roles.relay.metrics import RelayMetrics
from pushnet.roles.relay.passage import Inwards, Outwards
from pushnet.roles.relay.servant import Reception, RouterFinderI, RouterI
from pushnet.rpc.adapter import ObjectAdapter

COUNTS: Final = ["sessions", "visitors"]


class RelayService(RoleService):
    """Opens the public port last, when everything behind it is there."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        relay = parts.node.relay
        metrics = RelayMetrics(parts.metrics)
        self._lobby = Lobby(parts.world, relay.session_timeout_s, metrics)
        metrics.watch(COUNTS, self._lobby.counts)
        self._reception = Reception(
            self._lobby,
            Login(parts.world, relay.users),
            Doorkeeper(relay.allow),
            Inside(parts.communicator),
            metrics,
        )
        self._adapters: list[ObjectAdapter] = []

    async def open(self) -> None:
        callbacks = await self._open_inner()
        self.parts.membership.offer(callbacks, "Relay")
        await self.parts.membership.start()
        await self._open_public(callbacks)
        self._lobby.open()

    async def _open_inner(self) -> ObjectAdapter:
        node = self.parts.node
        host = node.host or self.parts.settings.cluster.host
        adapter = self._adapter("callbacks", host, node.port)
        adapter.addDefaultServant(Outwards(self._reception), "")
        await adapter.activate()
        return adapter

    async def _open_public(self, callbacks: ObjectAdapter) -> None:
        relay = self.parts.node.relay
        host = relay.host or self.parts.settings.cluster.host
        adapter = self._adapter("public", host, relay.port)
        adapter.add(RouterI(self._reception, callbacks), ROUTER)
        adapter.add(RouterFinderI(self._reception, adapter), ROUTER_FINDER)
        adapter.addDefaultServant(Inwards(self._reception), "")
        adapter.on_connect = self._lobby.arrive
        await adapter.activate()

    def _adapter(self, name: str, host: str, port: int) -> ObjectAdapter:
        endpoint = f"tcp -h {host} -p {port}"
        adapter = self.parts.communicator.createObjectAdapterWithEndpoints(name, endpoint)
        self._adapters.append(adapter)
        return adapter

    async def close(self) -> None:
        await self.parts.membership.stop()
        self._lobby.close()
        for adapter in reversed(self._adapters):
            await adapter.deactivate()

    def gauges(self) -> dict[str, float]:
        return self._lobby.counts()


def make_service(parts: Parts) -> RoleService:
    """The relay of `parts.node`."""
    return RelayService(parts)
