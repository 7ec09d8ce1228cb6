"""The three calls a client makes to a locator, and a server to its registry, written by hand.

Generated code stands above this floor; names, type ids and signatures are those of `idl/ice/locator.ice`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.current import CallContext
from pushnet.rpc.operations import Operation, Source
from pushnet.rpc.proxy import ObjectPrx, read_proxy, write_proxy
from pushnet.wire.basic import write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import Proxy10
from pushnet.wire.identity import Identity, write_Identity
from pushnet.wire.slices import ExceptionSlice, UserException


def _write_nothing(out: bytearray, value: Any) -> None:
    """These exceptions have no members."""


def _read_nothing(buf: bytes, pos: int, source: Any) -> tuple[tuple[Any, ...], int]:
    return (), pos


@attrs.frozen
class ObjectNotFound(UserException):
    """No well-known object has that identity."""


@attrs.frozen
class AdapterNotFound(UserException):
    """No adapter or replica group has that id."""


@attrs.frozen
class AdapterAlreadyActive(UserException):
    """An active adapter has that id already."""


@attrs.frozen
class InvalidReplicaGroupId(UserException):
    """The adapter may not join that group."""


@attrs.frozen
class ServerNotFound(UserException):
    """No server has that id."""


for _type_id, _cls in (
    ("::Ice::ObjectNotFoundException", ObjectNotFound),
    ("::Ice::AdapterNotFoundException", AdapterNotFound),
    ("::Ice::AdapterAlreadyActiveException", AdapterAlreadyActive),
    ("::Ice::InvalidReplicaGroupIdException", InvalidReplicaGroupId),
    ("::Ice::ServerNotFoundException", ServerNotFound),
):
    _cls.ice_slice = ExceptionSlice(_type_id, _cls, _write_nothing, _read_nothing)


class LocatorPrx(ObjectPrx):
    """Turns names into endpoints."""

    ice_type: ClassVar[str] = "::Ice::Locator"

    def findObjectById(self, id: Identity, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_Identity(out, id)
        return self._ice_call(_FIND_OBJECT, out, context)

    def findAdapterById(self, id: str, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        out = bytearray()
        write_string(out, id)
        return self._ice_call(_FIND_ADAPTER, out, context)

    def getRegistry(self, context: CallContext = None) -> Deferred[LocatorRegistryPrx | None]:
        return self._ice_call(_GET_REGISTRY, b"", context)


class LocatorRegistryPrx(ObjectPrx):
    """Where adapters make their endpoints known; None takes them away."""

    ice_type: ClassVar[str] = "::Ice::LocatorRegistry"

    def setAdapterDirectProxy(self, id: str, proxy: ObjectPrx | None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        write_proxy(out, proxy)
        return self._ice_call(_SET_ADAPTER, out)

    def setReplicatedAdapterDirectProxy(
        self, adapter_id: str, group: str, proxy: ObjectPrx | None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, adapter_id)
        write_string(out, group)
        write_proxy(out, proxy)
        return self._ice_call(_SET_REPLICATED, out)

    def setServerProcessProxy(self, id: str, proxy: ObjectPrx | None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        write_proxy(out, proxy)
        return self._ice_call(_SET_PROCESS, out)


def _read_object(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    return read_proxy(buf, pos, source, ObjectPrx)[0]


def _read_registry(buf: bytes, pos: int, source: Source) -> LocatorRegistryPrx | None:
    return read_proxy(buf, pos, source, LocatorRegistryPrx)[0]


_OLD = Call10("", outs=(Proxy10(ObjectPrx),), returns=True)
"""How a proxy comes back in encoding 1.0; the parameters are the same in both."""
_FIND_OBJECT: Operation[ObjectPrx | None] = Operation(
    "findObjectById", 2, _read_object, (ObjectNotFound,), old=_OLD
)
_FIND_ADAPTER: Operation[ObjectPrx | None] = Operation(
    "findAdapterById", 2, _read_object, (AdapterNotFound,), old=_OLD
)
_GET_REGISTRY: Operation[LocatorRegistryPrx | None] = Operation("getRegistry", 2, _read_registry)
_SET_ADAPTER: Operation[None] = Operation(
    "setAdapterDirectProxy", 2, None, (AdapterNotFound, AdapterAlreadyActive)
)
_SET_REPLICATED: Operation[None] = Operation(
    "setReplicatedAdapterDirectProxy",
    2,
    None,
    (AdapterNotFound, AdapterAlreadyActive, InvalidReplicaGroupId),
)
_SET_PROCESS: Operation[None] = Operation("setServerProcessProxy", 2, None, (ServerNotFound,))
