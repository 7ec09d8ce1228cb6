"""The `ice_` methods that tell how a proxy calls, or make one that calls differently. Names are Ice's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from pushnet.rpc.exceptions import IllegalIdentityException
from pushnet.rpc.reference import EndpointSelectionType, Reference
from pushnet.wire.endpoints import Endpoint
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import Mode
from pushnet.wire.proxy_text import proxy_text
from pushnet.wire.versions import EncodingVersion


class ProxyOptions:
    """Proxies are values: each method that changes something returns another proxy."""

    def __init__(self, reference: Reference) -> None:
        self.ice_reference = reference

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ProxyOptions):
            return NotImplemented
        return self.ice_reference == other.ice_reference

    def __hash__(self) -> int:
        return hash(self.ice_reference)

    def __lt__(self, other: object) -> bool:
        return other._ice_compare(self) > 0 if isinstance(other, ProxyOptions) else NotImplemented

    def __le__(self, other: object) -> bool:
        return other._ice_compare(self) >= 0 if isinstance(other, ProxyOptions) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return other._ice_compare(self) < 0 if isinstance(other, ProxyOptions) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return other._ice_compare(self) <= 0 if isinstance(other, ProxyOptions) else NotImplemented

    def _ice_compare(self, other: ProxyOptions) -> int:
        return _compare(self.ice_reference.key(), other.ice_reference.key())

    def __str__(self) -> str:
        return proxy_text(self.ice_reference.data)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def ice_toString(self) -> str:
        return str(self)

    def ice_getCommunicator(self) -> Any:
        """The `Communicator` it was made by."""
        return self.ice_reference.runtime

    # Another object, or the same elsewhere.

    def ice_adapterId(self, adapter_id: str) -> Self:
        """The object in the adapter of that id, instead of at endpoints."""
        return self._ice_with(adapter_id=adapter_id)

    def ice_getAdapterId(self) -> str:
        return self.ice_reference.data.adapter_id

    def ice_endpoints(self, endpoints: Sequence[Endpoint]) -> Self:
        """The object at those endpoints, instead of where it was."""
        return self._ice_with(endpoints=tuple(endpoints))

    def ice_getEndpoints(self) -> tuple[Endpoint, ...]:
        return self.ice_reference.data.endpoints

    def ice_getIdentity(self) -> Identity:
        return self.ice_reference.data.identity

    def ice_getFacet(self) -> str:
        return self.ice_reference.data.facet

    # How requests travel.

    def ice_twoway(self) -> Self:
        return self._ice_with(mode=Mode.twoway)

    def ice_isTwoway(self) -> bool:
        return self.ice_reference.data.mode is Mode.twoway

    def ice_oneway(self) -> Self:
        """Requests are sent and not answered."""
        return self._ice_with(mode=Mode.oneway)

    def ice_isOneway(self) -> bool:
        return self.ice_reference.data.mode is Mode.oneway

    def ice_batchOneway(self) -> Self:
        """Requests are gathered until they are flushed, and not answered."""
        return self._ice_with(mode=Mode.batchOneway)

    def ice_isBatchOneway(self) -> bool:
        return self.ice_reference.data.mode is Mode.batchOneway

    def ice_datagram(self) -> Self:
        """Requests go in datagrams: unanswered, unrepeated, lost without a word."""
        return self._ice_with(mode=Mode.datagram)

    def ice_isDatagram(self) -> bool:
        return self.ice_reference.data.mode is Mode.datagram

    def ice_batchDatagram(self) -> Self:
        return self._ice_with(mode=Mode.batchDatagram)

    def ice_isBatchDatagram(self) -> bool:
        return self.ice_reference.data.mode is Mode.batchDatagram

    def ice_compress(self, compress: bool) -> Self:
        """Whether large requests are compressed, whatever the endpoints say."""
        return self._ice_with(compress=compress)

    def ice_getCompress(self) -> bool | None:
        """None: as the endpoints say."""
        return self.ice_reference.options.compress

    def ice_encodingVersion(self, encoding: tuple[int, int]) -> Self:
        """Send parameters in that encoding: (1, 0) or (1, 1); a later 1.x means 1.1."""
        return self._ice_with(encoding=encoding)

    def ice_getEncodingVersion(self) -> EncodingVersion:
        return EncodingVersion(*self.ice_reference.data.encoding)

    def ice_context(self, context: Mapping[str, str]) -> Self:
        """What goes along with every call that is given no context of its own."""
        return self._ice_with(context=tuple(context.items()))

    def ice_getContext(self) -> dict[str, str]:
        return dict(self.ice_reference.options.context)

    def ice_invocationTimeout(self, timeout_ms: int) -> Self:
        """Calls fail after so many milliseconds; -1: never; -2: after the endpoint's timeout."""
        _check("ice_invocationTimeout", timeout_ms, timeout_ms > 0 or timeout_ms in (-1, -2))
        return self._ice_with(timeout_ms=timeout_ms)

    def ice_getInvocationTimeout(self) -> int:
        return self.ice_reference.options.timeout_ms

    def pn_exactlyOnce(self, once: bool = True) -> Self:
        """Calls carry tokens, so that those that change something may be repeated. Not Ice's."""
        return self._ice_with(once=once)

    def pn_isExactlyOnce(self) -> bool:
        return self.ice_reference.options.once

    def pn_throttled(self, throttled: bool = True) -> Self:
        """Calls are refused here with `OverloadException` while the target refuses most. Not Ice's."""
        return self._ice_with(throttled=throttled)

    def pn_isThrottled(self) -> bool:
        return self.ice_reference.options.throttled

    def pn_hedged(self, after_ms: int) -> Self:
        """Idempotent calls not answered after so long are also sent elsewhere; 0: not. Not Ice's."""
        _check("pn_hedged", after_ms, after_ms >= 0)
        return self._ice_with(hedge_ms=after_ms)

    def pn_getHedged(self) -> int:
        return self.ice_reference.options.hedge_ms

    # Where calls go.

    def ice_secure(self, secure: bool) -> Self:
        """True: only endpoints with TLS are used."""
        return self._ice_with(secure=secure)

    def ice_isSecure(self) -> bool:
        return self.ice_reference.data.secure

    def ice_preferSecure(self, prefer: bool) -> Self:
        """True: endpoints with TLS are tried first; False: last."""
        return self._ice_with(prefer_secure=prefer)

    def ice_isPreferSecure(self) -> bool:
        return self.ice_reference.options.prefer_secure

    def ice_endpointSelection(self, selection: EndpointSelectionType) -> Self:
        return self._ice_with(selection=selection)

    def ice_getEndpointSelection(self) -> EndpointSelectionType:
        return self.ice_reference.options.selection

    def ice_connectionId(self, connection_id: str) -> Self:
        """Proxies with different ids use different connections."""
        return self._ice_with(connection_id=connection_id)

    def ice_getConnectionId(self) -> str:
        return self.ice_reference.options.connection_id

    def ice_connectionCached(self, cached: bool) -> Self:
        """False: choose an endpoint anew for each call."""
        return self._ice_with(connection_cached=cached)

    def ice_isConnectionCached(self) -> bool:
        return self.ice_reference.options.connection_cached

    def ice_timeout(self, timeout_ms: int) -> Self:
        """How long establishing a connection may take, instead of what the endpoints say; -1: no limit."""
        _check("ice_timeout", timeout_ms, timeout_ms > 0 or timeout_ms == -1)
        return self._ice_with(connection_timeout_ms=timeout_ms)

    def ice_getTimeout(self) -> int | None:
        """None: as the endpoints say."""
        return self.ice_reference.options.connection_timeout_ms or None

    def ice_locator(self, locator: Any) -> Self:
        """Who says where an object is that is only named: a proxy, or None."""
        return self._ice_with(locator=locator)

    def ice_getLocator(self) -> Any:
        return self.ice_reference.options.locator

    def ice_locatorCacheTimeout(self, timeout_s: float) -> Self:
        """What the locator said is used for so many seconds; 0: not at all; -1: as long as it works."""
        _check("ice_locatorCacheTimeout", timeout_s, timeout_s >= 0 or timeout_s == -1)
        return self._ice_with(locator_cache_s=timeout_s)

    def ice_getLocatorCacheTimeout(self) -> float:
        return self.ice_reference.options.locator_cache_s

    def ice_router(self, router: Any) -> Self:
        """Through whom calls go: a proxy of a `Router`, or None."""
        return self._ice_with(router=router)

    def ice_getRouter(self) -> Any:
        return self.ice_reference.options.router

    def ice_collocationOptimized(self, collocated: bool) -> Self:
        """False: objects of this communicator are called through the network, too."""
        return self._ice_with(collocated=collocated)

    def ice_isCollocationOptimized(self) -> bool:
        return self.ice_reference.options.collocated

    def ice_fixed(self, connection: Any) -> Self:
        """Call through this connection only."""
        if connection is None:
            raise ValueError("invalid null connection passed to ice_fixed")
        return self._ice_with(fixed=connection)

    def ice_isFixed(self) -> bool:
        return self.ice_reference.options.fixed is not None

    def _ice_with(self, **changes: Any) -> Self:
        """Raises `FixedProxyException` when a proxy bound to a connection cannot call so."""
        return type(self)(self.ice_reference.changed(**changes))


def named(identity: Identity) -> Identity:
    """The identity, if an object can have it."""
    if not identity.name:
        raise IllegalIdentityException("an object needs a name", identity)
    return identity


def _check(method: str, value: float, fits: bool) -> None:
    if not fits:
        raise RuntimeError(f"invalid value passed to {method}: {value}")


def proxyIdentityCompare(one: ProxyOptions | None, other: ProxyOptions | None) -> int:
    """-1, 0 or 1, by the identities alone; no proxy comes before any."""
    return _compare(*(None if proxy is None else (proxy.ice_getIdentity(),) for proxy in (one, other)))


def proxyIdentityAndFacetCompare(one: ProxyOptions | None, other: ProxyOptions | None) -> int:
    """-1, 0 or 1, by identity and facet; no proxy comes before any."""
    keys = [
        None if proxy is None else (proxy.ice_getIdentity(), proxy.ice_getFacet()) for proxy in (one, other)
    ]
    return _compare(*keys)


def proxyIdentityEqual(one: ProxyOptions | None, other: ProxyOptions | None) -> bool:
    return proxyIdentityCompare(one, other) == 0


def proxyIdentityAndFacetEqual(one: ProxyOptions | None, other: ProxyOptions | None) -> bool:
    return proxyIdentityAndFacetCompare(one, other) == 0


def _compare(one: Any, other: Any) -> int:
    if one is None or other is None:
        return (one is not None) - (other is not None)
    return int(one > other) - int(one < other)
