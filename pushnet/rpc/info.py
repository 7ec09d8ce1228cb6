"""What a connection tells of itself and its peer: addresses, and what TLS and WebSocket have learnt."""

from __future__ import annotations

from typing import Any

from pushnet.net.handshakes import StreamInfo


class ConnectionInfo:
    """Where a connection comes from and goes to, and what its handshakes have told."""

    __slots__ = (
        "adapterName",
        "certs",
        "cipher",
        "connectionId",
        "headers",
        "incoming",
        "localAddress",
        "localPort",
        "remoteAddress",
        "remotePort",
        "verified",
    )

    def __init__(
        self,
        incoming: bool,
        adapter: str,
        connection_id: str,
        local: tuple[str, int],
        remote: tuple[str, int],
    ) -> None:
        self.incoming = incoming
        self.adapterName = adapter
        self.connectionId = connection_id
        self.localAddress, self.localPort = local
        self.remoteAddress, self.remotePort = remote
        self.cipher = ""
        """TLS only, as the next two."""
        self.certs: tuple[str, ...] = ()
        """The peer's certificates in PEM, its own first."""
        self.verified = False
        """Whether they lead to somebody we trust."""
        self.headers: dict[str, str] = {}
        """WebSocket only: what the peer's half of the handshake said, names in lower case."""


def peer_name(transport: Any) -> str:
    """The peer's address, for texts."""
    peer = transport.getPeer()
    return f"{getattr(peer, 'host', peer)}:{getattr(peer, 'port', '')}"


def connection_info(
    transport: Any, incoming: bool, adapter: Any, connection_id: str, stream: StreamInfo
) -> ConnectionInfo:
    """Ice's `ConnectionInfo`, its TCP, SSL and WS kinds in one."""
    name = adapter.name if adapter is not None and incoming else ""
    here, there = [
        (str(getattr(end, "host", "")), int(getattr(end, "port", 0)))
        for end in (transport.getHost(), transport.getPeer())
    ]
    info = ConnectionInfo(incoming, name, connection_id, here, there)
    info.cipher, info.certs, info.verified = stream.cipher, stream.certs, stream.verified
    info.headers = dict(stream.headers)
    return info
