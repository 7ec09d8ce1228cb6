"""Calls that are more than sent and repeated. Not Ice's: a proxy is asked for them.

*Exactly once* (`proxy.pn_exactlyOnce()`): each call carries a token, the same in all repetitions, by which
the server knows a repetition (`pushnet.rpc.once`). So a call that changes something may be repeated when its
connection breaks, if the server understands tokens; whether it does it says when it validates the connection.
An error that the server answered is never repeated: what it has done then is not known.

*Throttled* (`proxy.pn_throttled()`): while the target refuses most of what it is asked, calls fail here.

*Hedged* (`proxy.pn_hedged(after_ms)`): an idempotent call that is not answered after so long is also sent to
another of the proxy's endpoints; the first answer counts and the other call is given up. The second call
is paid for from the retry budget, so that a slow service is not asked twice as much.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from pushnet.rpc.current import TOKEN_KEY, CallContext
from pushnet.rpc.exceptions import (
    ConnectionLostException,
    ConnectionTimeoutException,
    InvocationCanceledException,
    InvocationTimeoutException,
    LocalException,
    OverloadException,
)
from pushnet.rpc.invocation import OVERLOAD, Invocation
from pushnet.rpc.once import AGAIN
from pushnet.rpc.operations import Operation
from pushnet.rpc.reference import Reference
from pushnet.wire.reply import Status, read_text
from pushnet.wire.slices import UserException

_BROKEN = (ConnectionLostException, ConnectionTimeoutException)
_FINAL = (UserException, InvocationTimeoutException)
"""What the other call would not do better."""
Watch = Callable[[Any], Any] | None
"""What makes of a kind of calls one that is counted."""


class _Once(Invocation):
    """A call with a token."""

    __slots__ = ()

    def begin(self, context: CallContext) -> None:
        super().begin(self.reference.context(0) if context is None else context)

    def _take_context(self, context: CallContext, timeout_ms: int) -> int:
        timeout_ms = super()._take_context(context, timeout_ms)
        if self.context is not None:
            self.context[TOKEN_KEY] = self.reference.runtime.token()
            self.head = self.reference.head_with(self.operation, self.context)
        return timeout_ms

    def _repeatable(self, error: LocalException, connection: Any) -> bool:
        if self.operation.mode != 0:
            return True
        if not isinstance(error, _BROKEN) or not getattr(connection, "cancels", False):
            return False
        assert self.context is not None
        self.context[TOKEN_KEY] = self.context[TOKEN_KEY].removesuffix(AGAIN) + AGAIN
        return True


class _Throttled(Invocation):
    """A call that is not made when the target refuses most."""

    __slots__ = ()

    def begin(self, context: CallContext) -> None:
        data = self.reference.data
        if self.reference.runtime.throttles.refuses(data.endpoints or data.adapter_id or data.identity):
            self.fail(
                OverloadException(f"{self.operation.name} was not called: most calls are refused there")
            )
            return
        super().begin(context)

    def replied(self, message: bytes, status: int) -> None:
        if status != Status.unknown_local_exception or not read_text(message).startswith(OVERLOAD):
            data = self.reference.data
            self.reference.runtime.throttles.of(data.endpoints or data.adapter_id or data.identity).taken()
        super().replied(message, status)


@cache
def _kind(kind: Any, once: bool, throttled: bool) -> Any:
    """The kind of calls that is that, too."""
    more = ((_Throttled,) if throttled else ()) + ((_Once,) if once else ())
    return type(kind.__name__, (*more, kind), {"__slots__": ()}) if more else kind


def special_call(
    reference: Reference,
    kind: Any,
    operation: Operation[Any],
    params: bytes | bytearray,
    context: CallContext,
) -> Deferred[Any]:
    """A call as the proxy wants it; `kind` is that of an ordinary one."""
    options = reference.options
    made = _kind(kind, options.once, options.throttled)
    watch: Watch = reference.runtime.watch_call
    if watch is not None:
        made = watch(made)
    if options.hedge_ms > 0 and operation.mode != 0:
        return Hedge(reference, made, operation, params, context).deferred
    call = made(reference, operation, params)
    call.begin(context)
    answer: Deferred[Any] = call.deferred
    return answer


class Hedge:
    """A call that is sent twice when it takes long."""

    def __init__(
        self,
        reference: Reference,
        kind: Any,
        operation: Operation[Any],
        params: bytes | bytearray,
        context: CallContext,
    ) -> None:
        self.deferred: Deferred[Any] = Deferred(self._canceled)
        self._reference = reference
        self._make: Callable[[Reference], Any] = lambda where: kind(where, operation, params)
        self._context = context
        self._done = False
        self._timer: IDelayedCall | None = None
        self._calls: list[Any] = []
        self._first = self._begin(reference)
        if not self._done:
            after_s = reference.options.hedge_ms / 1000
            self._timer = reference.runtime.world.call_later(after_s, self._hedge)

    def _begin(self, reference: Reference) -> Any:
        call = self._make(reference)
        self._calls.append(call)
        call.begin(self._context)
        call.deferred.addCallbacks(self._answered, self._failed, (call,), {}, (call,), {})
        return call

    def _hedge(self) -> None:
        """It takes long."""
        self._timer = None
        reference, connection = self._reference, self._first.connection
        other = reference.elsewhere(getattr(connection, "endpoint", None))
        if other is not None and reference.runtime.retry_budget.spend(connection):
            reference.runtime.counters.hedges += 1
            self._begin(other)

    def _answered(self, result: Any, call: Any) -> None:
        if not self._done:
            self._finish(call)
            self.deferred.callback(result)

    def _failed(self, failure: Failure, call: Any) -> None:
        if self._done:
            return
        self._calls.remove(call)
        if isinstance(failure.value, _FINAL) or not self._calls:
            self._finish(call)
            self.deferred.errback(failure)

    def _finish(self, call: Any) -> None:
        self._done = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for other in self._calls:
            if other is not call:
                other.deferred.cancel()

    def _canceled(self, deferred: Deferred[Any]) -> None:
        self._finish(None)
        deferred.errback(InvocationCanceledException("the call was given up"))
