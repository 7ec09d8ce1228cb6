# Written by slice2tx from idl/ice/icegrid_session.ice. To change it, change the Slice file.
"""What a client of a grid may do while its session lives."""

from __future__ import annotations

from collections.abc import Awaitable
from struct import Struct
from typing import Any, ClassVar, Protocol

from twisted.internet.defer import Deferred

from pushnet.gen.ice.glacier2 import Session as Glacier2_Session
from pushnet.gen.ice.glacier2 import SessionPrx as Glacier2_SessionPrx
from pushnet.gen.ice.glacier2 import SessionServant as Glacier2_SessionServant
from pushnet.gen.ice.icegrid_admin import AdminPrx
from pushnet.gen.ice.icegrid_exceptions import (
    AccessDeniedException,
    AllocationException,
    DeploymentException,
    FileNotAvailableException,
    NodeNotExistException,
    NodeUnreachableException,
    ObjectNotRegisteredException,
    ObserverAlreadyRegisteredException,
    RegistryNotExistException,
    RegistryUnreachableException,
    ServerNotExistException,
)
from pushnet.gen.ice.icegrid_observers import (
    AdapterObserverPrx,
    ApplicationObserverPrx,
    NodeObserverPrx,
    ObjectObserverPrx,
    RegistryObserverPrx,
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
from pushnet.wire.basic import read_string, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import INT, STRING, Proxy10, Same
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.leftovers import pass_over

__all__ = [
    "AdminSession",
    "AdminSessionPrx",
    "AdminSessionServant",
    "FileIterator",
    "FileIteratorPrx",
    "FileIteratorServant",
    "Session",
    "SessionPrx",
    "SessionServant",
]


class Session(Glacier2_Session, Protocol):
    """A client's session. Allocation is of objects declared allocatable, of which there are none here."""

    def keepAlive(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def allocateObjectById(
        self, id: Identity, current: Current | None = None, /
    ) -> Awaitable[ObjectPrx | None]: ...

    def allocateObjectByType(
        self, type: str, current: Current | None = None, /
    ) -> Awaitable[ObjectPrx | None]: ...

    def releaseObject(self, id: Identity, current: Current | None = None, /) -> Awaitable[None]: ...

    def setAllocationTimeout(self, timeout: int, current: Current | None = None, /) -> Awaitable[None]: ...


class FileIterator(Protocol):
    """Reads a file piece by piece."""

    def read(self, size: int, current: Current | None = None, /) -> Awaitable[tuple[bool, list[str]]]:
        """Whether the end is reached."""
        ...

    def destroy(self, current: Current | None = None, /) -> Awaitable[None]: ...


class AdminSession(Glacier2_Session, Protocol):
    """An administrator's session."""

    def keepAlive(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def getAdmin(self, current: Current | None = None, /) -> Awaitable[AdminPrx | None]: ...

    def getAdminCallbackTemplate(self, current: Current | None = None, /) -> Awaitable[ObjectPrx | None]:
        """Null: observers are called directly, not through the session."""
        ...

    def setObservers(
        self,
        registryObs: RegistryObserverPrx | None,
        nodeObs: NodeObserverPrx | None,
        appObs: ApplicationObserverPrx | None,
        adptObs: AdapterObserverPrx | None,
        objObs: ObjectObserverPrx | None,
        current: Current | None = None,
        /,
    ) -> Awaitable[None]:
        """Null takes no part."""
        ...

    def setObserversByIdentity(
        self,
        registryObs: Identity,
        nodeObs: Identity,
        appObs: Identity,
        adptObs: Identity,
        objObs: Identity,
        current: Current | None = None,
        /,
    ) -> Awaitable[None]:
        """Likewise, of objects reached through the connection of this call."""
        ...

    def startUpdate(self, current: Current | None = None, /) -> Awaitable[int]:
        """Take the one lock for changes; the answer counts them."""
        ...

    def finishUpdate(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def getReplicaName(self, current: Current | None = None, /) -> Awaitable[str]: ...

    def openServerLog(
        self, id: str, path: str, count: int, current: Current | None = None, /
    ) -> Awaitable[FileIteratorPrx | None]: ...

    def openServerStdErr(
        self, id: str, count: int, current: Current | None = None, /
    ) -> Awaitable[FileIteratorPrx | None]: ...

    def openServerStdOut(
        self, id: str, count: int, current: Current | None = None, /
    ) -> Awaitable[FileIteratorPrx | None]: ...

    def openNodeStdErr(
        self, name: str, count: int, current: Current | None = None, /
    ) -> Awaitable[FileIteratorPrx | None]: ...

    def openNodeStdOut(
        self, name: str, count: int, current: Current | None = None, /
    ) -> Awaitable[FileIteratorPrx | None]: ...

    def openRegistryStdErr(
        self, name: str, count: int, current: Current | None = None, /
    ) -> Awaitable[FileIteratorPrx | None]: ...

    def openRegistryStdOut(
        self, name: str, count: int, current: Current | None = None, /
    ) -> Awaitable[FileIteratorPrx | None]: ...


class SessionPrx(Glacier2_SessionPrx):
    """Calls a `Session` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::Session"

    def keepAlive(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Session_keepAlive, b"", context)

    def allocateObjectById(self, id: Identity, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_Identity(out, id)
        return self._ice_call(_OP_Session_allocateObjectById, out, context)

    def allocateObjectByType(self, type: str, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_string(out, type)
        return self._ice_call(_OP_Session_allocateObjectByType, out, context)

    def releaseObject(self, id: Identity, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_Identity(out, id)
        return self._ice_call(_OP_Session_releaseObject, out, context)

    def setAllocationTimeout(self, timeout: int, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Session_setAllocationTimeout, _S_i.pack(timeout), context)


class FileIteratorPrx(ObjectPrx):
    """Calls a `FileIterator` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::FileIterator"

    def read(self, size: int, context: CallContext = None) -> Deferred[tuple[bool, list[str]]]:
        return self._ice_call(_OP_FileIterator_read, _S_i.pack(size), context)

    def destroy(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_FileIterator_destroy, b"", context)


class AdminSessionPrx(Glacier2_SessionPrx):
    """Calls an `AdminSession` wherever it is."""

    ice_type: ClassVar[str] = "::IceGrid::AdminSession"

    def keepAlive(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_AdminSession_keepAlive, b"", context)

    def getAdmin(self, context: CallContext = None) -> Deferred[AdminPrx | None]:
        return self._ice_call(_OP_AdminSession_getAdmin, b"", context)

    def getAdminCallbackTemplate(self, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        return self._ice_call(_OP_AdminSession_getAdminCallbackTemplate, b"", context)

    def setObservers(
        self,
        registryObs: RegistryObserverPrx | None,
        nodeObs: NodeObserverPrx | None,
        appObs: ApplicationObserverPrx | None,
        adptObs: AdapterObserverPrx | None,
        objObs: ObjectObserverPrx | None,
        context: CallContext = None,
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(
                _OP_AdminSession_setObservers, (registryObs, nodeObs, appObs, adptObs, objObs), context
            )
        out = bytearray()
        write_proxy(out, registryObs)
        write_proxy(out, nodeObs)
        write_proxy(out, appObs)
        write_proxy(out, adptObs)
        write_proxy(out, objObs)
        return self._ice_call(_OP_AdminSession_setObservers, out, context)

    def setObserversByIdentity(
        self,
        registryObs: Identity,
        nodeObs: Identity,
        appObs: Identity,
        adptObs: Identity,
        objObs: Identity,
        context: CallContext = None,
    ) -> Deferred[None]:
        out = bytearray()
        write_Identity(out, registryObs)
        write_Identity(out, nodeObs)
        write_Identity(out, appObs)
        write_Identity(out, adptObs)
        write_Identity(out, objObs)
        return self._ice_call(_OP_AdminSession_setObserversByIdentity, out, context)

    def startUpdate(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_AdminSession_startUpdate, b"", context)

    def finishUpdate(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_AdminSession_finishUpdate, b"", context)

    def getReplicaName(self, context: CallContext = None) -> Deferred[str]:
        return self._ice_call(_OP_AdminSession_getReplicaName, b"", context)

    def openServerLog(
        self, id: str, path: str, count: int, context: CallContext = None
    ) -> Deferred[FileIteratorPrx | None]:
        out = bytearray()
        write_string(out, id)
        write_string(out, path)
        out += _S_i.pack(count)
        return self._ice_call(_OP_AdminSession_openServerLog, out, context)

    def openServerStdErr(
        self, id: str, count: int, context: CallContext = None
    ) -> Deferred[FileIteratorPrx | None]:
        out = bytearray()
        write_string(out, id)
        out += _S_i.pack(count)
        return self._ice_call(_OP_AdminSession_openServerStdErr, out, context)

    def openServerStdOut(
        self, id: str, count: int, context: CallContext = None
    ) -> Deferred[FileIteratorPrx | None]:
        out = bytearray()
        write_string(out, id)
        out += _S_i.pack(count)
        return self._ice_call(_OP_AdminSession_openServerStdOut, out, context)

    def openNodeStdErr(
        self, name: str, count: int, context: CallContext = None
    ) -> Deferred[FileIteratorPrx | None]:
        out = bytearray()
        write_string(out, name)
        out += _S_i.pack(count)
        return self._ice_call(_OP_AdminSession_openNodeStdErr, out, context)

    def openNodeStdOut(
        self, name: str, count: int, context: CallContext = None
    ) -> Deferred[FileIteratorPrx | None]:
        out = bytearray()
        write_string(out, name)
        out += _S_i.pack(count)
        return self._ice_call(_OP_AdminSession_openNodeStdOut, out, context)

    def openRegistryStdErr(
        self, name: str, count: int, context: CallContext = None
    ) -> Deferred[FileIteratorPrx | None]:
        out = bytearray()
        write_string(out, name)
        out += _S_i.pack(count)
        return self._ice_call(_OP_AdminSession_openRegistryStdErr, out, context)

    def openRegistryStdOut(
        self, name: str, count: int, context: CallContext = None
    ) -> Deferred[FileIteratorPrx | None]:
        out = bytearray()
        write_string(out, name)
        out += _S_i.pack(count)
        return self._ice_call(_OP_AdminSession_openRegistryStdOut, out, context)


class SessionServant(Glacier2_SessionServant):
    """Serves a `Session`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::Session"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Glacier2::Session", "::Ice::Object", "::IceGrid::Session")


class FileIteratorServant(Servant):
    """Serves a `FileIterator`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::FileIterator"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceGrid::FileIterator")


class AdminSessionServant(Glacier2_SessionServant):
    """Serves an `AdminSession`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::IceGrid::AdminSession"
    ice_type_ids: ClassVar[tuple[str, ...]] = (
        "::Glacier2::Session",
        "::Ice::Object",
        "::IceGrid::AdminSession",
    )


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_o = Struct("<?")


def _serve_Session_keepAlive(servant: Session, buf: bytes, pos: int, current: Current) -> Any:
    return servant.keepAlive(current)


_OP_Session_keepAlive: Operation[None] = Operation("keepAlive", 2, None, ())

_OLD_Session_allocateObjectById = Call10(
    "allocateObjectById", (Same(write_Identity, read_Identity),), (Proxy10(ObjectPrx),), returns=True
)


def _read_result_Session_allocateObjectById(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Session_allocateObjectById(servant: Session, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_Identity(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.allocateObjectById(id, current)


def _write_result_Session_allocateObjectById(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Session_allocateObjectById: Operation[ObjectPrx | None] = Operation(
    "allocateObjectById",
    0,
    _read_result_Session_allocateObjectById,
    (ObjectNotRegisteredException, AllocationException),
    old=_OLD_Session_allocateObjectById,
)

_OLD_Session_allocateObjectByType = Call10(
    "allocateObjectByType", (STRING,), (Proxy10(ObjectPrx),), returns=True
)


def _read_result_Session_allocateObjectByType(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Session_allocateObjectByType(servant: Session, buf: bytes, pos: int, current: Current) -> Any:
    type, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.allocateObjectByType(type, current)


def _write_result_Session_allocateObjectByType(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Session_allocateObjectByType: Operation[ObjectPrx | None] = Operation(
    "allocateObjectByType",
    0,
    _read_result_Session_allocateObjectByType,
    (AllocationException,),
    old=_OLD_Session_allocateObjectByType,
)


def _serve_Session_releaseObject(servant: Session, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_Identity(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.releaseObject(id, current)


_OP_Session_releaseObject: Operation[None] = Operation(
    "releaseObject", 0, None, (ObjectNotRegisteredException, AllocationException)
)


def _serve_Session_setAllocationTimeout(servant: Session, buf: bytes, pos: int, current: Current) -> Any:
    (timeout,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.setAllocationTimeout(timeout, current)


_OP_Session_setAllocationTimeout: Operation[None] = Operation("setAllocationTimeout", 2, None, ())

SessionServant.ice_operations = {
    **Glacier2_SessionServant.ice_operations,
    b"keepAlive": ServantOperation("keepAlive", 2, _serve_Session_keepAlive, None),
    b"allocateObjectById": ServantOperation(
        "allocateObjectById",
        0,
        _serve_Session_allocateObjectById,
        _write_result_Session_allocateObjectById,
        old=_OLD_Session_allocateObjectById,
    ),
    b"allocateObjectByType": ServantOperation(
        "allocateObjectByType",
        0,
        _serve_Session_allocateObjectByType,
        _write_result_Session_allocateObjectByType,
        old=_OLD_Session_allocateObjectByType,
    ),
    b"releaseObject": ServantOperation("releaseObject", 0, _serve_Session_releaseObject, None),
    b"setAllocationTimeout": ServantOperation(
        "setAllocationTimeout", 2, _serve_Session_setAllocationTimeout, None
    ),
}


def _read_result_FileIterator_read(buf: bytes, pos: int, source: Source) -> tuple[bool, list[str]]:
    lines, pos = read_StringSeq(buf, pos)
    (result,) = _S_o.unpack_from(buf, pos)
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, source)
    return result, lines


def _serve_FileIterator_read(servant: FileIterator, buf: bytes, pos: int, current: Current) -> Any:
    (size,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.read(size, current)


def _write_result_FileIterator_read(value: tuple[bool, list[str]]) -> bytearray:
    result, lines = value
    out = bytearray()
    write_StringSeq(out, lines)
    out += _S_o.pack(result)
    return out


_OP_FileIterator_read: Operation[tuple[bool, list[str]]] = Operation(
    "read", 0, _read_result_FileIterator_read, (FileNotAvailableException,)
)


def _serve_FileIterator_destroy(servant: FileIterator, buf: bytes, pos: int, current: Current) -> Any:
    return servant.destroy(current)


_OP_FileIterator_destroy: Operation[None] = Operation("destroy", 0, None, ())

FileIteratorServant.ice_operations = {
    b"read": ServantOperation("read", 0, _serve_FileIterator_read, _write_result_FileIterator_read),
    b"destroy": ServantOperation("destroy", 0, _serve_FileIterator_destroy, None),
}


def _serve_AdminSession_keepAlive(servant: AdminSession, buf: bytes, pos: int, current: Current) -> Any:
    return servant.keepAlive(current)


_OP_AdminSession_keepAlive: Operation[None] = Operation("keepAlive", 2, None, ())

_OLD_AdminSession_getAdmin = Call10("getAdmin", (), (Proxy10(AdminPrx),), returns=True)


def _read_result_AdminSession_getAdmin(buf: bytes, pos: int, source: Source) -> AdminPrx | None:
    result, pos = read_proxy(buf, pos, source, AdminPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_getAdmin(servant: AdminSession, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getAdmin(current)


def _write_result_AdminSession_getAdmin(value: AdminPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_AdminSession_getAdmin: Operation[AdminPrx | None] = Operation(
    "getAdmin", 2, _read_result_AdminSession_getAdmin, (), old=_OLD_AdminSession_getAdmin
)

_OLD_AdminSession_getAdminCallbackTemplate = Call10(
    "getAdminCallbackTemplate", (), (Proxy10(ObjectPrx),), returns=True
)


def _read_result_AdminSession_getAdminCallbackTemplate(
    buf: bytes, pos: int, source: Source
) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_getAdminCallbackTemplate(
    servant: AdminSession, buf: bytes, pos: int, current: Current
) -> Any:
    return servant.getAdminCallbackTemplate(current)


def _write_result_AdminSession_getAdminCallbackTemplate(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_AdminSession_getAdminCallbackTemplate: Operation[ObjectPrx | None] = Operation(
    "getAdminCallbackTemplate",
    2,
    _read_result_AdminSession_getAdminCallbackTemplate,
    (),
    old=_OLD_AdminSession_getAdminCallbackTemplate,
)

_OLD_AdminSession_setObservers = Call10(
    "setObservers",
    (
        Proxy10(RegistryObserverPrx),
        Proxy10(NodeObserverPrx),
        Proxy10(ApplicationObserverPrx),
        Proxy10(AdapterObserverPrx),
        Proxy10(ObjectObserverPrx),
    ),
    (),
)


def _serve_AdminSession_setObservers(servant: AdminSession, buf: bytes, pos: int, current: Current) -> Any:
    registryObs, pos = read_proxy(buf, pos, current, RegistryObserverPrx)
    nodeObs, pos = read_proxy(buf, pos, current, NodeObserverPrx)
    appObs, pos = read_proxy(buf, pos, current, ApplicationObserverPrx)
    adptObs, pos = read_proxy(buf, pos, current, AdapterObserverPrx)
    objObs, pos = read_proxy(buf, pos, current, ObjectObserverPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.setObservers(registryObs, nodeObs, appObs, adptObs, objObs, current)


_OP_AdminSession_setObservers: Operation[None] = Operation(
    "setObservers", 2, None, (ObserverAlreadyRegisteredException,), old=_OLD_AdminSession_setObservers
)


def _serve_AdminSession_setObserversByIdentity(
    servant: AdminSession, buf: bytes, pos: int, current: Current
) -> Any:
    registryObs, pos = read_Identity(buf, pos)
    nodeObs, pos = read_Identity(buf, pos)
    appObs, pos = read_Identity(buf, pos)
    adptObs, pos = read_Identity(buf, pos)
    objObs, pos = read_Identity(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.setObserversByIdentity(registryObs, nodeObs, appObs, adptObs, objObs, current)


_OP_AdminSession_setObserversByIdentity: Operation[None] = Operation(
    "setObserversByIdentity", 2, None, (ObserverAlreadyRegisteredException,)
)


def _read_result_AdminSession_startUpdate(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_AdminSession_startUpdate(servant: AdminSession, buf: bytes, pos: int, current: Current) -> Any:
    return servant.startUpdate(current)


_OP_AdminSession_startUpdate: Operation[int] = Operation(
    "startUpdate", 0, _read_result_AdminSession_startUpdate, (AccessDeniedException,)
)


def _serve_AdminSession_finishUpdate(servant: AdminSession, buf: bytes, pos: int, current: Current) -> Any:
    return servant.finishUpdate(current)


_OP_AdminSession_finishUpdate: Operation[None] = Operation("finishUpdate", 0, None, (AccessDeniedException,))


def _read_result_AdminSession_getReplicaName(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_getReplicaName(servant: AdminSession, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getReplicaName(current)


def _write_result_AdminSession_getReplicaName(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_AdminSession_getReplicaName: Operation[str] = Operation(
    "getReplicaName", 2, _read_result_AdminSession_getReplicaName, ()
)

_OLD_AdminSession_openServerLog = Call10(
    "openServerLog", (STRING, STRING, INT), (Proxy10(FileIteratorPrx),), returns=True
)


def _read_result_AdminSession_openServerLog(buf: bytes, pos: int, source: Source) -> FileIteratorPrx | None:
    result, pos = read_proxy(buf, pos, source, FileIteratorPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_openServerLog(servant: AdminSession, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    path, pos = read_string(buf, pos)
    (count,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.openServerLog(id, path, count, current)


def _write_result_AdminSession_openServerLog(value: FileIteratorPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_AdminSession_openServerLog: Operation[FileIteratorPrx | None] = Operation(
    "openServerLog",
    0,
    _read_result_AdminSession_openServerLog,
    (FileNotAvailableException, ServerNotExistException, NodeUnreachableException, DeploymentException),
    old=_OLD_AdminSession_openServerLog,
)

_OLD_AdminSession_openServerStdErr = Call10(
    "openServerStdErr", (STRING, INT), (Proxy10(FileIteratorPrx),), returns=True
)


def _read_result_AdminSession_openServerStdErr(
    buf: bytes, pos: int, source: Source
) -> FileIteratorPrx | None:
    result, pos = read_proxy(buf, pos, source, FileIteratorPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_openServerStdErr(
    servant: AdminSession, buf: bytes, pos: int, current: Current
) -> Any:
    id, pos = read_string(buf, pos)
    (count,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.openServerStdErr(id, count, current)


def _write_result_AdminSession_openServerStdErr(value: FileIteratorPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_AdminSession_openServerStdErr: Operation[FileIteratorPrx | None] = Operation(
    "openServerStdErr",
    0,
    _read_result_AdminSession_openServerStdErr,
    (FileNotAvailableException, ServerNotExistException, NodeUnreachableException, DeploymentException),
    old=_OLD_AdminSession_openServerStdErr,
)

_OLD_AdminSession_openServerStdOut = Call10(
    "openServerStdOut", (STRING, INT), (Proxy10(FileIteratorPrx),), returns=True
)


def _read_result_AdminSession_openServerStdOut(
    buf: bytes, pos: int, source: Source
) -> FileIteratorPrx | None:
    result, pos = read_proxy(buf, pos, source, FileIteratorPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_openServerStdOut(
    servant: AdminSession, buf: bytes, pos: int, current: Current
) -> Any:
    id, pos = read_string(buf, pos)
    (count,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.openServerStdOut(id, count, current)


def _write_result_AdminSession_openServerStdOut(value: FileIteratorPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_AdminSession_openServerStdOut: Operation[FileIteratorPrx | None] = Operation(
    "openServerStdOut",
    0,
    _read_result_AdminSession_openServerStdOut,
    (FileNotAvailableException, ServerNotExistException, NodeUnreachableException, DeploymentException),
    old=_OLD_AdminSession_openServerStdOut,
)

_OLD_AdminSession_openNodeStdErr = Call10(
    "openNodeStdErr", (STRING, INT), (Proxy10(FileIteratorPrx),), returns=True
)


def _read_result_AdminSession_openNodeStdErr(buf: bytes, pos: int, source: Source) -> FileIteratorPrx | None:
    result, pos = read_proxy(buf, pos, source, FileIteratorPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_openNodeStdErr(servant: AdminSession, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    (count,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.openNodeStdErr(name, count, current)


def _write_result_AdminSession_openNodeStdErr(value: FileIteratorPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_AdminSession_openNodeStdErr: Operation[FileIteratorPrx | None] = Operation(
    "openNodeStdErr",
    0,
    _read_result_AdminSession_openNodeStdErr,
    (FileNotAvailableException, NodeNotExistException, NodeUnreachableException),
    old=_OLD_AdminSession_openNodeStdErr,
)

_OLD_AdminSession_openNodeStdOut = Call10(
    "openNodeStdOut", (STRING, INT), (Proxy10(FileIteratorPrx),), returns=True
)


def _read_result_AdminSession_openNodeStdOut(buf: bytes, pos: int, source: Source) -> FileIteratorPrx | None:
    result, pos = read_proxy(buf, pos, source, FileIteratorPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_openNodeStdOut(servant: AdminSession, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    (count,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.openNodeStdOut(name, count, current)


def _write_result_AdminSession_openNodeStdOut(value: FileIteratorPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_AdminSession_openNodeStdOut: Operation[FileIteratorPrx | None] = Operation(
    "openNodeStdOut",
    0,
    _read_result_AdminSession_openNodeStdOut,
    (FileNotAvailableException, NodeNotExistException, NodeUnreachableException),
    old=_OLD_AdminSession_openNodeStdOut,
)

_OLD_AdminSession_openRegistryStdErr = Call10(
    "openRegistryStdErr", (STRING, INT), (Proxy10(FileIteratorPrx),), returns=True
)


def _read_result_AdminSession_openRegistryStdErr(
    buf: bytes, pos: int, source: Source
) -> FileIteratorPrx | None:
    result, pos = read_proxy(buf, pos, source, FileIteratorPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_openRegistryStdErr(
    servant: AdminSession, buf: bytes, pos: int, current: Current
) -> Any:
    name, pos = read_string(buf, pos)
    (count,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.openRegistryStdErr(name, count, current)


def _write_result_AdminSession_openRegistryStdErr(value: FileIteratorPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_AdminSession_openRegistryStdErr: Operation[FileIteratorPrx | None] = Operation(
    "openRegistryStdErr",
    0,
    _read_result_AdminSession_openRegistryStdErr,
    (FileNotAvailableException, RegistryNotExistException, RegistryUnreachableException),
    old=_OLD_AdminSession_openRegistryStdErr,
)

_OLD_AdminSession_openRegistryStdOut = Call10(
    "openRegistryStdOut", (STRING, INT), (Proxy10(FileIteratorPrx),), returns=True
)


def _read_result_AdminSession_openRegistryStdOut(
    buf: bytes, pos: int, source: Source
) -> FileIteratorPrx | None:
    result, pos = read_proxy(buf, pos, source, FileIteratorPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_AdminSession_openRegistryStdOut(
    servant: AdminSession, buf: bytes, pos: int, current: Current
) -> Any:
    name, pos = read_string(buf, pos)
    (count,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.openRegistryStdOut(name, count, current)


def _write_result_AdminSession_openRegistryStdOut(value: FileIteratorPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_AdminSession_openRegistryStdOut: Operation[FileIteratorPrx | None] = Operation(
    "openRegistryStdOut",
    0,
    _read_result_AdminSession_openRegistryStdOut,
    (FileNotAvailableException, RegistryNotExistException, RegistryUnreachableException),
    old=_OLD_AdminSession_openRegistryStdOut,
)

AdminSessionServant.ice_operations = {
    **Glacier2_SessionServant.ice_operations,
    b"keepAlive": ServantOperation("keepAlive", 2, _serve_AdminSession_keepAlive, None),
    b"getAdmin": ServantOperation(
        "getAdmin",
        2,
        _serve_AdminSession_getAdmin,
        _write_result_AdminSession_getAdmin,
        old=_OLD_AdminSession_getAdmin,
    ),
    b"getAdminCallbackTemplate": ServantOperation(
        "getAdminCallbackTemplate",
        2,
        _serve_AdminSession_getAdminCallbackTemplate,
        _write_result_AdminSession_getAdminCallbackTemplate,
        old=_OLD_AdminSession_getAdminCallbackTemplate,
    ),
    b"setObservers": ServantOperation(
        "setObservers", 2, _serve_AdminSession_setObservers, None, old=_OLD_AdminSession_setObservers
    ),
    b"setObserversByIdentity": ServantOperation(
        "setObserversByIdentity", 2, _serve_AdminSession_setObserversByIdentity, None
    ),
    b"startUpdate": ServantOperation("startUpdate", 0, _serve_AdminSession_startUpdate, _S_i.pack),
    b"finishUpdate": ServantOperation("finishUpdate", 0, _serve_AdminSession_finishUpdate, None),
    b"getReplicaName": ServantOperation(
        "getReplicaName", 2, _serve_AdminSession_getReplicaName, _write_result_AdminSession_getReplicaName
    ),
    b"openServerLog": ServantOperation(
        "openServerLog",
        0,
        _serve_AdminSession_openServerLog,
        _write_result_AdminSession_openServerLog,
        old=_OLD_AdminSession_openServerLog,
    ),
    b"openServerStdErr": ServantOperation(
        "openServerStdErr",
        0,
        _serve_AdminSession_openServerStdErr,
        _write_result_AdminSession_openServerStdErr,
        old=_OLD_AdminSession_openServerStdErr,
    ),
    b"openServerStdOut": ServantOperation(
        "openServerStdOut",
        0,
        _serve_AdminSession_openServerStdOut,
        _write_result_AdminSession_openServerStdOut,
        old=_OLD_AdminSession_openServerStdOut,
    ),
    b"openNodeStdErr": ServantOperation(
        "openNodeStdErr",
        0,
        _serve_AdminSession_openNodeStdErr,
        _write_result_AdminSession_openNodeStdErr,
        old=_OLD_AdminSession_openNodeStdErr,
    ),
    b"openNodeStdOut": ServantOperation(
        "openNodeStdOut",
        0,
        _serve_AdminSession_openNodeStdOut,
        _write_result_AdminSession_openNodeStdOut,
        old=_OLD_AdminSession_openNodeStdOut,
    ),
    b"openRegistryStdErr": ServantOperation(
        "openRegistryStdErr",
        0,
        _serve_AdminSession_openRegistryStdErr,
        _write_result_AdminSession_openRegistryStdErr,
        old=_OLD_AdminSession_openRegistryStdErr,
    ),
    b"openRegistryStdOut": ServantOperation(
        "openRegistryStdOut",
        0,
        _serve_AdminSession_openRegistryStdOut,
        _write_result_AdminSession_openRegistryStdOut,
        old=_OLD_AdminSession_openRegistryStdOut,
    ),
}
