# Written by slice2tx from idl/ice/icegrid_observers.ice. To change it, change the Slice file.
"""Who watches the grid is told how it stands, then each change."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.ice.icegrid_admin import (
    AdapterInfo,
    NodeInfo,
    ObjectInfo,
    RegistryInfo,
    ServerState,
    old_AdapterInfo,
    old_AdapterInfoSeq,
    old_ObjectInfo,
    old_ObjectInfoSeq,
    old_ServerState,
    read_AdapterInfo,
    read_AdapterInfoSeq,
    read_NodeInfo,
    read_ObjectInfo,
    read_ObjectInfoSeq,
    read_RegistryInfo,
    read_RegistryInfoSeq,
    read_ServerState,
    write_AdapterInfo,
    write_AdapterInfoSeq,
    write_NodeInfo,
    write_ObjectInfo,
    write_ObjectInfoSeq,
    write_RegistryInfo,
    write_RegistryInfoSeq,
    write_ServerState,
)
from pushnet.gen.ice.identity import read_StringSeq, write_StringSeq
from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    read_proxy,
    write_proxy,
)
from pushnet.wire.basic import read_count, read_string, write_size, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import BOOL, INT, STRING, Proxy10, Same, Sequence10, Struct10
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "AdapterDynamicInfo",
    "AdapterObserver",
    "AdapterObserverPrx",
    "AdapterObserverServant",
    "ApplicationObserver",
    "ApplicationObserverPrx",
    "ApplicationObserverServant",
    "NodeDynamicInfo",
    "NodeObserver",
    "NodeObserverPrx",
    "NodeObserverServant",
    "ObjectObserver",
    "ObjectObserverPrx",
    "ObjectObserverServant",
    "RegistryObserver",
    "RegistryObserverPrx",
    "RegistryObserverServant",
    "ServerDynamicInfo",
    "read_AdapterDynamicInfo",
    "read_AdapterDynamicInfoSeq",
    "read_NodeDynamicInfo",
    "read_NodeDynamicInfoSeq",
    "read_ServerDynamicInfo",
    "read_ServerDynamicInfoSeq",
    "write_AdapterDynamicInfo",
    "write_AdapterDynamicInfoSeq",
    "write_NodeDynamicInfo",
    "write_NodeDynamicInfoSeq",
    "write_ServerDynamicInfo",
    "write_ServerDynamicInfoSeq",
]


@attrs.frozen(order=True)
class ServerDynamicInfo:
    id: str = ""
    state: ServerState = ServerState.Inactive
    pid: int = 0
    enabled: bool = False


@attrs.frozen
class AdapterDynamicInfo:
    id: str = ""
    proxy: ObjectPrx | None = None


@attrs.frozen
class NodeDynamicInfo:
    info: NodeInfo = attrs.field(factory=NodeInfo)
    servers: list[ServerDynamicInfo] = attrs.field(factory=list)
    adapters: list[AdapterDynamicInfo] = attrs.field(factory=list)


class RegistryObserver(Protocol):
    def registryInit(
        self, registries: Sequence[RegistryInfo], current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def registryUp(self, info: RegistryInfo, current: Current | None = None, /) -> Awaitable[None]: ...

    def registryDown(self, name: str, current: Current | None = None, /) -> Awaitable[None]: ...


class NodeObserver(Protocol):
    def nodeInit(
        self, nodes: Sequence[NodeDynamicInfo], current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def nodeUp(self, node: NodeDynamicInfo, current: Current | None = None, /) -> Awaitable[None]: ...

    def nodeDown(self, name: str, current: Current | None = None, /) -> Awaitable[None]: ...

    def updateServer(
        self, node: str, updatedInfo: ServerDynamicInfo, current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def updateAdapter(
        self, node: str, updatedInfo: AdapterDynamicInfo, current: Current | None = None, /
    ) -> Awaitable[None]: ...


class ApplicationObserver(Protocol):
    """Applications are XML deployments, of which a pushnet grid has none: the only call is
    `applicationInit`.
    """

    def applicationInit(
        self, serial: int, applications: Sequence[str], current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def applicationRemoved(
        self, serial: int, name: str, current: Current | None = None, /
    ) -> Awaitable[None]: ...


class AdapterObserver(Protocol):
    def adapterInit(
        self, adpts: Sequence[AdapterInfo], current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def adapterAdded(self, info: AdapterInfo, current: Current | None = None, /) -> Awaitable[None]: ...

    def adapterUpdated(self, info: AdapterInfo, current: Current | None = None, /) -> Awaitable[None]: ...

    def adapterRemoved(self, id: str, current: Current | None = None, /) -> Awaitable[None]: ...


class ObjectObserver(Protocol):
    def objectInit(
        self, objects: Sequence[ObjectInfo], current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def objectAdded(self, info: ObjectInfo, current: Current | None = None, /) -> Awaitable[None]: ...

    def objectUpdated(self, info: ObjectInfo, current: Current | None = None, /) -> Awaitable[None]: ...

    def objectRemoved(self, id: Identity, current: Current | None = None, /) -> Awaitable[None]: ...


class RegistryObserverPrx(ObjectPrx):
    """Calls a `RegistryObserver` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::RegistryObserver"

    def registryInit(self, registries: Sequence[RegistryInfo], context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_RegistryInfoSeq(out, registries)
        return self._ice_call(_OP_RegistryObserver_registryInit, out, context)

    def registryUp(self, info: RegistryInfo, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_RegistryInfo(out, info)
        return self._ice_call(_OP_RegistryObserver_registryUp, out, context)

    def registryDown(self, name: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_RegistryObserver_registryDown, out, context)


class NodeObserverPrx(ObjectPrx):
    """Calls a `NodeObserver` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::NodeObserver"

    def nodeInit(self, nodes: Sequence[NodeDynamicInfo], context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_NodeObserver_nodeInit, (nodes,), context)
        out = bytearray()
        write_NodeDynamicInfoSeq(out, nodes)
        return self._ice_call(_OP_NodeObserver_nodeInit, out, context)

    def nodeUp(self, node: NodeDynamicInfo, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_NodeObserver_nodeUp, (node,), context)
        out = bytearray()
        write_NodeDynamicInfo(out, node)
        return self._ice_call(_OP_NodeObserver_nodeUp, out, context)

    def nodeDown(self, name: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_NodeObserver_nodeDown, out, context)

    def updateServer(
        self, node: str, updatedInfo: ServerDynamicInfo, context: CallContext = None
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_NodeObserver_updateServer, (node, updatedInfo), context)
        out = bytearray()
        write_string(out, node)
        write_ServerDynamicInfo(out, updatedInfo)
        return self._ice_call(_OP_NodeObserver_updateServer, out, context)

    def updateAdapter(
        self, node: str, updatedInfo: AdapterDynamicInfo, context: CallContext = None
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_NodeObserver_updateAdapter, (node, updatedInfo), context)
        out = bytearray()
        write_string(out, node)
        write_AdapterDynamicInfo(out, updatedInfo)
        return self._ice_call(_OP_NodeObserver_updateAdapter, out, context)


class ApplicationObserverPrx(ObjectPrx):
    """Calls an `ApplicationObserver` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::ApplicationObserver"

    def applicationInit(
        self, serial: int, applications: Sequence[str], context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        out += _S_i.pack(serial)
        write_StringSeq(out, applications)
        return self._ice_call(_OP_ApplicationObserver_applicationInit, out, context)

    def applicationRemoved(self, serial: int, name: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        out += _S_i.pack(serial)
        write_string(out, name)
        return self._ice_call(_OP_ApplicationObserver_applicationRemoved, out, context)


class AdapterObserverPrx(ObjectPrx):
    """Calls an `AdapterObserver` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::AdapterObserver"

    def adapterInit(self, adpts: Sequence[AdapterInfo], context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_AdapterObserver_adapterInit, (adpts,), context)
        out = bytearray()
        write_AdapterInfoSeq(out, adpts)
        return self._ice_call(_OP_AdapterObserver_adapterInit, out, context)

    def adapterAdded(self, info: AdapterInfo, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_AdapterObserver_adapterAdded, (info,), context)
        out = bytearray()
        write_AdapterInfo(out, info)
        return self._ice_call(_OP_AdapterObserver_adapterAdded, out, context)

    def adapterUpdated(self, info: AdapterInfo, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_AdapterObserver_adapterUpdated, (info,), context)
        out = bytearray()
        write_AdapterInfo(out, info)
        return self._ice_call(_OP_AdapterObserver_adapterUpdated, out, context)

    def adapterRemoved(self, id: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_AdapterObserver_adapterRemoved, out, context)


class ObjectObserverPrx(ObjectPrx):
    """Calls an `ObjectObserver` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::ObjectObserver"

    def objectInit(self, objects: Sequence[ObjectInfo], context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_ObjectObserver_objectInit, (objects,), context)
        out = bytearray()
        write_ObjectInfoSeq(out, objects)
        return self._ice_call(_OP_ObjectObserver_objectInit, out, context)

    def objectAdded(self, info: ObjectInfo, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_ObjectObserver_objectAdded, (info,), context)
        out = bytearray()
        write_ObjectInfo(out, info)
        return self._ice_call(_OP_ObjectObserver_objectAdded, out, context)

    def objectUpdated(self, info: ObjectInfo, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_ObjectObserver_objectUpdated, (info,), context)
        out = bytearray()
        write_ObjectInfo(out, info)
        return self._ice_call(_OP_ObjectObserver_objectUpdated, out, context)

    def objectRemoved(self, id: Identity, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_Identity(out, id)
        return self._ice_call(_OP_ObjectObserver_objectRemoved, out, context)


class RegistryObserverServant(Servant):
    """Serves a `RegistryObserver`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::RegistryObserver"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceGrid::RegistryObserver")


class NodeObserverServant(Servant):
    """Serves a `NodeObserver`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::NodeObserver"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceGrid::NodeObserver")


class ApplicationObserverServant(Servant):
    """Serves an `ApplicationObserver`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::ApplicationObserver"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceGrid::ApplicationObserver")


class AdapterObserverServant(Servant):
    """Serves an `AdapterObserver`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::AdapterObserver"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceGrid::AdapterObserver")


class ObjectObserverServant(Servant):
    """Serves an `ObjectObserver`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::ObjectObserver"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceGrid::ObjectObserver")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_io = Struct("<i?")

_new_AdapterDynamicInfo = maker_of(AdapterDynamicInfo)
_new_NodeDynamicInfo = maker_of(NodeDynamicInfo)
_new_ServerDynamicInfo = maker_of(ServerDynamicInfo)


def write_ServerDynamicInfo(out: bytearray, value: ServerDynamicInfo) -> None:
    write_string(out, value.id)
    write_ServerState(out, value.state)
    out += _S_io.pack(value.pid, value.enabled)


def read_ServerDynamicInfo(buf: bytes, pos: int) -> tuple[ServerDynamicInfo, int]:
    id, pos = read_string(buf, pos)
    state, pos = read_ServerState(buf, pos)
    pid, enabled = _S_io.unpack_from(buf, pos)
    return _new_ServerDynamicInfo(id, state, pid, enabled), pos + 5


old_ServerDynamicInfo = Struct10(
    ServerDynamicInfo, (("id", STRING), ("state", old_ServerState), ("pid", INT), ("enabled", BOOL))
)


def write_ServerDynamicInfoSeq(out: bytearray, value: Sequence[ServerDynamicInfo]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.id.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_ServerState(out, item.state)
        out += _S_io.pack(item.pid, item.enabled)


def read_ServerDynamicInfoSeq(buf: bytes, pos: int) -> tuple[list[ServerDynamicInfo], int]:
    count, pos = read_count(buf, pos, 7)
    items: list[ServerDynamicInfo] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            id = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            id, pos = read_string(buf, pos)
        state, pos = read_ServerState(buf, pos)
        pid, enabled = _S_io.unpack_from(buf, pos)
        pos += 5
        items.append(_new_ServerDynamicInfo(id, state, pid, enabled))
    return items, pos


old_ServerDynamicInfoSeq = Sequence10(old_ServerDynamicInfo, 7)


def write_AdapterDynamicInfo(out: bytearray, value: AdapterDynamicInfo) -> None:
    write_string(out, value.id)
    write_proxy(out, value.proxy)


def read_AdapterDynamicInfo(buf: bytes, pos: int, source: Source) -> tuple[AdapterDynamicInfo, int]:
    id, pos = read_string(buf, pos)
    proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
    return _new_AdapterDynamicInfo(id, proxy), pos


old_AdapterDynamicInfo = Struct10(AdapterDynamicInfo, (("id", STRING), ("proxy", Proxy10(ObjectPrx))))


def write_AdapterDynamicInfoSeq(out: bytearray, value: Sequence[AdapterDynamicInfo]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.id.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_proxy(out, item.proxy)


def read_AdapterDynamicInfoSeq(buf: bytes, pos: int, source: Source) -> tuple[list[AdapterDynamicInfo], int]:
    count, pos = read_count(buf, pos, 3)
    items: list[AdapterDynamicInfo] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            id = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            id, pos = read_string(buf, pos)
        proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
        items.append(_new_AdapterDynamicInfo(id, proxy))
    return items, pos


old_AdapterDynamicInfoSeq = Sequence10(old_AdapterDynamicInfo, 3)


def write_NodeDynamicInfo(out: bytearray, value: NodeDynamicInfo) -> None:
    write_NodeInfo(out, value.info)
    write_ServerDynamicInfoSeq(out, value.servers)
    write_AdapterDynamicInfoSeq(out, value.adapters)


def read_NodeDynamicInfo(buf: bytes, pos: int, source: Source) -> tuple[NodeDynamicInfo, int]:
    info, pos = read_NodeInfo(buf, pos)
    servers, pos = read_ServerDynamicInfoSeq(buf, pos)
    adapters, pos = read_AdapterDynamicInfoSeq(buf, pos, source)
    return _new_NodeDynamicInfo(info, servers, adapters), pos


old_NodeDynamicInfo = Struct10(
    NodeDynamicInfo,
    (
        ("info", Same(write_NodeInfo, read_NodeInfo)),
        ("servers", old_ServerDynamicInfoSeq),
        ("adapters", old_AdapterDynamicInfoSeq),
    ),
)


def write_NodeDynamicInfoSeq(out: bytearray, value: Sequence[NodeDynamicInfo]) -> None:
    write_size(out, len(value))
    for item in value:
        write_NodeDynamicInfo(out, item)


def read_NodeDynamicInfoSeq(buf: bytes, pos: int, source: Source) -> tuple[list[NodeDynamicInfo], int]:
    count, pos = read_count(buf, pos, 13)
    items: list[NodeDynamicInfo] = []
    for _ in range(count):
        item, pos = read_NodeDynamicInfo(buf, pos, source)
        items.append(item)
    return items, pos


old_NodeDynamicInfoSeq = Sequence10(old_NodeDynamicInfo, 13)


def _serve_RegistryObserver_registryInit(
    servant: RegistryObserver, buf: bytes, pos: int, current: Current
) -> Any:
    registries, pos = read_RegistryInfoSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.registryInit(registries, current)


_OP_RegistryObserver_registryInit: Operation[None] = Operation("registryInit", 0, None, ())


def _serve_RegistryObserver_registryUp(
    servant: RegistryObserver, buf: bytes, pos: int, current: Current
) -> Any:
    info, pos = read_RegistryInfo(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.registryUp(info, current)


_OP_RegistryObserver_registryUp: Operation[None] = Operation("registryUp", 0, None, ())


def _serve_RegistryObserver_registryDown(
    servant: RegistryObserver, buf: bytes, pos: int, current: Current
) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.registryDown(name, current)


_OP_RegistryObserver_registryDown: Operation[None] = Operation("registryDown", 0, None, ())

RegistryObserverServant.ice_operations = {
    b"registryInit": ServantOperation("registryInit", 0, _serve_RegistryObserver_registryInit, None),
    b"registryUp": ServantOperation("registryUp", 0, _serve_RegistryObserver_registryUp, None),
    b"registryDown": ServantOperation("registryDown", 0, _serve_RegistryObserver_registryDown, None),
}

_OLD_NodeObserver_nodeInit = Call10("nodeInit", (old_NodeDynamicInfoSeq,), ())


def _serve_NodeObserver_nodeInit(servant: NodeObserver, buf: bytes, pos: int, current: Current) -> Any:
    nodes, pos = read_NodeDynamicInfoSeq(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.nodeInit(nodes, current)


_OP_NodeObserver_nodeInit: Operation[None] = Operation(
    "nodeInit", 0, None, (), old=_OLD_NodeObserver_nodeInit
)

_OLD_NodeObserver_nodeUp = Call10("nodeUp", (old_NodeDynamicInfo,), ())


def _serve_NodeObserver_nodeUp(servant: NodeObserver, buf: bytes, pos: int, current: Current) -> Any:
    node, pos = read_NodeDynamicInfo(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.nodeUp(node, current)


_OP_NodeObserver_nodeUp: Operation[None] = Operation("nodeUp", 0, None, (), old=_OLD_NodeObserver_nodeUp)


def _serve_NodeObserver_nodeDown(servant: NodeObserver, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.nodeDown(name, current)


_OP_NodeObserver_nodeDown: Operation[None] = Operation("nodeDown", 0, None, ())

_OLD_NodeObserver_updateServer = Call10("updateServer", (STRING, old_ServerDynamicInfo), ())


def _serve_NodeObserver_updateServer(servant: NodeObserver, buf: bytes, pos: int, current: Current) -> Any:
    node, pos = read_string(buf, pos)
    updatedInfo, pos = read_ServerDynamicInfo(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.updateServer(node, updatedInfo, current)


_OP_NodeObserver_updateServer: Operation[None] = Operation(
    "updateServer", 0, None, (), old=_OLD_NodeObserver_updateServer
)

_OLD_NodeObserver_updateAdapter = Call10("updateAdapter", (STRING, old_AdapterDynamicInfo), ())


def _serve_NodeObserver_updateAdapter(servant: NodeObserver, buf: bytes, pos: int, current: Current) -> Any:
    node, pos = read_string(buf, pos)
    updatedInfo, pos = read_AdapterDynamicInfo(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.updateAdapter(node, updatedInfo, current)


_OP_NodeObserver_updateAdapter: Operation[None] = Operation(
    "updateAdapter", 0, None, (), old=_OLD_NodeObserver_updateAdapter
)

NodeObserverServant.ice_operations = {
    b"nodeInit": ServantOperation(
        "nodeInit", 0, _serve_NodeObserver_nodeInit, None, old=_OLD_NodeObserver_nodeInit
    ),
    b"nodeUp": ServantOperation("nodeUp", 0, _serve_NodeObserver_nodeUp, None, old=_OLD_NodeObserver_nodeUp),
    b"nodeDown": ServantOperation("nodeDown", 0, _serve_NodeObserver_nodeDown, None),
    b"updateServer": ServantOperation(
        "updateServer", 0, _serve_NodeObserver_updateServer, None, old=_OLD_NodeObserver_updateServer
    ),
    b"updateAdapter": ServantOperation(
        "updateAdapter", 0, _serve_NodeObserver_updateAdapter, None, old=_OLD_NodeObserver_updateAdapter
    ),
}


def _serve_ApplicationObserver_applicationInit(
    servant: ApplicationObserver, buf: bytes, pos: int, current: Current
) -> Any:
    (serial,) = _S_i.unpack_from(buf, pos)
    applications, pos = read_StringSeq(buf, pos + 4)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.applicationInit(serial, applications, current)


_OP_ApplicationObserver_applicationInit: Operation[None] = Operation("applicationInit", 0, None, ())


def _serve_ApplicationObserver_applicationRemoved(
    servant: ApplicationObserver, buf: bytes, pos: int, current: Current
) -> Any:
    (serial,) = _S_i.unpack_from(buf, pos)
    name, pos = read_string(buf, pos + 4)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.applicationRemoved(serial, name, current)


_OP_ApplicationObserver_applicationRemoved: Operation[None] = Operation("applicationRemoved", 0, None, ())

ApplicationObserverServant.ice_operations = {
    b"applicationInit": ServantOperation(
        "applicationInit", 0, _serve_ApplicationObserver_applicationInit, None
    ),
    b"applicationRemoved": ServantOperation(
        "applicationRemoved", 0, _serve_ApplicationObserver_applicationRemoved, None
    ),
}

_OLD_AdapterObserver_adapterInit = Call10("adapterInit", (old_AdapterInfoSeq,), ())


def _serve_AdapterObserver_adapterInit(
    servant: AdapterObserver, buf: bytes, pos: int, current: Current
) -> Any:
    adpts, pos = read_AdapterInfoSeq(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.adapterInit(adpts, current)


_OP_AdapterObserver_adapterInit: Operation[None] = Operation(
    "adapterInit", 0, None, (), old=_OLD_AdapterObserver_adapterInit
)

_OLD_AdapterObserver_adapterAdded = Call10("adapterAdded", (old_AdapterInfo,), ())


def _serve_AdapterObserver_adapterAdded(
    servant: AdapterObserver, buf: bytes, pos: int, current: Current
) -> Any:
    info, pos = read_AdapterInfo(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.adapterAdded(info, current)


_OP_AdapterObserver_adapterAdded: Operation[None] = Operation(
    "adapterAdded", 0, None, (), old=_OLD_AdapterObserver_adapterAdded
)

_OLD_AdapterObserver_adapterUpdated = Call10("adapterUpdated", (old_AdapterInfo,), ())


def _serve_AdapterObserver_adapterUpdated(
    servant: AdapterObserver, buf: bytes, pos: int, current: Current
) -> Any:
    info, pos = read_AdapterInfo(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.adapterUpdated(info, current)


_OP_AdapterObserver_adapterUpdated: Operation[None] = Operation(
    "adapterUpdated", 0, None, (), old=_OLD_AdapterObserver_adapterUpdated
)


def _serve_AdapterObserver_adapterRemoved(
    servant: AdapterObserver, buf: bytes, pos: int, current: Current
) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.adapterRemoved(id, current)


_OP_AdapterObserver_adapterRemoved: Operation[None] = Operation("adapterRemoved", 0, None, ())

AdapterObserverServant.ice_operations = {
    b"adapterInit": ServantOperation(
        "adapterInit", 0, _serve_AdapterObserver_adapterInit, None, old=_OLD_AdapterObserver_adapterInit
    ),
    b"adapterAdded": ServantOperation(
        "adapterAdded", 0, _serve_AdapterObserver_adapterAdded, None, old=_OLD_AdapterObserver_adapterAdded
    ),
    b"adapterUpdated": ServantOperation(
        "adapterUpdated",
        0,
        _serve_AdapterObserver_adapterUpdated,
        None,
        old=_OLD_AdapterObserver_adapterUpdated,
    ),
    b"adapterRemoved": ServantOperation("adapterRemoved", 0, _serve_AdapterObserver_adapterRemoved, None),
}

_OLD_ObjectObserver_objectInit = Call10("objectInit", (old_ObjectInfoSeq,), ())


def _serve_ObjectObserver_objectInit(servant: ObjectObserver, buf: bytes, pos: int, current: Current) -> Any:
    objects, pos = read_ObjectInfoSeq(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.objectInit(objects, current)


_OP_ObjectObserver_objectInit: Operation[None] = Operation(
    "objectInit", 0, None, (), old=_OLD_ObjectObserver_objectInit
)

_OLD_ObjectObserver_objectAdded = Call10("objectAdded", (old_ObjectInfo,), ())


def _serve_ObjectObserver_objectAdded(servant: ObjectObserver, buf: bytes, pos: int, current: Current) -> Any:
    info, pos = read_ObjectInfo(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.objectAdded(info, current)


_OP_ObjectObserver_objectAdded: Operation[None] = Operation(
    "objectAdded", 0, None, (), old=_OLD_ObjectObserver_objectAdded
)

_OLD_ObjectObserver_objectUpdated = Call10("objectUpdated", (old_ObjectInfo,), ())


def _serve_ObjectObserver_objectUpdated(
    servant: ObjectObserver, buf: bytes, pos: int, current: Current
) -> Any:
    info, pos = read_ObjectInfo(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.objectUpdated(info, current)


_OP_ObjectObserver_objectUpdated: Operation[None] = Operation(
    "objectUpdated", 0, None, (), old=_OLD_ObjectObserver_objectUpdated
)


def _serve_ObjectObserver_objectRemoved(
    servant: ObjectObserver, buf: bytes, pos: int, current: Current
) -> Any:
    id, pos = read_Identity(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.objectRemoved(id, current)


_OP_ObjectObserver_objectRemoved: Operation[None] = Operation("objectRemoved", 0, None, ())

ObjectObserverServant.ice_operations = {
    b"objectInit": ServantOperation(
        "objectInit", 0, _serve_ObjectObserver_objectInit, None, old=_OLD_ObjectObserver_objectInit
    ),
    b"objectAdded": ServantOperation(
        "objectAdded", 0, _serve_ObjectObserver_objectAdded, None, old=_OLD_ObjectObserver_objectAdded
    ),
    b"objectUpdated": ServantOperation(
        "objectUpdated", 0, _serve_ObjectObserver_objectUpdated, None, old=_OLD_ObjectObserver_objectUpdated
    ),
    b"objectRemoved": ServantOperation("objectRemoved", 0, _serve_ObjectObserver_objectRemoved, None),
}
