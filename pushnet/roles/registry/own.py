"""The registry's own objects, as proxies that carry its endpoints."""

from __future__ import annotations

from pushnet.gen.ice.icegrid import LocatorPrx, QueryPrx
from pushnet.gen.ice.locator import LocatorRegistryPrx
from pushnet.grid.wellknown import LOCATOR, LOCATOR_REGISTRY, QUERY, REGISTRY
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity


class OwnObjects:
    """Made when the adapter is active and its port known; empty before."""

    def __init__(self) -> None:
        self._proxies: dict[Identity, ObjectPrx] = {}
        self.locator: LocatorPrx | None = None
        self.locator_registry: LocatorRegistryPrx | None = None
        self.query: QueryPrx | None = None

    def publish(self, adapter: ObjectAdapter) -> None:
        """Make the proxies of an active adapter."""
        for identity in (LOCATOR, LOCATOR_REGISTRY, QUERY, REGISTRY):
            self._proxies[identity] = adapter.createProxy(identity)
        self.locator = LocatorPrx.uncheckedCast(self._proxies[LOCATOR])
        self.locator_registry = LocatorRegistryPrx.uncheckedCast(self._proxies[LOCATOR_REGISTRY])
        self.query = QueryPrx.uncheckedCast(self._proxies[QUERY])

    def find(self, identity: Identity) -> ObjectPrx | None:
        return self._proxies.get(identity)
