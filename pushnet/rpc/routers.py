"""Calls through a router, such as ZeroC's Glacier2: whom it sends them to, and what it has been told.

A proxy with a router is called at the router's endpoints, with the identity of the object meant. The router
must know where that is: the first time, and whenever it has forgotten (it answers `ice_add_proxy`), it is
told with `addProxies`. The router keeps so many; those that had to make room it names, and they are announced
again when they are called again. Requests that come from the router are served by the adapter made with it.
"""

from __future__ import annotations

from typing import Any

import attrs

from pushnet.rpc.exceptions import NoEndpointException
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.reference import Reference
from pushnet.rpc.router_stubs import RouterPrx
from pushnet.wire.endpoints import Endpoint, StreamEndpoint
from pushnet.wire.identity import Identity


class RouterClient:
    """One router, as its clients in this communicator see it."""

    def __init__(self, router: RouterPrx) -> None:
        self.router = router
        self.adapter: Any = None
        """Serves what comes from the router."""
        self._endpoints: tuple[Endpoint, ...] = ()
        self._has_table = True
        self._announced: dict[Identity, None] = {}
        self._evicted: dict[Identity, None] = {}
        self._announcing = 0

    async def endpoints(self) -> tuple[Endpoint, ...]:
        """Where requests are sent; asked once. Raises `NoEndpointException` when the router says nowhere."""
        if not self._endpoints:
            proxy, has_table = await self.router.getClientProxy()
            endpoints = self.router.ice_getEndpoints()
            if proxy is not None:
                connection = await self.router.ice_getConnection()
                timeout_ms = connection.timeout()
                endpoints = tuple(_timed(endpoint, timeout_ms) for endpoint in proxy.ice_getEndpoints())
            if not endpoints:
                told = f"the router `{self.router}' says no endpoint to send requests to"
                raise NoEndpointException(told, str(self.router))
            self._endpoints = endpoints
            self._has_table = has_table is not False
        return self._endpoints

    async def announce(self, reference: Reference) -> None:
        """Tell the router of an object, unless it has been told."""
        identity = reference.data.identity
        if not self._has_table or identity in self._announced:
            return
        self._announcing += 1
        try:
            evicted = await self.router.addProxies([ObjectPrx(reference)])
            self._evicted.update((proxy.ice_getIdentity(), None) for proxy in evicted if proxy is not None)
            if identity not in self._evicted:
                self._announced[identity] = None
            for gone in self._evicted:
                self._announced.pop(gone, None)
        finally:
            self._announcing -= 1
            if not self._announcing:
                self._evicted.clear()

    def forget(self, identity: Identity) -> None:
        """The router does not know the object any more."""
        self._announced.pop(identity, None)


class Routers:
    """The routers in use by a communicator."""

    def __init__(self) -> None:
        self._clients: dict[ObjectPrx, RouterClient] = {}

    def of(self, router: ObjectPrx) -> RouterClient:
        reference = router.ice_reference
        if reference.options.router is not None:
            reference = reference.changed(router=None)
        cast = RouterPrx(reference)
        client = self._clients.get(cast)
        if client is None:
            client = self._clients[cast] = RouterClient(cast)
        return client

    def forget_adapter(self, adapter: Any) -> None:
        """The adapter is deactivated: another one can be made with its router."""
        for client in self._clients.values():
            if client.adapter is adapter:
                client.adapter = None


def _timed(endpoint: Endpoint, timeout_ms: int) -> Endpoint:
    """The endpoint with the timeout of the connection there is, so that the same one is used."""
    return attrs.evolve(endpoint, timeout_ms=timeout_ms) if isinstance(endpoint, StreamEndpoint) else endpoint
