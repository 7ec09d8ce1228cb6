"""`Doors`: where one adapter listens, and who has come in.

They are opened when the adapter is made, so that its ports are known; until it is active whoever comes waits
inside: the stream is accepted, but not validated and not read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import attrs
from twisted.internet.defer import Deferred, DeferredList, maybeDeferred
from twisted.internet.defer import TimeoutError as TookTooLong
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IAddress, IListeningPort
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure

from pushnet.net.handshakes import HANDSHAKE_S, Accepting, StreamInfo
from pushnet.rpc.acm import server_settings
from pushnet.rpc.connection import Connection
from pushnet.rpc.datagrams import Datagrams
from pushnet.rpc.exceptions import DNSException, LocalException, SocketException
from pushnet.rpc.runtime import Runtime
from pushnet.wire.endpoints import Endpoint, StreamEndpoint, UdpEndpoint

HANDSHAKES_S = 1.0
"""For handshakes under way when the doors close: who gets through is told in order that this is the end,
who is cut off may have no attempt left."""


class Home(Protocol):
    """The adapter."""

    name: str
    on_connect: Callable[[Connection], object] | None


class _IncomingFactory(Factory):
    """Makes a connection of each peer that comes."""

    noisy = False

    def __init__(self, doors: Doors, endpoint: StreamEndpoint) -> None:
        self.endpoint = endpoint
        """Where they come in."""
        self._doors = doors

    def build(self, stream: StreamInfo) -> Connection:
        return self._doors.incoming(stream, self.endpoint)

    def buildProtocol(self, addr: IAddress | None) -> Connection | None:
        return None if self._doors.full() else self.build(StreamInfo())


class Doors:
    """Owns the incoming connections (`pushnet.rpc.connection.Owner`)."""

    def __init__(
        self, runtime: Runtime, adapter: Home, message_bytes_max: int, connections_max: int = 0
    ) -> None:
        self.connections: dict[Connection, None] = {}
        self.listening: tuple[Endpoint, ...] = ()
        """With real ports."""
        self.held = True
        self._runtime = runtime
        self._adapter = adapter
        self._message_bytes_max = message_bytes_max
        self._connections_max = connections_max
        self._settings = server_settings(runtime.properties, adapter.name)
        self._ports: list[IListeningPort] = []
        self._accepting: list[Accepting] = []
        self._datagrams: list[Any] = []
        self._opening: Deferred[None] | None = None
        self._error: Failure | None = None

    def open(self, wanted: tuple[Endpoint, ...]) -> None:
        """Listen there. Raises `SocketException` when an address cannot be had, as far as that is known."""
        self.listening = wanted
        self._opening = Deferred.fromCoroutine(self._open(wanted))
        self._opening.addErrback(self._not_opened)
        self._raise()

    async def opened(self) -> None:
        """Wait until everything is open. Raises `SocketException`."""
        if self._opening is not None:
            await self._opening
        self._raise()

    def hold(self) -> None:
        """Let nobody in and read nothing, from now on."""
        self.held = True
        for each in self._inside():
            each.hold()

    def release(self) -> None:
        """Let them in that wait, and read on."""
        self.held = False
        for each in self._inside():
            each.release()

    @property
    def serving(self) -> bool:
        """Whether any request is being served."""
        return any(each.serving for each in self._inside())

    def rested(self) -> Deferred[Any]:
        """Fires when all that is being served at this moment is done."""
        waiting: list[Deferred[None]] = []

        def note(work: Deferred[Any]) -> None:
            done: Deferred[None] = Deferred()
            waiting.append(done)

            def pass_on(result: Any) -> Any:
                done.callback(None)
                return result

            work.addBoth(pass_on)

        for each in self._inside():
            for current in each.under_way():
                note(current.work)
        return DeferredList(waiting)

    def full(self) -> bool:
        """There are as many connections as there may be."""
        if not 0 < self._connections_max <= len(self.connections):
            return False
        told = "the adapter {name} has {limit} connections, another one is turned away"
        self._runtime.fault(told, name=self._adapter.name, limit=self._connections_max)
        return True

    def incoming(self, stream: StreamInfo, endpoint: StreamEndpoint) -> Connection:
        """A peer has connected to that endpoint."""
        full = self.full()
        connection = Connection(
            self._runtime, self, self._adapter, incoming=True, settings=self._settings, endpoint=endpoint
        )
        connection.stream = stream
        if self._runtime.trace.tells_beginnings:
            self._runtime.world.call_later(0, self._runtime.trace.began, connection, True)
        connection.held = self.held or full
        connection.limit_messages(self._message_bytes_max)
        self.connections[connection] = None
        if full:
            end = SocketException("too many connections")
            self._runtime.world.call_later(0, connection.abort, end)
        elif self._adapter.on_connect is not None:
            self._adapter.on_connect(connection)
        return connection

    def admit(self, caller: Any) -> None:
        """Whoever calls from within the communicator comes in without a port (`pushnet.rpc.collocated`)."""
        if self.held:
            caller.hold()
        self._datagrams.append(caller)

    def connection_gone(self, connection: Connection) -> None:
        self.connections.pop(connection, None)
        self._runtime.trace.ended(connection, connection.end)

    async def close(self, end: LocalException) -> None:
        """Let nobody in any more. Handshakes under way, and datagrams being served, are waited for."""
        ports, self._ports = self._ports, []
        for endpoint in self.listening if ports else ():
            self._runtime.trace.stopped(endpoint)
        for port in ports:
            await maybeDeferred(port.stopListening)
        accepting, self._accepting = self._accepting, []
        for factory in accepting:
            with suppress(TookTooLong):
                await factory.settled().addTimeout(HANDSHAKES_S, self._runtime.world.clock)
            factory.close()
        datagrams, self._datagrams = self._datagrams, []
        await DeferredList([each.finish(end) for each in datagrams])

    def _inside(self) -> list[Connection | Datagrams]:
        return [*self.connections, *self._datagrams]

    async def _open(self, wanted: tuple[Endpoint, ...]) -> None:
        self.listening = tuple([await self._listen(endpoint) for endpoint in wanted])
        for endpoint in self.listening:
            self._runtime.trace.listening(endpoint)

    def _not_opened(self, failure: Failure) -> None:
        self._error = failure
        end = SocketException("another of the adapter's addresses cannot be had")
        self._runtime.world.background("closing ports", Deferred.fromCoroutine(self.close(end)))

    def _raise(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            error.raiseException()

    async def _listen(self, endpoint: Endpoint) -> Endpoint:
        assert isinstance(endpoint, StreamEndpoint | UdpEndpoint)
        try:
            if isinstance(endpoint, UdpEndpoint):
                return self._listen_datagrams(endpoint)
            return await self._listen_streams(endpoint)
        except CannotListenError as error:
            name = self._adapter.name
            told = f"object adapter {name} cannot listen at {endpoint}: {error.socketError}"
            number = getattr(error.socketError, "errno", None) or 0
            if number < 0:  # of getaddrinfo
                raise DNSException(told, number, endpoint.host) from None
            raise SocketException(told, number) from None

    def _listen_datagrams(self, endpoint: UdpEndpoint) -> UdpEndpoint:
        datagrams = Datagrams(self._runtime, self._adapter)
        if self.held:
            datagrams.hold()
        listening = datagrams.listen(endpoint)
        self._datagrams.append(datagrams)
        return listening

    async def _listen_streams(self, endpoint: StreamEndpoint) -> StreamEndpoint:
        transports = self._runtime.transports
        opening = transports.server_endpoint(endpoint)
        layers = transports.server_layers(endpoint, self._adapter.name)
        incoming = _IncomingFactory(self, endpoint)
        factory: Factory = incoming
        if layers:
            limit_s = self._settings.connect_s or HANDSHAKE_S
            factory = Accepting(
                self._runtime.world.call_later, layers, incoming.build, self._refused, limit_s
            )
            self._accepting.append(factory)
        port: Any = await opening.listen(factory)
        self._ports.append(port)
        incoming.endpoint = attrs.evolve(endpoint, port=getattr(port.getHost(), "port", endpoint.port))
        return incoming.endpoint

    def _refused(self, address: IAddress | None, error: Exception) -> None:
        runtime = self._runtime
        runtime.counters.refused_peers += 1
        told = f"{type(error).__name__}: {error}"
        runtime.fault("{peer} did not get through the handshake: {told}", peer=str(address), told=told)
