"""What all parts of one communicator share: the world, its properties, its counters, its turn, its log."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import deque
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.net.outbox import Turn
from pushnet.rpc.budget import RetryBudget
from pushnet.rpc.deadlines import Deadlines
from pushnet.rpc.exceptions import PropertyException
from pushnet.rpc.implicit_context import ImplicitContext, implicit_context
from pushnet.rpc.latencies import Latencies
from pushnet.rpc.liveness import Pulse
from pushnet.rpc.network_trace import NetworkTrace
from pushnet.rpc.outliers import Outliers
from pushnet.rpc.properties import Properties
from pushnet.rpc.throttle import Throttles
from pushnet.rpc.transports import Transports
from pushnet.wire.message import MESSAGE_BYTES_MAX
from pushnet.wire.proxies import ProxyData
from pushnet.wire.values import CLASS_GRAPH_DEPTH_MAX, STACK_DEPTH_MAX, ValueIndex
from pushnet.world import World

FAULT_LOG_S = 1.0
"""At most one line in so many seconds about what hostile peers can cause at will."""
DRAIN_S = 10.0
CONNECT_S = 10.0


@attrs.define
class Counters:
    """What has happened so far, for metrics."""

    requests: int = 0
    """Served, of all kinds."""
    malformed: int = 0
    """Connections closed because the peer broke the protocol."""
    expired: int = 0
    """Requests dropped because their deadline had passed on arrival."""
    failed: int = 0
    """Requests whose servant failed in a way the interface does not declare."""
    missing: int = 0
    """Requests for an object, a facet or an operation that is not there."""
    ignored: int = 0
    """Requests read after the decision to close; their callers repeat them elsewhere."""
    stray_replies: int = 0
    """Replies nobody waits for: late, or never asked for."""
    refused_peers: int = 0
    """Incoming streams whose TLS or WebSocket handshake failed or took too long."""
    bad_datagrams: int = 0
    """Datagrams dropped because they held no request that can be in one."""
    retries: int = 0
    hedges: int = 0
    """Calls sent a second time because the first took long."""
    dead_peers: int = 0
    """Connections aborted because the peer was silent for too long."""


class Runtime:
    """The shared parts. The communicator is this, and brings calls to connections."""

    def __init__(self, world: World, properties: Properties) -> None:
        self.world = world
        self.properties = properties
        self.counters = Counters()
        self.latencies = Latencies()
        self.transports = Transports(world, properties)
        self.turn = Turn(world.call_later)
        self.deadlines = Deadlines(world.call_later, self.sweep)
        self.pulse = Pulse(world.call_later)
        self.log = Logger(namespace="pushnet.rpc")
        self.trace = NetworkTrace(properties, self.getLogger)
        self.destroyed = False
        self.waiting: list[deque[Any]] = []
        """Lines of calls that wait for a connection."""
        self.paused: list[Any] = []
        """Calls that wait before they are repeated."""
        self.ice_values = ValueIndex(graph_depth_max(properties.getProperty("Ice.ClassGraphDepthMax")))
        """Which class a type id means."""
        self.sliced = properties.getPropertyAsInt("Ice.Default.SlicedFormat") > 0
        """Instances of classes and exceptions travel in the sliced format where Slice does not say."""
        self.default_options: Any = None
        """How proxies call that nothing else is said of."""
        self.batch_interceptor: Any = None
        """Sees each request for a batch: `pushnet.rpc.batch`."""
        self.implicit_context: ImplicitContext | None = implicit_context(
            properties.getProperty("Ice.ImplicitContext")
        )
        self.trace_retries = properties.getPropertyAsInt("Ice.Trace.Retry") > 0
        self.retry_budget = RetryBudget(properties, world.monotonic)
        watched = properties.getPropertyAsInt("Pushnet.Outliers") > 0
        self.outliers = Outliers(world.monotonic) if watched else None
        """Endpoints that fail again and again, if somebody wants to know."""
        self.throttles = Throttles(world.monotonic, lambda: world.rng("rpc.throttle").random())
        self.retry_intervals_ms = retry_intervals_ms(properties.getProperty("Ice.RetryIntervals"))
        self.message_bytes_max = message_bytes_max(properties.getProperty("Ice.MessageSizeMax"))
        """Of what is received."""
        self.sent_bytes_max = max(self.message_bytes_max, MESSAGE_BYTES_MAX)
        """Of what is sent: who takes less himself does not know that others do. What is larger than Ice's
        default would cost the connection, with all calls on it, where a peer has that."""
        self.cancel_idempotent = properties.getPropertyAsIntWithDefault("Pushnet.CancelIdempotent", 1) > 0
        """Not Ice's: whether idempotent work that nobody waits for is given up unless its servant objects."""
        self.tell_failures = properties.getPropertyAsInt("Pushnet.TellFailures") > 0
        """Not Ice's: whether callers hear the text of what nobody foresaw, as of stock Python. For tests."""
        self.drain_s = properties.seconds("Ice.Override.CloseTimeout", DRAIN_S * 1000) / 1000
        self.watch_requests: Any = None
        """Middleware that counts requests for metrics; None, as the next three, when nobody wants to know."""
        self.watch_call: Any = None
        """Given a class of calls, one that counts them."""
        self.watch_connection: Any = None
        """Told of each connection; returns what is to be told why it is gone."""
        self.watch_connect: Any = None
        """Told of each connect's endpoint; returns what is to be told how it ended."""
        self._quiet_until = 0.0
        self._caller = ""
        self._tokens = 0
        self._unsaid = 0

    def connect_limit_s(self, timeout_ms: int) -> float:
        """How long a connect may take to an endpoint that says `timeout_ms`."""
        override_ms = self.properties.getPropertyAsInt("Ice.Override.ConnectTimeout")
        if override_ms > 0:
            return override_ms / 1000
        return min(CONNECT_S, timeout_ms / 1000) if timeout_ms > 0 else CONNECT_S

    def token(self) -> str:
        """A new token for a call that is to be done once."""
        if not self._tokens:
            self._caller = urlsafe_b64encode(self.world.entropy.token(12)).decode()
        self._tokens += 1
        return f"{self._caller}.{self._tokens:x}"

    def fault(self, what: str, **details: object) -> None:
        """Log something a peer did wrong, but not as often as it does it."""
        now = self.world.monotonic()
        if now < self._quiet_until:
            self._unsaid += 1
            return
        unsaid, self._unsaid = self._unsaid, 0
        self._quiet_until = now + FAULT_LOG_S
        self.log.warn(what + (" ({unsaid} like this not logged)" if unsaid else ""), unsaid=unsaid, **details)

    def getLogger(self) -> Any:
        """Where what concerns the application's operators is logged (`pushnet.rpc.logger.Logger`)."""
        raise NotImplementedError

    def ice_reference(self, data: ProxyData) -> Any:
        """What a proxy that came as bytes or text is made of."""
        raise NotImplementedError

    def fixed_proxy(self, connection: Any, data: ProxyData) -> Any:
        """A proxy that calls through `connection` only."""
        raise NotImplementedError

    def connection_for(self, reference: Any) -> Deferred[Any]:
        """An established connection to the object; each failure is a `LocalException`."""
        raise NotImplementedError

    def forget_endpoints(self, reference: Any) -> None:
        """The object is not where the locator or the router said."""
        raise NotImplementedError

    def forget_adapter(self, adapter: Any) -> None:
        """The adapter is deactivated: no connection leads to its objects any more."""
        raise NotImplementedError

    def sweep(self, tick: int) -> bool:
        """Expire calls whose time is up; whether any call is under way."""
        raise NotImplementedError


def retry_intervals_ms(text: str) -> tuple[int, ...]:
    """Ice's property: pauses before each retry; by default one retry at once, `-1` for none."""
    try:
        intervals = [int(part) for part in text.split()]
    except ValueError:
        raise PropertyException(f"property Ice.RetryIntervals is no list of numbers: {text!r}") from None
    if not intervals:
        return (0,)
    return () if intervals[0] == -1 else tuple(max(0, interval) for interval in intervals)


def graph_depth_max(text: str) -> int:
    """Ice's property: how deep instances that are read may be nested; below 1, as the stack allows."""
    value = int(text or CLASS_GRAPH_DEPTH_MAX)
    return min(value, STACK_DEPTH_MAX) if value > 0 else STACK_DEPTH_MAX


def message_bytes_max(kilobytes: str) -> int:
    """Ice's rule for `MessageSizeMax`: kilobytes; below one or too large means as large as can be."""
    if not kilobytes:
        return MESSAGE_BYTES_MAX
    value = int(kilobytes) * 1024
    return value if 0 < value < 2**31 else 2**31 - 1
