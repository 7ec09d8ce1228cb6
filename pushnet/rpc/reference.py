"""What a proxy is made of: whom it calls and how. Immutable, but for what is learnt calling."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import Any

import attrs

from pushnet.rpc.connection import Connection
from pushnet.rpc.current import DEADLINE_KEY
from pushnet.rpc.operations import Operation
from pushnet.rpc.runtime import Runtime
from pushnet.wire.proxies import Mode, ProxyData
from pushnet.wire.request import head_bytes, target_bytes


class EndpointSelectionType(Enum):
    """Which of several endpoints is tried first."""

    Random = "Random"
    Ordered = "Ordered"


class Options:
    """How a proxy calls, as far as it does not travel. None means: as the communicator's properties say."""

    __slots__ = (
        "compress",
        "connection_cached",
        "connection_id",
        "connection_timeout_ms",
        "context",
        "fixed",
        "locator",
        "locator_cache_s",
        "prefer_secure",
        "selection",
        "timeout_ms",
    )

    def __init__(
        self,
        context: tuple[tuple[str, str], ...] = (),
        timeout_ms: int | None = None,
        connection_id: str = "",
        connection_cached: bool = True,
        selection: EndpointSelectionType | None = None,
        locator: Any = None,
        locator_cache_s: float | None = None,
        fixed: Connection | None = None,
        compress: bool | None = None,
        connection_timeout_ms: int = 0,
        prefer_secure: bool | None = None,
    ) -> None:
        self.context = context
        self.timeout_ms = timeout_ms
        self.connection_id = connection_id
        self.connection_cached = connection_cached
        self.selection = selection
        self.locator = locator
        self.locator_cache_s = locator_cache_s
        self.fixed = fixed
        self.compress = compress
        self.connection_timeout_ms = connection_timeout_ms
        """Instead of what the endpoints say; 0: as they say."""
        self.prefer_secure = prefer_secure

    def key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def changed(self, **changes: Any) -> Options:
        return Options(**{name: changes.get(name, getattr(self, name)) for name in self.__slots__})


_SAME_CONNECTION = frozenset({"context", "timeout_ms", "facet", "mode"})
"""Changes after which the proxy still calls through the same connection."""
_IN_DATA = frozenset(
    {"identity", "facet", "mode", "secure", "protocol", "encoding", "endpoints", "adapter_id"}
)


class Reference:
    """Equal to another when both call the same object in the same way."""

    __slots__ = ("batch", "connection", "data", "heads", "old", "options", "runtime", "timeout_ms", "waiting")

    def __init__(self, runtime: Runtime, data: ProxyData, options: Options) -> None:
        self.runtime = runtime
        self.data = data
        self.options = options
        self.old = data.encoding == (1, 0)
        """Parameters are sent in encoding 1.0. Later ones than 1.1 are taken for 1.1."""
        timeout_ms = options.timeout_ms
        self.timeout_ms: int = runtime.timeout_ms if timeout_ms is None else timeout_ms
        """For each call; 0 or less means none."""
        self.connection: Connection | None = options.fixed
        self.heads: dict[Any, bytes] = {}
        """The heads of requests, by operation."""
        self.waiting: deque[Any] | None = None
        """Calls that wait for the connection, in order; None when nobody connects."""
        self.batch: Any = None
        """Requests of a batch, until they are flushed."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reference):
            return NotImplemented
        return self.data == other.data and self.options.key() == other.options.key()

    def __hash__(self) -> int:
        return hash(self.data)

    @property
    def indirect(self) -> bool:
        return not self.data.endpoints and self.options.fixed is None

    @property
    def one_way(self) -> bool:
        return self.data.mode is not Mode.twoway

    @property
    def datagram(self) -> bool:
        return self.data.mode in (Mode.datagram, Mode.batchDatagram)

    def changed(self, **changes: Any) -> Reference:
        """A reference that differs in `changes`, which are names of `ProxyData` or `Options`."""
        data = {name: value for name, value in changes.items() if name in _IN_DATA}
        options = {name: value for name, value in changes.items() if name not in _IN_DATA}
        reference = Reference(
            self.runtime,
            _evolved(self.data, data) if data else self.data,
            self.options.changed(**options) if options else self.options,
        )
        same = _SAME_CONNECTION if self.indirect else _SAME_CONNECTION | {"identity"}
        if reference.datagram is not self.datagram:
            same = frozenset()
        if self.options.fixed is None and self.options.connection_cached and same.issuperset(changes):
            reference.connection = self.connection
        return reference

    def head(self, operation: Operation[Any]) -> bytes:
        """The bytes from the identity to the context of every fresh call of `operation`."""
        head = self.heads.get(operation)
        if head is None:
            head = head_bytes(self.target(operation.name, operation.mode), self.context(self.timeout_ms))
            self.heads[operation] = head
        return head

    def head_with(self, operation: Operation[Any], context: dict[str, str]) -> bytes:
        """The same with another context."""
        return head_bytes(self.target(operation.name, operation.mode), context)

    def target(self, operation: str, mode: int) -> bytes:
        return target_bytes(self.data.identity, self.data.facet, operation, mode)

    def context(self, left_ms: int) -> dict[str, str]:
        """The proxy's own context, and what is left of the call's time."""
        context = dict(self.options.context)
        if left_ms > 0 and not self.one_way:
            context[DEADLINE_KEY] = str(left_ms)
        return context


def _evolved(data: ProxyData, changes: dict[str, Any]) -> ProxyData:
    """As `attrs.evolve`, with Ice's rule: endpoints and adapter id exclude each other."""
    if changes.get("endpoints"):
        changes = {"adapter_id": "", **changes}
    elif changes.get("adapter_id"):
        changes = {"endpoints": (), **changes}
    return attrs.evolve(data, **changes)
