"""Connections we have made: one for each endpoint and connection id, shared by all proxies.

Endpoints of a proxy are tried in turn, in random order unless asked otherwise; one to which there is a
connection already is preferred. Whoever wants a connection that is being made waits for it with the others.
"""

from __future__ import annotations

from errno import ECONNREFUSED
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.error import (
    ConnectionRefusedError as Refused,
)
from twisted.internet.error import (
    DNSLookupError,
)
from twisted.internet.error import (
    TimeoutError as TookTooLong,
)
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure

from pushnet.net.handshakes import Dialling, StreamInfo
from pushnet.net.proxies import ProxyRefused
from pushnet.rpc.acm import client_settings
from pushnet.rpc.connection import Connection
from pushnet.rpc.datagrams import Datagrams
from pushnet.rpc.exceptions import (
    CommunicatorDestroyedException,
    ConnectFailedException,
    ConnectionRefusedException,
    ConnectTimeoutException,
    DNSException,
    LocalException,
    NoEndpointException,
)
from pushnet.rpc.reference import Reference
from pushnet.rpc.runtime import Runtime
from pushnet.rpc.selection import Dialled, Selection
from pushnet.wire.endpoints import Endpoint, StreamEndpoint, UdpEndpoint
from pushnet.wire.proxy_text import proxy_text

SOURCE = "Ice.Default.SourceAddress"
Key = tuple[StreamEndpoint, str]


class _OutgoingFactory(Factory):
    """Makes the one protocol of a connect."""

    noisy = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def buildProtocol(self, addr: IAddress | None) -> Connection:
        return self._connection


class Outgoing:
    """All of one communicator's. Owns its connections (`pushnet.rpc.connection.Owner`)."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._connections: dict[Key, Connection] = {}
        self._all: dict[Connection, Key] = {}
        self._waiting: dict[Key, list[Deferred[Connection]]] = {}
        self._dialling: dict[Key, Deferred[Any]] = {}
        self._datagrams: dict[tuple[Dialled, str], Datagrams] = {}
        self._settings = client_settings(runtime.properties)
        self._selection = Selection(runtime.world, runtime.properties, runtime.transports, runtime.outliers)

    @property
    def connections(self) -> list[Connection]:
        """Every one that is not gone, also those that are closing."""
        return list(self._all)

    async def connect(self, reference: Reference, endpoints: tuple[Endpoint, ...]) -> Any:
        """A connection to one of `endpoints`, or for a datagram proxy a socket that sends there.

        Raises what the last one tried gave.
        """
        options = reference.options
        usable = self._selection.of(reference, endpoints)
        if not usable:
            told = f"`{reference.data.identity}' has no endpoint to connect to"
            raise NoEndpointException(told, proxy_text(reference.data))
        if reference.datagram:
            return await self._datagrams_to(usable[0], options.connection_id)
        if options.connection_cached:
            for endpoint in usable:
                assert isinstance(endpoint, StreamEndpoint)
                known = self._connections.get((endpoint, options.connection_id))
                if known is not None and known.active:
                    return known
        return await self._first_of(usable, options.connection_id)

    def finish(self, end: LocalException) -> list[Deferred[None]]:
        """Give up all calls and connects, and close all connections in an orderly way."""
        for dialling in list(self._dialling.values()):
            dialling.cancel()
        ending = [datagrams.finish(end) for datagrams in self._datagrams.values()]
        self._datagrams.clear()
        for connection in self.connections:
            if connection.transport is not None:
                connection.fail_calls(end)
                ending.append(connection.finish(end))
        return ending

    async def _datagrams_to(self, endpoint: Dialled, connection_id: str) -> Datagrams:
        key = (endpoint, connection_id)
        host = endpoint.host or "127.0.0.1"
        if key not in self._datagrams or not self._datagrams[key].active:
            assert isinstance(endpoint, UdpEndpoint)
            try:
                address = await self._runtime.world.resolve(host, self._runtime.transports.families)
            except DNSLookupError:
                raise DNSException(f"{host} has no address", host=host) from None
            if self._runtime.destroyed:
                raise CommunicatorDestroyedException("the communicator is destroyed")
            datagrams = Datagrams(self._runtime, connection_id=connection_id)
            source = endpoint.source or self._runtime.properties.getProperty(SOURCE)
            datagrams.dial(attrs.evolve(endpoint, source=source), address)
            self._datagrams[key] = datagrams
        return self._datagrams[key]

    async def _first_of(self, endpoints: list[Dialled], connection_id: str) -> Connection:
        error: LocalException = NoEndpointException("no endpoint")
        for endpoint in endpoints:
            assert isinstance(endpoint, StreamEndpoint)
            key = (endpoint, connection_id)
            known = self._connections.get(key)
            if known is not None and known.active:
                return known
            try:
                return await self._made(key)
            except LocalException as failed:
                error = failed
        raise error

    def _made(self, key: Key) -> Deferred[Connection]:
        """Fires with the connection that is being made, or that begins to be made now."""
        result: Deferred[Connection] = Deferred()
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.append(result)
            return result
        self._waiting[key] = [result]
        self._runtime.world.background("connecting", self._make(key))
        return result

    def _make(self, key: Key) -> Deferred[Any]:
        runtime = self._runtime
        endpoint, connection_id = key
        connection = Connection(
            runtime, self, None, connection_id, settings=self._settings, endpoint=endpoint
        )
        connection.compress = endpoint.compress
        self._all[connection] = key
        limit_s = self._settings.connect_s or runtime.connect_limit_s(endpoint.timeout_ms)
        host = endpoint.host or "127.0.0.1"
        where = f"{host}:{endpoint.port}"

        def too_late() -> None:
            late.append(ConnectTimeoutException(f"{where} has not validated the connection in time"))
            if connection.transport is None:
                dialling.cancel()
            else:
                connection.abort(late[0])

        def built(stream: StreamInfo) -> Connection:
            connection.stream = stream
            return connection

        def opened(_: object) -> Deferred[Any]:
            if runtime.destroyed:
                connection.abort(CommunicatorDestroyedException("the communicator is destroyed"))
            return connection.validated

        def not_opened(failure: Failure) -> Failure:
            self._all.pop(connection, None)
            return failure

        watching = None if runtime.watch_connect is None else runtime.watch_connect(endpoint)

        def done(result: Any) -> None:
            if limit.active():
                limit.cancel()
            self._dialling.pop(key, None)
            waiting = self._waiting.pop(key, [])
            if isinstance(result, Failure):
                result = Failure(late[0] if late else connect_error(result, where))  # type: ignore[no-untyped-call]
                runtime.trace.failed(endpoint, result.value)
            elif connection.active:
                runtime.trace.began(connection, incoming=False)
                self._connections[key] = connection
            if runtime.outliers is not None:
                (runtime.outliers.failed if isinstance(result, Failure) else runtime.outliers.connected)(
                    endpoint
                )
            if watching is not None:
                watching(result.value if isinstance(result, Failure) else None)
            for deferred in waiting:
                deferred.callback(result)

        late: list[LocalException] = []
        runtime.trace.trying(endpoint)
        limit = runtime.world.call_later(limit_s, too_late)
        there = runtime.transports.client_endpoint(endpoint, limit_s)
        dialling: Deferred[Any]
        if layers := runtime.transports.client_layers(endpoint):
            dialling = Dialling(layers, built).begin(there)
        else:
            dialling = there.connect(_OutgoingFactory(connection))
        self._dialling[key] = dialling
        dialling.addErrback(not_opened).addCallback(opened)
        return dialling.addBoth(done)

    def connection_gone(self, connection: Connection) -> None:
        key = self._all.pop(connection, None)
        if key is not None and self._connections.get(key) is connection:
            del self._connections[key]
        self._runtime.trace.ended(connection, connection.end)


def connect_error(failure: Failure, where: str) -> LocalException:
    """What Ice calls the failure of a connect."""
    error = failure.value
    if isinstance(error, LocalException):
        return error
    if isinstance(error, Refused):
        return ConnectionRefusedException(f"nobody listens at {where}", ECONNREFUSED)
    if isinstance(error, TookTooLong):
        return ConnectTimeoutException(f"{where} does not answer")
    if isinstance(error, DNSLookupError):
        return DNSException(f"{where} has no address", host=where.rpartition(":")[0])
    if isinstance(error, ProxyRefused):
        return ConnectFailedException(f"{where}: {error}")
    number = getattr(error, "osError", None)
    return ConnectFailedException(f"{where}: {type(error).__name__}", number if type(number) is int else 0)
