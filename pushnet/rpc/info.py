"""What a connection tells of itself and its peer: addresses, and what TLS and WebSocket have learnt."""

from __future__ import annotations

from typing import Any

from pushnet.net.handshakes import StreamInfo
from pushnet.rpc.current import ConnectionInfo


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
