"""One Ice connection, of either side: validation, requests and replies both ways, liveness, orderly end.

Its life: *validating* (only who connected waits, for the server's first message), *active*, *closing* (we
have decided to end it, and wait for what is being served), *draining* (CloseConnection is sent; read to the
end of the stream), *closed*.

Who has decided to close ignores two-way requests it still reads, because their callers repeat them
elsewhere, and serves one-way and batch requests, because nobody ever will. Who receives CloseConnection
closes at once, and repeats its unanswered calls elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IDelayedCall, ITCPTransport
from twisted.python.failure import Failure

from pushnet.net.handshakes import StreamInfo
from pushnet.net.moderation import Moderation
from pushnet.net.outbox import LARGE_BYTES, Outbox
from pushnet.rpc.acm import ConnectionSettings
from pushnet.rpc.cancelling import WELCOME_MESSAGE, cancel_all, expire, understands
from pushnet.rpc.connection_api import ConnectionApi, State
from pushnet.rpc.current import Current
from pushnet.rpc.dispatch import Answer, Dispatch
from pushnet.rpc.exceptions import (
    CloseConnectionException,
    ConnectionLostException,
    ConnectionNotValidatedException,
    LocalException,
    MarshalException,
    ProtocolException,
)
from pushnet.rpc.info import address_of
from pushnet.rpc.leaving import answers_among
from pushnet.rpc.liveness import Look
from pushnet.rpc.runtime import Runtime
from pushnet.rpc.squeezing import Squeezing, make_outbox
from pushnet.wire.endpoints import StreamEndpoint
from pushnet.wire.message import BATCH, CLOSE, CLOSE_MESSAGE, REPLY, REQUEST, VALIDATE_MESSAGE, Framer
from pushnet.wire.reply import Status, text_message
from pushnet.wire.request import read_request_id, request_message, request_start

_REPLY_HEAD = Struct("<iB")
_REPLY_BYTES_MIN = 19
_REQUEST_ID_MAX = 2**31 - 1
_DISPATCHES, _CONGESTED, _HELD = 1, 2, 4
"""Why a connection is not read: too much being served; the peer does not read; the adapter is on hold."""


class Call(Protocol):
    """A two-way or one-way call that has been given to a connection."""

    flushes: int
    expires: int

    def replied(self, message: bytes, status: int) -> None: ...

    def sent(self) -> None:
        """A one-way call has left."""

    def lost(self, error: LocalException, sent: bool) -> None:
        """It will not be answered; `sent`: it may have been done."""
        ...

    def timed_out(self) -> None: ...


class Owner(Protocol):
    """Who keeps the connection: an adapter for incoming ones, the communicator for outgoing ones."""

    def connection_gone(self, connection: Connection) -> None: ...


class Connection(ConnectionApi):
    """Binds the messages to a Twisted transport. Implements `ConnectionContract`."""

    def __init__(
        self,
        runtime: Runtime,
        owner: Owner,
        adapter: Any = None,
        connection_id: str = "",
        incoming: bool = False,
        settings: ConnectionSettings | None = None,
        endpoint: StreamEndpoint | None = None,
    ) -> None:
        settings = settings or ConnectionSettings()
        super().__init__(settings, endpoint, incoming)
        self.state = State.active if incoming else State.validating
        self.active = False
        """Whether calls may be sent now."""
        self.held = False
        """Its adapter is on hold: it is not read, and a new peer is not told to begin."""
        self.validated: Deferred[Connection] = Deferred()
        """Fires when an outgoing connection can be used, or fails with why it cannot."""
        self.pending: dict[int, Call] = {}
        self.connection_id = connection_id
        self.stream = StreamInfo()
        self.compress = False
        self._squeezing = Squeezing(runtime.properties)
        self._runtime = runtime
        self._owner = owner
        self._incoming = incoming
        self._framer = Framer(runtime.message_bytes_max)
        self._dispatch = Dispatch(runtime, self, adapter)
        self._outbox: Outbox = None  # type: ignore[assignment]
        self._moderation: Moderation = None  # type: ignore[assignment]
        self._next_id = 1
        self._one_ways: list[Call] = []
        self._serving: dict[Current, bool] = {}
        self._paused = 0
        self._end: LocalException | None = None
        self._disconnected = False
        self._limit: IDelayedCall | None = None
        self._gone: list[Deferred[None]] = []
        self._dispatches_max = settings.dispatches_max
        self._close_s = settings.close_s or runtime.drain_s

    # What Twisted calls.

    def connectionMade(self) -> None:
        if ITCPTransport.providedBy(self.transport):
            self.transport.setTcpNoDelay(True)
        self._here = address_of(self.transport.getHost())
        world = self._runtime.world
        self._outbox = make_outbox(self._runtime, self.transport, self._congested, self.compress)
        self._moderation = Moderation(self.transport, world.monotonic, world.call_later)
        self._runtime.pulse.add(self, self._liveness.period_s)
        if self._runtime.watch_connection is not None:
            self.watched_by(self._runtime.watch_connection)
        if self._runtime.trace.follows:
            self._runtime.trace.follow(self)
        if self.held:
            self._pause(_HELD)
        elif self._incoming:
            self._let_in()

    def dataReceived(self, data: bytes) -> None:
        if self._ended():
            return
        self._liveness.heard = True
        pending = self.pending
        turn = self._runtime.turn
        turn.enter()
        try:
            messages = self._framer.receive(data)
            self._moderation.read(len(messages), len(data), self._framer.missing)
            for message in messages:
                kind = message[8]
                if kind == REPLY and self.active and len(message) >= _REPLY_BYTES_MIN:
                    # The usual reply, without a call of its own; `_reply` takes the others.
                    request_id, status = _REPLY_HEAD.unpack_from(message, 14)
                    call = pending.pop(request_id, None)
                    if call is None:
                        self.stray()
                    else:
                        call.replied(message, status)
                elif self.state is State.closed:
                    break
                elif kind == REPLY:
                    self._reply(message)
                elif kind == REQUEST:
                    self._request(message)
                else:
                    self._other(kind, message)
            if self._framer.error is not None and not self._ended():
                raise self._framer.error
        except ProtocolException as error:
            self._malformed(error)
        finally:
            turn.leave()
        if self._framer.waiting:
            self._breathe()

    def connectionLost(self, reason: Failure = ConnectionDone) -> None:  # type: ignore[assignment]
        self.state = State.closed
        self.active = False
        self._disconnected = True
        self._runtime.pulse.remove(self, self._liveness.period_s)
        self._no_limit()
        end = self._end
        if isinstance(reason.value, ProtocolException):
            self._runtime.counters.malformed += 1
            end = end or reason.value
        if end is None:
            end = ConnectionLostException(f"{self._peer()}: {type(reason.value).__name__}")
        self._end = end
        flushes = self._outbox.flushes
        self._outbox.drop()
        self._moderation.stop()
        turn = self._runtime.turn
        turn.enter()
        try:
            self._fail_calls(end, flushes)
            if not self._incoming and not self.validated.called:
                self.validated.errback(end)
            self._owner.connection_gone(self)
            cancel_all(self._serving)
            if self._watched is not None:
                self._watched(end)
            callbacks, self._on_close = self._on_close, []
            for callback in callbacks:
                self.tell(callback)
            self._finished()
        finally:
            turn.leave()

    # Calls to the peer.

    def send_call(self, call: Call, head: bytes, params: bytes | bytearray) -> int:
        """Send a two-way request; its reply goes to `call`. Returns the request id."""
        request_id = self._next_id
        self._next_id = request_id + 1 if request_id < _REQUEST_ID_MAX else 1
        self.pending[request_id] = call
        outbox = self._outbox
        call.flushes = outbox.flushes
        if len(params) < LARGE_BYTES:
            outbox.write(request_message(request_id, head, params))
        else:
            outbox.write_parts(request_start(request_id, head, len(params)), params)
        return request_id

    def send_raw_call(self, call: Call, make: Callable[[int], bytes]) -> int:
        """As `send_call`, for a message that `make` makes with its request id."""
        request_id = self._next_id
        self._next_id = request_id + 1 if request_id < _REQUEST_ID_MAX else 1
        self.pending[request_id] = call
        call.flushes = self._outbox.flushes
        self._outbox.write(make(request_id))
        return request_id

    def send_one_way(self, call: Call, message: bytes) -> None:
        """Send what is not answered; `call` is told when it has left."""
        call.flushes = self._outbox.flushes
        self._one_ways.append(call)
        self._outbox.on_flush = self._one_ways_left
        self._outbox.write(message)

    def forget_call(self, request_id: int) -> None:
        """Nobody waits for that reply any more."""
        if self.pending.pop(request_id, None) is not None:
            self._give_up(request_id)
        if self.state is State.closing:
            self._say_close()

    def sweep(self, tick: int) -> bool:
        """Expire calls whose time is up; whether any is under way."""
        for request_id, call in list(self.pending.items()):
            if call.expires and call.expires <= tick:
                self.pending.pop(request_id, None)
                self._liveness.unanswered = True
                self._give_up(request_id)
                call.timed_out()
        return expire(self._serving, tick) or bool(self.pending)

    # For the dispatch of requests.

    def send(self, message: Answer) -> None:
        if self.state is not State.closed:
            if isinstance(message, tuple):
                self._squeezing.send_parts(self._outbox, *message)
            else:
                self._outbox.write(self._squeezing.reply(message))

    def dispatch_began(self, current: Current) -> None:
        """One more request is being served. It is answered before closing if it came before the decision."""
        self._serving[current] = self.state is State.active
        if len(self._serving) == self._dispatches_max:
            self._pause(_DISPATCHES)

    def dispatch_ended(self, current: Current, answer: Answer | None) -> None:
        """It has been served; too late when it was given up meanwhile."""
        if self._serving.pop(current, None) is None:
            return
        if answer is not None:
            self.send(answer)
        if len(self._serving) < self._dispatches_max:
            self._resume(_DISPATCHES)
        if self.state is State.closing:
            self._say_close()
        elif self.state is State.closed:
            self._finished()

    # For the adapter.

    def hold(self) -> None:
        """Read nothing until `release`."""
        self.held = True
        self._pause(_HELD)

    def release(self) -> None:
        if self.held:
            self.held = False
            if self._incoming and self.state is State.active and not self.active:
                self._let_in()
            self._resume(_HELD)

    # The end.

    def gone(self) -> Deferred[None]:
        """Fires when the connection is closed and nothing of it is being served any more."""
        waiting: Deferred[None] = Deferred()
        self._gone.append(waiting)
        self._finished()
        return waiting

    def finish(self, end: LocalException) -> Deferred[None]:
        """Close in an orderly way; calls that cannot be answered any more fail with `end`.

        Half of the time for closing is for what is being served: what takes longer is answered with an
        error, so that requests we have ignored are repeated elsewhere. The other half is for reading to the
        end.
        """
        if self.state is State.validating or (self.state is State.active and not self.active):
            self.abort(end)
        elif self.state is State.active:
            self._end = end
            self.state = State.closing
            self.active = False
            self._limit = self._runtime.world.call_later(self._close_s / 2, self._serve_no_longer)
            self._runtime.world.call_later(0, self._say_close)  # not ahead of the answer being given
        return self.gone()

    def abort(self, end: LocalException) -> None:
        """Cut the connection now."""
        if not self._disconnected and self.transport is not None:
            self.state = State.closed
            self.active = False
            self._end = end
            self.transport.abortConnection()

    def fail_calls(self, error: LocalException) -> None:
        """Give up all calls under way; the connection stays."""
        self._fail_calls(error, -1)

    def beat(self) -> None:
        """Time has passed: see `pushnet.rpc.liveness`."""
        if self.state not in (State.active, State.closing):
            return
        look = Look(
            self._outbox.flushes,
            queued=self._outbox.queued,
            owed=bool(self.pending),
            serving=bool(self._serving),
            reading=not self._paused,
            held=self.held,
            congested=self._outbox.full,
            partial=self._framer.partial,
        )
        self.judge(self._liveness.beat(look))

    # Messages.

    def _request(self, message: bytes) -> None:
        if self.state is State.validating:
            raise ConnectionNotValidatedException("a request before validation")
        if self.state is not State.active and read_request_id(message):
            self._runtime.counters.ignored += 1
            return
        if message[9]:
            self._squeezing.asked(read_request_id(message))
        self._dispatch.request(message)

    def _reply(self, message: bytes) -> None:
        if self.state is State.validating:
            raise ConnectionNotValidatedException("a reply before validation")
        if len(message) < _REPLY_BYTES_MIN:
            raise MarshalException("a reply is cut off")
        request_id, status = _REPLY_HEAD.unpack_from(message, 14)
        call = self.pending.pop(request_id, None)
        if call is None:
            self.stray()
        else:
            call.replied(message, status)
        if self.state is State.closing and not self.pending:
            self._say_close()

    def _other(self, kind: int, message: bytes) -> None:
        """A batch, a heartbeat, or the peer's wish to close."""
        if self.state is State.validating:
            if kind in (BATCH, CLOSE) or len(message) != len(VALIDATE_MESSAGE):
                raise ConnectionNotValidatedException(f"message type {kind} before validation")
            self.state = State.active
            self.active = True
            self.cancels = understands(message)
            self.validated.callback(self)
        elif kind == BATCH:
            self._dispatch.batch(message)
        elif kind == CLOSE:
            self._end = CloseConnectionException(f"{self._peer()} closed the connection")
            self._leave()
        else:
            self._liveness.beaten(bool(self.pending))
            if self._on_heartbeat is not None:
                self.tell(self._on_heartbeat)

    def _malformed(self, error: ProtocolException) -> None:
        self._runtime.counters.malformed += 1
        self._runtime.fault(
            "{peer} broke the protocol and is cut off: {kind}: {error}",
            peer=self._peer(),
            kind=type(error).__name__,
            error=str(error),
        )
        self.abort(error)

    def _let_in(self) -> None:
        """Tell who has connected that requests may come."""
        self.active = True
        self._outbox.write(WELCOME_MESSAGE)

    # The end, inside.

    def _ended(self) -> bool:
        return self.state is State.closed

    def _say_close(self) -> None:
        """Send CloseConnection once nothing is left that it would leave unanswered."""
        if self.state is not State.closing or self.pending or any(self._serving.values()):
            return
        self.state = State.draining
        self._paused = 0
        self._no_limit()
        assert self._end is not None
        self._limit = self._runtime.world.call_later(self._drain_s(), self.abort, self._end)
        self.transport.resumeProducing()
        self._outbox.write(CLOSE_MESSAGE)

    def _drain_s(self) -> float:
        """How long the peer has to hang up. Who connected is not held up longer than its endpoint says."""
        timeout_ms = -1 if self._incoming else self.timeout()
        half_s = self._close_s / 2
        return min(half_s, timeout_ms / 1000) if timeout_ms > 0 else half_s

    def _serve_no_longer(self) -> None:
        """What is still being served or waited for is given up, so that the rest can go elsewhere."""
        assert self._end is not None
        turn = self._runtime.turn
        turn.enter()
        try:
            for current, first in list(self._serving.items()):
                if first:
                    del self._serving[current]
                    if current.requestId:
                        told = "ObjectAdapterDeactivatedException: it took too long"
                        self.send(text_message(current.requestId, Status.unknown_local_exception, told))
            self._fail_calls(self._end, -1)
            self._say_close()
        finally:
            turn.leave()

    def _leave(self) -> None:
        """Hang up when what is written and our answers have left. What else is queued has not been sent."""
        assert self._end is not None
        self.active = False
        self.state = State.closed
        flushes = self._outbox.flushes
        self.transport.write(b"".join(answers_among(self._outbox.drop())))
        self.transport.loseConnection()
        self._no_limit()
        self._limit = self._runtime.world.call_later(self._close_s, self.abort, self._end)
        self._fail_calls(self._end, flushes)

    def _no_limit(self) -> None:
        """What had a limited time has come to its end."""
        if self._limit is not None and self._limit.active():
            self._limit.cancel()
        self._limit = None

    def _fail_calls(self, error: LocalException, flushes: int) -> None:
        """Every call under way fails; one whose flush has not come has not been sent."""
        one_ways, self._one_ways = self._one_ways, []
        calls = [*self.pending.values(), *one_ways]
        self.pending.clear()
        for call in calls:
            call.lost(error, call.flushes != flushes)

    def _one_ways_left(self) -> None:
        calls, self._one_ways = self._one_ways, []
        for call in calls:
            call.sent()

    def _finished(self) -> None:
        if self._disconnected and not self._serving:
            waiting, self._gone = self._gone, []
            for deferred in waiting:
                deferred.callback(None)

    def _congested(self, full: bool) -> None:
        """The peer does not read what we send: nor do we read, but the answers it may want to be rid of."""
        if not full:
            self._resume(_CONGESTED)
        elif not self.pending and not self._one_ways:
            self._pause(_CONGESTED)
