"""Proxies in encoding 1.0: without versions, with endpoints in the same encoding."""

from __future__ import annotations

from struct import Struct

from pushnet.wire.basic import read_count, read_string, write_size, write_string
from pushnet.wire.endpoints import Endpoint, OpaqueEndpoint, UdpEndpoint, endpoint_of, write_endpoint
from pushnet.wire.errors import MarshalException, UnmarshalOutOfBoundsException
from pushnet.wire.identity import read_Identity, write_Identity
from pushnet.wire.proxies import Mode, ProxyData, read_facet, write_facet

_ENDPOINT = Struct("<hiBB")
_UDP_VERSIONS = b"\1\0\1\0"
"""Of protocol and encoding, between port and compression."""


def read_proxy_data10(buf: bytes, pos: int) -> tuple[ProxyData | None, int]:
    """A proxy; None is the null proxy. It calls in encoding 1.0, as whoever sent it does."""
    identity, pos = read_Identity(buf, pos)
    if not identity.name:
        return None, pos
    facet, pos = read_facet(buf, pos)
    if pos + 2 > len(buf):
        raise UnmarshalOutOfBoundsException("a proxy is cut off")
    mode, secure = buf[pos], bool(buf[pos + 1])
    if mode > Mode.batchDatagram:
        raise MarshalException(f"a proxy has the mode {mode}")
    count, pos = read_count(buf, pos + 2, _ENDPOINT.size)
    endpoints = []
    for _ in range(count):
        endpoint, pos = _read_endpoint(buf, pos)
        endpoints.append(endpoint)
    adapter_id = ""
    if not count:
        adapter_id, pos = read_string(buf, pos)
    return ProxyData(identity, facet, Mode(mode), secure, (1, 0), (1, 0), tuple(endpoints), adapter_id), pos


def write_proxy_data10(out: bytearray, data: ProxyData | None) -> None:
    if data is None:
        out += b"\0\0"
        return
    write_Identity(out, data.identity)
    write_facet(out, data.facet)
    out += bytes((data.mode, data.secure))
    write_size(out, len(data.endpoints))
    for endpoint in data.endpoints:
        _write_endpoint(out, endpoint)
    if not data.endpoints:
        write_string(out, data.adapter_id)


def _read_endpoint(buf: bytes, pos: int) -> tuple[Endpoint, int]:
    if pos + _ENDPOINT.size > len(buf):
        raise UnmarshalOutOfBoundsException("an endpoint is cut off")
    kind, size, major, minor = _ENDPOINT.unpack_from(buf, pos)
    end = pos + 2 + size
    if size < 6 or end > len(buf):
        raise MarshalException(f"an endpoint cannot have {size} bytes")
    body = buf[pos + _ENDPOINT.size : end]
    if (major, minor) != (1, 0):
        return endpoint_of(kind, (major, minor), body), end
    endpoint = endpoint_of(kind, (1, 1), _without_versions(body) if kind == UdpEndpoint.type else body)
    if isinstance(endpoint, OpaqueEndpoint):
        return OpaqueEndpoint(kind, (1, 0), body), end
    return endpoint, end


def _without_versions(body: bytes) -> bytes:
    """The body of a UDP endpoint as encoding 1.1 has it, if it can be one."""
    try:
        _, host_end = read_string(body, 0)
    except MarshalException:
        return body
    port_end = host_end + 4
    return body[:port_end] + body[port_end + len(_UDP_VERSIONS) :]


def _write_endpoint(out: bytearray, endpoint: Endpoint) -> None:
    start = len(out)
    write_endpoint(out, endpoint)
    if isinstance(endpoint, OpaqueEndpoint):
        return
    if isinstance(endpoint, UdpEndpoint):
        out[-1:-1] = _UDP_VERSIONS
    kind, size, _, _ = _ENDPOINT.unpack_from(out, start)
    added = len(_UDP_VERSIONS) if isinstance(endpoint, UdpEndpoint) else 0
    _ENDPOINT.pack_into(out, start, kind, size + added, 1, 0)
