"""The registry as a service: one adapter on the cluster's registry port, one database, one timer."""

from __future__ import annotations

from typing import Final

from twisted.internet.interfaces import IDelayedCall

from pushnet.grid.settings import SettingsError
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
        self._metrics = RegistryMetrics(parts.metrics)
        self._metrics.watch(COUNTS, self.gauges)
        self._ledger: Ledger | None = None
        self._adapter: ObjectAdapter | None = None
        self._tick_due: IDelayedCall | None = None
        self._ticks = 0

    async def open(self) -> None:
        parts = self.parts
        ledger = self._ledger = self._make_ledger()
        ledger.on_failure(self.give_up)
        await ledger.open()
        proxies = Proxies(parts.communicator)
        probing = Probing(parts.world, ledger, proxies)
        desk = Desk(ledger, proxies, self._metrics, OwnObjects())
        cluster = parts.settings.cluster
        endpoint = f"tcp -h {parts.node.host or cluster.host} -p {cluster.registry_port}"
        adapter = self._adapter = parts.communicator.createObjectAdapterWithEndpoints("registry", endpoint)
        _add_servants(adapter, desk, probing)
        await adapter.activate()
        desk.own.publish(adapter)
        self._tick(ledger, probing)
        parts.membership.offer(adapter)
        await parts.membership.start()

    def _make_ledger(self) -> Ledger:
        """Raises `SettingsError` when the configured balance cannot be."""
        parts = self.parts
        try:
            return Ledger(parts.world, parts.settings, parts.node.registry.balance, self._metrics)
        except ValueError as error:
            raise SettingsError(f"node {parts.node.name}, registry.balance: {error}") from error

    def _tick(self, ledger: Ledger, probing: Probing) -> None:
        ledger.sweep()
        if self._ticks % TICKS_PER_LEASE == 0:
            probing.round()
        self._ticks += 1
        pause_s = ledger.lease_s / TICKS_PER_LEASE
        self._tick_due = self.parts.world.call_later(pause_s, self._tick, ledger, probing)

    async def close(self) -> None:
        await self.parts.membership.stop()
        if self._tick_due is not None and self._tick_due.active():
            self._tick_due.cancel()
        if self._adapter is not None:
            await self._adapter.deactivate()
        if self._ledger is not None:
            await self._ledger.close()

    def health(self) -> dict[str, object]:
        trouble = self._ledger.trouble if self._ledger is not None else ""
        well = super().health()
        return {**well, "ok": bool(well["ok"]) and not trouble, "trouble": trouble}

    def gauges(self) -> dict[str, float]:
        return self._ledger.counts() if self._ledger is not None else dict.fromkeys(COUNTS, 0.0)


def _add_servants(adapter: ObjectAdapter, desk: Desk, probing: Probing) -> None:
    adapter.add(LocatorI(desk), LOCATOR)
    adapter.add(LocatorRegistryI(desk, probing), LOCATOR_REGISTRY)
    adapter.add(QueryI(desk), QUERY)
    adapter.add(LocatorFinderI(desk), LOCATOR_FINDER)
    adapter.add(RegistryI(desk.ledger, desk.proxies), REGISTRY)


def make_service(parts: Parts) -> RoleService:
    """The registry of `parts.settings`."""
    return RegistryService(parts)
