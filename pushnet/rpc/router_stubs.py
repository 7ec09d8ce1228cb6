"""The calls a client makes to a router, written by hand.

Generated code stands above this floor; names, type ids and signatures are those of `idl/ice/router.ice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from twisted.internet.defer import Deferred

from pushnet.rpc.current import CallContext
from pushnet.rpc.operations import Operation, Source
from pushnet.rpc.proxy import ObjectPrx, read_proxy, write_proxy
from pushnet.wire.basic import read_count, write_size
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import Proxy10, Sequence10
from pushnet.wire.optional import seek_optional

_PROXY_BYTES_MIN = 2
_TABLE_TAG, _ONE_BYTE = 1, 0


class RouterPrx(ObjectPrx):
    """Stands between two networks and forwards requests."""

    ice_type: ClassVar[str] = "::Ice::Router"

    def getClientProxy(self, context: CallContext = None) -> Deferred[tuple[ObjectPrx | None, bool | None]]:
        """The proxy to send requests to, None for the router itself; and whether it must know the targets."""
        return self._ice_call(_GET_CLIENT, b"", context)

    def getServerProxy(self, context: CallContext = None) -> Deferred[ObjectPrx | None]:
        """The proxy whose endpoints callback objects have."""
        return self._ice_call(_GET_SERVER, b"", context)

    def addProxies(
        self, proxies: Sequence[ObjectPrx | None], context: CallContext = None
    ) -> Deferred[list[ObjectPrx | None]]:
        """Announce targets; the answer holds those that had to make room."""
        if self._ice_old:
            return self._ice_call10(_ADD, (proxies,), context)
        out = bytearray()
        write_size(out, len(proxies))
        for proxy in proxies:
            write_proxy(out, proxy)
        return self._ice_call(_ADD, out, context)


def _read_client(buf: bytes, pos: int, source: Source) -> tuple[ObjectPrx | None, bool | None]:
    proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
    there, pos = seek_optional(buf, pos, _TABLE_TAG, _ONE_BYTE)
    return proxy, bool(buf[pos]) if there else None


def _read_server(buf: bytes, pos: int, source: Source) -> ObjectPrx | None:
    return read_proxy(buf, pos, source, ObjectPrx)[0]


def _read_evicted(buf: bytes, pos: int, source: Source) -> list[ObjectPrx | None]:
    count, pos = read_count(buf, pos, _PROXY_BYTES_MIN)
    evicted: list[ObjectPrx | None] = []
    for _ in range(count):
        proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
        evicted.append(proxy)
    return evicted


_PROXY10: Any = Proxy10(ObjectPrx)
_PROXIES10: Any = Sequence10(_PROXY10, _PROXY_BYTES_MIN)
_GET_CLIENT: Operation[tuple[ObjectPrx | None, bool | None]] = Operation(
    "getClientProxy", 2, _read_client, old=Call10("getClientProxy", (), (_PROXY10, None), returns=True)
)
_GET_SERVER: Operation[ObjectPrx | None] = Operation(
    "getServerProxy", 2, _read_server, old=Call10("getServerProxy", (), (_PROXY10,), returns=True)
)
_ADD: Operation[list[ObjectPrx | None]] = Operation(
    "addProxies", 2, _read_evicted, old=Call10("addProxies", (_PROXIES10,), (_PROXIES10,), returns=True)
)
