"""The registry's objects: pushnet's own, and those that ZeroC's clients expect of a locator.

Lookups are answered from memory, in the same turn, as bytes kept ready (`answers`). The identities of the
registry's own objects are found too, so that `IceGrid/Query` works as a well-known proxy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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
    BadPolicyException,
    GroupPolicy,
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
from pushnet.grid.balance import ANYBODY, SAMPLES, Policy
from pushnet.grid.installations import CONTEXT, TAKE_OVER
from pushnet.grid.wellknown import LOCATOR_REGISTRY
from pushnet.roles.registry.answers import Answer, asker_of
from pushnet.roles.registry.desk import Desk
from pushnet.roles.registry.joining import Joining, NotAdmitted, peer_address
from pushnet.roles.registry.ledger import LeaseLost, Refused, Standing
from pushnet.roles.registry.probing import Probing
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord
from pushnet.roles.registry.writing import NotSaved
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.operations import ServantOperation
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.basic import read_string
from pushnet.wire.identity import Identity, read_Identity


class RegistryI(RegistryServant):
    """`PushNet/Registry`: how pushnet's nodes take part."""

    def __init__(self, desk: Desk, probing: Probing, joining: Joining) -> None:
        self._ledger = desk.ledger
        self._joining = joining
        self._proxies = desk.proxies
        self._probing = probing

    async def join(
        self,
        node: NodeInfo,
        adapters: Sequence[AdapterEntry],
        objects: Sequence[WellKnownObject],
        current: Current | None = None,
    ) -> Lease:
        try:
            self._joining.admit(current, node.name, node.role)
            ctx = current.ctx if current is not None else {}
            record = attrs.evolve(
                self._record(node, adapters, objects),
                installation=ctx.get(CONTEXT, ""),
                address=peer_address(current),
            )
            epoch = await self._ledger.join(record, take_over=TAKE_OVER in ctx)
        except (NotAdmitted, Refused) as refused:
            raise RegistrationRefusedException(str(refused)) from refused
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable
        self._probing.attend(current, node.name)
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
            node.zone,
        )

    async def renew(
        self, node: str, epoch: int, load: Mapping[str, float], current: Current | None = None
    ) -> None:
        try:
            self._joining.recognise(current, node)
            await self._ledger.renew(node, epoch, load)
        except (NotAdmitted, LeaseLost) as lost:
            raise LeaseLostException(str(lost)) from lost
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable
        self._probing.attend(current, node)

    async def leave(self, node: str, epoch: int, current: Current | None = None) -> None:
        try:
            self._joining.recognise(current, node)
            await self._ledger.leave(node, epoch)
        except NotAdmitted:
            return
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable

    async def nodes(self, current: Current | None = None) -> list[NodeStatus]:
        return [_status(standing) for standing in self._ledger.standings()]

    async def replicas(self, group: str, current: Current | None = None) -> list[Member]:
        return [
            Member(adapter_id, node, self._proxies.proxy(text))
            for adapter_id, node, text in self._ledger.lookups.replicas(group)
        ]

    async def policies(self, current: Current | None = None) -> dict[str, GroupPolicy]:
        return {name: _told(policy) for name, policy in self._ledger.lookups.policies().items()}

    async def setPolicy(self, group: str, policy: GroupPolicy, current: Current | None = None) -> None:
        known = self._ledger.lookups.groups()
        if group not in known:
            raise BadPolicyException(
                f"there is none of that name; there are: {', '.join(known)}. One is known when a server of "
                "it has registered, or when the applied file has a [[group]] of that id"
            )
        try:
            await self._ledger.set_policy(group, _meant(policy))
        except (ValueError, Refused) as refused:
            raise BadPolicyException(str(refused)) from refused
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable


def _told(policy: Policy) -> GroupPolicy:
    n = -1 if policy.n is None else policy.n
    return GroupPolicy(
        policy.kind, n, policy.sample, dict(policy.weights), dict(policy.priorities), dict(policy.parts)
    )


def _meant(told: GroupPolicy) -> Policy:
    """Raises `ValueError` when it cannot be."""
    n = None if told.n < 0 else told.n
    return Policy(
        told.choice, n, told.loadSample, dict(told.weights), dict(told.priorities), dict(told.split)
    )


def _status(standing: Standing) -> NodeStatus:
    record = standing.member.record
    info = NodeInfo(
        record.name, record.role, record.version, record.region, record.pid, record.http, record.zone
    )
    return NodeStatus(
        info,
        standing.member.epoch,
        int(standing.lease_left_s * 1000),
        int(standing.up_s * 1000),
        list(dict.fromkeys(adapter.id for adapter in record.adapters)),
        dict(standing.load),
    )


class LocatorI(LocatorServant):
    """`IceGrid/Locator`: turns names into endpoints."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def findObjectById(self, id: Identity, current: Current | None = None) -> ObjectPrx:
        """For callers with encoding 1.0; others are answered in bytes."""
        found = self.desk.answers.find_object(id)
        waiting = self.desk.await_object(id) if found is None else None
        if waiting is not None:
            await waiting
            found = self.desk.answers.find_object(id)
        if found is None:
            raise ObjectNotFoundException
        return found

    async def findAdapterById(self, id: str, current: Current | None = None) -> ObjectPrx:
        """Likewise."""
        asker = asker_of(current) if current is not None else ANYBODY
        found = self.desk.answers.find_adapter(id, asker)
        waking = self.desk.wake(id, current) if found is None else None
        if waking is not None:
            await waking
            found = self.desk.answers.find_adapter(id, asker)
        if found is None:
            raise AdapterNotFoundException
        return found

    def getRegistry(self, current: Current | None = None) -> ObjectPrx | None:
        return self.desk.own.locator_registry

    def getLocalRegistry(self, current: Current | None = None) -> IceGridRegistryPrx | None:
        return self.desk.own.registry

    def getLocalQuery(self, current: Current | None = None) -> ObjectPrx | None:
        return self.desk.own.query


def _serve_find_adapter(servant: LocatorI, buf: bytes, pos: int, current: Current) -> Answer:
    desk = servant.desk
    params = buf[pos:]
    if desk.stale:
        return desk.later(lambda: desk.answers.adapter(params, current))
    try:
        return desk.answers.adapter(params, current)
    except AdapterNotFoundException:
        waking = desk.wake(read_string(params, 0)[0], current)
        if waking is None:
            raise
        return waking.addCallback(lambda _: desk.answers.adapter(params, current))


def _serve_find_object(servant: LocatorI, buf: bytes, pos: int, current: Current) -> Answer:
    desk = servant.desk
    params = buf[pos:]
    if desk.stale:
        return desk.later(lambda: desk.answers.object(params, current))
    try:
        return desk.answers.object(params, current)
    except ObjectNotFoundException:
        waiting = desk.await_object(read_Identity(params, 0)[0])
        if waiting is None:
            raise
        return waiting.addCallback(lambda _: desk.answers.object(params, current))


def _as_it_is(answer: bytes) -> bytes:
    return answer


def _in_bytes(name: str, serve: Callable[[LocatorI, bytes, int, Current], Answer]) -> ServantOperation:
    """The operation of that name, answered in bytes; in encoding 1.0 as generated."""
    generated = LocatorServant.ice_operations[name.encode()]
    operation = ServantOperation(name, generated.mode, serve, _as_it_is, generated.sliced)
    operation.old = generated.old
    return operation


LocatorI.ice_operations = {
    **LocatorServant.ice_operations,
    b"findAdapterById": _in_bytes("findAdapterById", _serve_find_adapter),
    b"findObjectById": _in_bytes("findObjectById", _serve_find_object),
}


class SecureLocatorI(LocatorI):
    """The same for those that come over TLS: there they register, too."""

    def __init__(self, desk: Desk, adapter: ObjectAdapter) -> None:
        super().__init__(desk)
        self._adapter = adapter

    def getRegistry(self, current: Current | None = None) -> ObjectPrx | None:
        return self._adapter.createProxy(LOCATOR_REGISTRY)


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
        self._lookups = desk.ledger.lookups

    def findObjectById(self, id: Identity, current: Current | None = None) -> ObjectPrx | None:
        return self._desk.answers.find_object(id)

    def findObjectByType(self, type: str, current: Current | None = None) -> ObjectPrx | None:
        own = self._desk.own.of_type(type)
        return own[0] if own else self._desk.proxies.proxy(self._lookups.any_of_type(type))

    def findObjectByTypeOnLeastLoadedNode(
        self, type: str, sample: LoadSample, current: Current | None = None
    ) -> ObjectPrx | None:
        own = self._desk.own.of_type(type)
        if own:
            return own[0]
        minutes = SAMPLES[int(sample)]
        return self._desk.proxies.proxy(self._lookups.least_loaded_of_type(type, minutes))

    def findAllObjectsByType(self, type: str, current: Current | None = None) -> list[ObjectPrx | None]:
        known = [self._desk.proxies.proxy(text) for text in self._lookups.objects_of_type(type)]
        return [*self._desk.own.of_type(type), *known]

    def findAllReplicas(
        self, proxy: ObjectPrx | None, current: Current | None = None
    ) -> list[ObjectPrx | None]:
        """The object at each replica of the group that `proxy`, or what it is known as, names."""
        if proxy is None:
            return []
        group = proxy.ice_getAdapterId()
        if not group:
            known = self._desk.answers.find_object(proxy.ice_getIdentity())
            group = known.ice_getAdapterId() if known else ""
        return [proxy.ice_adapterId(found[0]) for found in self._lookups.replicas(group)]
