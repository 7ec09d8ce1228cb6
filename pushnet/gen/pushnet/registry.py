# Written by slice2tx from idl/pushnet/registry.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.types import (
    UnavailableException,
    read_Gauges,
    read_Strings,
    write_Gauges,
    write_Strings,
)
from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ExceptionSlice,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    UserException,
    read_proxy,
    write_proxy,
)
from pushnet.wire.basic import read_count, read_string, write_size, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import STRING, Proxy10, Same, Sequence10, Struct10
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "AdapterEntry",
    "BadPolicyException",
    "GroupPolicy",
    "Lease",
    "LeaseLostException",
    "Member",
    "NodeInfo",
    "NodeStatus",
    "RegistrationRefusedException",
    "Registry",
    "RegistryPrx",
    "RegistryServant",
    "WellKnownObject",
    "read_AdapterEntries",
    "read_AdapterEntry",
    "read_GroupPolicies",
    "read_GroupPolicy",
    "read_Lease",
    "read_Member",
    "read_Members",
    "read_NodeInfo",
    "read_NodeStatus",
    "read_NodeStatuses",
    "read_Priorities",
    "read_Weights",
    "read_WellKnownObject",
    "read_WellKnownObjects",
    "write_AdapterEntries",
    "write_AdapterEntry",
    "write_GroupPolicies",
    "write_GroupPolicy",
    "write_Lease",
    "write_Member",
    "write_Members",
    "write_NodeInfo",
    "write_NodeStatus",
    "write_NodeStatuses",
    "write_Priorities",
    "write_Weights",
    "write_WellKnownObject",
    "write_WellKnownObjects",
]


@attrs.frozen(order=True)
class NodeInfo:
    """What a node says of itself when it joins."""

    name: str = ""
    role: str = ""
    version: str = ""
    region: str = ""
    pid: int = 0
    http: str = ""
    """Where health and metrics are, as `http://host:port`; empty when nowhere."""

    zone: str = ""
    """Within the region."""


@attrs.frozen
class AdapterEntry:
    """One object adapter of a node. `group` is the replica group it belongs to, or empty."""

    id: str = ""
    group: str = ""
    proxy: ObjectPrx | None = None
    """Any proxy with the adapter's endpoints."""


@attrs.frozen
class WellKnownObject:
    """An object to be found by its identity alone: `proxy` is usually indirect, as `id@group`."""

    type: str = ""
    proxy: ObjectPrx | None = None


@attrs.frozen(order=True)
class Lease:
    """The right to be found, until it runs out. Writes of an older epoch are refused."""

    epoch: int = 0
    ttlMs: int = 0


@attrs.frozen
class NodeStatus:
    info: NodeInfo = attrs.field(factory=NodeInfo)
    epoch: int = 0
    leaseLeftMs: int = 0
    upMs: int = 0
    """Milliseconds since the node joined."""

    adapters: list[str] = attrs.field(factory=list)
    load: dict[str, float] = attrs.field(factory=dict)


@attrs.frozen
class Member:
    """One replica of a group."""

    adapterId: str = ""
    node: str = ""
    proxy: ObjectPrx | None = None
    """Any proxy with the replica's endpoints."""


@attrs.frozen
class GroupPolicy:
    """How a replica group is balanced: the fields of a `[[group]]` in the cluster file."""

    choice: str = "random"
    n: int = -1
    """Replicas in an answer; 0: all; below 0: as the choice says."""

    loadSample: int = 1
    """Minutes over which load is averaged: 1, 5 or 15."""

    weights: dict[str, float] = attrs.field(factory=dict)
    priorities: dict[str, int] = attrs.field(factory=dict)
    split: dict[str, int] = attrs.field(factory=dict)
    """Parts of the whole by region, or by `region/zone`."""


@attrs.frozen
class BadPolicyException(UserException):
    """A group cannot be balanced like that: `reason` says why."""

    reason: str = ""


@attrs.frozen
class LeaseLostException(UserException):
    """The lease is gone or was taken over: join again."""

    reason: str = ""


@attrs.frozen
class RegistrationRefusedException(UserException):
    """The entry contradicts another that is alive: `reason` names it."""

    reason: str = ""


class Registry(Protocol):
    """How pushnet's nodes take part in the grid. Its identity is `PushNet/Registry`."""

    def join(
        self,
        node: NodeInfo,
        adapters: Sequence[AdapterEntry],
        objects: Sequence[WellKnownObject],
        current: Current | None = None,
        /,
    ) -> Awaitable[Lease]:
        """Take up a place, with all adapters and objects at once. Joining again under the same name replaces
        what the earlier process of that name had registered, by a higher epoch. While the registry cannot
        write it takes in nobody, and keeps whom it has.
        """
        ...

    def renew(
        self, node: str, epoch: int, load: Mapping[str, float], current: Current | None = None, /
    ) -> Awaitable[None]:
        """Keep the place and tell the load. Gauge `load` decides least-loaded choice."""
        ...

    def leave(self, node: str, epoch: int, current: Current | None = None, /) -> Awaitable[None]:
        """Give the place up. An older epoch changes nothing."""
        ...

    def nodes(self, current: Current | None = None, /) -> Awaitable[list[NodeStatus]]:
        """Every node whose lease runs, by name."""
        ...

    def replicas(self, group: str, current: Current | None = None, /) -> Awaitable[list[Member]]:
        """The live replicas of a group, by adapter id; empty when there are none."""
        ...

    def policies(self, current: Current | None = None, /) -> Awaitable[dict[str, GroupPolicy]]:
        """How groups are balanced that are not left to the default."""
        ...

    def setPolicy(
        self, group: str, policy: GroupPolicy, current: Current | None = None, /
    ) -> Awaitable[None]:
        """Balance a group otherwise from now on; it is on disk when this returns. A name that no server's
        group, no role's and no policy has is refused.
        """
        ...


class RegistryPrx(ObjectPrx):
    """Calls a `Registry` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Registry"

    def join(
        self,
        node: NodeInfo,
        adapters: Sequence[AdapterEntry],
        objects: Sequence[WellKnownObject],
        context: CallContext = None,
    ) -> Deferred[Lease]:
        if self._ice_old:
            return self._ice_call10(_OP_Registry_join, (node, adapters, objects), context)
        out = bytearray()
        write_NodeInfo(out, node)
        write_AdapterEntries(out, adapters)
        write_WellKnownObjects(out, objects)
        return self._ice_call(_OP_Registry_join, out, context)

    def renew(
        self, node: str, epoch: int, load: Mapping[str, float], context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, node)
        out += _S_q.pack(epoch)
        write_Gauges(out, load)
        return self._ice_call(_OP_Registry_renew, out, context)

    def leave(self, node: str, epoch: int, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, node)
        out += _S_q.pack(epoch)
        return self._ice_call(_OP_Registry_leave, out, context)

    def nodes(self, context: CallContext = None) -> Deferred[list[NodeStatus]]:
        return self._ice_call(_OP_Registry_nodes, b"", context)

    def replicas(self, group: str, context: CallContext = None) -> Deferred[list[Member]]:
        out = bytearray()
        write_string(out, group)
        return self._ice_call(_OP_Registry_replicas, out, context)

    def policies(self, context: CallContext = None) -> Deferred[dict[str, GroupPolicy]]:
        return self._ice_call(_OP_Registry_policies, b"", context)

    def setPolicy(self, group: str, policy: GroupPolicy, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, group)
        write_GroupPolicy(out, policy)
        return self._ice_call(_OP_Registry_setPolicy, out, context)


class RegistryServant(Servant):
    """Serves a `Registry`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Registry"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Registry")


# The wire: how the above becomes bytes and back.

_S_d = Struct("<d")
_S_i = Struct("<i")
_S_ii = Struct("<ii")
_S_q = Struct("<q")
_S_qi = Struct("<qi")
_S_qiq = Struct("<qiq")

_new_AdapterEntry = maker_of(AdapterEntry)
_new_GroupPolicy = maker_of(GroupPolicy)
_new_Lease = maker_of(Lease)
_new_Member = maker_of(Member)
_new_NodeInfo = maker_of(NodeInfo)
_new_NodeStatus = maker_of(NodeStatus)
_new_WellKnownObject = maker_of(WellKnownObject)


def write_NodeInfo(out: bytearray, value: NodeInfo) -> None:
    write_string(out, value.name)
    write_string(out, value.role)
    write_string(out, value.version)
    write_string(out, value.region)
    out += _S_i.pack(value.pid)
    write_string(out, value.http)
    write_string(out, value.zone)


def read_NodeInfo(buf: bytes, pos: int) -> tuple[NodeInfo, int]:
    name, pos = read_string(buf, pos)
    role, pos = read_string(buf, pos)
    version, pos = read_string(buf, pos)
    region, pos = read_string(buf, pos)
    (pid,) = _S_i.unpack_from(buf, pos)
    http, pos = read_string(buf, pos + 4)
    zone, pos = read_string(buf, pos)
    return _new_NodeInfo(name, role, version, region, pid, http, zone), pos


def write_AdapterEntry(out: bytearray, value: AdapterEntry) -> None:
    write_string(out, value.id)
    write_string(out, value.group)
    write_proxy(out, value.proxy)


def read_AdapterEntry(buf: bytes, pos: int, source: Source) -> tuple[AdapterEntry, int]:
    id, pos = read_string(buf, pos)
    group, pos = read_string(buf, pos)
    proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
    return _new_AdapterEntry(id, group, proxy), pos


old_AdapterEntry = Struct10(AdapterEntry, (("id", STRING), ("group", STRING), ("proxy", Proxy10(ObjectPrx))))


def write_AdapterEntries(out: bytearray, value: Sequence[AdapterEntry]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.id.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.group.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_proxy(out, item.proxy)


def read_AdapterEntries(buf: bytes, pos: int, source: Source) -> tuple[list[AdapterEntry], int]:
    count, pos = read_count(buf, pos, 4)
    items: list[AdapterEntry] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            id = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            id, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            group = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            group, pos = read_string(buf, pos)
        proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
        items.append(_new_AdapterEntry(id, group, proxy))
    return items, pos


old_AdapterEntries = Sequence10(old_AdapterEntry, 4)


def write_WellKnownObject(out: bytearray, value: WellKnownObject) -> None:
    write_string(out, value.type)
    write_proxy(out, value.proxy)


def read_WellKnownObject(buf: bytes, pos: int, source: Source) -> tuple[WellKnownObject, int]:
    type, pos = read_string(buf, pos)
    proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
    return _new_WellKnownObject(type, proxy), pos


old_WellKnownObject = Struct10(WellKnownObject, (("type", STRING), ("proxy", Proxy10(ObjectPrx))))


def write_WellKnownObjects(out: bytearray, value: Sequence[WellKnownObject]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.type.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_proxy(out, item.proxy)


def read_WellKnownObjects(buf: bytes, pos: int, source: Source) -> tuple[list[WellKnownObject], int]:
    count, pos = read_count(buf, pos, 3)
    items: list[WellKnownObject] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            type = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            type, pos = read_string(buf, pos)
        proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
        items.append(_new_WellKnownObject(type, proxy))
    return items, pos


old_WellKnownObjects = Sequence10(old_WellKnownObject, 3)


def write_Lease(out: bytearray, value: Lease) -> None:
    out += _S_qi.pack(value.epoch, value.ttlMs)


def read_Lease(buf: bytes, pos: int) -> tuple[Lease, int]:
    epoch, ttlMs = _S_qi.unpack_from(buf, pos)
    return _new_Lease(epoch, ttlMs), pos + 12


def write_NodeStatus(out: bytearray, value: NodeStatus) -> None:
    write_NodeInfo(out, value.info)
    out += _S_qiq.pack(value.epoch, value.leaseLeftMs, value.upMs)
    write_Strings(out, value.adapters)
    write_Gauges(out, value.load)


def read_NodeStatus(buf: bytes, pos: int) -> tuple[NodeStatus, int]:
    info, pos = read_NodeInfo(buf, pos)
    epoch, leaseLeftMs, upMs = _S_qiq.unpack_from(buf, pos)
    adapters, pos = read_Strings(buf, pos + 20)
    load, pos = read_Gauges(buf, pos)
    return _new_NodeStatus(info, epoch, leaseLeftMs, upMs, adapters, load), pos


def write_NodeStatuses(out: bytearray, value: Sequence[NodeStatus]) -> None:
    write_size(out, len(value))
    for item in value:
        write_NodeStatus(out, item)


def read_NodeStatuses(buf: bytes, pos: int) -> tuple[list[NodeStatus], int]:
    count, pos = read_count(buf, pos, 32)
    items: list[NodeStatus] = []
    for _ in range(count):
        item, pos = read_NodeStatus(buf, pos)
        items.append(item)
    return items, pos


def write_Member(out: bytearray, value: Member) -> None:
    write_string(out, value.adapterId)
    write_string(out, value.node)
    write_proxy(out, value.proxy)


def read_Member(buf: bytes, pos: int, source: Source) -> tuple[Member, int]:
    adapterId, pos = read_string(buf, pos)
    node, pos = read_string(buf, pos)
    proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
    return _new_Member(adapterId, node, proxy), pos


old_Member = Struct10(Member, (("adapterId", STRING), ("node", STRING), ("proxy", Proxy10(ObjectPrx))))


def write_Members(out: bytearray, value: Sequence[Member]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.adapterId.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.node.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_proxy(out, item.proxy)


def read_Members(buf: bytes, pos: int, source: Source) -> tuple[list[Member], int]:
    count, pos = read_count(buf, pos, 4)
    items: list[Member] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            adapterId = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            adapterId, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            node = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            node, pos = read_string(buf, pos)
        proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
        items.append(_new_Member(adapterId, node, proxy))
    return items, pos


old_Members = Sequence10(old_Member, 4)


def write_Weights(out: bytearray, value: Mapping[str, float]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_d.pack(item)


def read_Weights(buf: bytes, pos: int) -> tuple[dict[str, float], int]:
    count, pos = read_count(buf, pos, 9)
    value: dict[str, float] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        (item,) = _S_d.unpack_from(buf, pos)
        pos += 8
        value[key] = item
    return value, pos


def write_Priorities(out: bytearray, value: Mapping[str, int]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_i.pack(item)


def read_Priorities(buf: bytes, pos: int) -> tuple[dict[str, int], int]:
    count, pos = read_count(buf, pos, 5)
    value: dict[str, int] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        (item,) = _S_i.unpack_from(buf, pos)
        pos += 4
        value[key] = item
    return value, pos


def write_GroupPolicy(out: bytearray, value: GroupPolicy) -> None:
    write_string(out, value.choice)
    out += _S_ii.pack(value.n, value.loadSample)
    write_Weights(out, value.weights)
    write_Priorities(out, value.priorities)
    write_Priorities(out, value.split)


def read_GroupPolicy(buf: bytes, pos: int) -> tuple[GroupPolicy, int]:
    choice, pos = read_string(buf, pos)
    n, loadSample = _S_ii.unpack_from(buf, pos)
    weights, pos = read_Weights(buf, pos + 8)
    priorities, pos = read_Priorities(buf, pos)
    split, pos = read_Priorities(buf, pos)
    return _new_GroupPolicy(choice, n, loadSample, weights, priorities, split), pos


def write_GroupPolicies(out: bytearray, value: Mapping[str, GroupPolicy]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.choice.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_ii.pack(item.n, item.loadSample)
        write_Weights(out, item.weights)
        write_Priorities(out, item.priorities)
        write_Priorities(out, item.split)


def read_GroupPolicies(buf: bytes, pos: int) -> tuple[dict[str, GroupPolicy], int]:
    count, pos = read_count(buf, pos, 13)
    value: dict[str, GroupPolicy] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            choice = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            choice, pos = read_string(buf, pos)
        n, loadSample = _S_ii.unpack_from(buf, pos)
        weights, pos = read_Weights(buf, pos + 8)
        priorities, pos = read_Priorities(buf, pos)
        split, pos = read_Priorities(buf, pos)
        value[key] = _new_GroupPolicy(choice, n, loadSample, weights, priorities, split)
    return value, pos


def _write_BadPolicyException(out: bytearray, value: BadPolicyException) -> None:
    write_string(out, value.reason)


def _read_BadPolicyException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


BadPolicyException.ice_slice = ExceptionSlice(
    "::PushNet::BadPolicyException",
    BadPolicyException,
    _write_BadPolicyException,
    _read_BadPolicyException,
    None,
)


def _write_LeaseLostException(out: bytearray, value: LeaseLostException) -> None:
    write_string(out, value.reason)


def _read_LeaseLostException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


LeaseLostException.ice_slice = ExceptionSlice(
    "::PushNet::LeaseLostException",
    LeaseLostException,
    _write_LeaseLostException,
    _read_LeaseLostException,
    None,
)


def _write_RegistrationRefusedException(out: bytearray, value: RegistrationRefusedException) -> None:
    write_string(out, value.reason)


def _read_RegistrationRefusedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


RegistrationRefusedException.ice_slice = ExceptionSlice(
    "::PushNet::RegistrationRefusedException",
    RegistrationRefusedException,
    _write_RegistrationRefusedException,
    _read_RegistrationRefusedException,
    None,
)

_OLD_Registry_join = Call10(
    "join",
    (Same(write_NodeInfo, read_NodeInfo), old_AdapterEntries, old_WellKnownObjects),
    (Same(write_Lease, read_Lease),),
    returns=True,
)


def _read_result_Registry_join(buf: bytes, pos: int, source: Source) -> Lease:
    result_epoch, result_ttlMs = _S_qi.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, source)
    return _new_Lease(result_epoch, result_ttlMs)


def _serve_Registry_join(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    node, pos = read_NodeInfo(buf, pos)
    adapters, pos = read_AdapterEntries(buf, pos, current)
    objects, pos = read_WellKnownObjects(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.join(node, adapters, objects, current)


def _write_result_Registry_join(value: Lease) -> bytes:
    return _S_qi.pack(value.epoch, value.ttlMs)


_OP_Registry_join: Operation[Lease] = Operation(
    "join",
    0,
    _read_result_Registry_join,
    (RegistrationRefusedException, UnavailableException),
    old=_OLD_Registry_join,
)


def _serve_Registry_renew(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    node, pos = read_string(buf, pos)
    (epoch,) = _S_q.unpack_from(buf, pos)
    load, pos = read_Gauges(buf, pos + 8)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.renew(node, epoch, load, current)


_OP_Registry_renew: Operation[None] = Operation("renew", 2, None, (LeaseLostException, UnavailableException))


def _serve_Registry_leave(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    node, pos = read_string(buf, pos)
    (epoch,) = _S_q.unpack_from(buf, pos)
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, current)
    return servant.leave(node, epoch, current)


_OP_Registry_leave: Operation[None] = Operation("leave", 2, None, (UnavailableException,))


def _read_result_Registry_nodes(buf: bytes, pos: int, source: Source) -> list[NodeStatus]:
    result, pos = read_NodeStatuses(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Registry_nodes(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    return servant.nodes(current)


def _write_result_Registry_nodes(value: list[NodeStatus]) -> bytearray:
    out = bytearray()
    write_NodeStatuses(out, value)
    return out


_OP_Registry_nodes: Operation[list[NodeStatus]] = Operation("nodes", 2, _read_result_Registry_nodes, ())

_OLD_Registry_replicas = Call10("replicas", (STRING,), (old_Members,), returns=True)


def _read_result_Registry_replicas(buf: bytes, pos: int, source: Source) -> list[Member]:
    result, pos = read_Members(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Registry_replicas(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    group, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.replicas(group, current)


def _write_result_Registry_replicas(value: list[Member]) -> bytearray:
    out = bytearray()
    write_Members(out, value)
    return out


_OP_Registry_replicas: Operation[list[Member]] = Operation(
    "replicas", 2, _read_result_Registry_replicas, (), old=_OLD_Registry_replicas
)


def _read_result_Registry_policies(buf: bytes, pos: int, source: Source) -> dict[str, GroupPolicy]:
    result, pos = read_GroupPolicies(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Registry_policies(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    return servant.policies(current)


def _write_result_Registry_policies(value: dict[str, GroupPolicy]) -> bytearray:
    out = bytearray()
    write_GroupPolicies(out, value)
    return out


_OP_Registry_policies: Operation[dict[str, GroupPolicy]] = Operation(
    "policies", 2, _read_result_Registry_policies, ()
)


def _serve_Registry_setPolicy(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    group, pos = read_string(buf, pos)
    policy, pos = read_GroupPolicy(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.setPolicy(group, policy, current)


_OP_Registry_setPolicy: Operation[None] = Operation(
    "setPolicy", 2, None, (BadPolicyException, UnavailableException)
)

RegistryServant.ice_operations = {
    b"join": ServantOperation(
        "join", 0, _serve_Registry_join, _write_result_Registry_join, old=_OLD_Registry_join
    ),
    b"renew": ServantOperation("renew", 2, _serve_Registry_renew, None),
    b"leave": ServantOperation("leave", 2, _serve_Registry_leave, None),
    b"nodes": ServantOperation("nodes", 2, _serve_Registry_nodes, _write_result_Registry_nodes),
    b"replicas": ServantOperation(
        "replicas", 2, _serve_Registry_replicas, _write_result_Registry_replicas, old=_OLD_Registry_replicas
    ),
    b"policies": ServantOperation("policies", 2, _serve_Registry_policies, _write_result_Registry_policies),
    b"setPolicy": ServantOperation("setPolicy", 2, _serve_Registry_setPolicy, None),
}
