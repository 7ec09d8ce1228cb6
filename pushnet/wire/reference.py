"""What a proxy says, as a value: which object, how to call it, where it is.

On the wire: identity, facet (a sequence of none or one), mode, secure, protocol and encoding versions, and
either endpoints or an adapter id. Endpoints of kinds we do not know are kept as they came and go out
unchanged. Source: the Ice manual, "Data Encoding for Proxies".
"""

from __future__ import annotations

from struct import Struct

import attrs

from pushnet.wire.basic import check_count, read_size, read_string, write_size, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity, read_Identity, write_Identity

MODES = ("twoway", "oneway", "batch oneway", "datagram", "batch datagram")
TWOWAY, ONEWAY, BATCH_ONEWAY, DATAGRAM, BATCH_DATAGRAM = range(5)

TCP, SSL, UDP, WS, WSS = 1, 2, 3, 4, 5
PROTOCOLS = {TCP: "tcp", SSL: "ssl", UDP: "udp", WS: "ws", WSS: "wss"}

_HEAD = Struct("<BB4B")
_ENDPOINT = Struct("<hi2B")
_PORT_TIMEOUT = Struct("<iiB")
_PORT_COMPRESS = Struct("<iB")
_ENDPOINT_BYTES_MIN = 8
_PROTOCOL_1_0 = (1, 0)


@attrs.frozen
class Endpoint:
    """One place to reach an object at.

    `timeout_ms` is -1 for infinite. `raw` is set for kinds we do not know: the body as it came, with its
    `encoding`; such an endpoint goes out again unchanged and is never connected to.
    """

    type: int = TCP
    host: str = ""
    port: int = 0
    timeout_ms: int = 60_000
    compress: bool = False
    resource: str = ""
    source: str = ""
    """Local address to connect from; not sent."""
    raw: bytes | None = None
    encoding: tuple[int, int] = (1, 1)

    @property
    def protocol(self) -> str:
        return PROTOCOLS.get(self.type, "opaque") if self.raw is None else "opaque"

    @property
    def is_secure(self) -> bool:
        return self.type in (SSL, WSS)


@attrs.frozen
class Reference:
    """Everything about a proxy that goes on the wire. `endpoints` and `adapter_id` exclude each other."""

    identity: Identity
    facet: str = ""
    mode: int = TWOWAY
    secure: bool = False
    encoding: tuple[int, int] = (1, 1)
    endpoints: tuple[Endpoint, ...] = ()
    adapter_id: str = ""
    protocol: tuple[int, int] = _PROTOCOL_1_0

    @property
    def is_indirect(self) -> bool:
        return not self.endpoints

    @property
    def is_well_known(self) -> bool:
        return not self.endpoints and not self.adapter_id


def write_reference(out: bytearray, reference: Reference | None) -> None:
    """A proxy in encoding 1.1; None is the null proxy."""
    if reference is None:
        out += b"\0\0"
        return
    write_Identity(out, reference.identity)
    write_facet(out, reference.facet)
    out += _HEAD.pack(reference.mode, reference.secure, *reference.protocol, *reference.encoding)
    write_size(out, len(reference.endpoints))
    for endpoint in reference.endpoints:
        _write_endpoint(out, endpoint)
    if not reference.endpoints:
        write_string(out, reference.adapter_id)


def read_reference(buf: bytes, pos: int) -> tuple[Reference | None, int]:
    """A proxy in encoding 1.1. Raises `MarshalException`, `struct.error`."""
    identity, pos = read_Identity(buf, pos)
    if not identity.name:
        return None, pos
    facet, pos = read_facet(buf, pos)
    mode, secure, p_major, p_minor, e_major, e_minor = _HEAD.unpack_from(buf, pos)
    pos += _HEAD.size
    if mode >= len(MODES):
        raise MarshalException(f"a proxy has the unknown mode {mode}")
    count, pos = read_size(buf, pos)
    check_count(buf, pos, count, _ENDPOINT_BYTES_MIN)
    endpoints = []
    for _ in range(count):
        endpoint, pos = _read_endpoint(buf, pos)
        endpoints.append(endpoint)
    adapter_id = ""
    if not endpoints:
        adapter_id, pos = read_string(buf, pos)
    return (
        Reference(
            identity,
            facet,
            mode,
            bool(secure),
            (e_major, e_minor),
            tuple(endpoints),
            adapter_id,
            (p_major, p_minor),
        ),
        pos,
    )


def write_facet(out: bytearray, facet: str) -> None:
    if facet:
        out.append(1)
        write_string(out, facet)
    else:
        out.append(0)


def read_facet(buf: bytes, pos: int) -> tuple[str, int]:
    """A facet path: a sequence that may hold none or one. Raises `MarshalException`."""
    count, pos = read_size(buf, pos)
    if count == 0:
        return "", pos
    if count > 1:
        raise MarshalException(f"a facet path has {count} parts")
    return read_string(buf, pos)


def _write_endpoint(out: bytearray, endpoint: Endpoint) -> None:
    body = bytearray()
    encoding = (1, 1)
    if endpoint.raw is not None:
        body += endpoint.raw
        encoding = endpoint.encoding
    else:
        write_string(body, endpoint.host)
        if endpoint.type == UDP:
            body += _PORT_COMPRESS.pack(endpoint.port, endpoint.compress)
        else:
            body += _PORT_TIMEOUT.pack(endpoint.port, endpoint.timeout_ms, endpoint.compress)
        if endpoint.type in (WS, WSS):
            write_string(body, endpoint.resource)
    out += _ENDPOINT.pack(endpoint.type, len(body) + 6, *encoding)
    out += body


def _read_endpoint(buf: bytes, pos: int) -> tuple[Endpoint, int]:
    kind, size, major, minor = _ENDPOINT.unpack_from(buf, pos)
    start, end = pos + _ENDPOINT.size, pos + 2 + size
    if size < 6 or end > len(buf):
        raise MarshalException(f"an endpoint of {size} bytes does not fit")
    body = buf[start:end]
    if kind not in PROTOCOLS or (major, minor) != (1, 1):
        return Endpoint(kind, raw=body, encoding=(major, minor)), end
    return _known_endpoint(kind, body), end


def _known_endpoint(kind: int, body: bytes) -> Endpoint:
    host, at = read_string(body, 0)
    if kind == UDP:
        port, compress = _PORT_COMPRESS.unpack_from(body, at)
        timeout_ms, at = -1, at + _PORT_COMPRESS.size
    else:
        port, timeout_ms, compress = _PORT_TIMEOUT.unpack_from(body, at)
        at += _PORT_TIMEOUT.size
    if not 0 <= port <= 65535:
        raise MarshalException(f"an endpoint has the port {port}")
    resource = ""
    if kind in (WS, WSS):
        resource, at = read_string(body, at)
    if at != len(body):
        raise MarshalException("an endpoint is longer than what it holds")
    return Endpoint(kind, host, port, timeout_ms, bool(compress), resource)
