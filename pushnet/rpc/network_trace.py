"""What happens on the network, told to the communicator's logger as Ice tells it, where its properties ask.

`Ice.Trace.Network`: 1: ports, connections, and connects that fail; 2: also what is tried and published; 3:
also how many bytes come and go. `Ice.Trace.Protocol`: each message. `IceSSL.Trace.Security`: what TLS has
agreed on with whom. `Ice.Warn.Connections`: connections that break. `Ice.Warn.Datagrams`: datagrams that are
dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cryptography import x509
from twisted.logger import Logger

from pushnet.rpc.exceptions import (
    CloseConnectionException,
    CommunicatorDestroyedException,
    ConnectionManuallyClosedException,
    ConnectionTimeoutException,
    LocalException,
    ObjectAdapterDeactivatedException,
)
from pushnet.rpc.properties import Properties
from pushnet.rpc.protocol_trace import described, each_message, kind_of
from pushnet.wire.endpoints import NAMES, Endpoint, StreamEndpoint, UdpEndpoint

_EXPECTED = (
    CloseConnectionException,
    CommunicatorDestroyedException,
    ConnectionManuallyClosedException,
    ConnectionTimeoutException,
    ObjectAdapterDeactivatedException,
)
"""Ends of connections that are nobody's fault."""
_log = Logger(namespace="pushnet.rpc")
_TRIED, _BYTES = 2, 3
"""Levels of `Ice.Trace.Network`."""


class NetworkTrace:
    """One communicator's."""

    def __init__(self, properties: Properties, logger: Callable[[], Any]) -> None:
        self._level = properties.getPropertyAsInt("Ice.Trace.Network")
        self.on = self._level > 0
        self.protocol = properties.getPropertyAsInt("Ice.Trace.Protocol") > 0
        self.follows = self.protocol or self._level >= _BYTES
        """Whether it wants to see what flows through connections."""
        self._security = properties.getPropertyAsInt("IceSSL.Trace.Security") > 0
        self.tells_beginnings = self.on or self._security
        self._warn_connections = properties.getPropertyAsInt("Ice.Warn.Connections") > 0
        self._warn_datagrams = properties.getPropertyAsInt("Ice.Warn.Datagrams") > 0
        self._logger = logger

    def listening(self, endpoint: Endpoint) -> None:
        """A port is open."""
        if isinstance(endpoint, UdpEndpoint):
            self._trace("starting to receive udp messages", _local(endpoint))
        elif isinstance(endpoint, StreamEndpoint):
            self._trace(f"listening for {NAMES[endpoint.type]} connections", _local(endpoint))

    def stopped(self, endpoint: Endpoint) -> None:
        """It is closed."""
        if isinstance(endpoint, StreamEndpoint):
            name, where = NAMES[endpoint.type], f"{endpoint.host}:{endpoint.port}"
            self._trace(f"stopping to accept {name} connections at {where}")

    def published(self, adapter: str, endpoints: Sequence[Endpoint]) -> None:
        """An adapter says where it can be called, as far as it listens."""
        if self._level >= _TRIED and endpoints:
            told = ":".join(map(str, endpoints))
            self._trace(f"published endpoints for object adapter `{adapter}':", told)

    def trying(self, endpoint: StreamEndpoint) -> None:
        """A connection is about to be established."""
        if self._level >= _TRIED:
            name, where = NAMES[endpoint.type], f"{endpoint.host}:{endpoint.port}"
            self._trace(f"trying to establish {name} connection to {where}")

    def began(self, connection: Any, incoming: bool) -> None:
        """A connection was accepted or established."""
        if connection.transport is None:
            return
        if self._security and connection.stream.cipher:
            self._agreed(connection, incoming)
        if self.on:
            verb = "accepted" if incoming else "established"
            self._trace(f"{verb} {connection.type()} connection", connection.toString())

    def _agreed(self, connection: Any, incoming: bool) -> None:
        stream = connection.stream
        self._tell(
            "Security",
            f"SSL summary for {'incoming' if incoming else 'outgoing'} connection",
            f"cipher = {stream.cipher}",
            f"peer = {subject_of(stream.certs[0]) if stream.certs else 'without a certificate'}",
            f"verified = {stream.verified}",
            connection.toString(),
        )

    def follow(self, connection: Any) -> None:
        """Tell what flows through a connection from now on."""

        def received(size: int, messages: list[bytes]) -> None:
            self._flowed("received", size, connection)
            for message in messages:
                self.message("received", message)

        def sent(data: bytes) -> None:
            for message in each_message(data):
                self.message("sending", message)
            self._flowed("sent", len(data), connection)

        connection.follow(received, sent)

    def message(self, verb: str, message: bytes) -> None:
        """A message comes or goes."""
        if self.protocol:
            self._tell("Protocol", f"{verb} {kind_of(message)}", *described(message))

    def _flowed(self, verb: str, size: int, connection: Any) -> None:
        if self._level >= _BYTES:
            told = f"{verb} {size} of {size} bytes via {connection.type()}"
            self._trace(told, connection.toString())

    def failed(self, endpoint: StreamEndpoint, error: LocalException) -> None:
        """A connection was not established."""
        told = f"remote address = {endpoint.host}:{endpoint.port}"
        self._trace(f"failed to establish {NAMES[endpoint.type]} connection", told, _named(error))

    def ended(self, connection: Any, error: LocalException | None) -> None:
        """A connection is gone."""
        if not (self.on or self._warn_connections) or connection.transport is None:
            return
        addresses = connection.toString()
        broken = error is not None and not isinstance(error, _EXPECTED)
        if broken and self._warn_connections:
            self._logger().warning(f"connection exception:\n{_named(error)}\n{addresses}")
        self._trace(f"closed {connection.type()} connection", addresses, *([_named(error)] if broken else []))

    def dropped(self, sender: str, error: LocalException) -> None:
        """A datagram was."""
        if self._warn_datagrams:
            told = f"datagram connection exception:\n{_named(error)}\nremote address = {sender}"
            self._logger().warning(told)

    def _trace(self, *lines: str) -> None:
        if self.on:
            self._tell("Network", *lines)

    def _tell(self, category: str, *lines: str) -> None:
        """A logger that fails does not take the connection along."""
        try:
            self._logger().trace(category, "\n".join(lines))
        except Exception:
            _log.failure("the communicator's logger failed")


def subject_of(certificate: str) -> str:
    """Whom a certificate in PEM is for."""
    return x509.load_pem_x509_certificate(certificate.encode()).subject.rfc4514_string()


def _local(endpoint: StreamEndpoint | UdpEndpoint) -> str:
    return f"local address = {endpoint.host}:{endpoint.port}"


def _named(error: LocalException | None) -> str:
    return f"::Ice::{type(error).__name__}:\n{error}"
