"""Datagrams on the simulated network: they take their time, may be lost, and nobody is told.

They overtake each other when the latency says so. A blocked way, a host without power and a port that nobody
has swallow them. What is sent to a group arrives at everyone who has joined it, as far as the way there is
open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import CannotListenError

from pushnet.sim.paths import Paths

FIRST_FREE_PORT = 50_000
DATAGRAM_BYTES_MAX = 65_507
GROUPS = ("224.", "239.", "ff")
"""How addresses of groups begin, as far as they are used in tests."""


class Ground(Protocol):
    """What datagrams need of the network."""

    paths: Paths

    def address_of(self, host: str) -> str: ...

    def host_named(self, name: str) -> str | None: ...

    def is_dark(self, host: str) -> bool: ...

    def later(self, delay_us: int, function: Callable[..., Any], *args: Any) -> Any: ...


class SimDatagramSocket:
    """One socket of one host. Implements `DatagramSocket`."""

    def __init__(
        self, air: Air, host: str, port: int, receive: Callable[[bytes, str, int], object], group: str = ""
    ) -> None:
        self._air = air
        self.group = group
        self.host = host
        self.port = port
        self.receive = receive

    def address(self) -> tuple[str, int]:
        return self.group or self._air.network.address_of(self.host), self.port

    def address_towards(self, host: str) -> str:
        return self._air.network.address_of(self.host)

    def buffers(self) -> tuple[int, int]:
        return 0, 0

    def set_buffers(self, receive_bytes: int, send_bytes: int) -> None:
        """Simulated sockets have the network's."""

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
        self._joined: list[SimDatagramSocket] = []

    def open(
        self, host: str, port: int, receive: Callable[[bytes, str, int], object], group: str = ""
    ) -> SimDatagramSocket:
        """Raises `CannotListenError` when the port is taken."""
        if group:
            joined = SimDatagramSocket(self, host, port, receive, group)
            self._joined.append(joined)
            return joined
        if port == 0:
            port = self._next_port.get(host, FIRST_FREE_PORT)
            self._next_port[host] = port + 1
        if (host, port) in self._sockets:
            raise CannotListenError(host, port, OSError(98, "Address already in use"))  # type: ignore[no-untyped-call]
        socket = self._sockets[host, port] = SimDatagramSocket(self, host, port, receive)
        return socket

    def close(self, socket: SimDatagramSocket) -> None:
        self._joined = [joined for joined in self._joined if joined is not socket]
        if self._sockets.get((socket.host, socket.port)) is socket:
            del self._sockets[socket.host, socket.port]

    def of_host(self, host: str) -> list[SimDatagramSocket]:
        sockets = [*self._sockets.values(), *self._joined]
        return [socket for socket in sockets if socket.host == host]

    def send(self, source: SimDatagramSocket, data: bytes, host: str, port: int) -> None:
        if len(data) > DATAGRAM_BYTES_MAX:
            return
        if host.startswith(GROUPS):
            for joined in self._joined:
                if (joined.group, joined.port) == (host, port):
                    self._send_to(joined.host, source, self._arrive_at, joined, data)
            return
        target = self.network.host_named(host)
        if target is not None:
            self._send_to(target, source, self._arrive, target, port, data)

    def _send_to(self, target: str, source: SimDatagramSocket, arrive: Any, *what: Any) -> None:
        network = self.network
        if not network.paths.is_blocked(source.host, target):
            delay_us = network.paths.latency_us(source.host, target)
            network.later(delay_us, arrive, *what, (network.address_of(source.host), source.port))

    def _arrive(self, target: str, port: int, data: bytes, sender: tuple[str, int]) -> None:
        socket = self._sockets.get((target, port))
        if socket is not None:
            self._arrive_at(socket, data, sender)

    def _arrive_at(self, socket: SimDatagramSocket, data: bytes, sender: tuple[str, int]) -> None:
        open_still = socket in self._joined or self._sockets.get((socket.host, socket.port)) is socket
        if open_still and not self.network.is_dark(socket.host):
            socket.receive(data, *sender)
