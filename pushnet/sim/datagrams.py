"""Datagrams on the simulated network: they take their time, may be lost, and nobody is told.

They overtake each other when the latency says so. A blocked way, a host without power and a port that nobody
has swallow them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import CannotListenError

from pushnet.sim.paths import Paths

FIRST_FREE_PORT = 50_000
DATAGRAM_BYTES_MAX = 65_507


class Ground(Protocol):
    """What datagrams need of the network."""

    paths: Paths

    def address_of(self, host: str) -> str: ...

    def host_named(self, name: str) -> str | None: ...

    def is_dark(self, host: str) -> bool: ...

    def later(self, delay_us: int, function: Callable[..., Any], *args: Any) -> Any: ...


class SimDatagramSocket:
    """One socket of one host. Implements `DatagramSocket`."""

    def __init__(self, air: Air, host: str, port: int, receive: Callable[[bytes, str, int], object]) -> None:
        self._air = air
        self.host = host
        self.port = port
        self.receive = receive

    def address(self) -> tuple[str, int]:
        return self._air.network.address_of(self.host), self.port

    def send(self, data: bytes, host: str, port: int) -> None:
        self._air.send(self, data, host, port)

    def close(self) -> Deferred[None]:
        self._air.close(self)
        return succeed(None)


class Air:
    """All datagram sockets of a simulation, and what is on its way between them."""

    def __init__(self, network: Ground) -> None:
        self.network = network
        self._sockets: dict[tuple[str, int], SimDatagramSocket] = {}
        self._next_port: dict[str, int] = {}

    def open(self, host: str, port: int, receive: Callable[[bytes, str, int], object]) -> SimDatagramSocket:
        """Raises `CannotListenError` when the port is taken."""
        if port == 0:
            port = self._next_port.get(host, FIRST_FREE_PORT)
            self._next_port[host] = port + 1
        if (host, port) in self._sockets:
            raise CannotListenError(host, port, OSError(98, "Address already in use"))  # type: ignore[no-untyped-call]
        socket = self._sockets[host, port] = SimDatagramSocket(self, host, port, receive)
        return socket

    def close(self, socket: SimDatagramSocket) -> None:
        if self._sockets.get((socket.host, socket.port)) is socket:
            del self._sockets[socket.host, socket.port]

    def of_host(self, host: str) -> list[SimDatagramSocket]:
        return [socket for socket in self._sockets.values() if socket.host == host]

    def send(self, source: SimDatagramSocket, data: bytes, host: str, port: int) -> None:
        network = self.network
        target = network.host_named(host)
        if target is None or len(data) > DATAGRAM_BYTES_MAX:
            return
        if not network.paths.is_blocked(source.host, target):
            delay_us = network.paths.latency_us(source.host, target)
            network.later(delay_us, self._arrive, data, source.address(), target, port)

    def _arrive(self, data: bytes, sender: tuple[str, int], target: str, port: int) -> None:
        socket = self._sockets.get((target, port))
        if socket is not None and not self.network.is_dark(target):
            socket.receive(data, *sender)
