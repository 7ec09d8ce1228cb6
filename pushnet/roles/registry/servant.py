"""The registry's objects: pushnet's own, and those that ZeroC's clients and servers expect of a locator.

Lookups are answered from memory, in the same turn. The identities of the registry's own objects are found
too, so that `IceGrid/Query` works as a well-known proxy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from pushnet.gen.ice.icegrid import LoadSample, LocatorServant, QueryServant
from pushnet.gen.ice.icegrid import RegistryPrx as IceGridRegistryPrx
from pushnet.gen.ice.locator import (
    AdapterNotFoundException,
    LocatorFinderServant,
    ObjectNotFoundException,
)
from pushnet.gen.pushnet.registry import (
    AdapterEntry,
    Lease,
    LeaseLostException,
    Member,
    NodeInfo,
    NodeStatus,
    RegistrationRefusedException,
    RegistryServant,
    WellKnownObject,
)
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.leases import LeaseLost
from pushnet.roles.registry.ledger import Ledger, NotSaved
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.own import OwnObjects
from pushnet.roles.registry.proxies import Proxies
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord
from pushnet.roles.registry.roster import Refused, Standing
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity


class RegistryI(RegistryServant):
    """`PushNet/Registry`: how pushnet's nodes take part."""

    def __init__(self, ledger: Ledger, proxies: Proxies) -> None:
        self._ledger = ledger
        self._proxies = proxies

    async def join(
        self,
        node: NodeInfo,
        adapters: Sequence[AdapterEntry],
        objects: Sequence[WellKnownObject],
        current: Current | None = None,
    ) -> Lease:
        try:
            epoch = await self._ledger.join(self._record(node, adapters, objects))
        except Refused as refused:
            raise RegistrationRefusedException(str(refused)) from refused
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable
        return Lease(epoch, int(self._ledger.lease_s * 1000))

    def _record(
        self, node: NodeInfo, adapters: Sequence[AdapterEntry], objects: Sequence[WellKnownObject]
    ) -> NodeRecord:
        known = [entry for entry in objects if entry.proxy is not None]
        return NodeRecord(
            node.name,
            node.role,
            node.version,
            node.region,
            node.pid,
            node.http,
            tuple(
                AdapterRecord(entry.id, entry.group, self._proxies.endpoints(entry.proxy))
                for entry in adapters
            ),
            tuple(
                ObjectRecord(entry.proxy.ice_getIdentity(), entry.type, self._proxies.text(entry.proxy))
                for entry in known
                if entry.proxy is not None
            ),
        )

    async def renew(
        self, node: str, epoch: int, load: Mapping[str, float], current: Current | None = None
    ) -> None:
        try:
            self._ledger.renew(node, epoch, load)
        except LeaseLost as lost:
            raise LeaseLostException(str(lost)) from lost

    async def leave(self, node: str, epoch: int, current: Current | None = None) -> None:
        await self._ledger.leave(node, epoch)

    async def nodes(self, current: Current | None = None) -> list[NodeStatus]:
        return [_status(standing) for standing in self._ledger.standings()]

    async def replicas(self, group: str, current: Current | None = None) -> list[Member]:
        self._ledger.sweep()
        return [
            Member(adapter_id, node, self._proxies.proxy(text))
            for adapter_id, node, text in self._ledger.lookups.replicas(group)
        ]


def _status(standing: Standing) -> NodeStatus:
    record = standing.record
    info = NodeInfo(record.name, record.role, record.version, record.region, record.pid, record.http)
    return NodeStatus(
        info,
        standing.epoch,
        int(standing.lease_left_s * 1000),
        int(standing.up_s * 1000),
        list(dict.fromkeys(adapter.id for adapter in record.adapters)),
        dict(standing.load),
    )


@attrs.frozen
class Desk:
    """What the lookup servants share."""

    ledger: Ledger
    proxies: Proxies
    metrics: RegistryMetrics
    own: OwnObjects

    def find_object(self, identity: Identity) -> ObjectPrx | None:
        """The proxy of a well-known object, the registry's own included; counted."""
        self.ledger.sweep()
        found = self.own.find(identity) or self.proxies.proxy(self.ledger.lookups.object(identity))
        (self.metrics.object_found if found else self.metrics.object_unknown).inc()
        return found

    def find_adapter(self, name: str) -> ObjectPrx | None:
        """Endpoints of an adapter or group; counted."""
        self.ledger.sweep()
        found = self.proxies.proxy(self.ledger.lookups.adapter(name))
        (self.metrics.adapter_found if found else self.metrics.adapter_unknown).inc()
        return found


class LocatorI(LocatorServant):
    """`IceGrid/Locator`: turns names into endpoints."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def findObjectById(self, id: Identity, current: Current | None = None) -> ObjectPrx:
        found = self._desk.find_object(id)
        if found is None:
            raise ObjectNotFoundException
        return found

    def findAdapterById(self, id: str, current: Current | None = None) -> ObjectPrx:
        found = self._desk.find_adapter(id)
        if found is None:
            raise AdapterNotFoundException
        return found

    def getRegistry(self, current: Current | None = None) -> ObjectPrx | None:
        return self._desk.own.locator_registry

    def getLocalRegistry(self, current: Current | None = None) -> IceGridRegistryPrx | None:
        """Sessions of IceGrid's registry are not offered."""
        return None

    def getLocalQuery(self, current: Current | None = None) -> ObjectPrx | None:
        return self._desk.own.query


class LocatorFinderI(LocatorFinderServant):
    """`Ice/LocatorFinder`: from a bare endpoint to the locator."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def getLocator(self, current: Current | None = None) -> ObjectPrx | None:
        return self._desk.own.locator


class QueryI(QueryServant):
    """`IceGrid/Query`: what applications ask; nothing found is null."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def findObjectById(self, id: Identity, current: Current | None = None) -> ObjectPrx | None:
        return self._desk.find_object(id)

    def findObjectByType(self, type: str, current: Current | None = None) -> ObjectPrx | None:
        self._desk.ledger.sweep()
        return self._desk.proxies.proxy(self._desk.ledger.lookups.any_of_type(type))

    def findObjectByTypeOnLeastLoadedNode(
        self, type: str, sample: LoadSample, current: Current | None = None
    ) -> ObjectPrx | None:
        """`sample` makes no difference: a node tells its load as of now."""
        self._desk.ledger.sweep()
        return self._desk.proxies.proxy(self._desk.ledger.lookups.least_loaded_of_type(type))

    def findAllObjectsByType(self, type: str, current: Current | None = None) -> list[ObjectPrx | None]:
        self._desk.ledger.sweep()
        return [self._desk.proxies.proxy(text) for text in self._desk.ledger.lookups.objects_of_type(type)]

    def findAllReplicas(
        self, proxy: ObjectPrx | None, current: Current | None = None
    ) -> list[ObjectPrx | None]:
        """The object at each replica of the group that `proxy`, or what it is known as, names."""
        if proxy is None:
            return []
        self._desk.ledger.sweep()
        group = proxy.ice_getAdapterId()
        if not group:
            known = self._desk.find_object(proxy.ice_getIdentity())
            group = known.ice_getAdapterId() if known else ""
        return [proxy.ice_adapterId(found[0]) for found in self._desk.ledger.lookups.replicas(group)]
