"""The registry's own objects, as proxies that carry the endpoints of every registry of the grid.

Only sessions are of one registry: `IceGrid/Registry` is answered with this one's endpoints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pushnet.gen.ice.icegrid import LocatorPrx, QueryPrx
from pushnet.gen.ice.icegrid import RegistryPrx as IceGridRegistryPrx
from pushnet.gen.ice.locator import LocatorRegistryPrx
from pushnet.grid.wellknown import (
    CLUSTER,
    DEPLOYER,
    EVENTS,
    GRID_REGISTRY,
    LISTS,
    LOCATOR,
    LOCATOR_REGISTRY,
    QUERY,
    REGISTRY,
    RELEASES,
)
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity

TYPES: Final[Mapping[Identity, str]] = {
    LOCATOR: "::Ice::Locator",
    LOCATOR_REGISTRY: "::Ice::LocatorRegistry",
    QUERY: "::IceGrid::Query",
    GRID_REGISTRY: "::IceGrid::Registry",
    REGISTRY: "::PushNet::Registry",
    CLUSTER: "::PushNet::Cluster",
    DEPLOYER: "::PushNet::Deployer",
    RELEASES: "::PushNet::Releases",
    EVENTS: "::PushNet::Events",
    LISTS: "::PushNet::Lists",
}
"""The registry's own objects, by the types under which they are found. IceGrid's are found as in IceGrid."""


class OwnObjects:
    """Made when the adapter is active and its port known; empty before."""

    def __init__(self) -> None:
        self._proxies: dict[Identity, ObjectPrx] = {}
        self.locator: LocatorPrx | None = None
        self.locator_registry: LocatorRegistryPrx | None = None
        self.query: QueryPrx | None = None
        self.registry: IceGridRegistryPrx | None = None

    def publish(
        self,
        adapter: ObjectAdapter,
        others: Sequence[ObjectPrx] = (),
        only: Sequence[Identity] = tuple(TYPES),
    ) -> None:
        """Make the proxies of an active adapter; `others` have the endpoints of the other registries."""
        endpoints = [*adapter.getPublishedEndpoints()]
        for other in others:
            endpoints += [known for known in other.ice_getEndpoints() if known not in endpoints]
        for identity in only:
            direct = adapter.createProxy(identity)
            self._proxies[identity] = direct if identity == GRID_REGISTRY else direct.ice_endpoints(endpoints)
        self.registry = IceGridRegistryPrx.uncheckedCast(self._proxies[GRID_REGISTRY])
        self.locator = LocatorPrx.uncheckedCast(self._proxies[LOCATOR])
        self.locator_registry = LocatorRegistryPrx.uncheckedCast(self._proxies[LOCATOR_REGISTRY])
        self.query = QueryPrx.uncheckedCast(self._proxies[QUERY])

    def find(self, identity: Identity) -> ObjectPrx | None:
        return self._proxies.get(identity)

    def of_type(self, type_id: str) -> list[ObjectPrx]:
        return [proxy for identity, proxy in self._proxies.items() if TYPES[identity] == type_id]
