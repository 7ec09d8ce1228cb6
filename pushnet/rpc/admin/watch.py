"""`Watch`: sees requests, connections and connects, and counts them in the metrics' maps.

It is called by nobody as long as no view wants what it would count: middleware is put before servants, and
calls and connections are made with a watcher, only when there is a map for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pushnet.rpc.admin.views import Attributes, Entry, Map, Views
from pushnet.rpc.exceptions import (
    CloseConnectionException,
    CommunicatorDestroyedException,
    ConnectionManuallyClosedException,
    DNSException,
    LocalException,
    ObjectAdapterDeactivatedException,
)
from pushnet.rpc.failures import failure_message
from pushnet.rpc.incoming import Answer, Dispatcher, Request
from pushnet.wire.endpoints import StreamEndpoint
from pushnet.wire.reply import BODY_POS
from pushnet.wire.slices import UserException

_NUMBER = "0" * 12
"""As long as those by which failures are found in the log."""
_ORDERLY = (
    CloseConnectionException,
    CommunicatorDestroyedException,
    ConnectionManuallyClosedException,
    ObjectAdapterDeactivatedException,
)
"""Ends of connections that are no failures."""


class Watched:
    """One thing under way, in every map that counts it."""

    __slots__ = ("_attributes", "_begun", "_clock", "_maps", "entries")

    def __init__(self, maps: list[Map], attributes: Attributes, clock: Callable[[], float]) -> None:
        self._attributes = attributes
        self._clock = clock
        self._begun = clock()
        self._maps: list[Map] = []
        self.entries: list[Entry] = []
        self.renew(maps)

    def renew(self, maps: list[Map]) -> None:
        """Count it in those maps from now on; it stays where it is counted already."""
        before = dict(zip(self._maps, self.entries, strict=True))
        after = {each: before[each] if each in before else each.begin(self._attributes) for each in maps}
        self._maps = [each for each, entry in after.items() if entry is not None]
        self.entries = [entry for entry in after.values() if entry is not None]

    def add(self, member: str, amount: int) -> None:
        for entry in self.entries:
            setattr(entry.metrics, member, getattr(entry.metrics, member) + amount)

    def failed(self, error: BaseException | str) -> None:
        for entry in self.entries:
            entry.failed(error if isinstance(error, str) else exception_id(error))

    def end(self) -> None:
        lifetime_us = int((self._clock() - self._begun) * 1_000_000)
        for each, entry in zip(self._maps, self.entries, strict=True):
            each.end(entry, lifetime_us)


class Watch:
    """Counts for one communicator."""

    def __init__(self, views: Views, clock: Callable[[], float]) -> None:
        self._views = views
        self._clock = clock
        self._connections: dict[Any, Watched] = {}
        self._thread: Watched | None = None

    def switched(self, connections: list[Any]) -> None:
        """Views have come or gone: what lasts is counted in those there are now."""
        if self._thread is None:
            self._thread = self.begin("Thread", _of_thread)
        self._thread.renew(self._views.maps("Thread"))
        for connection in connections if self.wants("Connection") else ():
            if connection not in self._connections:
                connection.watched_by(self.connected)
        for watched in self._connections.values():
            watched.renew(self._views.maps("Connection"))

    def wants(self, kind: str) -> bool:
        return bool(self._views.maps(kind))

    def begin(self, kind: str, attributes: Attributes) -> Watched:
        return Watched(self._views.maps(kind), attributes, self._clock)

    def middleware(self, following: Dispatcher) -> Dispatcher:
        """Counts requests on their way to servants."""

        async def dispatch(request: Request) -> Answer:
            watched = self.begin("Dispatch", _of_request(request))
            watched.add("size", len(request.current.head.head) + len(request.buf) - request.pos + 6)
            try:
                ok, encapsulation = await following(request)
            except BaseException as error:
                if isinstance(error, UserException):
                    watched.add("userException", 1)
                else:
                    watched.failed(error)
                watched.add("replySize", _failure_bytes(request, error))
                watched.end()
                raise
            if not ok:
                watched.add("userException", 1)
            if request.current.requestId:
                watched.add("replySize", 1 + len(encapsulation))
            watched.end()
            return ok, encapsulation

        return dispatch

    def connected(self, connection: Any) -> Callable[[LocalException | None], None]:
        """A connection has been made; what is returned is to be called when it is gone, with why."""
        watched = self._connections[connection] = self.begin("Connection", of_connection(connection))
        connection.count_bytes(
            lambda count: watched.add("receivedBytes", count), lambda count: watched.add("sentBytes", count)
        )

        def gone(error: LocalException | None) -> None:
            del self._connections[connection]
            if error is not None and not isinstance(error, _ORDERLY):
                watched.failed(error)
            watched.end()

        return gone

    def connecting(self, endpoint: StreamEndpoint) -> Callable[[BaseException | None], None]:
        """A connect begins; what is returned is to be called when it ends, with why it failed."""
        where = f"{endpoint.host}:{endpoint.port}"
        watched = [self.begin("ConnectionEstablishment", of_endpoint(endpoint, where))]
        if not _is_address(endpoint.host):
            watched.append(self.begin("EndpointLookup", of_endpoint(endpoint, str(endpoint))))

        def done(error: BaseException | None) -> None:
            failed = watched if isinstance(error, DNSException) else watched[:1]
            for each in watched:
                if error is not None and each in failed:
                    each.failed(error)
                each.end()

        return done


def _failure_bytes(request: Request, error: BaseException) -> int:
    """The size of the reply that will tell of it, as Ice counts it."""
    current = request.current
    if not current.requestId:
        return 0
    head, sliced, encoding = current.head, request.sliced, current.encoding
    reply = failure_message(current.requestId, head, error, sliced, lambda: _NUMBER, encoding)
    return len(reply) - BODY_POS + 1


def exception_id(error: BaseException) -> str:
    """The name under which a failure is counted: Ice's, or `UnknownException` for what is none of Ice's."""
    return (
        f"::Ice::{type(error).__name__}" if isinstance(error, LocalException) else "::Ice::UnknownException"
    )


def _of_thread(name: str) -> str | None:
    """There is one: the reactor's."""
    return {"id": "Reactor", "parent": "Communicator"}.get(name)


def _of_request(request: Request) -> Attributes:
    current = request.current
    connection = of_connection(current.con)

    def attribute(name: str) -> str | None:
        match name:
            case "parent":
                return str(current.adapter.getName())
            case "id":
                return f"{current.id} [{current.operation}]"
            case "identity":
                return str(current.id)
            case "operation" | "facet":
                return str(getattr(current, name))
            case "requestId":
                return str(current.requestId)
            case "mode":
                return "twoway" if current.requestId else "oneway"
        if name.startswith("context."):
            return current.head.context.get(name.removeprefix("context."))
        return connection(name)

    return attribute


def of_connection(connection: Any) -> Attributes:
    """What is known of a connection: its ends, its endpoint, and whose it is."""

    ends_of = getattr(connection, "transport", None)

    def attribute(name: str) -> str | None:
        if ends_of is None:  # a call from within the communicator, or a datagram
            return None
        host, peer = ends_of.getHost(), ends_of.getPeer()
        match name:
            case "id":
                ends = f"{_end(host)} -> {_end(peer)}"
                return f"{ends} [{connection.connection_id}]" if connection.connection_id else ends
            case "parent" | "adapterName":
                adapter = connection.getAdapter() if connection.incoming else None
                named = adapter.getName() if adapter is not None else ""
                return named if name == "adapterName" else named or "Communicator"
            case "incoming":
                return "true" if connection.incoming else "false"
            case "connectionId":
                return str(connection.connection_id)
            case "localHost" | "localPort":
                return str(getattr(host, name[5:].lower(), ""))
            case "remoteHost" | "remotePort":
                return str(getattr(peer, name[6:].lower(), ""))
            case "state":
                return str(connection.state.name)
        return _of_endpoint(connection.getEndpoint(), name)

    return attribute


def of_endpoint(endpoint: StreamEndpoint, id: str) -> Attributes:
    """What is known before there is a connection."""

    def attribute(name: str) -> str | None:
        match name:
            case "id":
                return id
            case "parent":
                return "Communicator"
        return _of_endpoint(endpoint, name)

    return attribute


def _of_endpoint(endpoint: StreamEndpoint | None, name: str) -> str | None:
    if endpoint is None or not name.startswith("endpoint"):
        return None
    known: dict[str, Any] = {
        "endpoint": endpoint,
        "endpointType": endpoint.type,
        "endpointIsDatagram": "false",
        "endpointIsSecure": "true" if endpoint.secure else "false",
        "endpointTimeout": endpoint.timeout_ms,
        "endpointCompress": "true" if endpoint.compress else "false",
        "endpointHost": endpoint.host,
        "endpointPort": endpoint.port,
    }
    value = known.get(name)
    return None if value is None else str(value)


def _end(address: Any) -> str:
    return f"{getattr(address, 'host', address)}:{getattr(address, 'port', '')}"


def _is_address(host: str) -> bool:
    """Whether no name needs to be looked up."""
    return ":" in host or host.replace(".", "").isdigit()
