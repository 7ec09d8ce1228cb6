"""Calls on their way: from a proxy to a connection, and again when the first way fails.

At most once, by Ice's rules: a call may be repeated when it was not sent, when its operation is idempotent,
when the peer closed the connection in an orderly way (it does not do what it had not answered), or when the
object is not where the locator said. What the peer calls unknown counts as a failure on the way: idempotent
operations are repeated. Never: when its time is up, it was given up, the peer's bytes are wrong, something
was closed on purpose here, or the proxy is bound to one connection.

`Ice.RetryIntervals` says how often and after which pauses; orderly closed connections do not count against
that, because in a roll of many servers a call may meet several of them.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from pushnet.rpc.connection import Connection
from pushnet.rpc.current import ATTEMPT_KEY, CARRIED_ON, DEADLINE_KEY, CallContext, Current
from pushnet.rpc.exceptions import (
    CloseConnectionException,
    CommunicatorDestroyedException,
    ConnectionLostException,
    ConnectionManuallyClosedException,
    ConnectionTimeoutException,
    DatagramLimitException,
    FacetNotExistException,
    InvocationCanceledException,
    InvocationTimeoutException,
    LocalException,
    MarshalException,
    MemoryLimitException,
    NoEndpointException,
    ObjectAdapterDeactivatedException,
    ObjectNotExistException,
    OperationNotExistException,
    UnknownLocalException,
    UnsupportedEncodingException,
    UnsupportedProtocolException,
)
from pushnet.rpc.operations import Operation
from pushnet.rpc.reference import AS_CONNECTIONS, Reference

ADD_PROXY = "ice_add_proxy"
"""The operation a router names when it does not know the target of a request."""
OVERLOAD = "OverloadException"
"""How the text begins with which a server refuses what is too much (`pushnet.rpc.concurrency`)."""
_REST_BYTES = 24
"""Of a request, besides its head and parameters."""
CLOSED_RETRIES_MAX = 8
"""Orderly closed connections one call may meet before it fails."""
_NEVER_AGAIN = (
    CommunicatorDestroyedException,
    ConnectionManuallyClosedException,
    DatagramLimitException,
    FacetNotExistException,
    InvocationCanceledException,
    InvocationTimeoutException,
    MarshalException,
    MemoryLimitException,
    ObjectAdapterDeactivatedException,
    OperationNotExistException,
    UnsupportedEncodingException,
    UnsupportedProtocolException,
)


_BROKEN = (ConnectionLostException, ConnectionTimeoutException)


class Invocation:
    """One call, however often it is sent. Implements `pushnet.rpc.connection.Call`."""

    __slots__ = (
        "_attempt",
        "_closed",
        "connection",
        "context",
        "deferred",
        "done",
        "expires",
        "flushes",
        "head",
        "operation",
        "params",
        "reference",
        "request_id",
    )

    def __init__(self, reference: Reference, operation: Operation[Any], params: bytes | bytearray) -> None:
        self.reference = reference
        self.operation = operation
        self.params = params
        self.deferred: Deferred[Any] = Deferred(self)
        self.done = False
        self.expires = 0
        self.flushes = 0
        self.request_id = 0
        self.connection: Connection | None = None
        self.context: dict[str, str] | None = None
        """What the caller gave instead of the proxy's own context."""
        self._attempt = self._closed = 0

    def begin(self, context: CallContext) -> None:
        """Send the request, or have it wait for a connection."""
        reference = self.reference
        timeout_ms = reference.timeout_ms
        if context is None:
            head = reference.heads.get(self.operation)
            if head is None:
                head = reference.head(self.operation)
                if reference.runtime.implicit_context is not None:
                    self.context = reference.context(timeout_ms)
            self.head = head
        else:
            timeout_ms = self._take_context(context, timeout_ms)
            if self.done:
                return
        if len(self.params) + len(self.head) + _REST_BYTES > reference.runtime.sent_bytes_max:
            self.fail(MemoryLimitException(f"a request of {len(self.params)} bytes is too large"))
            return
        if timeout_ms > 0:
            self.expires = reference.runtime.deadlines.after(timeout_ms)
        connection = reference.connection
        if connection is not None and connection.active:
            self.connection = connection
            self.send(connection)
        else:
            self._connect()

    def send_on(self, connection: Connection) -> None:
        """Send the request through `connection`, which has just been established or found."""
        if self.done:
            return
        if not connection.active:
            self.lost(ConnectionLostException("the connection broke before the call was sent"), False)
            return
        self.connection = connection
        self.send(connection)

    def send(self, connection: Connection) -> None:
        """Hand the request to the connection."""
        raise NotImplementedError

    def replied(self, message: bytes, status: int) -> None:
        raise NotImplementedError

    def sent(self) -> None:
        raise NotImplementedError

    def timed_out(self) -> None:
        if not self.done:
            if self.reference.runtime.outliers is not None:
                self._blame(self.connection, False)
            told = f"{self.operation.name} was not answered in time"
            if self.reference.options.timeout_ms != AS_CONNECTIONS:
                self.fail(InvocationTimeoutException(told))
                return
            connection = self.connection
            self.fail(ConnectionTimeoutException(told))
            if connection is not None:
                connection.abort(ConnectionTimeoutException(told))

    def lost(self, error: LocalException, sent: bool) -> None:
        """The call came to nothing; `sent`: it may have been done nevertheless."""
        if self.done:
            return
        connection, self.connection = self.connection, None
        if isinstance(error, UnknownLocalException) and error.reason.startswith(OVERLOAD):
            self._refused(error, connection)
            return
        if sent and self.reference.runtime.outliers is not None and isinstance(error, _BROKEN):
            self._blame(connection, True)
        if self._may_repeat(error, sent, connection):
            self._repeat(error)
        else:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        if not self.done:
            self.done = True
            self.connection = None
            self.deferred.errback(error)

    def _take_context(self, context: CallContext, timeout_ms: int) -> int:
        """Take over what the caller gave; returns the milliseconds the call has."""
        reference = self.reference
        if isinstance(context, Current):
            given = reference.context(0)
            given.update((key, value) for key, value in context.head.context.items() if key in CARRIED_ON)
            if context.deadline is not None:
                left_ms = int((context.deadline - reference.runtime.world.monotonic()) * 1000)
                if left_ms <= 0:
                    self.fail(InvocationTimeoutException("the deadline of the call being served has passed"))
                timeout_ms = min(timeout_ms, left_ms) if timeout_ms > 0 else left_ms
        else:
            given = dict(context or {})
        if timeout_ms > 0 and not reference.one_way:
            given[DEADLINE_KEY] = str(timeout_ms)
        self.context = given
        self.head = reference.head_with(self.operation, given)
        return timeout_ms

    def _connect(self) -> None:
        """Wait for a connection in line with the other calls of this proxy."""
        reference = self.reference
        runtime = reference.runtime
        if runtime.destroyed:
            self.fail(CommunicatorDestroyedException("the communicator is destroyed"))
        elif reference.options.fixed is not None:
            fixed = reference.options.fixed
            told = f"the connection of this proxy, of type {fixed.type()}, is not of the kind it asks for"
            self.fail(_end_of(fixed) if reference.fits else NoEndpointException(told))
        elif reference.waiting is not None:
            reference.waiting.append(self)
        else:
            line = reference.waiting = deque([self])
            runtime.waiting.append(line)
            connecting = runtime.connection_for(reference)
            connecting.addCallbacks(_connected, _not_connected, (reference,), {}, (reference,), {})

    def _refused(self, error: LocalException, connection: Any) -> None:
        """There is too much for the peer, which has not begun it: to another one, if there is."""
        reference = self.reference
        other = reference.elsewhere(getattr(connection, "endpoint", None))
        tries = len(reference.runtime.retry_intervals_ms)
        if other is None or self._attempt >= tries or not reference.runtime.retry_budget.spend(connection):
            self.fail(error)
        else:
            self.reference = other
            self._repeat(error)

    def _blame(self, connection: Any, broken: bool) -> None:
        """Note the failure of the endpoint; leave it if it fails again and again and there are others."""
        outliers = self.reference.runtime.outliers
        endpoint = getattr(connection, "endpoint", None)
        if outliers is None or endpoint is None or not self.reference.has_choice:
            return
        if (outliers.broke if broken else outliers.failed)(endpoint, connection) and connection.active:
            connection.finish(ConnectionLostException(f"{endpoint} fails again and again and is left"))

    def _may_repeat(self, error: LocalException, sent: bool, connection: Any) -> bool:
        reference = self.reference
        if reference.options.fixed is not None or isinstance(error, _NEVER_AGAIN):
            return False
        if isinstance(error, CloseConnectionException):
            return self._closed < CLOSED_RETRIES_MAX
        if isinstance(error, ObjectNotExistException):
            unknown_to_router = reference.options.router is not None and _to_be_announced(error)
            if not (reference.indirect or unknown_to_router):
                return False
            reference.runtime.forget_endpoints(reference)
            reference.connection = None
            if unknown_to_router:
                return self._closed < CLOSED_RETRIES_MAX
        elif sent and not self._repeatable(error, connection):
            return False
        if self._attempt >= len(reference.runtime.retry_intervals_ms):
            return False
        return not sent or reference.runtime.retry_budget.spend(connection)

    def _repeatable(self, error: LocalException, connection: Any) -> bool:
        """Whether doing it twice is as good as once."""
        return self.operation.mode != 0

    def _repeat(self, error: LocalException) -> None:
        reference = self.reference
        runtime = reference.runtime
        runtime.counters.retries += 1
        if runtime.trace_retries:
            told = f"retrying {self.operation.name} of `{reference.data.identity}' because of exception"
            runtime.getLogger().trace("Retry", f"{told} {type(error).__name__}: {error}")
        pause_ms = 0
        if isinstance(error, CloseConnectionException) or _to_be_announced(error):
            self._closed += 1
        else:
            pause_ms = runtime.retry_intervals_ms[self._attempt]
            self._attempt += 1
        context = dict(self.context) if self.context is not None else reference.context(reference.timeout_ms)
        context[ATTEMPT_KEY] = str(self._attempt + self._closed)
        if DEADLINE_KEY in context and self.expires:
            context[DEADLINE_KEY] = str(runtime.deadlines.left_ms(self.expires))
        self.head = reference.head_with(self.operation, context)
        if pause_ms > 0:
            runtime.paused.append(self)
            runtime.world.call_later(pause_ms / 1000, self._after_pause)
        else:
            self._send_again()

    def _after_pause(self) -> None:
        paused = self.reference.runtime.paused
        if self in paused:
            paused.remove(self)
            self._send_again()

    def _send_again(self) -> None:
        connection = self.reference.connection
        if connection is not None and connection.active:
            self.send_on(connection)
        elif not self.done:
            self._connect()

    def __call__(self, deferred: Deferred[Any]) -> None:
        """Give it up: what its Deferred calls when it is cancelled."""
        connection, self.connection = self.connection, None
        self.fail(InvocationCanceledException(f"{self.operation.name} was given up"))
        if connection is not None:
            connection.forget_call(self.request_id)


def _to_be_announced(error: LocalException) -> bool:
    """Whether a router says that it does not know the object: see `pushnet.rpc.routers`."""
    return isinstance(error, ObjectNotExistException) and error.operation == ADD_PROXY


def _end_of(connection: Connection) -> LocalException:
    """Why nothing can be sent through a connection any more."""
    try:
        connection.throwException()
    except LocalException as end:
        return end
    return ConnectionLostException("the connection of this proxy is gone")


def _take_line(reference: Reference) -> list[Invocation]:
    """The calls that wait for a connection; from now on others wait anew."""
    line, reference.waiting = reference.waiting, None
    waiting = reference.runtime.waiting
    waiting[:] = [other for other in waiting if other is not line]
    return list(line or ())


def _connected(connection: Connection, reference: Reference) -> None:
    if reference.options.connection_cached:
        reference.connection = connection
    turn = reference.runtime.turn
    turn.enter()
    try:
        for call in _take_line(reference):
            call.send_on(connection)
    finally:
        turn.leave()


def _not_connected(failure: Failure, reference: Reference) -> None:
    error = failure.value
    if not isinstance(error, LocalException):
        reference.runtime.log.failure("connecting failed", failure)
        error = LocalException(f"connecting failed: {type(error).__name__}")
    for call in _take_line(reference):
        call.lost(error, False)
