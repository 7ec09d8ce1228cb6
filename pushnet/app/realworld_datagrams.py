"""UDP of the real world: one socket, on Twisted's reactor, perhaps in a group."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import CannotListenError, MessageLengthError
from twisted.internet.protocol import DatagramProtocol

from pushnet.app.realworld_addresses import interface_index
from pushnet.world import PLAIN, DatagramOptions

DATAGRAM_BYTES_MAX = 65_536
_ANY_PORT = 9


class UdpSocket(DatagramProtocol):
    """Implements `DatagramSocket`. Making one raises `CannotListenError` when the address cannot be had."""

    noisy = False

    def __init__(
        self,
        reactor: Any,
        host: str,
        port: int,
        receive: Callable[[bytes, str, int], object],
        options: DatagramOptions = PLAIN,
    ) -> None:
        self._receive = receive
        if options.group:
            self._port: Any = reactor.listenMulticast(
                port, self, options.group, DATAGRAM_BYTES_MAX, listenMultiple=True
            )
        else:
            self._port = reactor.listenUDP(port, self, interface=host, maxPacketSize=DATAGRAM_BYTES_MAX)
        try:
            _set_options(self._port.socket, options)
        except OSError as error:
            self._port.stopListening()
            raise CannotListenError(options.group or host, port, error) from None  # type: ignore[no-untyped-call]

    def address(self) -> tuple[str, int]:
        address = self._port.getHost()
        return address.host, address.port

    def address_towards(self, host: str) -> str:
        here: str = self._port.getHost().host
        if here not in ("0.0.0.0", "::"):
            return here
        with socket.socket(self._port.addressFamily, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((host, _ANY_PORT))  # which sends nothing
            except OSError:
                return here
            return str(probe.getsockname()[0])

    def buffers(self) -> tuple[int, int]:
        if self.transport is None:
            return 0, 0
        carrier = self._port.socket
        received: int = carrier.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        return received, carrier.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)

    def set_buffers(self, receive_bytes: int, send_bytes: int) -> None:
        if self.transport is not None:
            _set_buffers(self._port.socket, receive_bytes, send_bytes)

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


def _set_options(carrier: socket.socket, options: DatagramOptions) -> None:
    """Raises `OSError` when there is no such interface, or the group cannot be joined."""
    _set_buffers(carrier, options.receive_bytes, options.send_bytes)
    index = interface_index(options.interface) if options.interface not in ("", "*") else 0
    if options.interface not in ("", "*") and not index:
        raise OSError(19, f"there is no interface {options.interface}")
    if carrier.family == socket.AF_INET6:
        _set_options6(carrier, options, index)
        return
    if index:
        out = struct.pack("=4s4si", bytes(4), bytes(4), index)
        carrier.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, out)
    if options.ttl >= 0:
        carrier.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, options.ttl)
    if options.group:
        member = struct.pack("=4s4si", ip_address(options.group).packed, bytes(4), index)
        carrier.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)


def _set_buffers(carrier: socket.socket, receive_bytes: int, send_bytes: int) -> None:
    for option, size in ((socket.SO_RCVBUF, receive_bytes), (socket.SO_SNDBUF, send_bytes)):
        if size > 0:
            carrier.setsockopt(socket.SOL_SOCKET, option, size)


def _set_options6(carrier: socket.socket, options: DatagramOptions, index: int) -> None:
    if index:
        carrier.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    if options.ttl >= 0:
        carrier.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, options.ttl)
    if options.group:
        member = ip_address(options.group).packed + struct.pack("=i", index)
        carrier.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, member)
