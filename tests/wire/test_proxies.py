"""Proxies as bytes: golden vectors of stock Ice, there and back, and nothing hostile gets through."""

import attrs
from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.endpoints import TCP, OpaqueEndpoint, StreamEndpoint
from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import Mode, ProxyData, read_facet, read_proxy_data, write_proxy_data

DIRECT = bytes.fromhex(
    "02 6964 03 636174 01 03 666163 00 00 0100 0101 01"
    "0100 19000000 0101 09 3132372e302e302e31 5bb00000 60ea0000 00"
)
INDIRECT = bytes.fromhex("01 78 00 00 00 00 0100 0101 00 07 41646170746572")
WELL_KNOWN = bytes.fromhex("01 78 00 00 00 00 0100 0101 00 00")

endpoints = st.one_of(
    st.builds(StreamEndpoint, st.just(TCP), st.text(max_size=4), st.integers(0, 65535), st.integers(1, 9)),
    st.builds(OpaqueEndpoint, st.integers(10, 99), st.just((1, 1)), st.binary(max_size=4)),
)
proxies = st.builds(
    ProxyData,
    st.builds(Identity, st.text(min_size=1, max_size=4), st.text(max_size=4)),
    st.text(max_size=4),
    st.sampled_from(Mode),
    st.booleans(),
    endpoints=st.lists(endpoints, max_size=3).map(tuple),
    adapter_id=st.text(max_size=4),
)


class ProxyTests(SynchronousTestCase):
    def check(self, data: bytes, expected: ProxyData | None) -> None:
        self.assertEqual(read_proxy_data(data, 0), (expected, len(data)))
        out = bytearray()
        write_proxy_data(out, expected)
        self.assertEqual(bytes(out), data)

    def test_the_golden_proxies_are_read(self) -> None:
        endpoint = StreamEndpoint(TCP, "127.0.0.1", 45147)
        self.check(DIRECT, ProxyData(Identity("id", "cat"), "fac", endpoints=(endpoint,)))
        self.check(INDIRECT, ProxyData(Identity("x"), adapter_id="Adapter"))
        self.check(WELL_KNOWN, ProxyData(Identity("x")))
        self.check(b"\0\0", None)

    def test_a_facet_of_two_parts_is_refused(self) -> None:
        self.assertRaises(MarshalException, read_facet, b"\2\1a\1b", 0)

    def test_an_unknown_mode_is_refused(self) -> None:
        self.assertRaises(MarshalException, read_proxy_data, WELL_KNOWN[:4] + b"\5" + WELL_KNOWN[5:], 0)

    def test_more_endpoints_than_bytes_are_refused(self) -> None:
        many = WELL_KNOWN[:10] + b"\xff\xff\xff\xff\x7f" + bytes(20)
        self.assertRaises(MarshalException, read_proxy_data, many, 0)

    def test_a_proxy_cut_off_anywhere_is_refused(self) -> None:
        for end in range(1, len(DIRECT)):
            self.assertRaises(MarshalException, read_proxy_data, DIRECT[:end], 0)

    @given(proxies)
    def test_every_proxy_comes_back(self, data: ProxyData) -> None:
        if data.endpoints:
            data = attrs.evolve(data, adapter_id="")
        out = bytearray()
        write_proxy_data(out, data)
        self.assertEqual(read_proxy_data(bytes(out), 0), (data, len(out)))

    @given(st.binary(max_size=80))
    def test_garbage_raises_only_the_peers_fault(self, data: bytes) -> None:
        try:
            _, pos = read_proxy_data(data, 0)
        except MarshalException:
            return
        self.assertLessEqual(pos, len(data))
