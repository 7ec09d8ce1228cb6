"""What a proxy says, apart from how it calls: identity, facet, mode, and where the object is.

Either it has endpoints (direct), or the id of an adapter (indirect), or neither (well known). The string
form of all this is in `proxy_text`.
"""

from __future__ import annotations

from enum import IntEnum
from struct import Struct

import attrs

from pushnet.wire.basic import read_count, read_size, read_string, write_size, write_string
from pushnet.wire.endpoints import Endpoint, read_endpoint, write_endpoint
from pushnet.wire.errors import MarshalException, UnmarshalOutOfBoundsException
from pushnet.wire.identity import Identity, read_Identity, write_Identity

_MIDDLE = Struct("<B?BBBB")
_ENDPOINT_BYTES_MIN = 8


class Mode(IntEnum):
    """How requests travel."""

    twoway = 0
    oneway = 1
    batchOneway = 2
    datagram = 3
    batchDatagram = 4


@attrs.frozen
class ProxyData:
    """The part of a proxy that travels."""

    identity: Identity
    facet: str = ""
    mode: Mode = Mode.twoway
    secure: bool = False
    protocol: tuple[int, int] = (1, 0)
    encoding: tuple[int, int] = (1, 1)
    endpoints: tuple[Endpoint, ...] = ()
    adapter_id: str = ""


def read_facet(buf: bytes, pos: int) -> tuple[str, int]:
    """A facet is a sequence of no string or one."""
    count, pos = read_size(buf, pos)
    if count == 0:
        return "", pos
    if count > 1:
        raise MarshalException(f"a facet has {count} parts")
    return read_string(buf, pos)


def write_facet(out: bytearray, facet: str) -> None:
    if facet:
        out.append(1)
        write_string(out, facet)
    else:
        out.append(0)


def read_proxy_data(buf: bytes, pos: int) -> tuple[ProxyData | None, int]:
    """A proxy in encoding 1.1; None is the null proxy."""
    identity, pos = read_Identity(buf, pos)
    if not identity.name:
        return None, pos
    facet, pos = read_facet(buf, pos)
    if pos + _MIDDLE.size > len(buf):
        raise UnmarshalOutOfBoundsException("a proxy is cut off")
    mode, secure, *versions = _MIDDLE.unpack_from(buf, pos)
    if mode > Mode.batchDatagram:
        raise MarshalException(f"a proxy has the mode {mode}")
    count, pos = read_count(buf, pos + _MIDDLE.size, _ENDPOINT_BYTES_MIN)
    endpoints = []
    for _ in range(count):
        endpoint, pos = read_endpoint(buf, pos)
        endpoints.append(endpoint)
    adapter_id = ""
    if not count:
        adapter_id, pos = read_string(buf, pos)
    protocol, encoding = (versions[0], versions[1]), (versions[2], versions[3])
    data = ProxyData(identity, facet, Mode(mode), secure, protocol, encoding, tuple(endpoints), adapter_id)
    return data, pos


def write_proxy_data(out: bytearray, data: ProxyData | None) -> None:
    if data is None:
        out += b"\0\0"
        return
    write_Identity(out, data.identity)
    write_facet(out, data.facet)
    out += _MIDDLE.pack(data.mode, data.secure, *data.protocol, *data.encoding)
    write_size(out, len(data.endpoints))
    for endpoint in data.endpoints:
        write_endpoint(out, endpoint)
    if not data.endpoints:
        write_string(out, data.adapter_id)
