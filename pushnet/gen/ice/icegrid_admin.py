# Written by slice2tx from idl/ice/icegrid_admin.ice. To change it, change the Slice file.
"""What administrators of an IceGrid ask and order. A node of a pushnet grid is both a node and its one
server.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Final, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.ice.icegrid_descriptors import ServerDescriptor
from pushnet.gen.ice.icegrid_exceptions import (
    AdapterNotExistException,
    BadSignalException,
    DeploymentException,
    NodeNotExistException,
    NodeUnreachableException,
    ObjectExistsException,
    ObjectNotRegisteredException,
    RegistryNotExistException,
    RegistryUnreachableException,
    ServerNotExistException,
    ServerStartException,
    ServerStopException,
)
from pushnet.gen.ice.identity import read_PropertyDict, read_StringSeq, write_PropertyDict, write_StringSeq
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
from pushnet.wire.basic import read_count, read_size, read_string, write_size, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import INT, STRING, Class10, Enum10, Proxy10, Same, Sequence10, Struct10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter

__all__ = [
    "AdapterInfo",
    "Admin",
    "AdminPrx",
    "AdminServant",
    "LoadInfo",
    "NodeInfo",
    "ObjectInfo",
    "RegistryInfo",
    "ServerInfo",
    "ServerState",
    "read_AdapterInfo",
    "read_AdapterInfoSeq",
    "read_LoadInfo",
    "read_NodeInfo",
    "read_ObjectInfo",
    "read_ObjectInfoSeq",
    "read_RegistryInfo",
    "read_RegistryInfoSeq",
    "read_ServerInfo",
    "read_ServerState",
    "write_AdapterInfo",
    "write_AdapterInfoSeq",
    "write_LoadInfo",
    "write_NodeInfo",
    "write_ObjectInfo",
    "write_ObjectInfoSeq",
    "write_RegistryInfo",
    "write_RegistryInfoSeq",
    "write_ServerInfo",
    "write_ServerState",
]


class ServerState(SliceEnum):
    Inactive = 0
    Activating = 1
    ActivationTimedOut = 2
    Active = 3
    Deactivating = 4
    Destroying = 5
    Destroyed = 6


@attrs.frozen
class ServerInfo:
    application: str = ""
    uuid: str = ""
    revision: int = 0
    node: str = ""
    descriptor: ServerDescriptor | None = None
    sessionId: str = ""


@attrs.frozen(order=True)
class NodeInfo:
    name: str = ""
    os: str = ""
    hostname: str = ""
    release: str = ""
    version: str = ""
    machine: str = ""
    nProcessors: int = 0
    dataDir: str = ""


@attrs.frozen(order=True)
class RegistryInfo:
    name: str = ""
    hostname: str = ""


@attrs.frozen
class LoadInfo:
    """Load averages; below 0: not known."""

    avg1: float = 0.0
    avg5: float = 0.0
    avg15: float = 0.0


@attrs.frozen
class AdapterInfo:
    id: str = ""
    proxy: ObjectPrx | None = None
    replicaGroupId: str = ""


@attrs.frozen
class ObjectInfo:
    proxy: ObjectPrx | None = None
    type: str = ""


class Admin(Protocol):
    """Asks about the grid, and changes what is not a server's own. Reached through an administrative
    session.
    """

    def getAllApplicationNames(self, current: Current | None = None, /) -> Awaitable[list[str]]: ...

    def getServerInfo(self, id: str, current: Current | None = None, /) -> Awaitable[ServerInfo]: ...

    def getServerState(self, id: str, current: Current | None = None, /) -> Awaitable[ServerState]: ...

    def getServerPid(self, id: str, current: Current | None = None, /) -> Awaitable[int]: ...

    def isServerEnabled(self, id: str, current: Current | None = None, /) -> Awaitable[bool]: ...

    def startServer(self, id: str, current: Current | None = None, /) -> Awaitable[None]: ...

    def stopServer(self, id: str, current: Current | None = None, /) -> Awaitable[None]:
        """Answers when the server is gone."""
        ...

    def sendSignal(self, id: str, signal: str, current: Current | None = None, /) -> Awaitable[None]:
        """By name or number."""
        ...

    def getAllServerIds(self, current: Current | None = None, /) -> Awaitable[list[str]]: ...

    def enableServer(self, id: str, enabled: bool, current: Current | None = None, /) -> Awaitable[None]:
        """One that is not enabled is not started by anybody before it is enabled again."""
        ...

    def patchServer(self, id: str, shutdown: bool, current: Current | None = None, /) -> Awaitable[None]: ...

    def getServerAdminCategory(self, current: Current | None = None, /) -> Awaitable[str]:
        """Identities in this category, named after a server, are its admin object, through the registry."""
        ...

    def getServerAdmin(self, id: str, current: Current | None = None, /) -> Awaitable[ObjectPrx | None]: ...

    def getAdapterInfo(self, id: str, current: Current | None = None, /) -> Awaitable[list[AdapterInfo]]:
        """Of an adapter, or of each replica of a group."""
        ...

    def removeAdapter(self, id: str, current: Current | None = None, /) -> Awaitable[None]: ...

    def getAllAdapterIds(self, current: Current | None = None, /) -> Awaitable[list[str]]:
        """Adapters and replica groups."""
        ...

    def addObject(self, obj: ObjectPrx | None, current: Current | None = None, /) -> Awaitable[None]:
        """The object's type is what it says itself."""
        ...

    def updateObject(self, obj: ObjectPrx | None, current: Current | None = None, /) -> Awaitable[None]: ...

    def addObjectWithType(
        self, obj: ObjectPrx | None, type: str, current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def removeObject(self, id: Identity, current: Current | None = None, /) -> Awaitable[None]: ...

    def getObjectInfo(self, id: Identity, current: Current | None = None, /) -> Awaitable[ObjectInfo]: ...

    def getObjectInfosByType(
        self, type: str, current: Current | None = None, /
    ) -> Awaitable[list[ObjectInfo]]: ...

    def getAllObjectInfos(self, expr: str, current: Current | None = None, /) -> Awaitable[list[ObjectInfo]]:
        """Those whose identity as a string matches, where a `*` stands for anything; empty: all."""
        ...

    def pingNode(self, name: str, current: Current | None = None, /) -> Awaitable[bool]: ...

    def getNodeLoad(self, name: str, current: Current | None = None, /) -> Awaitable[LoadInfo]: ...

    def getNodeInfo(self, name: str, current: Current | None = None, /) -> Awaitable[NodeInfo]: ...

    def getNodeProcessorSocketCount(self, name: str, current: Current | None = None, /) -> Awaitable[int]: ...

    def getNodeHostname(self, name: str, current: Current | None = None, /) -> Awaitable[str]: ...

    def getAllNodeNames(self, current: Current | None = None, /) -> Awaitable[list[str]]: ...

    def shutdownNode(self, name: str, current: Current | None = None, /) -> Awaitable[None]: ...

    def getNodeAdmin(self, name: str, current: Current | None = None, /) -> Awaitable[ObjectPrx | None]: ...

    def pingRegistry(self, name: str, current: Current | None = None, /) -> Awaitable[bool]: ...

    def getRegistryInfo(self, name: str, current: Current | None = None, /) -> Awaitable[RegistryInfo]: ...

    def getAllRegistryNames(self, current: Current | None = None, /) -> Awaitable[list[str]]: ...

    def shutdownRegistry(self, name: str, current: Current | None = None, /) -> Awaitable[None]: ...

    def getRegistryAdmin(
        self, name: str, current: Current | None = None, /
    ) -> Awaitable[ObjectPrx | None]: ...

    def shutdown(self, current: Current | None = None, /) -> Awaitable[None]:
        """Ends the registry that is asked."""
        ...

    def getSliceChecksums(self, current: Current | None = None, /) -> Awaitable[dict[str, str]]: ...


class AdminPrx(ObjectPrx):
    """Calls an `Admin` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::Admin"

    def getAllApplicationNames(self, context: CallContext = None) -> Deferred[list[str]]:
        return self._ice_call(_OP_Admin_getAllApplicationNames, b"", context)

    def getServerInfo(self, id: str, context: CallContext = None) -> Deferred[ServerInfo]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Admin_getServerInfo, out, context)

    def getServerState(self, id: str, context: CallContext = None) -> Deferred[ServerState]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Admin_getServerState, out, context)

    def getServerPid(self, id: str, context: CallContext = None) -> Deferred[int]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Admin_getServerPid, out, context)

    def isServerEnabled(self, id: str, context: CallContext = None) -> Deferred[bool]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Admin_isServerEnabled, out, context)

    def startServer(self, id: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Admin_startServer, out, context)

    def stopServer(self, id: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Admin_stopServer, out, context)

    def sendSignal(self, id: str, signal: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        write_string(out, signal)
        return self._ice_call(_OP_Admin_sendSignal, out, context)

    def getAllServerIds(self, context: CallContext = None) -> Deferred[list[str]]:
        return self._ice_call(_OP_Admin_getAllServerIds, b"", context)

    def enableServer(self, id: str, enabled: bool, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        out += _S_o.pack(enabled)
        return self._ice_call(_OP_Admin_enableServer, out, context)

    def patchServer(self, id: str, shutdown: bool, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        out += _S_o.pack(shutdown)
        return self._ice_call(_OP_Admin_patchServer, out, context)

    def getServerAdminCategory(self, context: CallContext = None) -> Deferred[str]:
        return self._ice_call(_OP_Admin_getServerAdminCategory, b"", context)

    def getServerAdmin(self, id: str, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Admin_getServerAdmin, out, context)

    def getAdapterInfo(self, id: str, context: CallContext = None) -> Deferred[list[AdapterInfo]]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Admin_getAdapterInfo, out, context)

    def removeAdapter(self, id: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Admin_removeAdapter, out, context)

    def getAllAdapterIds(self, context: CallContext = None) -> Deferred[list[str]]:
        return self._ice_call(_OP_Admin_getAllAdapterIds, b"", context)

    def addObject(self, obj: ObjectPrx | None, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_Admin_addObject, (obj,), context)
        out = bytearray()
        write_proxy(out, obj)
        return self._ice_call(_OP_Admin_addObject, out, context)

    def updateObject(self, obj: ObjectPrx | None, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_Admin_updateObject, (obj,), context)
        out = bytearray()
        write_proxy(out, obj)
        return self._ice_call(_OP_Admin_updateObject, out, context)

    def addObjectWithType(
        self, obj: ObjectPrx | None, type: str, context: CallContext = None
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_Admin_addObjectWithType, (obj, type), context)
        out = bytearray()
        write_proxy(out, obj)
        write_string(out, type)
        return self._ice_call(_OP_Admin_addObjectWithType, out, context)

    def removeObject(self, id: Identity, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_Identity(out, id)
        return self._ice_call(_OP_Admin_removeObject, out, context)

    def getObjectInfo(self, id: Identity, context: CallContext = None) -> Deferred[ObjectInfo]:
        out = bytearray()
        write_Identity(out, id)
        return self._ice_call(_OP_Admin_getObjectInfo, out, context)

    def getObjectInfosByType(self, type: str, context: CallContext = None) -> Deferred[list[ObjectInfo]]:
        out = bytearray()
        write_string(out, type)
        return self._ice_call(_OP_Admin_getObjectInfosByType, out, context)

    def getAllObjectInfos(self, expr: str, context: CallContext = None) -> Deferred[list[ObjectInfo]]:
        out = bytearray()
        write_string(out, expr)
        return self._ice_call(_OP_Admin_getAllObjectInfos, out, context)

    def pingNode(self, name: str, context: CallContext = None) -> Deferred[bool]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_pingNode, out, context)

    def getNodeLoad(self, name: str, context: CallContext = None) -> Deferred[LoadInfo]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_getNodeLoad, out, context)

    def getNodeInfo(self, name: str, context: CallContext = None) -> Deferred[NodeInfo]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_getNodeInfo, out, context)

    def getNodeProcessorSocketCount(self, name: str, context: CallContext = None) -> Deferred[int]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_getNodeProcessorSocketCount, out, context)

    def getNodeHostname(self, name: str, context: CallContext = None) -> Deferred[str]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_getNodeHostname, out, context)

    def getAllNodeNames(self, context: CallContext = None) -> Deferred[list[str]]:
        return self._ice_call(_OP_Admin_getAllNodeNames, b"", context)

    def shutdownNode(self, name: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_shutdownNode, out, context)

    def getNodeAdmin(self, name: str, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_getNodeAdmin, out, context)

    def pingRegistry(self, name: str, context: CallContext = None) -> Deferred[bool]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_pingRegistry, out, context)

    def getRegistryInfo(self, name: str, context: CallContext = None) -> Deferred[RegistryInfo]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_getRegistryInfo, out, context)

    def getAllRegistryNames(self, context: CallContext = None) -> Deferred[list[str]]:
        return self._ice_call(_OP_Admin_getAllRegistryNames, b"", context)

    def shutdownRegistry(self, name: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_shutdownRegistry, out, context)

    def getRegistryAdmin(self, name: str, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Admin_getRegistryAdmin, out, context)

    def shutdown(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Admin_shutdown, b"", context)

    def getSliceChecksums(self, context: CallContext = None) -> Deferred[dict[str, str]]:
        return self._ice_call(_OP_Admin_getSliceChecksums, b"", context)


class AdminServant(Servant):
    """Serves an `Admin`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::Admin"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceGrid::Admin")


# The wire: how the above becomes bytes and back.

_S_fff = Struct("<fff")
_S_i = Struct("<i")
_S_o = Struct("<?")

_new_AdapterInfo = maker_of(AdapterInfo)
_new_LoadInfo = maker_of(LoadInfo)
_new_NodeInfo = maker_of(NodeInfo)
_new_ObjectInfo = maker_of(ObjectInfo)
_new_RegistryInfo = maker_of(RegistryInfo)
_new_ServerInfo = maker_of(ServerInfo)

_MEMBERS_ServerState: Final = {member.value: member for member in ServerState}


def write_ServerState(out: bytearray, value: ServerState) -> None:
    write_size(out, value)


def read_ServerState(buf: bytes, pos: int) -> tuple[ServerState, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_ServerState.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::IceGrid::ServerState")
    return value, pos


old_ServerState = Enum10(ServerState, "::IceGrid::ServerState")


def write_ServerInfo(out: bytearray, value: ServerInfo, values: ValueWriter) -> None:
    write_string(out, value.application)
    write_string(out, value.uuid)
    out += _S_i.pack(value.revision)
    write_string(out, value.node)
    values.write(out, value.descriptor)
    write_string(out, value.sessionId)


def read_ServerInfo(buf: bytes, pos: int, source: ValueReader) -> tuple[ServerInfo, int]:
    application, pos = read_string(buf, pos)
    uuid, pos = read_string(buf, pos)
    (revision,) = _S_i.unpack_from(buf, pos)
    node, pos = read_string(buf, pos + 4)
    descriptor, pos = source.value(buf, pos, ServerDescriptor)
    sessionId, pos = read_string(buf, pos)
    return _new_ServerInfo(application, uuid, revision, node, descriptor, sessionId), pos


old_ServerInfo = Struct10(
    ServerInfo,
    (
        ("application", STRING),
        ("uuid", STRING),
        ("revision", INT),
        ("node", STRING),
        ("descriptor", Class10(ServerDescriptor)),
        ("sessionId", STRING),
    ),
)


def write_NodeInfo(out: bytearray, value: NodeInfo) -> None:
    write_string(out, value.name)
    write_string(out, value.os)
    write_string(out, value.hostname)
    write_string(out, value.release)
    write_string(out, value.version)
    write_string(out, value.machine)
    out += _S_i.pack(value.nProcessors)
    write_string(out, value.dataDir)


def read_NodeInfo(buf: bytes, pos: int) -> tuple[NodeInfo, int]:
    name, pos = read_string(buf, pos)
    os, pos = read_string(buf, pos)
    hostname, pos = read_string(buf, pos)
    release, pos = read_string(buf, pos)
    version, pos = read_string(buf, pos)
    machine, pos = read_string(buf, pos)
    (nProcessors,) = _S_i.unpack_from(buf, pos)
    dataDir, pos = read_string(buf, pos + 4)
    return _new_NodeInfo(name, os, hostname, release, version, machine, nProcessors, dataDir), pos


def write_RegistryInfo(out: bytearray, value: RegistryInfo) -> None:
    write_string(out, value.name)
    write_string(out, value.hostname)


def read_RegistryInfo(buf: bytes, pos: int) -> tuple[RegistryInfo, int]:
    name, pos = read_string(buf, pos)
    hostname, pos = read_string(buf, pos)
    return _new_RegistryInfo(name, hostname), pos


def write_RegistryInfoSeq(out: bytearray, value: Sequence[RegistryInfo]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.name.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.hostname.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_RegistryInfoSeq(buf: bytes, pos: int) -> tuple[list[RegistryInfo], int]:
    count, pos = read_count(buf, pos, 2)
    items: list[RegistryInfo] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            name = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            name, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            hostname = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            hostname, pos = read_string(buf, pos)
        items.append(_new_RegistryInfo(name, hostname))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


def write_LoadInfo(out: bytearray, value: LoadInfo) -> None:
    out += _S_fff.pack(value.avg1, value.avg5, value.avg15)


def read_LoadInfo(buf: bytes, pos: int) -> tuple[LoadInfo, int]:
    avg1, avg5, avg15 = _S_fff.unpack_from(buf, pos)
    return _new_LoadInfo(avg1, avg5, avg15), pos + 12


def write_AdapterInfo(out: bytearray, value: AdapterInfo) -> None:
    write_string(out, value.id)
    write_proxy(out, value.proxy)
    write_string(out, value.replicaGroupId)


def read_AdapterInfo(buf: bytes, pos: int, source: Source) -> tuple[AdapterInfo, int]:
    id, pos = read_string(buf, pos)
    proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
    replicaGroupId, pos = read_string(buf, pos)
    return _new_AdapterInfo(id, proxy, replicaGroupId), pos


old_AdapterInfo = Struct10(
    AdapterInfo, (("id", STRING), ("proxy", Proxy10(ObjectPrx)), ("replicaGroupId", STRING))
)


def write_AdapterInfoSeq(out: bytearray, value: Sequence[AdapterInfo]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.id.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_proxy(out, item.proxy)
        text = item.replicaGroupId.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_AdapterInfoSeq(buf: bytes, pos: int, source: Source) -> tuple[list[AdapterInfo], int]:
    count, pos = read_count(buf, pos, 4)
    items: list[AdapterInfo] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            id = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            id, pos = read_string(buf, pos)
        proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
        if (size := buf[pos]) < 255:
            replicaGroupId = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            replicaGroupId, pos = read_string(buf, pos)
        items.append(_new_AdapterInfo(id, proxy, replicaGroupId))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


old_AdapterInfoSeq = Sequence10(old_AdapterInfo, 4)


def write_ObjectInfo(out: bytearray, value: ObjectInfo) -> None:
    write_proxy(out, value.proxy)
    write_string(out, value.type)


def read_ObjectInfo(buf: bytes, pos: int, source: Source) -> tuple[ObjectInfo, int]:
    proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
    type, pos = read_string(buf, pos)
    return _new_ObjectInfo(proxy, type), pos


old_ObjectInfo = Struct10(ObjectInfo, (("proxy", Proxy10(ObjectPrx)), ("type", STRING)))


def write_ObjectInfoSeq(out: bytearray, value: Sequence[ObjectInfo]) -> None:
    write_size(out, len(value))
    for item in value:
        write_proxy(out, item.proxy)
        text = item.type.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_ObjectInfoSeq(buf: bytes, pos: int, source: Source) -> tuple[list[ObjectInfo], int]:
    count, pos = read_count(buf, pos, 3)
    items: list[ObjectInfo] = []
    for _ in range(count):
        proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
        if (size := buf[pos]) < 255:
            type = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            type, pos = read_string(buf, pos)
        items.append(_new_ObjectInfo(proxy, type))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


old_ObjectInfoSeq = Sequence10(old_ObjectInfo, 3)


def _read_result_Admin_getAllApplicationNames(buf: bytes, pos: int, source: Source) -> list[str]:
    result, pos = read_StringSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getAllApplicationNames(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getAllApplicationNames(current)


def _write_result_Admin_getAllApplicationNames(value: list[str]) -> bytearray:
    out = bytearray()
    write_StringSeq(out, value)
    return out


_OP_Admin_getAllApplicationNames: Operation[list[str]] = Operation(
    "getAllApplicationNames", 2, _read_result_Admin_getAllApplicationNames, ()
)

_OLD_Admin_getServerInfo = Call10(
    "getServerInfo", (STRING,), (old_ServerInfo,), returns=True, classes_out=True
)


def _read_result_Admin_getServerInfo(buf: bytes, pos: int, source: Source) -> ServerInfo:
    values = ValueReader(source)
    result, pos = read_ServerInfo(buf, pos, values)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result


def _serve_Admin_getServerInfo(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getServerInfo(id, current)


def _write_result_Admin_getServerInfo(value: ServerInfo, sliced: bool = False) -> bytearray:
    out = bytearray()
    values = ValueWriter(sliced)
    write_ServerInfo(out, value, values)
    return out


_OP_Admin_getServerInfo: Operation[ServerInfo] = Operation(
    "getServerInfo",
    2,
    _read_result_Admin_getServerInfo,
    (ServerNotExistException,),
    old=_OLD_Admin_getServerInfo,
)

_OLD_Admin_getServerState = Call10("getServerState", (STRING,), (old_ServerState,), returns=True)


def _read_result_Admin_getServerState(buf: bytes, pos: int, source: Source) -> ServerState:
    result, pos = read_ServerState(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getServerState(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getServerState(id, current)


def _write_result_Admin_getServerState(value: ServerState) -> bytearray:
    out = bytearray()
    write_ServerState(out, value)
    return out


_OP_Admin_getServerState: Operation[ServerState] = Operation(
    "getServerState",
    2,
    _read_result_Admin_getServerState,
    (ServerNotExistException, NodeUnreachableException, DeploymentException),
    old=_OLD_Admin_getServerState,
)


def _read_result_Admin_getServerPid(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Admin_getServerPid(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getServerPid(id, current)


_OP_Admin_getServerPid: Operation[int] = Operation(
    "getServerPid",
    2,
    _read_result_Admin_getServerPid,
    (ServerNotExistException, NodeUnreachableException, DeploymentException),
)


def _read_result_Admin_isServerEnabled(buf: bytes, pos: int, source: Source) -> bool:
    result: bool = _S_o.unpack_from(buf, pos)[0]
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, source)
    return result


def _serve_Admin_isServerEnabled(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.isServerEnabled(id, current)


_OP_Admin_isServerEnabled: Operation[bool] = Operation(
    "isServerEnabled",
    2,
    _read_result_Admin_isServerEnabled,
    (ServerNotExistException, NodeUnreachableException, DeploymentException),
)


def _serve_Admin_startServer(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.startServer(id, current)


_OP_Admin_startServer: Operation[None] = Operation(
    "startServer",
    0,
    None,
    (ServerNotExistException, ServerStartException, NodeUnreachableException, DeploymentException),
)


def _serve_Admin_stopServer(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.stopServer(id, current)


_OP_Admin_stopServer: Operation[None] = Operation(
    "stopServer",
    0,
    None,
    (ServerNotExistException, ServerStopException, NodeUnreachableException, DeploymentException),
)


def _serve_Admin_sendSignal(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    signal, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.sendSignal(id, signal, current)


_OP_Admin_sendSignal: Operation[None] = Operation(
    "sendSignal",
    0,
    None,
    (ServerNotExistException, NodeUnreachableException, DeploymentException, BadSignalException),
)


def _read_result_Admin_getAllServerIds(buf: bytes, pos: int, source: Source) -> list[str]:
    result, pos = read_StringSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getAllServerIds(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getAllServerIds(current)


def _write_result_Admin_getAllServerIds(value: list[str]) -> bytearray:
    out = bytearray()
    write_StringSeq(out, value)
    return out


_OP_Admin_getAllServerIds: Operation[list[str]] = Operation(
    "getAllServerIds", 2, _read_result_Admin_getAllServerIds, ()
)


def _serve_Admin_enableServer(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    (enabled,) = _S_o.unpack_from(buf, pos)
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, current)
    return servant.enableServer(id, enabled, current)


_OP_Admin_enableServer: Operation[None] = Operation(
    "enableServer", 2, None, (ServerNotExistException, NodeUnreachableException, DeploymentException)
)


def _serve_Admin_patchServer(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    (shutdown,) = _S_o.unpack_from(buf, pos)
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, current)
    return servant.patchServer(id, shutdown, current)


_OP_Admin_patchServer: Operation[None] = Operation(
    "patchServer", 0, None, (ServerNotExistException, NodeUnreachableException, DeploymentException)
)


def _read_result_Admin_getServerAdminCategory(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getServerAdminCategory(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getServerAdminCategory(current)


def _write_result_Admin_getServerAdminCategory(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_Admin_getServerAdminCategory: Operation[str] = Operation(
    "getServerAdminCategory", 2, _read_result_Admin_getServerAdminCategory, ()
)

_OLD_Admin_getServerAdmin = Call10("getServerAdmin", (STRING,), (Proxy10(ObjectPrx),), returns=True)


def _read_result_Admin_getServerAdmin(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getServerAdmin(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getServerAdmin(id, current)


def _write_result_Admin_getServerAdmin(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Admin_getServerAdmin: Operation[ObjectPrx | None] = Operation(
    "getServerAdmin",
    2,
    _read_result_Admin_getServerAdmin,
    (ServerNotExistException, NodeUnreachableException, DeploymentException),
    old=_OLD_Admin_getServerAdmin,
)

_OLD_Admin_getAdapterInfo = Call10("getAdapterInfo", (STRING,), (old_AdapterInfoSeq,), returns=True)


def _read_result_Admin_getAdapterInfo(buf: bytes, pos: int, source: Source) -> list[AdapterInfo]:
    result, pos = read_AdapterInfoSeq(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getAdapterInfo(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getAdapterInfo(id, current)


def _write_result_Admin_getAdapterInfo(value: list[AdapterInfo]) -> bytearray:
    out = bytearray()
    write_AdapterInfoSeq(out, value)
    return out


_OP_Admin_getAdapterInfo: Operation[list[AdapterInfo]] = Operation(
    "getAdapterInfo",
    2,
    _read_result_Admin_getAdapterInfo,
    (AdapterNotExistException,),
    old=_OLD_Admin_getAdapterInfo,
)


def _serve_Admin_removeAdapter(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.removeAdapter(id, current)


_OP_Admin_removeAdapter: Operation[None] = Operation(
    "removeAdapter", 0, None, (AdapterNotExistException, DeploymentException)
)


def _read_result_Admin_getAllAdapterIds(buf: bytes, pos: int, source: Source) -> list[str]:
    result, pos = read_StringSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getAllAdapterIds(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getAllAdapterIds(current)


def _write_result_Admin_getAllAdapterIds(value: list[str]) -> bytearray:
    out = bytearray()
    write_StringSeq(out, value)
    return out


_OP_Admin_getAllAdapterIds: Operation[list[str]] = Operation(
    "getAllAdapterIds", 2, _read_result_Admin_getAllAdapterIds, ()
)

_OLD_Admin_addObject = Call10("addObject", (Proxy10(ObjectPrx),), ())


def _serve_Admin_addObject(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    obj, pos = read_proxy(buf, pos, current, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.addObject(obj, current)


_OP_Admin_addObject: Operation[None] = Operation(
    "addObject", 0, None, (ObjectExistsException, DeploymentException), old=_OLD_Admin_addObject
)

_OLD_Admin_updateObject = Call10("updateObject", (Proxy10(ObjectPrx),), ())


def _serve_Admin_updateObject(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    obj, pos = read_proxy(buf, pos, current, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.updateObject(obj, current)


_OP_Admin_updateObject: Operation[None] = Operation(
    "updateObject", 0, None, (ObjectNotRegisteredException, DeploymentException), old=_OLD_Admin_updateObject
)

_OLD_Admin_addObjectWithType = Call10("addObjectWithType", (Proxy10(ObjectPrx), STRING), ())


def _serve_Admin_addObjectWithType(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    obj, pos = read_proxy(buf, pos, current, ObjectPrx)
    type, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.addObjectWithType(obj, type, current)


_OP_Admin_addObjectWithType: Operation[None] = Operation(
    "addObjectWithType",
    0,
    None,
    (ObjectExistsException, DeploymentException),
    old=_OLD_Admin_addObjectWithType,
)


def _serve_Admin_removeObject(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_Identity(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.removeObject(id, current)


_OP_Admin_removeObject: Operation[None] = Operation(
    "removeObject", 0, None, (ObjectNotRegisteredException, DeploymentException)
)

_OLD_Admin_getObjectInfo = Call10(
    "getObjectInfo", (Same(write_Identity, read_Identity),), (old_ObjectInfo,), returns=True
)


def _read_result_Admin_getObjectInfo(buf: bytes, pos: int, source: Source) -> ObjectInfo:
    result, pos = read_ObjectInfo(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getObjectInfo(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_Identity(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getObjectInfo(id, current)


def _write_result_Admin_getObjectInfo(value: ObjectInfo) -> bytearray:
    out = bytearray()
    write_ObjectInfo(out, value)
    return out


_OP_Admin_getObjectInfo: Operation[ObjectInfo] = Operation(
    "getObjectInfo",
    2,
    _read_result_Admin_getObjectInfo,
    (ObjectNotRegisteredException,),
    old=_OLD_Admin_getObjectInfo,
)

_OLD_Admin_getObjectInfosByType = Call10(
    "getObjectInfosByType", (STRING,), (old_ObjectInfoSeq,), returns=True
)


def _read_result_Admin_getObjectInfosByType(buf: bytes, pos: int, source: Source) -> list[ObjectInfo]:
    result, pos = read_ObjectInfoSeq(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getObjectInfosByType(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    type, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getObjectInfosByType(type, current)


def _write_result_Admin_getObjectInfosByType(value: list[ObjectInfo]) -> bytearray:
    out = bytearray()
    write_ObjectInfoSeq(out, value)
    return out


_OP_Admin_getObjectInfosByType: Operation[list[ObjectInfo]] = Operation(
    "getObjectInfosByType",
    2,
    _read_result_Admin_getObjectInfosByType,
    (),
    old=_OLD_Admin_getObjectInfosByType,
)

_OLD_Admin_getAllObjectInfos = Call10("getAllObjectInfos", (STRING,), (old_ObjectInfoSeq,), returns=True)


def _read_result_Admin_getAllObjectInfos(buf: bytes, pos: int, source: Source) -> list[ObjectInfo]:
    result, pos = read_ObjectInfoSeq(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getAllObjectInfos(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    expr, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getAllObjectInfos(expr, current)


def _write_result_Admin_getAllObjectInfos(value: list[ObjectInfo]) -> bytearray:
    out = bytearray()
    write_ObjectInfoSeq(out, value)
    return out


_OP_Admin_getAllObjectInfos: Operation[list[ObjectInfo]] = Operation(
    "getAllObjectInfos", 2, _read_result_Admin_getAllObjectInfos, (), old=_OLD_Admin_getAllObjectInfos
)


def _read_result_Admin_pingNode(buf: bytes, pos: int, source: Source) -> bool:
    result: bool = _S_o.unpack_from(buf, pos)[0]
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, source)
    return result


def _serve_Admin_pingNode(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.pingNode(name, current)


_OP_Admin_pingNode: Operation[bool] = Operation(
    "pingNode", 2, _read_result_Admin_pingNode, (NodeNotExistException,)
)


def _read_result_Admin_getNodeLoad(buf: bytes, pos: int, source: Source) -> LoadInfo:
    result_avg1, result_avg5, result_avg15 = _S_fff.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, source)
    return _new_LoadInfo(result_avg1, result_avg5, result_avg15)


def _serve_Admin_getNodeLoad(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getNodeLoad(name, current)


def _write_result_Admin_getNodeLoad(value: LoadInfo) -> bytes:
    return _S_fff.pack(value.avg1, value.avg5, value.avg15)


_OP_Admin_getNodeLoad: Operation[LoadInfo] = Operation(
    "getNodeLoad", 2, _read_result_Admin_getNodeLoad, (NodeNotExistException, NodeUnreachableException)
)


def _read_result_Admin_getNodeInfo(buf: bytes, pos: int, source: Source) -> NodeInfo:
    result, pos = read_NodeInfo(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getNodeInfo(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getNodeInfo(name, current)


def _write_result_Admin_getNodeInfo(value: NodeInfo) -> bytearray:
    out = bytearray()
    write_NodeInfo(out, value)
    return out


_OP_Admin_getNodeInfo: Operation[NodeInfo] = Operation(
    "getNodeInfo", 2, _read_result_Admin_getNodeInfo, (NodeNotExistException, NodeUnreachableException)
)


def _read_result_Admin_getNodeProcessorSocketCount(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Admin_getNodeProcessorSocketCount(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getNodeProcessorSocketCount(name, current)


_OP_Admin_getNodeProcessorSocketCount: Operation[int] = Operation(
    "getNodeProcessorSocketCount",
    2,
    _read_result_Admin_getNodeProcessorSocketCount,
    (NodeNotExistException, NodeUnreachableException),
)


def _read_result_Admin_getNodeHostname(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getNodeHostname(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getNodeHostname(name, current)


def _write_result_Admin_getNodeHostname(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_Admin_getNodeHostname: Operation[str] = Operation(
    "getNodeHostname",
    2,
    _read_result_Admin_getNodeHostname,
    (NodeNotExistException, NodeUnreachableException),
)


def _read_result_Admin_getAllNodeNames(buf: bytes, pos: int, source: Source) -> list[str]:
    result, pos = read_StringSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getAllNodeNames(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getAllNodeNames(current)


def _write_result_Admin_getAllNodeNames(value: list[str]) -> bytearray:
    out = bytearray()
    write_StringSeq(out, value)
    return out


_OP_Admin_getAllNodeNames: Operation[list[str]] = Operation(
    "getAllNodeNames", 2, _read_result_Admin_getAllNodeNames, ()
)


def _serve_Admin_shutdownNode(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.shutdownNode(name, current)


_OP_Admin_shutdownNode: Operation[None] = Operation(
    "shutdownNode", 0, None, (NodeNotExistException, NodeUnreachableException)
)

_OLD_Admin_getNodeAdmin = Call10("getNodeAdmin", (STRING,), (Proxy10(ObjectPrx),), returns=True)


def _read_result_Admin_getNodeAdmin(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getNodeAdmin(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getNodeAdmin(name, current)


def _write_result_Admin_getNodeAdmin(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Admin_getNodeAdmin: Operation[ObjectPrx | None] = Operation(
    "getNodeAdmin",
    2,
    _read_result_Admin_getNodeAdmin,
    (NodeNotExistException, NodeUnreachableException),
    old=_OLD_Admin_getNodeAdmin,
)


def _read_result_Admin_pingRegistry(buf: bytes, pos: int, source: Source) -> bool:
    result: bool = _S_o.unpack_from(buf, pos)[0]
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, source)
    return result


def _serve_Admin_pingRegistry(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.pingRegistry(name, current)


_OP_Admin_pingRegistry: Operation[bool] = Operation(
    "pingRegistry", 2, _read_result_Admin_pingRegistry, (RegistryNotExistException,)
)


def _read_result_Admin_getRegistryInfo(buf: bytes, pos: int, source: Source) -> RegistryInfo:
    result, pos = read_RegistryInfo(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getRegistryInfo(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getRegistryInfo(name, current)


def _write_result_Admin_getRegistryInfo(value: RegistryInfo) -> bytearray:
    out = bytearray()
    write_RegistryInfo(out, value)
    return out


_OP_Admin_getRegistryInfo: Operation[RegistryInfo] = Operation(
    "getRegistryInfo",
    2,
    _read_result_Admin_getRegistryInfo,
    (RegistryNotExistException, RegistryUnreachableException),
)


def _read_result_Admin_getAllRegistryNames(buf: bytes, pos: int, source: Source) -> list[str]:
    result, pos = read_StringSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getAllRegistryNames(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getAllRegistryNames(current)


def _write_result_Admin_getAllRegistryNames(value: list[str]) -> bytearray:
    out = bytearray()
    write_StringSeq(out, value)
    return out


_OP_Admin_getAllRegistryNames: Operation[list[str]] = Operation(
    "getAllRegistryNames", 2, _read_result_Admin_getAllRegistryNames, ()
)


def _serve_Admin_shutdownRegistry(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.shutdownRegistry(name, current)


_OP_Admin_shutdownRegistry: Operation[None] = Operation(
    "shutdownRegistry", 2, None, (RegistryNotExistException, RegistryUnreachableException)
)

_OLD_Admin_getRegistryAdmin = Call10("getRegistryAdmin", (STRING,), (Proxy10(ObjectPrx),), returns=True)


def _read_result_Admin_getRegistryAdmin(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getRegistryAdmin(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.getRegistryAdmin(name, current)


def _write_result_Admin_getRegistryAdmin(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Admin_getRegistryAdmin: Operation[ObjectPrx | None] = Operation(
    "getRegistryAdmin",
    2,
    _read_result_Admin_getRegistryAdmin,
    (RegistryNotExistException,),
    old=_OLD_Admin_getRegistryAdmin,
)


def _serve_Admin_shutdown(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    return servant.shutdown(current)


_OP_Admin_shutdown: Operation[None] = Operation("shutdown", 0, None, ())


def _read_result_Admin_getSliceChecksums(buf: bytes, pos: int, source: Source) -> dict[str, str]:
    result, pos = read_PropertyDict(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Admin_getSliceChecksums(servant: Admin, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getSliceChecksums(current)


def _write_result_Admin_getSliceChecksums(value: dict[str, str]) -> bytearray:
    out = bytearray()
    write_PropertyDict(out, value)
    return out


_OP_Admin_getSliceChecksums: Operation[dict[str, str]] = Operation(
    "getSliceChecksums", 2, _read_result_Admin_getSliceChecksums, ()
)

AdminServant.ice_operations = {
    b"getAllApplicationNames": ServantOperation(
        "getAllApplicationNames",
        2,
        _serve_Admin_getAllApplicationNames,
        _write_result_Admin_getAllApplicationNames,
    ),
    b"getServerInfo": ServantOperation(
        "getServerInfo",
        2,
        _serve_Admin_getServerInfo,
        _write_result_Admin_getServerInfo,
        either_format=True,
        old=_OLD_Admin_getServerInfo,
    ),
    b"getServerState": ServantOperation(
        "getServerState",
        2,
        _serve_Admin_getServerState,
        _write_result_Admin_getServerState,
        old=_OLD_Admin_getServerState,
    ),
    b"getServerPid": ServantOperation("getServerPid", 2, _serve_Admin_getServerPid, _S_i.pack),
    b"isServerEnabled": ServantOperation("isServerEnabled", 2, _serve_Admin_isServerEnabled, _S_o.pack),
    b"startServer": ServantOperation("startServer", 0, _serve_Admin_startServer, None),
    b"stopServer": ServantOperation("stopServer", 0, _serve_Admin_stopServer, None),
    b"sendSignal": ServantOperation("sendSignal", 0, _serve_Admin_sendSignal, None),
    b"getAllServerIds": ServantOperation(
        "getAllServerIds", 2, _serve_Admin_getAllServerIds, _write_result_Admin_getAllServerIds
    ),
    b"enableServer": ServantOperation("enableServer", 2, _serve_Admin_enableServer, None),
    b"patchServer": ServantOperation("patchServer", 0, _serve_Admin_patchServer, None),
    b"getServerAdminCategory": ServantOperation(
        "getServerAdminCategory",
        2,
        _serve_Admin_getServerAdminCategory,
        _write_result_Admin_getServerAdminCategory,
    ),
    b"getServerAdmin": ServantOperation(
        "getServerAdmin",
        2,
        _serve_Admin_getServerAdmin,
        _write_result_Admin_getServerAdmin,
        old=_OLD_Admin_getServerAdmin,
    ),
    b"getAdapterInfo": ServantOperation(
        "getAdapterInfo",
        2,
        _serve_Admin_getAdapterInfo,
        _write_result_Admin_getAdapterInfo,
        old=_OLD_Admin_getAdapterInfo,
    ),
    b"removeAdapter": ServantOperation("removeAdapter", 0, _serve_Admin_removeAdapter, None),
    b"getAllAdapterIds": ServantOperation(
        "getAllAdapterIds", 2, _serve_Admin_getAllAdapterIds, _write_result_Admin_getAllAdapterIds
    ),
    b"addObject": ServantOperation("addObject", 0, _serve_Admin_addObject, None, old=_OLD_Admin_addObject),
    b"updateObject": ServantOperation(
        "updateObject", 0, _serve_Admin_updateObject, None, old=_OLD_Admin_updateObject
    ),
    b"addObjectWithType": ServantOperation(
        "addObjectWithType", 0, _serve_Admin_addObjectWithType, None, old=_OLD_Admin_addObjectWithType
    ),
    b"removeObject": ServantOperation("removeObject", 0, _serve_Admin_removeObject, None),
    b"getObjectInfo": ServantOperation(
        "getObjectInfo",
        2,
        _serve_Admin_getObjectInfo,
        _write_result_Admin_getObjectInfo,
        old=_OLD_Admin_getObjectInfo,
    ),
    b"getObjectInfosByType": ServantOperation(
        "getObjectInfosByType",
        2,
        _serve_Admin_getObjectInfosByType,
        _write_result_Admin_getObjectInfosByType,
        old=_OLD_Admin_getObjectInfosByType,
    ),
    b"getAllObjectInfos": ServantOperation(
        "getAllObjectInfos",
        2,
        _serve_Admin_getAllObjectInfos,
        _write_result_Admin_getAllObjectInfos,
        old=_OLD_Admin_getAllObjectInfos,
    ),
    b"pingNode": ServantOperation("pingNode", 2, _serve_Admin_pingNode, _S_o.pack),
    b"getNodeLoad": ServantOperation(
        "getNodeLoad", 2, _serve_Admin_getNodeLoad, _write_result_Admin_getNodeLoad
    ),
    b"getNodeInfo": ServantOperation(
        "getNodeInfo", 2, _serve_Admin_getNodeInfo, _write_result_Admin_getNodeInfo
    ),
    b"getNodeProcessorSocketCount": ServantOperation(
        "getNodeProcessorSocketCount", 2, _serve_Admin_getNodeProcessorSocketCount, _S_i.pack
    ),
    b"getNodeHostname": ServantOperation(
        "getNodeHostname", 2, _serve_Admin_getNodeHostname, _write_result_Admin_getNodeHostname
    ),
    b"getAllNodeNames": ServantOperation(
        "getAllNodeNames", 2, _serve_Admin_getAllNodeNames, _write_result_Admin_getAllNodeNames
    ),
    b"shutdownNode": ServantOperation("shutdownNode", 0, _serve_Admin_shutdownNode, None),
    b"getNodeAdmin": ServantOperation(
        "getNodeAdmin",
        2,
        _serve_Admin_getNodeAdmin,
        _write_result_Admin_getNodeAdmin,
        old=_OLD_Admin_getNodeAdmin,
    ),
    b"pingRegistry": ServantOperation("pingRegistry", 2, _serve_Admin_pingRegistry, _S_o.pack),
    b"getRegistryInfo": ServantOperation(
        "getRegistryInfo", 2, _serve_Admin_getRegistryInfo, _write_result_Admin_getRegistryInfo
    ),
    b"getAllRegistryNames": ServantOperation(
        "getAllRegistryNames", 2, _serve_Admin_getAllRegistryNames, _write_result_Admin_getAllRegistryNames
    ),
    b"shutdownRegistry": ServantOperation("shutdownRegistry", 2, _serve_Admin_shutdownRegistry, None),
    b"getRegistryAdmin": ServantOperation(
        "getRegistryAdmin",
        2,
        _serve_Admin_getRegistryAdmin,
        _write_result_Admin_getRegistryAdmin,
        old=_OLD_Admin_getRegistryAdmin,
    ),
    b"shutdown": ServantOperation("shutdown", 0, _serve_Admin_shutdown, None),
    b"getSliceChecksums": ServantOperation(
        "getSliceChecksums", 2, _serve_Admin_getSliceChecksums, _write_result_Admin_getSliceChecksums
    ),
}
