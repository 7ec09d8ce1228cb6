"""The registry as a service: one adapter on the cluster's registry port, one database, one timer."""

from __future__ import annotations

from typing import Final

from twisted.internet.interfaces import IDelayedCall

from pushnet.grid.wellknown import LOCATOR, LOCATOR_FINDER, LOCATOR_REGISTRY, QUERY, REGISTRY
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.own import OwnObjects
from pushnet.roles.registry.probing import Probing
from pushnet.roles.registry.proxies import Proxies
from pushnet.roles.registry.registration import LocatorRegistryI
from pushnet.roles.registry.servant import (
    Desk,
    LocatorFinderI,
    LocatorI,
    QueryI,
    RegistryI,
)
from pushnet.rpc.adapter import ObjectAdapter

TICKS_PER_LEASE: Final = 6
"""How often leases are looked at: an entry is dropped at most a sixth of a lease late."""
COUNTS: Final = ["nodes", "strangers", "adapters", "groups", "objects"]


class RegistryService(RoleService):
    """Serves from the moment its tables are read."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        metrics = RegistryMetrics(parts.metrics)
        self._ledger = Ledger(parts.world, parts.settings, parts.node.registry.balance, metrics)
        metrics.watch(COUNTS, self._ledger.counts)
        self._proxies = Proxies(parts.communicator)
        self._probing = Probing(parts.world, self._ledger, self._proxies)
        self._desk = Desk(self._ledger, self._proxies, metrics, OwnObjects())
        self._adapter: ObjectAdapter | None = None
        self._tick_due: IDelayedCall | None = None
        self._ticks = 0

    async def open(self) -> None:
        await self._ledger.open()
        cluster = self.parts.settings.cluster
        endpoint = f"tcp -h {self.parts.node.host or cluster.host} -p {cluster.registry_port}"
        self._adapter = self.parts.communicator.createObjectAdapterWithEndpoints("registry", endpoint)
        self._add_servants(self._adapter)
        await self._adapter.activate()
        self._desk.own.publish(self._adapter)
        self._tick()
        self.parts.membership.offer(self._adapter)
        await self.parts.membership.start()

    def _add_servants(self, adapter: ObjectAdapter) -> None:
        desk = self._desk
        adapter.add(LocatorI(desk), LOCATOR)
        adapter.add(LocatorRegistryI(desk, self._probing), LOCATOR_REGISTRY)
        adapter.add(QueryI(desk), QUERY)
        adapter.add(LocatorFinderI(desk), LOCATOR_FINDER)
        adapter.add(RegistryI(self._ledger, self._proxies), REGISTRY)

    def _tick(self) -> None:
        self._ledger.sweep()
        if self._ticks % TICKS_PER_LEASE == 0:
            self._probing.round()
        self._ticks += 1
        self._tick_due = self.parts.world.call_later(self._ledger.lease_s / TICKS_PER_LEASE, self._tick)

    async def close(self) -> None:
        await self.parts.membership.stop()
        if self._tick_due is not None and self._tick_due.active():
            self._tick_due.cancel()
        if self._adapter is not None:
            await self._adapter.deactivate()
        await self._ledger.close()

    def gauges(self) -> dict[str, float]:
        return self._ledger.counts()


def make_service(parts: Parts) -> RoleService:
    """The registry of `parts.settings`."""
    return RegistryService(parts)
