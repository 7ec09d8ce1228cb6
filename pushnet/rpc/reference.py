"""What a proxy is made of: whom it calls and how. Immutable, but for what is learnt calling."""

from __future__ import annotations

from collections import deque
from typing import Any

import attrs

from pushnet.rpc.connection import Connection
from pushnet.rpc.current import DEADLINE_KEY
from pushnet.rpc.exceptions import (
    FixedProxyException,
    UnsupportedEncodingException,
    UnsupportedProtocolException,
)
from pushnet.rpc.operations import Operation
from pushnet.rpc.runtime import Runtime
from pushnet.wire.endpoints import TIMEOUT_MS, Endpoint, OpaqueEndpoint, StreamEndpoint
from pushnet.wire.enums import SliceEnum
from pushnet.wire.proxies import Mode, ProxyData
from pushnet.wire.request import head_bytes, target_bytes
from pushnet.wire.versions import EncodingVersion, ProtocolVersion

AS_CONNECTIONS = -2
"""The time of a call is that of connections, as before Ice 3.6; when it is over the connection is cut."""


class EndpointSelectionType(SliceEnum):
    """Which of several endpoints is tried first."""

    Random = 0
    Ordered = 1


@attrs.frozen(eq=False)
class Options:
    """How a proxy calls, as far as it does not travel. A communicator's properties say what is usual."""

    context: tuple[tuple[str, str], ...] = ()
    timeout_ms: int = -1
    """For each call; -1: no limit; -2: `AS_CONNECTIONS`."""
    connection_id: str = ""
    connection_cached: bool = True
    selection: EndpointSelectionType = EndpointSelectionType.Random
    locator: Any = None
    """Proxies, as `router`; None for none."""
    locator_cache_s: float = -1
    """How old what a locator said may be; below zero any age will do."""
    router: Any = None
    fixed: Any = None
    """The only connection to call through."""
    compress: bool | None = None
    """Whether to compress; None: as the endpoints say."""
    connection_timeout_ms: int = 0
    """Instead of what the endpoints say; 0: as they say."""
    prefer_secure: bool = False
    once: bool = False
    """Whether calls carry tokens (`pushnet.rpc.special`)."""
    throttled: bool = False
    """Whether calls are refused here when the target takes few on (`pushnet.rpc.throttle`)."""
    hedge_ms: int = 0
    """After which time idempotent calls are also sent elsewhere; 0: never."""
    avoided: Any = None
    """An endpoint that is not called if there are others."""
    collocated: bool = True
    """Whether objects of the same communicator are called without the network."""

    def key(self) -> tuple[Any, ...]:
        """The same for options that are the same; comparable with those of any other proxy."""
        compress = -1 if self.compress is None else int(self.compress)
        return (
            self.timeout_ms,
            tuple(sorted(self.context)),
            self.connection_id,
            self.connection_cached,
            self.selection.value,
            self.prefer_secure,
            self.locator_cache_s,
            self.collocated,
            self.once,
            self.throttled,
            self.hedge_ms,
            str(self.avoided),
            compress,
            self.connection_timeout_ms,
            0 if self.fixed is None else id(self.fixed),
            () if self.locator is None else self.locator.ice_reference.key(),
            () if self.router is None else self.router.ice_reference.key(),
        )


_SAME_CONNECTION = frozenset({"context", "timeout_ms", "facet", "mode", "once", "throttled", "hedge_ms"})
"""Changes after which the proxy still calls through the same connection."""
_NOT_FIXED = frozenset(
    {
        "adapter_id",
        "collocated",
        "connection_cached",
        "connection_id",
        "connection_timeout_ms",
        "endpoints",
        "locator",
        "locator_cache_s",
        "prefer_secure",
        "router",
        "selection",
    }
)
"""What a proxy that is bound to a connection cannot choose."""
_IN_DATA = frozenset(
    {"identity", "facet", "mode", "secure", "protocol", "encoding", "endpoints", "adapter_id"}
)


class Reference:
    """Equal to another when both call the same object in the same way."""

    __slots__ = (
        "batch",
        "connection",
        "data",
        "heads",
        "hedge",
        "old",
        "one_way",
        "options",
        "plain",
        "runtime",
        "special",
        "timeout_ms",
        "waiting",
    )

    def __init__(self, runtime: Runtime, data: ProxyData, options: Options) -> None:
        self.runtime = runtime
        self.data = data
        self.options = options
        self.one_way = data.mode is not Mode.twoway
        self.old = data.encoding == (1, 0)
        """Parameters are sent in encoding 1.0. Later ones than 1.1 are taken for 1.1."""
        self.timeout_ms = options.timeout_ms
        if self.timeout_ms == AS_CONNECTIONS:
            self.timeout_ms = self._connection_timeout_ms()
        """For each call; 0 or less means none."""
        self.special = options.once or options.throttled or options.hedge_ms > 0
        """Whether answered calls are more than sent and repeated."""
        self.plain = not (self.one_way or self.old or self.special)
        """Calls are of the usual kind."""
        self.hedge: Any = None
        """The reference that `elsewhere` has made last."""
        self.connection: Connection | None = options.fixed if self.fits else None
        self.heads: dict[Any, bytes] = {}
        """The heads of requests, by operation."""
        self.waiting: deque[Any] | None = None
        """Calls that wait for the connection, in order; None when nobody connects."""
        self.batch: Any = None
        """Requests of a batch, until they are flushed."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reference):
            return NotImplemented
        if self.data != other.data:
            return False
        return self.options is other.options or self.options.key() == other.options.key()

    def __hash__(self) -> int:
        return hash(self.data)

    @property
    def fits(self) -> bool:
        """Whether the connection it is bound to, if any, can be called through as it says."""
        fixed = self.options.fixed
        if fixed is None:
            return True
        if self.datagram is not (fixed.type() == "udp"):
            return False
        return not self.data.secure or fixed.type() in ("ssl", "wss")

    def _connection_timeout_ms(self) -> int:
        """The shortest time that its endpoints, or its connection, have."""
        if self.options.fixed is not None:
            return int(self.options.fixed.timeout())
        overriding = self.runtime.properties.getPropertyAsInt("Ice.Override.Timeout")
        if overriding > 0 or self.options.connection_timeout_ms > 0:
            return overriding if overriding > 0 else self.options.connection_timeout_ms
        times = [each.timeout_ms for each in self.data.endpoints if isinstance(each, StreamEndpoint)]
        return min((each for each in times if each > 0), default=TIMEOUT_MS)

    def key(self) -> tuple[Any, ...]:
        """What proxies are ordered by."""
        data = self.data
        endpoints = tuple(endpoint.key() for endpoint in data.endpoints)
        versions = (data.protocol, data.encoding)
        how = (data.facet, data.mode, data.secure, *versions, data.adapter_id, endpoints)
        return (data.identity, *how, *self.options.key())

    @property
    def indirect(self) -> bool:
        return not self.data.endpoints and self.options.fixed is None

    @property
    def has_choice(self) -> bool:
        """Whether it can be called at more than one endpoint."""
        return len(self.data.endpoints) > 1 or self.indirect

    @property
    def datagram(self) -> bool:
        return self.data.mode in (Mode.datagram, Mode.batchDatagram)

    def changed(self, **changes: Any) -> Reference:
        """A reference that differs in `changes`, which are names of `ProxyData` or `Options`.

        Raises `FixedProxyException` when it is bound to a connection and cannot differ in that.
        """
        if "fixed" in changes:
            return self._bound(changes["fixed"])
        if self.options.fixed is not None and not _NOT_FIXED.isdisjoint(changes):
            told = f"`{self.data.identity}' is called through one connection and no other way"
            raise FixedProxyException(told)
        data = {name: value for name, value in changes.items() if name in _IN_DATA}
        options = {name: value for name, value in changes.items() if name not in _IN_DATA}
        evolved = attrs.evolve(self.options, **options) if options else self.options
        reference = Reference(
            self.runtime,
            _evolved(self.data, data, evolved) if data or options else self.data,
            evolved,
        )
        same = _SAME_CONNECTION if self.indirect else _SAME_CONNECTION | {"identity"}
        if reference.datagram is not self.datagram:
            same = frozenset()
        if self.options.fixed is None and self.options.connection_cached and same.issuperset(changes):
            reference.connection = self.connection
        return reference

    def elsewhere(self, endpoint: Any) -> Reference | None:
        """One that calls the object at another endpoint than that; None when there is none."""
        if endpoint is None or not self.has_choice or self.options.fixed is not None:
            return None
        if self.hedge is None or self.hedge.options.avoided != endpoint:
            self.hedge = self.changed(avoided=endpoint)
        other: Reference = self.hedge
        return other

    def _bound(self, connection: Any) -> Reference:
        """A reference that calls the same object through that connection and no other way."""
        old = self.options
        options = Options(
            context=old.context, timeout_ms=old.timeout_ms, compress=old.compress, locator_cache_s=0
        )
        data = attrs.evolve(self.data, endpoints=(), adapter_id="")
        return Reference(self.runtime, data, attrs.evolve(options, collocated=False, fixed=connection))

    def head(self, operation: Operation[Any]) -> bytes:
        """The bytes from the identity to the context of every fresh call of `operation`."""
        head = self.heads.get(operation)
        if head is None:
            head = head_bytes(self.target(operation.name, operation.mode), self.context(self.timeout_ms))
            if self.runtime.implicit_context is None:
                self.heads[operation] = head
        return head

    def head_with(self, operation: Operation[Any], context: dict[str, str]) -> bytes:
        """The same with another context."""
        return head_bytes(self.target(operation.name, operation.mode), context)

    def target(self, operation: str, mode: int) -> bytes:
        return target_bytes(self.data.identity, self.data.facet, operation, mode)

    def context(self, left_ms: int) -> dict[str, str]:
        """What a call says that is given no context, and what is left of its time."""
        implicit = self.runtime.implicit_context
        context = {} if implicit is None else implicit.getContext()
        context.update(self.options.context)
        if left_ms > 0 and not self.one_way:
            context[DEADLINE_KEY] = str(left_ms)
        return context


def check_versions(data: ProxyData) -> None:
    """Raises what a call through a proxy fails with whose protocol or encoding is not spoken here."""
    if data.protocol[0] != 1:
        told = "protocol {}.{}; can only support protocols compatible with version 1.0"
        raise UnsupportedProtocolException(told.format(*data.protocol), ProtocolVersion(*data.protocol))
    if data.encoding[0] != 1:
        told = "encoding {}.{}; can only support encodings compatible with version 1.1"
        raise UnsupportedEncodingException(told.format(*data.encoding), EncodingVersion(*data.encoding))


def _evolved(data: ProxyData, changes: dict[str, Any], options: Options) -> ProxyData:
    """The data with changes. Ice's rules: endpoints and adapter id exclude each other; a timeout for
    connections and whether to compress replace what the endpoints say, also those that are given later."""
    if changes.get("endpoints"):
        changes = {"adapter_id": "", **changes}
    elif changes.get("adapter_id"):
        changes = {"endpoints": (), **changes}
    if changes:
        data = attrs.evolve(data, **changes)
    compress, timeout_ms = options.compress, options.connection_timeout_ms
    if data.endpoints and (compress is not None or timeout_ms):
        told = tuple(overridden(endpoint, compress, timeout_ms) for endpoint in data.endpoints)
        data = attrs.evolve(data, endpoints=told)
    return data


def overridden(endpoint: Endpoint, compress: bool | None, timeout_ms: int) -> Endpoint:
    """The endpoint with another idea of compression and time, where one is given."""
    if isinstance(endpoint, OpaqueEndpoint):
        return endpoint
    if compress is not None and compress is not endpoint.compress:
        endpoint = attrs.evolve(endpoint, compress=compress)
    if timeout_ms and isinstance(endpoint, StreamEndpoint) and timeout_ms != endpoint.timeout_ms:
        endpoint = attrs.evolve(endpoint, timeout_ms=timeout_ms)
    return endpoint
