# Written by slice2tx from idl/ice/router.ice. To change it, change the Slice file.
"""What the Slice file declares in `Ice`."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

from twisted.internet.defer import Deferred

from pushnet.gen.ice.identity import old_ObjectProxySeq, read_ObjectProxySeq, write_ObjectProxySeq
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
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import Proxy10
from pushnet.wire.leftovers import pass_over
from pushnet.wire.optional import seek_optional, write_optional_header
from pushnet.wire.value_reader import ValueReader

__all__ = ["Router", "RouterFinder", "RouterFinderPrx", "RouterFinderServant", "RouterPrx", "RouterServant"]


class Router(Protocol):
    """Forwards requests between two networks."""

    def getClientProxy(
        self, current: Current | None = None, /
    ) -> Awaitable[tuple[ObjectPrx | None, bool | None]]:
        """The proxy to send a client's requests to; null means: the router's own endpoints.

        Returns:
            `hasRoutingTable`: Whether the client must announce its targets with `addProxies`.
        """
        ...

    def getServerProxy(self, current: Current | None = None, /) -> Awaitable[ObjectPrx | None]:
        """The proxy whose endpoints a client publishes for its callback objects."""
        ...

    def addProxies(
        self, proxies: Sequence[ObjectPrx | None], current: Current | None = None, /
    ) -> Awaitable[list[ObjectPrx | None]]:
        """Announce targets; the answer holds those that had to make room."""
        ...


class RouterFinder(Protocol):
    """Known by the identity `Ice/RouterFinder`."""

    def getRouter(self, current: Current | None = None, /) -> Awaitable[RouterPrx | None]: ...


class RouterPrx(ObjectPrx):
    """Calls a `Router` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::Router"

    def getClientProxy(self, context: CallContext = None) -> Deferred[tuple[ObjectPrx | None, bool | None]]:
        return self._ice_call(_OP_Router_getClientProxy, b"", context)

    def getServerProxy(self, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        return self._ice_call(_OP_Router_getServerProxy, b"", context)

    def addProxies(
        self, proxies: Sequence[ObjectPrx | None], context: CallContext = None
    ) -> Deferred[list[ObjectPrx | None]]:
        if self._ice_old:
            return self._ice_call10(_OP_Router_addProxies, (proxies,), context)
        out = bytearray()
        write_ObjectProxySeq(out, proxies)
        return self._ice_call(_OP_Router_addProxies, out, context)


class RouterFinderPrx(ObjectPrx):
    """Calls a `RouterFinder` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::RouterFinder"

    def getRouter(self, context: CallContext = None) -> Deferred[RouterPrx | None]:
        return self._ice_call(_OP_RouterFinder_getRouter, b"", context)


class RouterServant(Servant):
    """Serves a `Router`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Ice::Router"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Ice::Router")


class RouterFinderServant(Servant):
    """Serves a `RouterFinder`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Ice::RouterFinder"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Ice::RouterFinder")


# The wire: how the above becomes bytes and back.

_S_o = Struct("<?")

_OLD_Router_getClientProxy = Call10("getClientProxy", (), (Proxy10(ObjectPrx), None), returns=True)


def _read_result_Router_getClientProxy(
    buf: bytes, pos: int, source: Source
) -> tuple[ObjectPrx | None, bool | None]:
    values = ValueReader(source)
    result, pos = read_proxy(buf, pos, values, ObjectPrx)
    hasRoutingTable: bool | None = None
    there, pos = seek_optional(buf, pos, 1, 0, values.skip)
    if there:
        (hasRoutingTable,) = _S_o.unpack_from(buf, pos)
        pos += 1
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result, hasRoutingTable


def _serve_Router_getClientProxy(servant: Router, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getClientProxy(current)


def _write_result_Router_getClientProxy(value: tuple[ObjectPrx | None, bool | None]) -> bytearray:
    result, hasRoutingTable = value
    out = bytearray()
    write_proxy(out, result)
    if hasRoutingTable is not None:
        write_optional_header(out, 1, 0)
        out += _S_o.pack(hasRoutingTable)
    return out


_OP_Router_getClientProxy: Operation[tuple[ObjectPrx | None, bool | None]] = Operation(
    "getClientProxy", 2, _read_result_Router_getClientProxy, (), old=_OLD_Router_getClientProxy
)

_OLD_Router_getServerProxy = Call10("getServerProxy", (), (Proxy10(ObjectPrx),), returns=True)


def _read_result_Router_getServerProxy(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    result, pos = read_proxy(buf, pos, source, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Router_getServerProxy(servant: Router, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getServerProxy(current)


def _write_result_Router_getServerProxy(value: ObjectPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Router_getServerProxy: Operation[ObjectPrx | None] = Operation(
    "getServerProxy", 2, _read_result_Router_getServerProxy, (), old=_OLD_Router_getServerProxy
)

_OLD_Router_addProxies = Call10("addProxies", (old_ObjectProxySeq,), (old_ObjectProxySeq,), returns=True)


def _read_result_Router_addProxies(buf: bytes, pos: int, source: Source) -> list[ObjectPrx | None]:
    result, pos = read_ObjectProxySeq(buf, pos, source)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Router_addProxies(servant: Router, buf: bytes, pos: int, current: Current) -> Any:
    proxies, pos = read_ObjectProxySeq(buf, pos, current)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.addProxies(proxies, current)


def _write_result_Router_addProxies(value: list[ObjectPrx | None]) -> bytearray:
    out = bytearray()
    write_ObjectProxySeq(out, value)
    return out


_OP_Router_addProxies: Operation[list[ObjectPrx | None]] = Operation(
    "addProxies", 2, _read_result_Router_addProxies, (), old=_OLD_Router_addProxies
)

RouterServant.ice_operations = {
    b"getClientProxy": ServantOperation(
        "getClientProxy",
        2,
        _serve_Router_getClientProxy,
        _write_result_Router_getClientProxy,
        old=_OLD_Router_getClientProxy,
    ),
    b"getServerProxy": ServantOperation(
        "getServerProxy",
        2,
        _serve_Router_getServerProxy,
        _write_result_Router_getServerProxy,
        old=_OLD_Router_getServerProxy,
    ),
    b"addProxies": ServantOperation(
        "addProxies", 2, _serve_Router_addProxies, _write_result_Router_addProxies, old=_OLD_Router_addProxies
    ),
}

_OLD_RouterFinder_getRouter = Call10("getRouter", (), (Proxy10(RouterPrx),), returns=True)


def _read_result_RouterFinder_getRouter(buf: bytes, pos: int, source: Source) -> RouterPrx | None:
    result, pos = read_proxy(buf, pos, source, RouterPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_RouterFinder_getRouter(servant: RouterFinder, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getRouter(current)


def _write_result_RouterFinder_getRouter(value: RouterPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_RouterFinder_getRouter: Operation[RouterPrx | None] = Operation(
    "getRouter", 0, _read_result_RouterFinder_getRouter, (), old=_OLD_RouterFinder_getRouter
)

RouterFinderServant.ice_operations = {
    b"getRouter": ServantOperation(
        "getRouter",
        0,
        _serve_RouterFinder_getRouter,
        _write_result_RouterFinder_getRouter,
        old=_OLD_RouterFinder_getRouter,
    ),
}
