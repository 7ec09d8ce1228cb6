"""What a connection tells of itself and its peer: Ice's `ConnectionInfo` and its kinds.

The information of a layered connection is layered as well: that of `wss` has the peer's header fields, and
below it what TLS has agreed on, and below that the addresses. Beyond Ice, each layer also answers for those
below it, and what no layer has learnt is empty: who only wants an address need not know the kind.
"""

from __future__ import annotations

from typing import Any

import attrs

from pushnet.net.handshakes import StreamInfo
from pushnet.wire.endpoints import SSL, TCP, WS, WSS

_NOT_LEARNT: dict[str, Any] = {"cipher": "", "certs": (), "verified": False}


@attrs.define
class ConnectionInfo:
    """What all kinds have."""

    underlying: ConnectionInfo | None
    incoming: bool
    adapterName: str
    """Of the adapter whose endpoint was connected to; empty for connections we have made."""
    connectionId: str

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self.underlying is not None:
            return getattr(self.underlying, name)
        if name == "headers":
            return {}
        if name in _NOT_LEARNT:
            return _NOT_LEARNT[name]
        raise AttributeError(f"{type(self).__name__} has no {name}")


@attrs.define
class IPConnectionInfo(ConnectionInfo):
    """Two addresses."""

    localAddress: str = ""
    localPort: int = -1
    remoteAddress: str = ""
    remotePort: int = -1


@attrs.define
class TCPConnectionInfo(IPConnectionInfo):
    """TCP, by itself or below something else."""

    rcvSize: int = 0
    """Bytes the system keeps of what has arrived; 0 when that is not known."""
    sndSize: int = 0


@attrs.define
class UDPConnectionInfo(IPConnectionInfo):
    """A socket for datagrams."""

    mcastAddress: str = ""
    """The group it has joined or sends to."""
    mcastPort: int = 0
    rcvSize: int = 0
    sndSize: int = 0


@attrs.define
class SSLConnectionInfo(ConnectionInfo):
    """TLS."""

    cipher: str = ""
    certs: tuple[str, ...] = ()
    """The peer's certificates in PEM, its own first."""
    verified: bool = False
    """Whether they lead to somebody we trust."""


@attrs.define
class WSConnectionInfo(ConnectionInfo):
    """WebSocket."""

    headers: dict[str, str] = attrs.field(factory=dict)
    """What the peer's half of the handshake said, spelled as it came."""


def peer_name(transport: Any) -> str:
    """The peer's address, for texts."""
    peer = transport.getPeer()
    return f"{getattr(peer, 'host', peer)}:{getattr(peer, 'port', '')}"


def address_of(end: Any) -> tuple[str, int]:
    """Host and port of what Twisted calls an address."""
    return str(getattr(end, "host", "")), int(getattr(end, "port", 0))


@attrs.frozen
class Whose:
    """To whom a connection belongs."""

    incoming: bool
    adapter: Any
    connection_id: str

    @property
    def names(self) -> tuple[bool, str, str]:
        name = self.adapter.name if self.adapter is not None and self.incoming else ""
        return self.incoming, name, self.connection_id


def stream_info(
    kind: int, transport: Any, whose: Whose, stream: StreamInfo, buffers: tuple[int, int]
) -> ConnectionInfo:
    """That of a connection to an endpoint of that type."""
    names = whose.names
    here, there = address_of(transport.getHost()), address_of(transport.getPeer())
    info: ConnectionInfo = TCPConnectionInfo(None, *names, *here, *there, *buffers)
    if kind in (SSL, WSS):
        info = SSLConnectionInfo(info, *names, stream.cipher, stream.certs, stream.verified)
    if kind in (WS, WSS):
        info = WSConnectionInfo(info, *names, dict(stream.headers))
    return info


def datagram_info(
    whose: Whose,
    here: tuple[str, int],
    there: tuple[str, int],
    group: tuple[str, int],
    buffers: tuple[int, int],
) -> ConnectionInfo:
    """That of a socket for datagrams."""
    return UDPConnectionInfo(None, *whose.names, *here, *there, *group, *buffers)


__all__ = [
    "TCP",
    "ConnectionInfo",
    "IPConnectionInfo",
    "SSLConnectionInfo",
    "TCPConnectionInfo",
    "UDPConnectionInfo",
    "WSConnectionInfo",
    "Whose",
    "address_of",
    "datagram_info",
    "peer_name",
    "stream_info",
]
