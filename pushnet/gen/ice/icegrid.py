# Written by slice2tx from idl/ice/icegrid.ice. To change it, change the Slice file.
"""What clients of ZeroC's IceGrid expect of a registry, in our own words."""

from __future__ import annotations

from collections.abc import Awaitable
from struct import Struct
from typing import Any, ClassVar, Final, Protocol

from twisted.internet.defer import Deferred

from pushnet.gen.ice.icegrid_exceptions import PermissionDeniedException as IceGrid_PermissionDeniedException
from pushnet.gen.ice.icegrid_session import AdminSessionPrx
from pushnet.gen.ice.icegrid_session import SessionPrx as IceGrid_SessionPrx
from pushnet.gen.ice.identity import old_ObjectProxySeq, read_ObjectProxySeq, write_ObjectProxySeq
from pushnet.gen.ice.locator import Locator as Ice_Locator
from pushnet.gen.ice.locator import LocatorPrx as Ice_LocatorPrx
from pushnet.gen.ice.locator import LocatorServant as Ice_LocatorServant
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
from pushnet.wire.basic import read_size, read_string, write_size, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import STRING, Enum10, Proxy10, Same
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.leftovers import pass_over

__all__ = [
    "LoadSample",
    "Locator",
    "LocatorPrx",
    "LocatorServant",
    "Query",
    "QueryPrx",
    "QueryServant",
    "Registry",
    "RegistryPrx",
    "RegistryServant",
    "read_LoadSample",
    "write_LoadSample",
]


class LoadSample(SliceEnum):
    """The window over which load is averaged: one, five or fifteen minutes."""

    LoadSample1 = 0
    LoadSample5 = 1
    LoadSample15 = 2


class Query(Protocol):
    """Finds well-known objects. Nothing found is null or empty, never an error."""

    def findObjectById(
        self, id: Identity, current: Current | None = None, /
    ) -> Awaitable[ObjectPrx | None]: ...

    def findObjectByType(
        self, type: str, current: Current | None = None, /
    ) -> Awaitable[ObjectPrx | None]: ...

    def findObjectByTypeOnLeastLoadedNode(
        self, type: str, sample: LoadSample, current: Current | None = None, /
    ) -> Awaitable[ObjectPrx | None]: ...

    def findAllObjectsByType(
        self, type: str, current: Current | None = None, /
    ) -> Awaitable[list[ObjectPrx | None]]: ...

    def findAllReplicas(
        self, proxy: ObjectPrx | None, current: Current | None = None, /
    ) -> Awaitable[list[ObjectPrx | None]]:
        """Each replica of a proxy that names a replica group."""
        ...


class Registry(Protocol):
    """Where sessions begin. They end when nobody has kept them alive for the session timeout."""

    def createSession(
        self, userId: str, password: str, current: Current | None = None, /
    ) -> Awaitable[IceGrid_SessionPrx | None]: ...

    def createAdminSession(
        self, userId: str, password: str, current: Current | None = None, /
    ) -> Awaitable[AdminSessionPrx | None]: ...

    def createSessionFromSecureConnection(
        self, current: Current | None = None, /
    ) -> Awaitable[IceGrid_SessionPrx | None]:
        """The user is who the certificate of the connection says."""
        ...

    def createAdminSessionFromSecureConnection(
        self, current: Current | None = None, /
    ) -> Awaitable[AdminSessionPrx | None]: ...

    def getSessionTimeout(self, current: Current | None = None, /) -> Awaitable[int]:
        """Seconds."""
        ...

    def getACMTimeout(self, current: Current | None = None, /) -> Awaitable[int]:
        """Seconds."""
        ...


class Locator(Ice_Locator, Protocol):
    """The locator of a grid, with the way to the registry behind it."""

    def getLocalRegistry(self, current: Current | None = None, /) -> Awaitable[RegistryPrx | None]: ...

    def getLocalQuery(self, current: Current | None = None, /) -> Awaitable[QueryPrx | None]: ...


class QueryPrx(ObjectPrx):
    """Calls a `Query` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::Query"

    def findObjectById(self, id: Identity, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_Identity(out, id)
        return self._ice_call(_OP_Query_findObjectById, out, context)

    def findObjectByType(self, type: str, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_string(out, type)
        return self._ice_call(_OP_Query_findObjectByType, out, context)

    def findObjectByTypeOnLeastLoadedNode(
        self, type: str, sample: LoadSample, context: CallContext = None
    ) -> Deferred[ObjectPrx | None]:
        if self._ice_old:
            return self._ice_call10(_OP_Query_findObjectByTypeOnLeastLoadedNode, (type, sample), context)
        out = bytearray()
        write_string(out, type)
        write_LoadSample(out, sample)
        return self._ice_call(_OP_Query_findObjectByTypeOnLeastLoadedNode, out, context)

    def findAllObjectsByType(
        self, type: str, context: CallContext = None
    ) -> Deferred[list[ObjectPrx | None]]:
        out = bytearray()
        write_string(out, type)
        return self._ice_call(_OP_Query_findAllObjectsByType, out, context)

    def findAllReplicas(
        self, proxy: ObjectPrx | None, context: CallContext = None
    ) -> Deferred[list[ObjectPrx | None]]:
        if self._ice_old:
            return self._ice_call10(_OP_Query_findAllReplicas, (proxy,), context)
        out = bytearray()
        write_proxy(out, proxy)
        return self._ice_call(_OP_Query_findAllReplicas, out, context)


class RegistryPrx(ObjectPrx):
    """Calls a `Registry` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::Registry"

    def createSession(
        self, userId: str, password: str, context: CallContext = None
    ) -> Deferred[IceGrid_SessionPrx | None]:
        out = bytearray()
        write_string(out, userId)
        write_string(out, password)
        return self._ice_call(_OP_Registry_createSession, out, context)

    def createAdminSession(
        self, userId: str, password: str, context: CallContext = None
    ) -> Deferred[AdminSessionPrx | None]:
        out = bytearray()
        write_string(out, userId)
        write_string(out, password)
        return self._ice_call(_OP_Registry_createAdminSession, out, context)

    def createSessionFromSecureConnection(
        self, context: CallContext = None
    ) -> Deferred[IceGrid_SessionPrx | None]:
        return self._ice_call(_OP_Registry_createSessionFromSecureConnection, b"", context)

    def createAdminSessionFromSecureConnection(
        self, context: CallContext = None
    ) -> Deferred[AdminSessionPrx | None]:
        return self._ice_call(_OP_Registry_createAdminSessionFromSecureConnection, b"", context)

    def getSessionTimeout(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Registry_getSessionTimeout, b"", context)

    def getACMTimeout(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Registry_getACMTimeout, b"", context)


class LocatorPrx(Ice_LocatorPrx):
    """Calls a `Locator` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::Locator"

    def getLocalRegistry(self, context: CallContext = None) -> Deferred[RegistryPrx | None]:
        return self._ice_call(_OP_Locator_getLocalRegistry, b"", context)

    def getLocalQuery(self, context: CallContext = None) -> Deferred[QueryPrx | None]:
        return self._ice_call(_OP_Locator_getLocalQuery, b"", context)


class QueryServant(Servant):
    """Serves a `Query`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::Query"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceGrid::Query")


class RegistryServant(Servant):
    """Serves a `Registry`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::Registry"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceGrid::Registry")


class LocatorServant(Ice_LocatorServant):
    """Serves a `Locator`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::Locator"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Locator", "::Ice::Object", "::IceGrid::Locator")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")

_MEMBERS_LoadSample: Final = {member.value: member for member in LoadSample}


def write_LoadSample(out: bytearray, value: LoadSample) -> None:
    write_size(out, value)


def read_LoadSample(buf: bytes, pos: int) -> tuple[LoadSample, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_LoadSample.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::IceGrid::LoadSample")
    return value, pos


old_LoadSample = Enum10(LoadSample, "::IceGrid::LoadSample")

_OLD_Query_findObjectById = Call10(
    "findObjectById", (Same(write_Identity, read_Identity),), (Proxy10(ObjectPrx),), returns=True
)


def _read_result_Query_findObjectById(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Query_findObjectById(servant: Query, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_Identity(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.findObjectById(id, current)


def _write_result_Query_findObjectById(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Query_findObjectById: Operation[ObjectPrx | None] = Operation(
    "findObjectById", 2, _read_result_Query_findObjectById, (), old=_OLD_Query_findObjectById
)

_OLD_Query_findObjectByType = Call10("findObjectByType", (STRING,), (Proxy10(ObjectPrx),), returns=True)


def _read_result_Query_findObjectByType(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Query_findObjectByType(servant: Query, buf: bytes, pos: int, current: Current) -> Any:
    type, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.findObjectByType(type, current)


def _write_result_Query_findObjectByType(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Query_findObjectByType: Operation[ObjectPrx | None] = Operation(
    "findObjectByType", 2, _read_result_Query_findObjectByType, (), old=_OLD_Query_findObjectByType
)

_OLD_Query_findObjectByTypeOnLeastLoadedNode = Call10(
    "findObjectByTypeOnLeastLoadedNode", (STRING, old_LoadSample), (Proxy10(ObjectPrx),), returns=True
)


def _read_result_Query_findObjectByTypeOnLeastLoadedNode(
    buf: bytes, pos: int, source: Source
) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Query_findObjectByTypeOnLeastLoadedNode(
    servant: Query, buf: bytes, pos: int, current: Current
) -> Any:
    type, pos = read_string(buf, pos)
    sample, pos = read_LoadSample(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.findObjectByTypeOnLeastLoadedNode(type, sample, current)


def _write_result_Query_findObjectByTypeOnLeastLoadedNode(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Query_findObjectByTypeOnLeastLoadedNode: Operation[ObjectPrx | None] = Operation(
    "findObjectByTypeOnLeastLoadedNode",
    2,
    _read_result_Query_findObjectByTypeOnLeastLoadedNode,
    (),
    old=_OLD_Query_findObjectByTypeOnLeastLoadedNode,
)

_OLD_Query_findAllObjectsByType = Call10(
    "findAllObjectsByType", (STRING,), (old_ObjectProxySeq,), returns=True
)


def _read_result_Query_findAllObjectsByType(buf: bytes, pos: int, source: Source) -> list[ObjectPrx | None]:
    result, pos = read_ObjectProxySeq(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Query_findAllObjectsByType(servant: Query, buf: bytes, pos: int, current: Current) -> Any:
    type, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.findAllObjectsByType(type, current)


def _write_result_Query_findAllObjectsByType(value: list[ObjectPrx | None]) -> bytearray:
    out = bytearray()
    write_ObjectProxySeq(out, value)
    return out


_OP_Query_findAllObjectsByType: Operation[list[ObjectPrx | None]] = Operation(
    "findAllObjectsByType",
    2,
    _read_result_Query_findAllObjectsByType,
    (),
    old=_OLD_Query_findAllObjectsByType,
)

_OLD_Query_findAllReplicas = Call10(
    "findAllReplicas", (Proxy10(ObjectPrx),), (old_ObjectProxySeq,), returns=True
)


def _read_result_Query_findAllReplicas(buf: bytes, pos: int, source: Source) -> list[ObjectPrx | None]:
    result, pos = read_ObjectProxySeq(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Query_findAllReplicas(servant: Query, buf: bytes, pos: int, current: Current) -> Any:
    proxy, pos = read_proxy(buf, pos, current, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.findAllReplicas(proxy, current)


def _write_result_Query_findAllReplicas(value: list[ObjectPrx | None]) -> bytearray:
    out = bytearray()
    write_ObjectProxySeq(out, value)
    return out


_OP_Query_findAllReplicas: Operation[list[ObjectPrx | None]] = Operation(
    "findAllReplicas", 2, _read_result_Query_findAllReplicas, (), old=_OLD_Query_findAllReplicas
)

QueryServant.ice_operations = {
    b"findObjectById": ServantOperation(
        "findObjectById",
        2,
        _serve_Query_findObjectById,
        _write_result_Query_findObjectById,
        old=_OLD_Query_findObjectById,
    ),
    b"findObjectByType": ServantOperation(
        "findObjectByType",
        2,
        _serve_Query_findObjectByType,
        _write_result_Query_findObjectByType,
        old=_OLD_Query_findObjectByType,
    ),
    b"findObjectByTypeOnLeastLoadedNode": ServantOperation(
        "findObjectByTypeOnLeastLoadedNode",
        2,
        _serve_Query_findObjectByTypeOnLeastLoadedNode,
        _write_result_Query_findObjectByTypeOnLeastLoadedNode,
        old=_OLD_Query_findObjectByTypeOnLeastLoadedNode,
    ),
    b"findAllObjectsByType": ServantOperation(
        "findAllObjectsByType",
        2,
        _serve_Query_findAllObjectsByType,
        _write_result_Query_findAllObjectsByType,
        old=_OLD_Query_findAllObjectsByType,
    ),
    b"findAllReplicas": ServantOperation(
        "findAllReplicas",
        2,
        _serve_Query_findAllReplicas,
        _write_result_Query_findAllReplicas,
        old=_OLD_Query_findAllReplicas,
    ),
}

_OLD_Registry_createSession = Call10(
    "createSession", (STRING, STRING), (Proxy10(IceGrid_SessionPrx),), returns=True
)


def _read_result_Registry_createSession(buf: bytes, pos: int, source: Source) -> IceGrid_SessionPrx | None:
    result, pos = read_proxy(buf, pos, source, IceGrid_SessionPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Registry_createSession(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    userId, pos = read_string(buf, pos)
    password, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.createSession(userId, password, current)


def _write_result_Registry_createSession(value: IceGrid_SessionPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Registry_createSession: Operation[IceGrid_SessionPrx | None] = Operation(
    "createSession",
    0,
    _read_result_Registry_createSession,
    (IceGrid_PermissionDeniedException,),
    old=_OLD_Registry_createSession,
)

_OLD_Registry_createAdminSession = Call10(
    "createAdminSession", (STRING, STRING), (Proxy10(AdminSessionPrx),), returns=True
)


def _read_result_Registry_createAdminSession(buf: bytes, pos: int, source: Source) -> AdminSessionPrx | None:
    result, pos = read_proxy(buf, pos, source, AdminSessionPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Registry_createAdminSession(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    userId, pos = read_string(buf, pos)
    password, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.createAdminSession(userId, password, current)


def _write_result_Registry_createAdminSession(value: AdminSessionPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Registry_createAdminSession: Operation[AdminSessionPrx | None] = Operation(
    "createAdminSession",
    0,
    _read_result_Registry_createAdminSession,
    (IceGrid_PermissionDeniedException,),
    old=_OLD_Registry_createAdminSession,
)

_OLD_Registry_createSessionFromSecureConnection = Call10(
    "createSessionFromSecureConnection", (), (Proxy10(IceGrid_SessionPrx),), returns=True
)


def _read_result_Registry_createSessionFromSecureConnection(
    buf: bytes, pos: int, source: Source
) -> IceGrid_SessionPrx | None:
    result, pos = read_proxy(buf, pos, source, IceGrid_SessionPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Registry_createSessionFromSecureConnection(
    servant: Registry, buf: bytes, pos: int, current: Current
) -> Any:
    return servant.createSessionFromSecureConnection(current)


def _write_result_Registry_createSessionFromSecureConnection(value: IceGrid_SessionPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Registry_createSessionFromSecureConnection: Operation[IceGrid_SessionPrx | None] = Operation(
    "createSessionFromSecureConnection",
    0,
    _read_result_Registry_createSessionFromSecureConnection,
    (IceGrid_PermissionDeniedException,),
    old=_OLD_Registry_createSessionFromSecureConnection,
)

_OLD_Registry_createAdminSessionFromSecureConnection = Call10(
    "createAdminSessionFromSecureConnection", (), (Proxy10(AdminSessionPrx),), returns=True
)


def _read_result_Registry_createAdminSessionFromSecureConnection(
    buf: bytes, pos: int, source: Source
) -> AdminSessionPrx | None:
    result, pos = read_proxy(buf, pos, source, AdminSessionPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Registry_createAdminSessionFromSecureConnection(
    servant: Registry, buf: bytes, pos: int, current: Current
) -> Any:
    return servant.createAdminSessionFromSecureConnection(current)


def _write_result_Registry_createAdminSessionFromSecureConnection(value: AdminSessionPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Registry_createAdminSessionFromSecureConnection: Operation[AdminSessionPrx | None] = Operation(
    "createAdminSessionFromSecureConnection",
    0,
    _read_result_Registry_createAdminSessionFromSecureConnection,
    (IceGrid_PermissionDeniedException,),
    old=_OLD_Registry_createAdminSessionFromSecureConnection,
)


def _read_result_Registry_getSessionTimeout(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Registry_getSessionTimeout(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getSessionTimeout(current)


_OP_Registry_getSessionTimeout: Operation[int] = Operation(
    "getSessionTimeout", 2, _read_result_Registry_getSessionTimeout, ()
)


def _read_result_Registry_getACMTimeout(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Registry_getACMTimeout(servant: Registry, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getACMTimeout(current)


_OP_Registry_getACMTimeout: Operation[int] = Operation(
    "getACMTimeout", 2, _read_result_Registry_getACMTimeout, ()
)

RegistryServant.ice_operations = {
    b"createSession": ServantOperation(
        "createSession",
        0,
        _serve_Registry_createSession,
        _write_result_Registry_createSession,
        old=_OLD_Registry_createSession,
    ),
    b"createAdminSession": ServantOperation(
        "createAdminSession",
        0,
        _serve_Registry_createAdminSession,
        _write_result_Registry_createAdminSession,
        old=_OLD_Registry_createAdminSession,
    ),
    b"createSessionFromSecureConnection": ServantOperation(
        "createSessionFromSecureConnection",
        0,
        _serve_Registry_createSessionFromSecureConnection,
        _write_result_Registry_createSessionFromSecureConnection,
        old=_OLD_Registry_createSessionFromSecureConnection,
    ),
    b"createAdminSessionFromSecureConnection": ServantOperation(
        "createAdminSessionFromSecureConnection",
        0,
        _serve_Registry_createAdminSessionFromSecureConnection,
        _write_result_Registry_createAdminSessionFromSecureConnection,
        old=_OLD_Registry_createAdminSessionFromSecureConnection,
    ),
    b"getSessionTimeout": ServantOperation(
        "getSessionTimeout", 2, _serve_Registry_getSessionTimeout, _S_i.pack
    ),
    b"getACMTimeout": ServantOperation("getACMTimeout", 2, _serve_Registry_getACMTimeout, _S_i.pack),
}

_OLD_Locator_getLocalRegistry = Call10("getLocalRegistry", (), (Proxy10(RegistryPrx),), returns=True)


def _read_result_Locator_getLocalRegistry(buf: bytes, pos: int, source: Source) -> RegistryPrx | None:
    result, pos = read_proxy(buf, pos, source, RegistryPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Locator_getLocalRegistry(servant: Locator, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getLocalRegistry(current)


def _write_result_Locator_getLocalRegistry(value: RegistryPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Locator_getLocalRegistry: Operation[RegistryPrx | None] = Operation(
    "getLocalRegistry", 2, _read_result_Locator_getLocalRegistry, (), old=_OLD_Locator_getLocalRegistry
)

_OLD_Locator_getLocalQuery = Call10("getLocalQuery", (), (Proxy10(QueryPrx),), returns=True)


def _read_result_Locator_getLocalQuery(buf: bytes, pos: int, source: Source) -> QueryPrx | None:
    result, pos = read_proxy(buf, pos, source, QueryPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Locator_getLocalQuery(servant: Locator, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getLocalQuery(current)


def _write_result_Locator_getLocalQuery(value: QueryPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Locator_getLocalQuery: Operation[QueryPrx | None] = Operation(
    "getLocalQuery", 2, _read_result_Locator_getLocalQuery, (), old=_OLD_Locator_getLocalQuery
)

LocatorServant.ice_operations = {
    **Ice_LocatorServant.ice_operations,
    b"getLocalRegistry": ServantOperation(
        "getLocalRegistry",
        2,
        _serve_Locator_getLocalRegistry,
        _write_result_Locator_getLocalRegistry,
        old=_OLD_Locator_getLocalRegistry,
    ),
    b"getLocalQuery": ServantOperation(
        "getLocalQuery",
        2,
        _serve_Locator_getLocalQuery,
        _write_result_Locator_getLocalQuery,
        old=_OLD_Locator_getLocalQuery,
    ),
}
