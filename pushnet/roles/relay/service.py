"""The relay as a service: a public adapter for clients, an inner one for callbacks, one timer.

The public adapter has a communicator of its own, with the limits of what faces outside: a stranger's message
has at most Ice's default size, and an answer or a callback that is larger is refused on this side.
"""

from __future__ import annotations

from typing import Final

from pushnet.grid.ice_properties import outer_properties
from pushnet.grid.settings import SettingsError
from pushnet.grid.wellknown import ROUTER, ROUTER_FINDER
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.login import Login
from pushnet.roles.relay.doorkeeper import Doorkeeper
from pushnet.roles.relay.inside import Inside
from pushnet.roles.relay.lobby import Lobby
from pushnet.roles.relay.metrics import RelayMetrics
from pushnet.roles.relay.passage import Inwards, Outwards
from pushnet.roles.relay.servant import Reception, RouterFinderI, RouterI
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator

COUNTS: Final = ["sessions", "visitors"]


class RelayService(RoleService):
    """Opens the public port last, when everything behind it is there."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._metrics = RelayMetrics(parts.metrics)
        self._lobby = Lobby(parts.world, parts.node.relay.session_timeout_s, self._metrics)
        self._metrics.watch(COUNTS, self._lobby.counts)
        self._adapters: list[ObjectAdapter] = []
        self._outside = Communicator(parts.world, outer_properties())

    async def open(self) -> None:
        reception = self._reception()
        callbacks = await self._open_inner(reception)
        self.parts.membership.offer(callbacks, "Relay")
        await self.parts.membership.start()
        await self._open_public(reception, callbacks)
        self._lobby.open()

    def _reception(self) -> Reception:
        """Raises `SettingsError` when users or allowed objects are malformed."""
        parts, relay = self.parts, self.parts.node.relay
        try:
            login, door = Login(parts.world, relay.users, "relay.users"), Doorkeeper(relay.allow)
        except ValueError as error:
            raise SettingsError(f"node {parts.node.name}, {error}") from error
        inside = Inside(parts.communicator, relay.stay_s)
        return Reception(self._lobby, login, door, inside, self._metrics)

    async def _open_inner(self, reception: Reception) -> ObjectAdapter:
        adapter = self._adapter(self.parts.communicator, "callbacks", self.parts.endpoint())
        adapter.addDefaultServant(Outwards(reception), "")
        await adapter.activate()
        return adapter

    async def _open_public(self, reception: Reception, callbacks: ObjectAdapter) -> None:
        relay = self.parts.node.relay
        host = relay.host or self.parts.settings.cluster.host
        adapter = self._adapter(self._outside, "public", f"tcp -h {host} -p {relay.port}")
        adapter.add(RouterI(reception, callbacks), ROUTER)
        adapter.add(RouterFinderI(reception, adapter), ROUTER_FINDER)
        adapter.addDefaultServant(Inwards(reception), "")
        adapter.on_connect = self._lobby.arrive
        await adapter.activate()

    def _adapter(self, communicator: Communicator, name: str, endpoint: str) -> ObjectAdapter:
        adapter = communicator.createObjectAdapterWithEndpoints(name, endpoint)
        self._adapters.append(adapter)
        return adapter

    async def close(self) -> None:
        await self.parts.membership.stop()
        self._lobby.close()
        for adapter in reversed(self._adapters):
            await adapter.deactivate()
        await self._outside.destroy()

    def gauges(self) -> dict[str, float]:
        return self._lobby.counts()


def make_service(parts: Parts) -> RoleService:
    """The relay of `parts.node`."""
    return RelayService(parts)
