# Written by slice2tx from idl/ice/locator.ice. To change it, change the Slice file.
"""What the Slice file declares in `Ice`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.ice.process import ProcessPrx
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
from pushnet.wire.basic import read_string, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import STRING, Proxy10, Same
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.leftovers import pass_over

__all__ = [
    "AdapterAlreadyActiveException",
    "AdapterNotFoundException",
    "InvalidReplicaGroupIdException",
    "Locator",
    "LocatorFinder",
    "LocatorFinderPrx",
    "LocatorFinderServant",
    "LocatorPrx",
    "LocatorRegistry",
    "LocatorRegistryPrx",
    "LocatorRegistryServant",
    "LocatorServant",
    "ObjectNotFoundException",
    "ServerNotFoundException",
]


@attrs.frozen
class AdapterNotFoundException(UserException):
    """No adapter or replica group has that id."""


@attrs.frozen
class InvalidReplicaGroupIdException(UserException):
    """The replica group given is not one this adapter may join."""


@attrs.frozen
class AdapterAlreadyActiveException(UserException):
    """An active adapter holds that id already."""


@attrs.frozen
class ObjectNotFoundException(UserException):
    """No well-known object has that identity."""


@attrs.frozen
class ServerNotFoundException(UserException):
    """No server has that id."""


class Locator(Protocol):
    """Turns names into endpoints."""

    def findObjectById(self, id: Identity, current: Current | None = None, /) -> Awaitable[ObjectPrx | None]:
        """Find a well-known object; the proxy may be indirect."""
        ...

    def findAdapterById(self, id: str, current: Current | None = None, /) -> Awaitable[ObjectPrx | None]:
        """Find the endpoints of an adapter or replica group. Only the endpoints of the answer count."""
        ...

    def getRegistry(self, current: Current | None = None, /) -> Awaitable[LocatorRegistryPrx | None]:
        """Where adapters register themselves."""
        ...


class LocatorRegistry(Protocol):
    """Where servers make their endpoints known. A null proxy takes an entry away."""

    def setAdapterDirectProxy(
        self, id: str, proxy: ObjectPrx | None, current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def setReplicatedAdapterDirectProxy(
        self, adapterId: str, replicaGroupId: str, proxy: ObjectPrx | None, current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def setServerProcessProxy(
        self, id: str, proxy: ProcessPrx | None, current: Current | None = None, /
    ) -> Awaitable[None]: ...


class LocatorFinder(Protocol):
    """Known by the identity `Ice/LocatorFinder`, so that a bare endpoint is enough to find the locator."""

    def getLocator(self, current: Current | None = None, /) -> Awaitable[LocatorPrx | None]: ...


class LocatorPrx(ObjectPrx):
    """Calls a `Locator` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::Locator"

    def findObjectById(self, id: Identity, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_Identity(out, id)
        return self._ice_call(_OP_Locator_findObjectById, out, context)

    def findAdapterById(self, id: str, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_OP_Locator_findAdapterById, out, context)

    def getRegistry(self, context: CallContext = None) -> Deferred[LocatorRegistryPrx | None]:
        return self._ice_call(_OP_Locator_getRegistry, b"", context)


class LocatorRegistryPrx(ObjectPrx):
    """Calls a `LocatorRegistry` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::LocatorRegistry"

    def setAdapterDirectProxy(
        self, id: str, proxy: ObjectPrx | None, context: CallContext = None
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_LocatorRegistry_setAdapterDirectProxy, (id, proxy), context)
        out = bytearray()
        write_string(out, id)
        write_proxy(out, proxy)
        return self._ice_call(_OP_LocatorRegistry_setAdapterDirectProxy, out, context)

    def setReplicatedAdapterDirectProxy(
        self, adapterId: str, replicaGroupId: str, proxy: ObjectPrx | None, context: CallContext = None
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(
                _OP_LocatorRegistry_setReplicatedAdapterDirectProxy,
                (adapterId, replicaGroupId, proxy),
                context,
            )
        out = bytearray()
        write_string(out, adapterId)
        write_string(out, replicaGroupId)
        write_proxy(out, proxy)
        return self._ice_call(_OP_LocatorRegistry_setReplicatedAdapterDirectProxy, out, context)

    def setServerProcessProxy(
        self, id: str, proxy: ProcessPrx | None, context: CallContext = None
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_LocatorRegistry_setServerProcessProxy, (id, proxy), context)
        out = bytearray()
        write_string(out, id)
        write_proxy(out, proxy)
        return self._ice_call(_OP_LocatorRegistry_setServerProcessProxy, out, context)


class LocatorFinderPrx(ObjectPrx):
    """Calls a `LocatorFinder` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::LocatorFinder"

    def getLocator(self, context: CallContext = None) -> Deferred[LocatorPrx | None]:
        return self._ice_call(_OP_LocatorFinder_getLocator, b"", context)


class LocatorServant(Servant):
    """Serves a `Locator`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Ice::Locator"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Locator", "::Ice::Object")


class LocatorRegistryServant(Servant):
    """Serves a `LocatorRegistry`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Ice::LocatorRegistry"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::LocatorRegistry", "::Ice::Object")


class LocatorFinderServant(Servant):
    """Serves a `LocatorFinder`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Ice::LocatorFinder"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::LocatorFinder", "::Ice::Object")


# The wire: how the above becomes bytes and back.


def _write_AdapterNotFoundException(out: bytearray, value: AdapterNotFoundException) -> None:
    """Has no members of its own."""


def _read_AdapterNotFoundException(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


AdapterNotFoundException.ice_slice = ExceptionSlice(
    "::Ice::AdapterNotFoundException",
    AdapterNotFoundException,
    _write_AdapterNotFoundException,
    _read_AdapterNotFoundException,
    None,
)


def _write_InvalidReplicaGroupIdException(out: bytearray, value: InvalidReplicaGroupIdException) -> None:
    """Has no members of its own."""


def _read_InvalidReplicaGroupIdException(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


InvalidReplicaGroupIdException.ice_slice = ExceptionSlice(
    "::Ice::InvalidReplicaGroupIdException",
    InvalidReplicaGroupIdException,
    _write_InvalidReplicaGroupIdException,
    _read_InvalidReplicaGroupIdException,
    None,
)


def _write_AdapterAlreadyActiveException(out: bytearray, value: AdapterAlreadyActiveException) -> None:
    """Has no members of its own."""


def _read_AdapterAlreadyActiveException(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


AdapterAlreadyActiveException.ice_slice = ExceptionSlice(
    "::Ice::AdapterAlreadyActiveException",
    AdapterAlreadyActiveException,
    _write_AdapterAlreadyActiveException,
    _read_AdapterAlreadyActiveException,
    None,
)


def _write_ObjectNotFoundException(out: bytearray, value: ObjectNotFoundException) -> None:
    """Has no members of its own."""


def _read_ObjectNotFoundException(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


ObjectNotFoundException.ice_slice = ExceptionSlice(
    "::Ice::ObjectNotFoundException",
    ObjectNotFoundException,
    _write_ObjectNotFoundException,
    _read_ObjectNotFoundException,
    None,
)


def _write_ServerNotFoundException(out: bytearray, value: ServerNotFoundException) -> None:
    """Has no members of its own."""


def _read_ServerNotFoundException(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


ServerNotFoundException.ice_slice = ExceptionSlice(
    "::Ice::ServerNotFoundException",
    ServerNotFoundException,
    _write_ServerNotFoundException,
    _read_ServerNotFoundException,
    None,
)

_OLD_Locator_findObjectById = Call10(
    "findObjectById", (Same(write_Identity, read_Identity),), (Proxy10(ObjectPrx),), returns=True
)


def _read_result_Locator_findObjectById(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Locator_findObjectById(servant: Locator, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_Identity(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.findObjectById(id, current)


def _write_result_Locator_findObjectById(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Locator_findObjectById: Operation[ObjectPrx | None] = Operation(
    "findObjectById",
    2,
    _read_result_Locator_findObjectById,
    (ObjectNotFoundException,),
    old=_OLD_Locator_findObjectById,
)

_OLD_Locator_findAdapterById = Call10("findAdapterById", (STRING,), (Proxy10(ObjectPrx),), returns=True)


def _read_result_Locator_findAdapterById(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Locator_findAdapterById(servant: Locator, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.findAdapterById(id, current)


def _write_result_Locator_findAdapterById(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Locator_findAdapterById: Operation[ObjectPrx | None] = Operation(
    "findAdapterById",
    2,
    _read_result_Locator_findAdapterById,
    (AdapterNotFoundException,),
    old=_OLD_Locator_findAdapterById,
)

_OLD_Locator_getRegistry = Call10("getRegistry", (), (Proxy10(LocatorRegistryPrx),), returns=True)


def _read_result_Locator_getRegistry(buf: bytes, pos: int, source: Source) -> LocatorRegistryPrx | None:
    result, pos = read_proxy(buf, pos, source, LocatorRegistryPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Locator_getRegistry(servant: Locator, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getRegistry(current)


def _write_result_Locator_getRegistry(value: LocatorRegistryPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Locator_getRegistry: Operation[LocatorRegistryPrx | None] = Operation(
    "getRegistry", 2, _read_result_Locator_getRegistry, (), old=_OLD_Locator_getRegistry
)

LocatorServant.ice_operations = {
    b"findObjectById": ServantOperation(
        "findObjectById",
        2,
        _serve_Locator_findObjectById,
        _write_result_Locator_findObjectById,
        old=_OLD_Locator_findObjectById,
    ),
    b"findAdapterById": ServantOperation(
        "findAdapterById",
        2,
        _serve_Locator_findAdapterById,
        _write_result_Locator_findAdapterById,
        old=_OLD_Locator_findAdapterById,
    ),
    b"getRegistry": ServantOperation(
        "getRegistry",
        2,
        _serve_Locator_getRegistry,
        _write_result_Locator_getRegistry,
        old=_OLD_Locator_getRegistry,
    ),
}

_OLD_LocatorRegistry_setAdapterDirectProxy = Call10("setAdapterDirectProxy", (STRING, Proxy10(ObjectPrx)), ())


def _serve_LocatorRegistry_setAdapterDirectProxy(
    servant: LocatorRegistry, buf: bytes, pos: int, current: Current
) -> Any:
    id, pos = read_string(buf, pos)
    proxy, pos = read_proxy(buf, pos, current, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.setAdapterDirectProxy(id, proxy, current)


_OP_LocatorRegistry_setAdapterDirectProxy: Operation[None] = Operation(
    "setAdapterDirectProxy",
    2,
    None,
    (AdapterNotFoundException, AdapterAlreadyActiveException),
    old=_OLD_LocatorRegistry_setAdapterDirectProxy,
)

_OLD_LocatorRegistry_setReplicatedAdapterDirectProxy = Call10(
    "setReplicatedAdapterDirectProxy", (STRING, STRING, Proxy10(ObjectPrx)), ()
)


def _serve_LocatorRegistry_setReplicatedAdapterDirectProxy(
    servant: LocatorRegistry, buf: bytes, pos: int, current: Current
) -> Any:
    adapterId, pos = read_string(buf, pos)
    replicaGroupId, pos = read_string(buf, pos)
    proxy, pos = read_proxy(buf, pos, current, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.setReplicatedAdapterDirectProxy(adapterId, replicaGroupId, proxy, current)


_OP_LocatorRegistry_setReplicatedAdapterDirectProxy: Operation[None] = Operation(
    "setReplicatedAdapterDirectProxy",
    2,
    None,
    (AdapterNotFoundException, AdapterAlreadyActiveException, InvalidReplicaGroupIdException),
    old=_OLD_LocatorRegistry_setReplicatedAdapterDirectProxy,
)

_OLD_LocatorRegistry_setServerProcessProxy = Call10(
    "setServerProcessProxy", (STRING, Proxy10(ProcessPrx)), ()
)


def _serve_LocatorRegistry_setServerProcessProxy(
    servant: LocatorRegistry, buf: bytes, pos: int, current: Current
) -> Any:
    id, pos = read_string(buf, pos)
    proxy, pos = read_proxy(buf, pos, current, ProcessPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.setServerProcessProxy(id, proxy, current)


_OP_LocatorRegistry_setServerProcessProxy: Operation[None] = Operation(
    "setServerProcessProxy",
    2,
    None,
    (ServerNotFoundException,),
    old=_OLD_LocatorRegistry_setServerProcessProxy,
)

LocatorRegistryServant.ice_operations = {
    b"setAdapterDirectProxy": ServantOperation(
        "setAdapterDirectProxy",
        2,
        _serve_LocatorRegistry_setAdapterDirectProxy,
        None,
        old=_OLD_LocatorRegistry_setAdapterDirectProxy,
    ),
    b"setReplicatedAdapterDirectProxy": ServantOperation(
        "setReplicatedAdapterDirectProxy",
        2,
        _serve_LocatorRegistry_setReplicatedAdapterDirectProxy,
        None,
        old=_OLD_LocatorRegistry_setReplicatedAdapterDirectProxy,
    ),
    b"setServerProcessProxy": ServantOperation(
        "setServerProcessProxy",
        2,
        _serve_LocatorRegistry_setServerProcessProxy,
        None,
        old=_OLD_LocatorRegistry_setServerProcessProxy,
    ),
}

_OLD_LocatorFinder_getLocator = Call10("getLocator", (), (Proxy10(LocatorPrx),), returns=True)


def _read_result_LocatorFinder_getLocator(buf: bytes, pos: int, source: Source) -> LocatorPrx | None:
    result, pos = read_proxy(buf, pos, source, LocatorPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_LocatorFinder_getLocator(servant: LocatorFinder, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getLocator(current)


def _write_result_LocatorFinder_getLocator(value: LocatorPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_LocatorFinder_getLocator: Operation[LocatorPrx | None] = Operation(
    "getLocator", 0, _read_result_LocatorFinder_getLocator, (), old=_OLD_LocatorFinder_getLocator
)

LocatorFinderServant.ice_operations = {
    b"getLocator": ServantOperation(
        "getLocator",
        0,
        _serve_LocatorFinder_getLocator,
        _write_result_LocatorFinder_getLocator,
        old=_OLD_LocatorFinder_getLocator,
    ),
}
