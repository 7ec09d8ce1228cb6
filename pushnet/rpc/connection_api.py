"""What applications may do with a connection: Ice's own interface of it, above what `connection` does."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.protocol import Protocol as TwistedProtocol

from pushnet.net.handshakes import StreamInfo
from pushnet.net.outbox import Outbox
from pushnet.rpc.acm import ACM, ConnectionClose, ConnectionSettings
from pushnet.rpc.cancelling import cancel_message
from pushnet.rpc.counted import CountedFramer, CountedOutbox, FollowedFramer, FollowedOutbox
from pushnet.rpc.dispatch import Answer, Dispatch
from pushnet.rpc.exceptions import (
    ConnectionManuallyClosedException,
    ConnectionTimeoutException,
    LocalException,
    ProtocolException,
)
from pushnet.rpc.info import ConnectionInfo, Whose, peer_name, stream_info
from pushnet.rpc.liveness import STALL_S, Liveness, Verdict
from pushnet.rpc.runtime import Runtime
from pushnet.wire.endpoints import NAMES, TCP, StreamEndpoint
from pushnet.wire.identity import Identity
from pushnet.wire.message import VALIDATE_MESSAGE, Framer
from pushnet.wire.proxies import ProxyData

STRAYS_MAX = 100
"""Replies one peer may send to what we have not asked, beyond those to calls that were given up."""

_INFLATING = 8
"""Why reading may rest, beside what `pushnet.rpc.connection` has."""


class State(Enum):
    """Where a connection is in its life."""

    validating = auto()
    active = auto()
    closing = auto()
    draining = auto()
    closed = auto()


class ConnectionApi(TwistedProtocol):
    """The half of a `Connection` that programs call. Implements `ConnectionContract`.

    Slots, because past 30 attributes the dictionary of an instance is no longer shared: 1.5 kB a connection.
    """

    __slots__ = (
        "_disconnected",
        "_dispatch",
        "_end",
        "_framer",
        "_here",
        "_incoming",
        "_liveness",
        "_on_close",
        "_on_heartbeat",
        "_outbox",
        "_runtime",
        "_serving",
        "_watched",
        "active",
        "batch",
        "connection_id",
        "endpoint",
        "state",
        "stream",
    )

    transport: Any = None
    state: State
    active: bool
    connection_id: str
    stream: StreamInfo
    _runtime: Runtime
    _incoming: bool
    _dispatch: Dispatch
    _outbox: Outbox
    _framer: Framer
    _serving: dict[Any, bool]
    _end: LocalException | None
    _disconnected: bool
    _next_id: int
    _paused: int

    def __init__(self, settings: ConnectionSettings, endpoint: StreamEndpoint | None, incoming: bool) -> None:
        self.endpoint = endpoint
        timeout_ms = endpoint.timeout_ms if endpoint is not None else -1
        stall_s = timeout_ms / 1000 if timeout_ms > 0 else STALL_S if incoming else 0.0
        self._liveness = Liveness(settings, stall_s)
        self.batch: Any = None
        """What fixed proxies have gathered: `pushnet.rpc.batch.Batch`."""
        self._on_close: list[Callable[[Any], object]] = []
        self._on_heartbeat: Callable[[Any], object] | None = None
        self._here = ("", 0)
        """Our own address, which the socket does not tell any more when it is closed."""
        self._watched: Callable[[LocalException], object] | None = None
        self.cancels = False
        """Whether the peer understands that a call is given up (`pushnet.rpc.cancelling`)."""

    def createProxy(self, identity: Identity) -> Any:
        return self._runtime.fixed_proxy(self, ProxyData(identity))

    def setAdapter(self, adapter: Any) -> None:
        """Raises `ObjectAdapterDeactivatedException` for an adapter that is."""
        if adapter is not None:
            adapter.check_usable()
        self._dispatch = Dispatch(self._runtime, self, adapter)

    def getAdapter(self) -> Any:
        return self._dispatch.adapter

    @property
    def incoming(self) -> bool:
        """Whether the peer has connected to us."""
        return self._incoming

    @property
    def end(self) -> LocalException | None:
        """Why it closes or was closed."""
        return self._end

    def getEndpoint(self) -> StreamEndpoint | None:
        """Where we have connected to, or where the adapter listens."""
        return self.endpoint

    def getInfo(self) -> ConnectionInfo:
        """Raises why it was closed once it is."""
        if self.state is State.closed:
            self.throwException()
        kind = self.endpoint.type if self.endpoint is not None else TCP
        whose = Whose(self._incoming, self._dispatch.adapter, self.connection_id)
        buffers = self._runtime.world.stream_buffers(self.transport)
        return stream_info(kind, self.transport, whose, self.stream, buffers)

    def setBufferSize(self, rcvSize: int, sndSize: int) -> None:
        """How many bytes the system shall keep, received and to be sent; 0: as it is."""
        self.throwException()
        self._runtime.world.set_stream_buffers(self.transport, rcvSize, sndSize)

    def type(self) -> str:
        """The name of its transport, `tcp`, `ssl`, `ws` or `wss`."""
        return NAMES[self.endpoint.type] if self.endpoint is not None else "tcp"

    def timeout(self) -> int:
        """The endpoint's timeout in milliseconds."""
        return self.endpoint.timeout_ms if self.endpoint is not None else -1

    def toString(self) -> str:
        """Both ends' addresses."""
        host, port = self._here
        return f"local address = {host}:{port}\nremote address = {peer_name(self.transport)}"

    def throwException(self) -> None:
        """Raise why the connection closes or was closed, if it does or was."""
        if self._end is not None:
            raise self._end

    def setCloseCallback(self, callback: Callable[[Any], object] | None) -> None:
        if callback is None:
            self._on_close = []
        elif self._disconnected:
            self.tell(callback)
        elif callback not in self._on_close:
            self._on_close.append(callback)

    def setHeartbeatCallback(self, callback: Callable[[Any], object] | None) -> None:
        self._on_heartbeat = callback

    def heartbeat(self) -> Deferred[None]:
        """Send one. Fails when the connection is closed."""
        self.throwException()
        if self.active:
            self._outbox.write(VALIDATE_MESSAGE)
        return succeed(None)

    def flushBatchRequests(self, compress: Any = None) -> Deferred[None]:
        """Send what fixed proxies have gathered (`compress`: a `CompressBatch`); fires when it has left."""
        if self.batch is None:
            return succeed(None)
        flushed: Deferred[None] = self.batch.flush(compress)
        return flushed

    def getACM(self) -> ACM:
        return self._liveness.settings.acm

    def setACM(
        self, timeout: float | None = None, close: int | None = None, heartbeat: int | None = None
    ) -> None:
        """What is None (Ice's `Unset`) is as it was configured. Raises `RuntimeError` for what cannot be."""
        if timeout is not None and timeout < 0:
            raise RuntimeError(f"invalid value {timeout} for ACM timeout")
        liveness = self._liveness
        self._runtime.pulse.remove(self, liveness.period_s)
        liveness.change(liveness.settings.changed(timeout, close, heartbeat))
        if not self._disconnected:
            self._runtime.pulse.add(self, liveness.period_s)

    def close(self, mode: ConnectionClose = ConnectionClose.GracefullyWithWait) -> Deferred[None]:
        """Close on the application's behalf; fires when the connection is gone."""
        if mode is ConnectionClose.Forcefully:
            self.abort(ConnectionManuallyClosedException(False, "closed by the application"))
            return self.gone()
        end = ConnectionManuallyClosedException(True, "closed by the application")
        if mode is ConnectionClose.Gracefully:
            self.fail_calls(end)
        return self.finish(end)

    # For the adapter, and for who measures.

    @property
    def serving(self) -> bool:
        """Whether a request is being served."""
        return bool(self._serving)

    def _give_up(self, request_id: int) -> None:
        """A reply that may come now comes too late; the peer need not trouble to make it."""
        self._liveness.late += 1
        if self.cancels and self.active:
            self._outbox.write(cancel_message(request_id))

    @property
    def calls_sent(self) -> int:
        """How many calls were sent through it."""
        return self._next_id - 1

    def under_way(self) -> list[Any]:
        """What is being served."""
        return list(self._serving)

    @property
    def dispatch_count(self) -> int:
        """How many requests are being served at this moment."""
        return len(self._serving)

    def limit_messages(self, bytes_max: int) -> None:
        """Take no larger ones. Said before the first comes."""
        self._framer = Framer(bytes_max)

    def watched_by(self, watch: Callable[[Any], Callable[[LocalException], object]]) -> None:
        """Be counted by `watch`, which says whom to tell of the end."""
        if self._outbox is not None and not self._disconnected:
            self._watched = watch(self)

    def count_bytes(self, received: Callable[[int], object], sent: Callable[[int], object]) -> None:
        """Tell how much comes and goes from now on."""
        framer: Any = CountedFramer(self._framer, received)
        outbox: Any = CountedOutbox(self._outbox, sent)
        self._framer, self._outbox = framer, outbox

    def follow(self, received: Callable[[int, list[bytes]], object], sent: Callable[[bytes], object]) -> None:
        """Tell what comes and goes from now on: bytes and messages received, messages sent."""
        framer: Any = FollowedFramer(self._framer, received)
        outbox: Any = FollowedOutbox(self._outbox, sent)
        self._framer, self._outbox = framer, outbox

    # Time.

    def judge(self, verdict: Verdict) -> None:
        """Do what a look at the connection has come to."""
        if verdict is Verdict.send_heartbeat:
            self._outbox.write(VALIDATE_MESSAGE)
        elif verdict is Verdict.close:
            self.finish(ConnectionTimeoutException("the connection was not used"))
        elif verdict is Verdict.give_up:
            self._runtime.counters.dead_peers += 1
            told = f"{peer_name(self.transport)} has been silent or has read nothing for too long"
            self._runtime.fault("{told} and is given up", told=told)
            self.abort(ConnectionTimeoutException(told))

    def tell(self, callback: Callable[[Any], object]) -> None:
        """Call an application's callback; what it raises is logged and harms nobody else."""
        try:
            callback(self)
        except Exception:
            self._runtime.log.failure("a connection's callback failed")

    def stray(self) -> None:
        """A reply has come that nobody waits for. Raises when the peer sends too many of them."""
        self._runtime.counters.stray_replies += 1
        self._liveness.late -= 1
        if self._liveness.late < -STRAYS_MAX:
            raise ProtocolException(f"{STRAYS_MAX} replies to requests that were never sent")

    # Reading, and for a while not.

    def _pause(self, reason: int) -> None:
        if self.state is State.draining or self.state is State.closed:
            return
        if not self._paused:
            self.transport.pauseProducing()
        self._paused |= reason

    def _resume(self, reason: int) -> None:
        if self._paused & reason:
            self._paused &= ~reason
            if not self._paused and self.state is not State.closed:
                self.transport.resumeProducing()

    def _peer(self) -> str:
        return peer_name(self.transport)

    def _breathe(self) -> None:
        """Enough has been inflated in this turn: the rest waits for the next one, and so does the peer."""
        self._pause(_INFLATING)
        self._runtime.world.call_later(0, self._go_on)

    def _go_on(self) -> None:
        self._resume(_INFLATING)
        self.dataReceived(b"")

    # What the other half does.

    def abort(self, end: LocalException) -> None:
        raise NotImplementedError

    def finish(self, end: LocalException) -> Deferred[None]:
        raise NotImplementedError

    def gone(self) -> Deferred[None]:
        raise NotImplementedError

    def fail_calls(self, error: LocalException) -> None:
        raise NotImplementedError

    def send(self, message: Answer) -> None:
        raise NotImplementedError

    def dispatch_began(self, current: Any) -> None:
        raise NotImplementedError

    def dispatch_ended(self, current: Any, answer: Answer | None) -> None:
        raise NotImplementedError

    def beat(self) -> None:
        raise NotImplementedError
