"""Endpoints as bytes: known ones are read, everything else leaves as it came."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.endpoints import (
    SSL,
    TCP,
    WS,
    OpaqueEndpoint,
    StreamEndpoint,
    UdpEndpoint,
    read_endpoint,
    write_endpoint,
)
from pushnet.wire.errors import MarshalException

GOLDEN_TCP = bytes.fromhex("0100 19000000 0101 09 3132372e302e302e31 5bb00000 60ea0000 00")
GOLDEN_WS = bytes.fromhex("0400 14000000 0101 01 68 01000000 60ea0000 00 02 2f72")
GOLDEN_UDP = bytes.fromhex("0300 0d000000 0101 01 68 01000000 00")


class EndpointTests(SynchronousTestCase):
    def check(self, data: bytes, expected: object) -> None:
        endpoint, pos = read_endpoint(data, 0)
        self.assertEqual((endpoint, pos), (expected, len(data)))
        out = bytearray()
        write_endpoint(out, endpoint)
        self.assertEqual(bytes(out), data)

    def test_the_golden_endpoints_are_read(self) -> None:
        self.check(GOLDEN_TCP, StreamEndpoint(TCP, "127.0.0.1", 45147))
        self.check(GOLDEN_WS, StreamEndpoint(WS, "h", 1, resource="/r"))
        self.check(GOLDEN_UDP, UdpEndpoint("h", 1))

    def test_a_type_nobody_knows_stays_opaque(self) -> None:
        self.check(bytes.fromhex("4d00 09000000 0101 010203"), OpaqueEndpoint(77, (1, 1), b"\1\2\3"))

    def test_what_is_not_an_endpoint_of_its_type_to_the_last_byte_is_refused(self) -> None:
        longer = GOLDEN_TCP[:2] + b"\x1a" + GOLDEN_TCP[3:] + b"\x01"
        shorter = GOLDEN_TCP[:2] + b"\x18" + GOLDEN_TCP[3:-1]
        other_encoding = GOLDEN_TCP[:7] + b"\x02" + GOLDEN_TCP[8:]
        high_port = GOLDEN_TCP[:18] + b"\0\0\1\0" + GOLDEN_TCP[22:]
        for data in (longer, shorter, other_encoding, high_port):
            self.assertRaises(MarshalException, read_endpoint, data, 0)

    def test_those_of_old_peers_are_understood(self) -> None:
        endpoint, _ = read_endpoint(GOLDEN_TCP[:7] + b"\0" + GOLDEN_TCP[8:], 0)
        self.assertEqual(endpoint, StreamEndpoint(TCP, "127.0.0.1", 45147))

    def test_sizes_that_cannot_be_are_refused(self) -> None:
        for data in ("0100", "010005000000 0101", "0100ffffff7f0101", "0100ffffffff0101"):
            self.assertRaises(MarshalException, read_endpoint, bytes.fromhex(data), 0)

    def test_secure_and_datagram_are_told(self) -> None:
        self.assertTrue(StreamEndpoint(SSL, "h", 1).secure)
        self.assertFalse(StreamEndpoint(TCP, "h", 1).secure)
        self.assertTrue(UdpEndpoint("h", 1).datagram)

    def test_they_are_ordered_by_type_then_by_place_then_by_use(self) -> None:
        ordered = [
            StreamEndpoint(TCP, "a", 1, timeout_ms=-1),
            StreamEndpoint(TCP, "a", 1, timeout_ms=9),
            StreamEndpoint(TCP, "a", 1, timeout_ms=10),
            StreamEndpoint(TCP, "a", 2, timeout_ms=1),
            StreamEndpoint(TCP, "b", 1),
            OpaqueEndpoint(TCP, (1, 0), b"a"),
            StreamEndpoint(SSL, "a", 1),
            UdpEndpoint("a", 1),
            OpaqueEndpoint(20, (1, 0), b"a"),
            OpaqueEndpoint(20, (1, 0), b"b"),
            OpaqueEndpoint(20, (1, 1), b"a"),
        ]
        backwards = ordered[::-1]
        self.assertEqual(sorted(backwards), ordered)
        self.assertTrue(ordered[0] <= ordered[0] and ordered[1] >= ordered[1] and ordered[1] > ordered[0])
        self.assertRaises(TypeError, lambda: ordered[0] < "tcp")

    @given(st.binary(max_size=60))
    def test_garbage_is_refused_or_leaves_as_it_came(self, data: bytes) -> None:
        try:
            endpoint, pos = read_endpoint(data, 0)
        except MarshalException:
            return
        out = bytearray()
        write_endpoint(out, endpoint)
        again, end = read_endpoint(bytes(out), 0)
        self.assertEqual((again, end, len(out)), (endpoint, pos, pos))
