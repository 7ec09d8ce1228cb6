"""Proxies in encoding 1.0."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.endpoints import TCP, WS, OpaqueEndpoint, StreamEndpoint, UdpEndpoint
from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import ProxyData
from pushnet.wire.proxies10 import read_proxy_data10, write_proxy_data10

ENDPOINTS = (
    StreamEndpoint(TCP, "h", 1),
    StreamEndpoint(WS, "h", 1, resource="/r"),
    UdpEndpoint("h", 1),
    OpaqueEndpoint(99, (1, 0), b"abc"),
)


def written(data: ProxyData | None) -> bytes:
    out = bytearray()
    write_proxy_data10(out, data)
    return bytes(out)


class Proxies10Test(SynchronousTestCase):
    def test_no_versions_and_endpoints_of_the_same_encoding(self) -> None:
        data = ProxyData(Identity("x"), encoding=(1, 0), endpoints=ENDPOINTS)
        expected = (
            "0178 00 00 00 00 04"
            " 0100 11000000 0100 0168 01000000 60ea0000 00"
            " 0400 14000000 0100 0168 01000000 60ea0000 00 022f72"
            " 0300 11000000 0100 0168 01000000 01000100 00"
            " 6300 09000000 0100 616263"
        )
        self.assertEqual(written(data).hex(), expected.replace(" ", ""))
        self.assertEqual(read_proxy_data10(written(data), 0), (data, len(written(data))))

    def test_without_endpoints_and_without_a_proxy(self) -> None:
        for data in (ProxyData(Identity("x", "c"), "f", encoding=(1, 0), adapter_id="a"), None):
            self.assertEqual(read_proxy_data10(written(data), 0)[0], data)
        self.assertEqual(written(None), b"\0\0")

    def test_an_endpoint_of_another_encoding_stays_as_it_is(self) -> None:
        out = bytearray(written(ProxyData(Identity("x"), endpoints=ENDPOINTS[:1])))
        out[out.index(b"\1\0\x01h") + 1] = 1
        data, _ = read_proxy_data10(bytes(out), 0)
        assert data is not None
        self.assertEqual(data.endpoints, ENDPOINTS[:1])

    @given(st.binary(max_size=60))
    def test_garbage_raises_only_the_peers_fault(self, garbage: bytes) -> None:
        for data in (garbage, b"\1x\0\0\0\1" + garbage):
            try:
                read_proxy_data10(data, 0)
            except MarshalException:
                continue
