"""Calls to objects of the same communicator: without the network, otherwise like any other.

Which proxies mean an object here: those with an endpoint at which an adapter listens or which it publishes,
those with its id or its group's, and those that only name an object that an adapter houses. Arguments and
results are written and read as for the network, so that nothing is shared. A call is served in the next turn
of the reactor; deadlines, contexts and deactivation of the adapter count as for calls from outside. As with
Ice an adapter need not be active, and may be on hold; and there is no connection: `Current.con` and what
`ice_getConnection` fires with are None.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from struct import Struct
from typing import Any

from twisted.internet.defer import Deferred

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.cancelling import cancel_request
from pushnet.rpc.dispatch import Dispatch
from pushnet.rpc.exceptions import LocalException, MarshalException, ObjectAdapterDeactivatedException
from pushnet.rpc.reference import Reference
from pushnet.rpc.runtime import Runtime
from pushnet.wire.endpoints import Endpoint, OpaqueEndpoint
from pushnet.wire.message import BATCH
from pushnet.wire.request import request_message

_REPLY_HEAD = Struct("<iB")
_REPLY_POS = 14


class Collocated:
    """Stands where a connection to one adapter would: what is called through it the adapter's servants do."""

    def __init__(self, runtime: Runtime, adapter: ObjectAdapter) -> None:
        self.pending: dict[int, Any] = {}
        self.adapter = adapter
        self._runtime = runtime
        self._dispatch = Dispatch(runtime, self, adapter)  # type: ignore[arg-type]
        self._dispatch.con = None
        self._queue: deque[tuple[bytes, Any]] = deque()
        self._scheduled = False
        self._ended = False
        self._serving: dict[Any, None] = {}
        self._resting: list[Deferred[None]] = []
        self._next_id = 1

    @property
    def active(self) -> bool:
        """Whether calls may be sent now."""
        return not self._runtime.destroyed

    # Calls, as to a connection.

    def send_call(self, call: Any, head: bytes, params: bytes | bytearray) -> int:
        return self.send_raw_call(call, lambda request_id: request_message(request_id, head, params))

    def send_raw_call(self, call: Any, make: Callable[[int], bytes]) -> int:
        request_id = self._next_id
        self._next_id += 1
        if not self._refused(call):
            self.pending[request_id] = call
            self._post(make(request_id), None)
        return request_id

    def send_one_way(self, call: Any, message: bytes) -> None:
        if not self._refused(call):
            self._post(message, call)

    def _refused(self, call: Any) -> bool:
        """Whether the adapter is deactivated; then the call fails, and later ones look elsewhere."""
        if not (self._ended or self.adapter.isDeactivated()):
            return False
        call.reference.connection = None
        name = self.adapter.name
        end = ObjectAdapterDeactivatedException(name, f"object adapter {name} is deactivated")
        self._runtime.world.call_later(0, call.lost, end, False)
        return True

    def forget_call(self, request_id: int) -> None:
        if self.pending.pop(request_id, None) is not None:
            cancel_request(self._serving, request_id)

    def sweep(self, tick: int) -> bool:
        """Expire calls whose time is up; whether any is under way."""
        for request_id, call in list(self.pending.items()):
            if call.expires and call.expires <= tick and call.reference.options.timeout_ms > 0:
                self.pending.pop(request_id, None)
                cancel_request(self._serving, request_id)
                call.timed_out()
        return bool(self.pending)

    def fail_calls(self, error: LocalException) -> None:
        """Give up all calls under way."""
        calls = list(self.pending.values())
        self.pending.clear()
        for call in calls:
            call.lost(error, True)

    # Requests, as from a connection.

    def send(self, message: bytes | tuple[bytes, bytes | bytearray]) -> None:
        """The answer to a request; a large one comes in two parts."""
        if isinstance(message, tuple):
            message = b"".join(message)
        request_id, status = _REPLY_HEAD.unpack_from(message, _REPLY_POS)
        call = self.pending.pop(request_id, None)
        if call is None:
            self._runtime.counters.stray_replies += 1
        else:
            call.replied(message, status)

    def under_way(self) -> list[Any]:
        """What is being served."""
        return list(self._serving)

    def dispatch_began(self, current: Any) -> None:
        self._serving[current] = None

    def dispatch_ended(self, current: Any, answer: bytes | tuple[bytes, bytes | bytearray] | None) -> None:
        if current in self._serving:
            del self._serving[current]
            if answer is not None:
                self.send(answer)
        self._rest()

    # The adapter's life.

    @property
    def serving(self) -> bool:
        """Whether any request is being served."""
        return bool(self._serving)

    def hold(self) -> None:
        """As in Ice, calls from within are served all the same."""

    def release(self) -> None:
        """Nothing has waited."""

    def finish(self, end: LocalException) -> Deferred[None]:
        """Serve nothing new; fires when nothing is being served any more."""
        self._ended = True
        queue, self._queue = self._queue, deque()
        for message, one_way in queue:
            call = one_way or self.pending.pop(int.from_bytes(message[14:18], "little"), None)
            if call is not None:
                call.lost(end, False)
        resting: Deferred[None] = Deferred()
        self._resting.append(resting)
        self._rest()
        return resting

    def _rest(self) -> None:
        if self._ended and not self._serving:
            resting, self._resting = self._resting, []
            for deferred in resting:
                deferred.callback(None)

    def _post(self, message: bytes, one_way: Any) -> None:
        self._queue.append((message, one_way))
        self._schedule()

    def _schedule(self) -> None:
        if self._queue and not self._scheduled:
            self._scheduled = True
            self._runtime.world.call_later(0, self._deliver)

    def _deliver(self) -> None:
        """Serve what has come up to now; what comes meanwhile waits for the next turn."""
        self._scheduled = False
        turn = self._runtime.turn
        turn.enter()
        try:
            for _ in range(len(self._queue)):
                if not self._queue:
                    break
                self._serve(*self._queue.popleft())
        finally:
            turn.leave()
        self._schedule()

    def _serve(self, message: bytes, one_way: Any) -> None:
        if one_way is not None:
            one_way.sent()
        try:
            if message[8] == BATCH:
                self._dispatch.batch(message)
            else:
                self._dispatch.request(message)
        except MarshalException as error:  # what was given to `ice_invoke` is no encapsulation
            call = self.pending.pop(int.from_bytes(message[14:18], "little"), None)
            if call is not None:
                call.fail(error)


class Collocation:
    """Which adapter of a communicator a proxy means."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._known: dict[ObjectAdapter, Collocated] = {}

    def find(self, reference: Reference, adapters: list[ObjectAdapter]) -> Collocated | None:
        """How to call the object here; None when it is elsewhere."""
        if not reference.options.collocated:
            return None
        for adapter in adapters:
            if not adapter.isDeactivated() and is_local(adapter, reference):
                known = self._known.get(adapter)
                if known is None:
                    known = self._known[adapter] = Collocated(self._runtime, adapter)
                    adapter.admit(known)
                return known
        return None

    def forget(self, adapter: ObjectAdapter) -> None:
        """It is deactivated."""
        self._known.pop(adapter, None)

    def all(self) -> list[Collocated]:
        return list(self._known.values())


def is_local(adapter: ObjectAdapter, reference: Reference) -> bool:
    """Whether the proxy means an object of that adapter."""
    data = reference.data
    if data.endpoints:
        here = [*adapter.getPublishedEndpoints(), *adapter.getEndpoints()]
        return any(_same(one, other) for one in data.endpoints for other in here)
    if data.adapter_id:
        ids = [
            make(data.identity).ice_getAdapterId()
            for make in (adapter.createProxy, adapter.createIndirectProxy)
        ]
        return data.adapter_id in ids
    return bool(adapter.servants.facets(data.identity))


def _same(one: Endpoint, other: Endpoint) -> bool:
    """Whether two endpoints are one place."""
    if isinstance(one, OpaqueEndpoint) or isinstance(other, OpaqueEndpoint):
        return False
    return (one.type, one.host, one.port) == (other.type, other.host, other.port)
