"""TCP of the real world: Twisted's endpoints that never delay small writes, and raw sockets for the hub."""

from __future__ import annotations

import errno
import os
import select
import socket
from typing import Any

from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.endpoints import (
    HostnameEndpoint,
    TCP4ClientEndpoint,
    TCP4ServerEndpoint,
    TCP6ClientEndpoint,
    TCP6ServerEndpoint,
)
from twisted.internet.interfaces import (
    IListeningPort,
    IProtocol,
    IProtocolFactory,
    IReactorFDSet,
    IStreamClientEndpoint,
    IStreamServerEndpoint,
    ITCPTransport,
)
from zope.interface import implementer

from pushnet.app.realworld_addresses import OfFamilies
from pushnet.app.realworld_inherited import Inherited
from pushnet.world import ANY_FAMILY, Families

NONE = Inherited("")
BACKLOG = 1024
"""Connections that may wait to be accepted: a thousand devices arrive at once when a Broker comes back."""
LAST_ACCEPTS = 1024
"""How often a port that closes looks whether somebody else waits; a shared socket may never be empty."""


@implementer(IStreamServerEndpoint)
class NoDelayServerEndpoint:
    """Listens on TCP. Accepted connections inherit TCP_NODELAY from the listening socket."""

    def __init__(
        self, reactor: Any, host: str, port: int, backlog: int = BACKLOG, inherited: Inherited = NONE
    ) -> None:
        endpoint = TCP6ServerEndpoint if isIPv6Address(host) else TCP4ServerEndpoint
        self._endpoint: Any = endpoint(reactor, port, backlog=backlog, interface=host)
        self._reactor = reactor
        self._address = (host, port)
        self._inherited = inherited

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        handed = self._inherited.take(*self._address)
        if handed is not None:
            with handed:  # adopting makes a descriptor of its own
                port = self._reactor.adoptStreamPort(handed.fileno(), handed.family, protocolFactory)
                return succeed(PolitePort(port))
        opening: Deferred[IListeningPort] = self._endpoint.listen(protocolFactory)
        return opening.addCallback(self._send_at_once)

    def _send_at_once(self, port: Any) -> IListeningPort:
        port.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return PolitePort(port)


@implementer(IListeningPort)
class PolitePort:
    """One of Twisted's ports. Who has connected when it closes is let in first, or would be cut off."""

    def __init__(self, port: Any) -> None:
        self._port = port

    def startListening(self) -> None:
        self._port.startListening()

    def stopListening(self) -> Any:
        waiting = select.poll()
        if self._port.connected:
            waiting.register(self._port.fileno(), select.POLLIN)
        for _ in range(LAST_ACCEPTS):
            if not self._port.connected or not waiting.poll(0):
                break
            self._port.doRead()
        return self._port.stopListening()

    def getHost(self) -> Any:
        return self._port.getHost()


@implementer(IStreamClientEndpoint)
class NoDelayClientEndpoint:
    """Connects to an address or a name, from the local address `source` when one is given."""

    def __init__(
        self,
        reactor: Any,
        host: str,
        port: int,
        timeout_s: float,
        source: str,
        families: Families = ANY_FAMILY,
    ) -> None:
        bind = (source, 0) if source else None
        self._endpoint = _client_endpoint(OfFamilies(reactor, families), host, port, timeout_s, bind)

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        connecting: Deferred[IProtocol] = self._endpoint.connect(protocolFactory)
        return connecting.addCallback(self._send_at_once)

    def _send_at_once(self, protocol: Any) -> IProtocol:
        transport = getattr(protocol, "transport", None)
        if ITCPTransport.providedBy(transport):
            transport.setTcpNoDelay(True)
        connected: IProtocol = protocol
        return connected


def _client_endpoint(
    reactor: Any, host: str, port: int, timeout_s: float, bind: tuple[str, int] | None
) -> Any:
    if isIPAddress(host):
        return TCP4ClientEndpoint(reactor, host, port, timeout=timeout_s, bindAddress=bind)
    if isIPv6Address(host):
        return TCP6ClientEndpoint(  # type: ignore[no-untyped-call]
            reactor, host, port, timeout=timeout_s, bindAddress=bind
        )
    return HostnameEndpoint(reactor, host, port, timeout=timeout_s, bindAddress=bind)


def buffers_of(transport: Any) -> tuple[int, int]:
    """What the system keeps for a stream, received and to be sent; 0 when it is no TCP socket."""
    stream = _socket_of(transport)
    if stream is None:
        return 0, 0
    received: int = stream.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    return received, stream.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)


def set_buffers_of(transport: Any, receive_bytes: int, send_bytes: int) -> None:
    """Change them, where they are more than 0."""
    stream = _socket_of(transport)
    for option, size in ((socket.SO_RCVBUF, receive_bytes), (socket.SO_SNDBUF, send_bytes)):
        if size > 0 and stream is not None:
            stream.setsockopt(socket.SOL_SOCKET, option, size)


def _socket_of(transport: Any) -> Any:
    """The socket below TLS, WebSocket and the like; None when there is none any more."""
    while transport is not None:
        found = getattr(transport, "socket", None)
        if found is not None:
            return found if found.fileno() >= 0 else None
        transport = getattr(transport, "transport", None)
    return None


class EpollSockets:
    """Raw non-blocking sockets for a reactor that takes descriptors. Implements `EpollStreams`."""

    def __init__(self, reactor: IReactorFDSet, inherited: Inherited = NONE) -> None:
        self.reactor = reactor
        self._inherited = inherited

    @classmethod
    def offered_by(cls, reactor: Any, inherited: Inherited = NONE) -> EpollSockets | None:
        """Where the system has epoll and the reactor takes descriptors."""
        if hasattr(select, "epoll") and IReactorFDSet.providedBy(reactor):
            return cls(reactor, inherited)
        return None

    def listen(self, host: str, port: int, backlog: int) -> TcpListener:
        """Bind and listen. Raises `OSError` when the address cannot be had."""
        handed = self._inherited.take(host, port)
        if handed is not None:
            return TcpListener(handed)
        family = socket.AF_INET6 if isIPv6Address(host) else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.setblocking(False)
            listener.bind((host, port))
            listener.listen(backlog)
        except OSError:
            listener.close()
            raise
        return TcpListener(listener)


class TcpListener:
    """One listening socket. Implements `ListeningSocket`."""

    def __init__(self, listener: socket.socket) -> None:
        self._socket = listener
        self._reserve = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def fileno(self) -> int:
        return self._socket.fileno()

    def address(self) -> tuple[str, int]:
        host, port = self._socket.getsockname()[:2]
        return host, port

    def accept(self) -> tuple[int, str, int]:
        """Take one waiting connection. Out of descriptors, the caller that waits is dropped, then OSError."""
        try:
            connection, peer = self._socket.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._drop_one()
            raise
        connection.setblocking(False)
        return connection.detach(), peer[0], peer[1]

    def close(self) -> None:
        self._socket.close()
        os.close(self._reserve)

    def _drop_one(self) -> None:
        """Accept and close with the descriptor kept in reserve, or the loop would spin on the backlog."""
        os.close(self._reserve)
        try:
            self._socket.accept()[0].close()
        except OSError:
            pass
        finally:
            self._reserve = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
