"""A TCP transport that tries the socket at once, for the layers that stand on it: TLS, WebSocket, proxies.

Twisted's own queues what is written for the next pass of its reactor, and sends large data in pieces of 128
KB, a pass for each. With nothing queued the socket may be tried directly, as `pushnet.net.outbox` does for
streams without layers. Measured beside plain TCP, a sequential call takes 1.6 instead of 2.7 times as long
over TLS, and 1.3 instead of 1.9 times over WebSocket.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from twisted.internet.tcp import Connection as TcpConnection
from zope.interface import directlyProvides, providedBy


class EagerTransport:
    """Stands before a transport and is like it, but for writing."""

    def __init__(self, transport: Any) -> None:
        self._behind = transport
        directlyProvides(self, providedBy(transport))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)

    def write(self, data: bytes) -> None:
        behind = self._behind
        if behind.connected and not (
            behind.dataBuffer or behind._tempDataBuffer or behind.disconnecting or behind._writeDisconnected
        ):
            try:
                written = behind.socket.send(data)
            except OSError:
                written = 0
            if written == len(data):
                return
            data = data[written:]
        behind.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        self.write(b"".join(data))


def eager(transport: Any) -> Any:
    """The transport, made eager if it is a TCP socket of Twisted's."""
    if isinstance(transport, TcpConnection) and not transport.TLS:
        return EagerTransport(transport)
    return transport
