"""What happens on the network, told to the communicator's logger as Ice tells it, where its properties ask.

`Ice.Trace.Network` (1 or more): ports, connections, and connects that fail. `Ice.Warn.Connections`:
connections that break. `Ice.Warn.Datagrams`: datagrams that are dropped. What flows through connections is
not told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pushnet.rpc.exceptions import (
    CloseConnectionException,
    CommunicatorDestroyedException,
    ConnectionManuallyClosedException,
    ConnectionTimeoutException,
    LocalException,
    ObjectAdapterDeactivatedException,
)
from pushnet.rpc.properties import Properties
from pushnet.wire.endpoints import NAMES, Endpoint, StreamEndpoint, UdpEndpoint

_EXPECTED = (
    CloseConnectionException,
    CommunicatorDestroyedException,
    ConnectionManuallyClosedException,
    ConnectionTimeoutException,
    ObjectAdapterDeactivatedException,
)
"""Ends of connections that are nobody's fault."""
_CATEGORY = "Network"


class NetworkTrace:
    """One communicator's."""

    def __init__(self, properties: Properties, logger: Callable[[], Any]) -> None:
        self.on = properties.getPropertyAsInt("Ice.Trace.Network") > 0
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

    def began(self, connection: Any, incoming: bool) -> None:
        """A connection was accepted or established."""
        if self.on and connection.transport is not None:
            verb = "accepted" if incoming else "established"
            self._trace(f"{verb} {connection.type()} connection", connection.toString())

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
            self._logger().trace(_CATEGORY, "\n".join(lines))


def _local(endpoint: StreamEndpoint | UdpEndpoint) -> str:
    return f"local address = {endpoint.host}:{endpoint.port}"


def _named(error: LocalException | None) -> str:
    return f"::Ice::{type(error).__name__}:\n{error}"
