"""Requests of one connection on their way to servants and back.

A request is recognised by its head's bytes when one of the last few had the same; otherwise it is read. A
servant may answer with a value, a coroutine or a Deferred; a coroutine that does not wait costs no Deferred.
"""

from __future__ import annotations

from collections.abc import Generator
from struct import Struct
from struct import error as StructError
from types import CoroutineType, coroutine
from typing import Any, Protocol

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from pushnet.net.outbox import LARGE_BYTES
from pushnet.rpc.cancelling import CANCEL, LATE, SERVE_CANCEL
from pushnet.rpc.current import DEADLINE_KEY, TOKEN_KEY, ConnectionContract, Current
from pushnet.rpc.exceptions import (
    MarshalException,
    MemoryLimitException,
    ObjectNotExistException,
    RequestFailedException,
    UnknownLocalException,
    UnmarshalOutOfBoundsException,
)
from pushnet.rpc.failures import (
    UnwritableResult,
    failure_message,
    failure_of,
    is_answer,
    peers_fault,
    unwritable,
)
from pushnet.rpc.latencies import TIMED_MASK
from pushnet.rpc.operations import ServantOperation
from pushnet.rpc.runtime import Runtime
from pushnet.rpc.servant import in_encoding
from pushnet.rpc.servants import Servants, Target
from pushnet.wire.reply import Status, ok_message, ok_start, reply_message
from pushnet.wire.request import (
    HEAD_POS,
    RequestHead,
    encapsulated,
    read_batch,
    read_request,
    read_request_id,
)
from pushnet.wire.versions import Encoding_1_1, EncodingVersion

Answer = bytes | tuple[bytes, bytes | bytearray]
"""A reply; a large one in two parts, which nobody has to join."""
_RECENT_MAX = 4
_TOO_LATE = "InvocationTimeoutException: the deadline has passed while it was being served"
_PLAIN = frozenset({type(None), bool, bytes, dict, float, int, list, str, tuple})
"""Told in a fifth of the time it takes to tell that something is no `Deferred`, whose class is an ABC."""
_SIZE = Struct("<iBB")


class Home(Protocol):
    """The adapter whose objects are called."""

    servants: Servants
    name: str


class Caller(ConnectionContract, Protocol):
    """The connection the requests come from."""

    def send(self, message: Answer) -> None: ...

    def dispatch_began(self, current: Current) -> None: ...

    def dispatch_ended(self, current: Current, answer: Answer | None) -> None: ...

    def under_way(self) -> list[Current]:
        """What is being served."""
        ...


class _Route:
    """A head seen before: what it means, and the deadline it brings."""

    __slots__ = ("deadline_s", "head", "target")

    def __init__(self, head: RequestHead, target: Target) -> None:
        self.head = head
        self.target = target
        self.deadline_s = deadline_of(head.context)


class Dispatch:
    """Calls servants for one connection. Without an adapter there is no object."""

    def __init__(self, runtime: Runtime, caller: Caller, adapter: Any) -> None:
        self.adapter = adapter
        self._runtime = runtime
        self._caller = caller
        self.con: Any = caller
        """What servants are told to be the connection."""
        self._recent: list[_Route] = []
        self._version = -1

    def request(self, message: bytes) -> None:
        """Serve one request. Raises `MarshalException` when it is malformed: the connection must go."""
        adapter = self.adapter
        if adapter is None or adapter.servants.version != self._version:
            self._forget()
        for route in self._recent:
            if message.startswith(route.head.head, HEAD_POS):
                request_id = read_request_id(message)
                pos = HEAD_POS + len(route.head.head)
                break
        else:
            request_id, head, pos = read_request(message)
            route = self._learn(head)
        try:
            size, major, minor = _SIZE.unpack_from(message, pos)
        except StructError:
            raise UnmarshalOutOfBoundsException("a request has no parameters") from None
        if pos + size != len(message) or size < 6:
            raise MarshalException(f"the parameters of a request have {size} bytes")
        encoding = Encoding_1_1 if minor == 1 and major == 1 else EncodingVersion(major, minor)
        self._serve(route, request_id, message, pos + 6, encoding)

    def batch(self, message: bytes) -> None:
        """Serve each request of a batch; nobody waits for answers."""
        route: _Route | None = None
        version = -1
        for head, encapsulation in read_batch(message):
            now = -1 if self.adapter is None else self.adapter.servants.version
            if route is None or route.head is not head or version != now:
                route = _Route(head, self._target(head))
                version = now
            self._serve(route, 0, encapsulation, 6, EncodingVersion(encapsulation[4], encapsulation[5]))

    def _forget(self) -> None:
        self._recent.clear()
        if self.adapter is not None:
            self._version = self.adapter.servants.version

    def _learn(self, head: RequestHead) -> _Route:
        route = _Route(head, self._target(head))
        if TOKEN_KEY in head.context:  # each is another: none comes twice
            return route
        recent = self._recent
        if len(recent) >= _RECENT_MAX:
            recent.pop()
        recent.insert(0, route)
        return route

    def _target(self, head: RequestHead) -> Target:
        if head.identity == CANCEL:
            return Target(self._caller, SERVE_CANCEL, None)
        if self.adapter is None:
            return Target(None, None, ObjectNotExistException(head.identity, head.facet, head.operation))
        target: Target = self.adapter.servants.target(head)
        if self._runtime.sliced and target.operation is not None:
            return Target(target.servant, target.operation.in_sliced_format(), target.error)
        return target

    def _serve(self, route: _Route, request_id: int, buf: bytes, pos: int, encoding: EncodingVersion) -> None:
        runtime = self._runtime
        counters = runtime.counters
        counters.requests += 1
        began = 0.0 if counters.requests & TIMED_MASK else runtime.world.monotonic()
        target = route.target
        deadline = None
        if route.deadline_s is not None:
            deadline = runtime.world.monotonic() + route.deadline_s
        current = Current(self.con, self.adapter, route.head, request_id, deadline, encoding)
        operation = target.operation
        try:
            if operation is None or target.error is not None or encoding != (1, 1):
                operation = _usable(target, encoding)
            if deadline is not None and route.deadline_s is not None and route.deadline_s <= 0:
                runtime.counters.expired += 1
                raise UnknownLocalException("InvocationTimeoutException: the deadline had passed on arrival")
            result = operation.serve(target.servant, buf, pos, current)
            if type(result) is CoroutineType:
                try:
                    awaited = result.send(None)
                except StopIteration as stop:
                    result = stop.value
                else:
                    result = Deferred.fromCoroutine(_resumed(result, awaited))
            if type(result) not in _PLAIN and isinstance(result, Deferred):
                self._caller.dispatch_began(current)
                current.work = result
                if route.deadline_s is not None:
                    current.expires = runtime.deadlines.after(int(route.deadline_s * 1000))
                what = (operation, current)
                result.addCallbacks(self._done, self._failed, what, {}, what, {})
                if began:
                    result.addCallback(self._took, began)
                return
            if request_id:
                self._caller.send(self._answer(operation, current, result))
        except Exception as error:
            answer = self._raised(operation, current, peers_fault(error, target.servant), error)
            if answer is not None:
                self._caller.send(answer)
        if began:
            self._took(None, began)

    def _took(self, result: None, began: float) -> None:
        self._runtime.latencies.took(self._runtime.world.monotonic() - began)

    def _done(self, result: Any, operation: ServantOperation, current: Current) -> None:
        answer: Answer | None = None
        try:
            if current.requestId:
                answer = self._answer(operation, current, result)
        except Exception as error:
            answer = self._raised(operation, current, error, error)
        self._caller.dispatch_ended(current, answer)

    def _failed(self, failure: Failure, operation: ServantOperation, current: Current) -> None:
        assert failure.value is not None
        answer = None
        if not hasattr(current, "canceled"):
            answer = self._raised(operation, current, failure.value, failure)
        elif getattr(current, "expires", 0) == LATE:
            self._runtime.counters.expired += 1
            answer = self._raised(operation, current, UnknownLocalException(_TOO_LATE), failure)
        self._caller.dispatch_ended(current, answer)

    def _answer(self, operation: ServantOperation, current: Current, result: Any) -> Answer:
        """The reply to a call that ended well. Raises when the result is not what the interface says."""
        write = operation.write_result
        if write is not None:
            try:
                body = write(result)
            except Exception as error:
                raise unwritable(operation.name, error) from error
            if len(body) >= LARGE_BYTES:
                return self._large_answer(current, body)
            answer = ok_message(current.requestId, body, current.encoding)
        elif operation.raw:
            try:
                ok, encapsulation = result
                status = Status.ok if ok else Status.user_exception
                whole = encapsulation or encapsulated(b"", current.encoding)
                answer = reply_message(current.requestId, status, whole)
            except Exception as error:
                raise unwritable(operation.name, error) from error
        else:
            answer = ok_message(current.requestId, b"", current.encoding)
        if len(answer) > self._runtime.sent_bytes_max:
            raise MemoryLimitException(f"the reply would have {len(answer)} bytes")
        return answer

    def _large_answer(self, current: Current, body: bytes | bytearray) -> Answer:
        start = ok_start(current.requestId, len(body), current.encoding)
        if len(start) + len(body) > self._runtime.sent_bytes_max:
            raise MemoryLimitException(f"the reply would have {len(start) + len(body)} bytes")
        return start, body

    def _raised(
        self,
        operation: ServantOperation | None,
        current: Current,
        error: BaseException,
        cause: BaseException | Failure,
    ) -> bytes | None:
        """The reply that tells what was raised, if one is wanted. Logs what somebody must look into."""

        def tell() -> str:
            number = self._runtime.world.entropy.token(6).hex()
            details: dict[str, Any] = {
                "number": number,
                "identity": str(current.id),
                "operation": current.operation,
            }
            ours = isinstance(cause, Failure) or isinstance(error, MemoryLimitException | UnwritableResult)
            if isinstance(error, MarshalException) and not ours:
                self._runtime.fault(
                    "[{number}] a request to `{identity}' {operation} cannot be read: {error}",
                    error=str(error),
                    **details,
                )
                return number
            failure = cause if isinstance(cause, Failure) else failure_of(cause)
            self._runtime.counters.failed += 1
            self._runtime.log.failure(
                "[{number}] serving `{identity}' {operation} failed", failure, **details
            )
            if self._runtime.tell_failures:
                return f"{number}: {type(error).__name__}: {error}"
            return number

        if isinstance(error, RequestFailedException):
            self._runtime.counters.missing += 1
        if current.requestId:
            sliced = operation is not None and operation.sliced
            try:
                return failure_message(current.requestId, current.head, error, sliced, tell, current.encoding)
            except Exception as unwritable:  # what was raised has members that cannot be: that is the failure
                return self._raised(operation, current, unwritable, unwritable)
        if not is_answer(error):
            tell()
        return None


def deadline_of(context: dict[str, str]) -> float | None:
    """The seconds a request may still take, when its context says so."""
    told = context.get(DEADLINE_KEY)
    if told is None:
        return None
    try:
        return int(told) / 1000
    except ValueError:
        return None


def _usable(target: Target, encoding: tuple[int, int]) -> ServantOperation:
    """The operation, if it can be called in that encoding; else raises what is to be answered."""
    if target.error is not None:
        raise target.error.with_traceback(None)
    operation = target.operation
    assert operation is not None
    return in_encoding(operation, encoding)


@coroutine
def _resumed(begun: Any, awaited: Any) -> Generator[Any, Any, Any]:
    """The rest of a coroutine that has begun and now waits for `awaited`."""
    while True:
        try:
            value = yield awaited
        except GeneratorExit:  # nobody will resume it: the garbage collector may have closed it already
            begun.close()
            raise
        except BaseException as error:
            step, given = begun.throw, error
        else:
            step, given = begun.send, value
        if begun.cr_frame is None:  # collected as garbage with its process: nobody waits for it
            return None
        try:
            awaited = step(given)
        except StopIteration as stop:
            return stop.value
