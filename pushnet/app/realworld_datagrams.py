"""UDP of the real world: one socket, on Twisted's reactor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import MessageLengthError
from twisted.internet.protocol import DatagramProtocol

DATAGRAM_BYTES_MAX = 65_536


class UdpSocket(DatagramProtocol):
    """Implements `DatagramSocket`. Making one raises `CannotListenError` when the address cannot be had."""

    noisy = False

    def __init__(
        self, reactor: Any, host: str, port: int, receive: Callable[[bytes, str, int], object]
    ) -> None:
        self._receive = receive
        self._port: Any = reactor.listenUDP(port, self, interface=host, maxPacketSize=DATAGRAM_BYTES_MAX)

    def address(self) -> tuple[str, int]:
        address = self._port.getHost()
        return address.host, address.port

    def send(self, data: bytes, host: str, port: int) -> None:
        """What the system refuses is lost, like what the network loses."""
        if self.transport is None:
            return
        try:
            self.transport.write(data, (host, port))
        except (OSError, MessageLengthError):
            return

    def close(self) -> Deferred[None]:
        stopped = self._port.stopListening()
        return stopped if isinstance(stopped, Deferred) else succeed(None)

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        self._receive(datagram, addr[0], addr[1])
