"""What an endpoint tells of itself: Ice's `EndpointInfo` and its kinds.

The information of a layered endpoint is layered as well: that of `wss` has the resource, and below it that of
TLS, and below that the address. Each layer tells the type of the whole.
"""

from __future__ import annotations

import attrs

from pushnet.wire.versions import Encoding_1_0, EncodingVersion

TCP, SSL, UDP, WS, WSS = 1, 2, 3, 4, 5
NAMES = {TCP: "tcp", SSL: "ssl", UDP: "udp", WS: "ws", WSS: "wss"}


@attrs.frozen
class EndpointInfo:
    """One layer's."""

    kind: int
    underlying: EndpointInfo | None = None
    timeout: int = -1
    """Milliseconds; -1: none."""
    compress: bool = False

    def type(self) -> int:
        """The number of the endpoint's type, as it travels in proxies."""
        return self.kind

    def datagram(self) -> bool:
        return self.kind == UDP

    def secure(self) -> bool:
        return self.kind in (SSL, WSS)


@attrs.frozen
class IPEndpointInfo(EndpointInfo):
    """An address."""

    host: str = ""
    port: int = 0
    sourceAddress: str = ""


@attrs.frozen
class TCPEndpointInfo(IPEndpointInfo):
    """TCP, by itself or below something else."""


@attrs.frozen
class UDPEndpointInfo(IPEndpointInfo):
    """UDP, perhaps to a group."""

    mcastInterface: str = ""
    mcastTtl: int = -1


@attrs.frozen
class SSLEndpointInfo(EndpointInfo):
    """TLS."""


@attrs.frozen
class WSEndpointInfo(EndpointInfo):
    """WebSocket."""

    resource: str = ""


@attrs.frozen
class OpaqueEndpointInfo(EndpointInfo):
    """Of a type that is not known here."""

    rawEncoding: EncodingVersion = Encoding_1_0
    rawBytes: bytes = b""


def stream_info(
    kind: int, timeout_ms: int, compress: bool, address: tuple[str, int, str], resource: str
) -> EndpointInfo:
    """That of TCP or what lies over it; `address` is host, port and source address."""
    host, port, source = address
    info: EndpointInfo = TCPEndpointInfo(kind, None, timeout_ms, compress, host, port, source)
    if kind in (SSL, WSS):
        info = SSLEndpointInfo(kind, info, timeout_ms, compress)
    if kind in (WS, WSS):
        info = WSEndpointInfo(kind, info, timeout_ms, compress, resource)
    return info
