"""Endpoints: where an object listens. Bytes to values and back; `endpoint_text` reads their string form.

An endpoint is its type and an encapsulation. What cannot be read here to the last byte stays opaque and is
written again unchanged: a proxy may come from a peer that knows more than we do.
"""

from __future__ import annotations

import base64
from struct import Struct
from struct import error as StructError
from typing import Any

import attrs

from pushnet.wire.basic import read_string, write_string
from pushnet.wire.endpoint_info import (
    NAMES,
    SSL,
    TCP,
    UDP,
    WS,
    WSS,
    EndpointInfo,
    OpaqueEndpointInfo,
    UDPEndpointInfo,
    stream_info,
)
from pushnet.wire.errors import MarshalException, UnmarshalOutOfBoundsException
from pushnet.wire.versions import EncodingVersion
from pushnet.wire.words import quoted

TIMEOUT_MS = 60_000
"""Ice's default for an endpoint, written into every proxy."""
PORT_MAX = 65_535
__all__ = [
    "NAMES",
    "PORT_MAX",
    "SSL",
    "TCP",
    "TIMEOUT_MS",
    "UDP",
    "WS",
    "WSS",
    "Endpoint",
    "OpaqueEndpoint",
    "StreamEndpoint",
    "UdpEndpoint",
    "endpoint_of",
    "read_endpoint",
    "write_endpoint",
]

_HEAD = Struct("<hiBB")
_TCP_TAIL = Struct("<ii?")
_UDP_TAIL = Struct("<i?")


class _Ordered:
    """Endpoints come after each other by their types, then by where they are, then by how they are used."""

    __slots__ = ()

    def key(self) -> tuple[Any, ...]:
        """Comparable with that of any other endpoint."""
        raise NotImplementedError

    def __lt__(self, other: object) -> bool:
        return self.key() < other.key() if isinstance(other, _Ordered) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.key() <= other.key() if isinstance(other, _Ordered) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.key() > other.key() if isinstance(other, _Ordered) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.key() >= other.key() if isinstance(other, _Ordered) else NotImplemented


@attrs.frozen(order=False)
class StreamEndpoint(_Ordered):
    """TCP, TLS, or WebSocket over one of them."""

    type: int
    host: str
    port: int
    timeout_ms: int = TIMEOUT_MS
    """For connecting; -1 means none."""
    compress: bool = False
    resource: str = ""
    """WebSocket only."""
    source: str = ""
    """The local address to connect from. Does not travel."""

    @property
    def secure(self) -> bool:
        return self.type in (SSL, WSS)

    datagram = False

    def getInfo(self) -> EndpointInfo:
        address = (self.host, self.port, self.source)
        return stream_info(self.type, self.timeout_ms, self.compress, address, self.resource)

    def key(self) -> tuple[Any, ...]:
        where = (self.host, self.port, self.timeout_ms, self.source, self.compress, self.resource)
        return (self.type, False, *where)

    def toString(self) -> str:
        return str(self)

    def __str__(self) -> str:
        text = f"{NAMES[self.type]} -h {quoted(self.host)}" if self.host else NAMES[self.type]
        text += f" -p {self.port}"
        text += f" --sourceAddress {quoted(self.source)}" if self.source else ""
        text += f" -t {self.timeout_ms}" if self.timeout_ms >= 0 else " -t infinite"
        text += " -z" if self.compress else ""
        return text + (f" -r {quoted(self.resource)}" if self.resource else "")


@attrs.frozen(order=False)
class UdpEndpoint(_Ordered):
    """Datagrams, to one host or to a group."""

    host: str
    port: int
    compress: bool = False
    source: str = ""
    """The local address to send from. Does not travel, as those below."""
    interface: str = ""
    """Where a group is joined, or sent to."""
    ttl: int = -1
    """Of what is sent to a group; -1: the system's, which is 1."""
    connect: bool = False
    """What somebody else answers is not taken. (Nothing is answered in datagrams.)"""

    type = UDP
    secure = False
    datagram = True

    def getInfo(self) -> EndpointInfo:
        return UDPEndpointInfo(
            UDP, None, -1, self.compress, self.host, self.port, self.source, self.interface, self.ttl
        )

    def key(self) -> tuple[Any, ...]:
        where = (self.host, self.port, self.source, self.compress)
        return (UDP, False, *where, self.connect, self.ttl, self.interface)

    def toString(self) -> str:
        return str(self)

    def __str__(self) -> str:
        text = f"udp -h {quoted(self.host)} -p {self.port}" if self.host else f"udp -p {self.port}"
        text += f" --sourceAddress {quoted(self.source)}" if self.source else ""
        text += f" --interface {quoted(self.interface)}" if self.interface else ""
        text += f" --ttl {self.ttl}" if self.ttl >= 0 else ""
        return text + (" -c" if self.connect else "") + (" -z" if self.compress else "")


@attrs.frozen(order=False)
class OpaqueEndpoint(_Ordered):
    """Whatever it is, it leaves as it came."""

    type: int
    encoding: tuple[int, int]
    data: bytes

    secure = False
    datagram = False

    def getInfo(self) -> EndpointInfo:
        version = EncodingVersion(*self.encoding)
        return OpaqueEndpointInfo(self.type, rawEncoding=version, rawBytes=self.data)

    def key(self) -> tuple[Any, ...]:
        return (self.type, True, self.encoding, self.data)

    def toString(self) -> str:
        return str(self)

    def __str__(self) -> str:
        data = base64.b64encode(self.data).decode()
        return f"opaque -t {self.type} -e {self.encoding[0]}.{self.encoding[1]} -v {data}"


Endpoint = StreamEndpoint | UdpEndpoint | OpaqueEndpoint


def read_endpoint(buf: bytes, pos: int) -> tuple[Endpoint, int]:
    if pos + 8 > len(buf):
        raise UnmarshalOutOfBoundsException("an endpoint is cut off")
    kind, size, major, minor = _HEAD.unpack_from(buf, pos)
    end = pos + 2 + size
    if size < 6 or end > len(buf):
        raise MarshalException(f"an endpoint cannot have {size} bytes")
    return endpoint_of(kind, (major, minor), buf[pos + 8 : end]), end


def write_endpoint(out: bytearray, endpoint: Endpoint) -> None:
    encoding = (1, 1)
    if isinstance(endpoint, OpaqueEndpoint):
        encoding, body = endpoint.encoding, endpoint.data
    else:
        body = _body(endpoint)
    out += _HEAD.pack(endpoint.type, 6 + len(body), *encoding)
    out += body


def endpoint_of(kind: int, encoding: tuple[int, int], body: bytes) -> Endpoint:
    """The endpoint these bytes stand for, opaque when its type is not known.

    Raises `MarshalException` when the type is known, and the bytes are not all of such an endpoint.
    """
    if kind not in NAMES or (kind == UDP and encoding == (1, 0)):
        return OpaqueEndpoint(kind, encoding, body)
    if encoding not in ((1, 1), (1, 0)):
        raise MarshalException(f"an endpoint in encoding {encoding[0]}.{encoding[1]}")
    try:
        endpoint, pos = (_read_udp if kind == UDP else _read_stream)(kind, body)
    except StructError:
        raise UnmarshalOutOfBoundsException(f"an endpoint of type {NAMES[kind]} is cut off") from None
    if pos != len(body):
        raise MarshalException(f"{len(body) - pos} bytes follow an endpoint of type {NAMES[kind]}")
    if not 0 <= endpoint.port <= PORT_MAX:
        raise MarshalException(f"an endpoint has the port {endpoint.port}")
    return endpoint


def _read_stream(kind: int, body: bytes) -> tuple[StreamEndpoint | UdpEndpoint, int]:
    host, pos = read_string(body, 0)
    port, timeout_ms, compress = _TCP_TAIL.unpack_from(body, pos)
    pos += _TCP_TAIL.size
    resource = ""
    if kind in (WS, WSS):
        resource, pos = read_string(body, pos)
    return StreamEndpoint(kind, host, port, max(-1, timeout_ms), compress, resource), pos


def _read_udp(kind: int, body: bytes) -> tuple[StreamEndpoint | UdpEndpoint, int]:
    host, pos = read_string(body, 0)
    port, compress = _UDP_TAIL.unpack_from(body, pos)
    return UdpEndpoint(host, port, compress), pos + _UDP_TAIL.size


def _body(endpoint: StreamEndpoint | UdpEndpoint) -> bytes:
    out = bytearray()
    write_string(out, endpoint.host)
    if isinstance(endpoint, UdpEndpoint):
        out += _UDP_TAIL.pack(endpoint.port, endpoint.compress)
        return bytes(out)
    out += _TCP_TAIL.pack(endpoint.port, endpoint.timeout_ms, endpoint.compress)
    if endpoint.type in (WS, WSS):
        write_string(out, endpoint.resource)
    return bytes(out)
