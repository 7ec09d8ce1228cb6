"""What a peer may claim and what not, each at its edge: sizes, counts, numbers, depths.

These are the faults that Ice's own decoders were mended of in 3.7.12 and 3.8.2, and their neighbours. What is
refused costs no more than four times its bytes and 64 KiB.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from struct import error as StructError
from struct import pack
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.basic import read_bytes, read_context, read_string, read_strings
from pushnet.wire.errors import ProtocolException
from pushnet.wire.message import MESSAGE_BYTES_MAX, inflated
from pushnet.wire.proxies import read_proxy_data
from pushnet.wire.request import read_batch
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.values import Value
from pushnet.wire.values10 import Reader10
from tests.golden import collections, graphs
from tests.golden.graphs import Leaf
from tests.wire.test_message import compressed, message

PEERS_FAULT = (ProtocolException, StructError, IndexError, UnicodeDecodeError)
LEAF = b"\x0e::Graphs::Leaf"
NODE = b"\x0e::Graphs::Node"
Read = Callable[[bytes], Any]


def size(count: int) -> bytes:
    return bytes([count]) if 0 <= count < 255 else b"\xff" + pack("<i", count)


def graph(data: bytes) -> Any:
    return ValueReader(None).value(data, 0, Value)


def graph10(data: bytes) -> Any:
    reader = Reader10(None)
    found, pos = reader.value(data, 0, Value)
    return found, reader.finish(data, pos)


def proxy(count: int, endpoints: bytes) -> bytes:
    return b"\1x\0\0\0\0\1\0\1\1" + size(count) + endpoints


def endpoint(port: int) -> bytes:
    return bytes.fromhex("0100 11000000 0101 0168") + pack("<iiB", port, -1, 0)


class ClaimsTest(SynchronousTestCase):
    def taken(self, read: Read, data: bytes) -> None:
        read(data)

    def refused(self, read: Read, data: bytes) -> None:
        tracemalloc.start()
        try:
            self.assertRaises(PEERS_FAULT, read, data)
            weight = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertLessEqual(weight, 4 * len(data) + 65_536, data[:20].hex())

    def counted(self, read: Read, element: bytes, start: bytes = b"") -> None:
        """As many elements as there are, not one more, and no number that an int32 may hold beside."""
        for count in (0, 1, 254, 255, 300):
            self.taken(read, start + size(count) + element * count)
            self.refused(read, start + size(count + 1) + element * count)
        for claim in (2**31 - 1, 2**30, -1, -(2**31)):
            self.refused(read, start + b"\xff" + pack("<i", claim) + element * 300)

    def test_counts_of_sequences_and_dictionaries(self) -> None:
        self.counted(lambda data: collections.read_Ints(data, 0), b"1234")
        self.counted(lambda data: collections.read_Points(data, 0), b"12345678")
        self.counted(lambda data: collections.read_Doubles(data, 0), b"12345678")
        self.counted(lambda data: collections.read_Strings(data, 0), b"\1a")
        self.counted(lambda data: collections.read_Gauges(data, 0), b"\1a12345678")
        self.counted(lambda data: read_strings(data, 0), b"\1a")
        self.counted(lambda data: read_context(data, 0), b"\1a\1b")
        self.counted(lambda data: read_bytes(data, 0), b"a")
        self.counted(lambda data: read_string(data, 0), b"a")

    def test_counts_of_endpoints(self) -> None:
        self.taken(lambda data: read_proxy_data(data, 0), proxy(0, b"\0"))
        for count in (1, 300):
            self.taken(lambda data: read_proxy_data(data, 0), proxy(count, endpoint(1) * count))
            self.refused(lambda data: read_proxy_data(data, 0), proxy(count + 1, endpoint(1) * count))
        self.refused(lambda data: read_proxy_data(data, 0), proxy(2**31 - 1, endpoint(1)))

    def test_ports(self) -> None:
        for port in (0, 65_535):
            self.taken(lambda data: read_proxy_data(data, 0), proxy(1, endpoint(port)))
        for port in (65_536, -1, 2**31 - 1):
            self.refused(lambda data: read_proxy_data(data, 0), proxy(1, endpoint(port)))

    def test_counts_of_batches(self) -> None:
        request = b"\1o\0\0\2op\0\0\x06\0\0\0\1\1"
        for count in (1, 2):
            whole = message(1, pack("<i", count) + request * count)
            self.taken(lambda data: list(read_batch(data)), whole)
            for claim in (count + 1, 2**31 - 1, -1, -(2**31)):
                wrong = message(1, pack("<i", claim) + request * count)
                self.refused(lambda data: list(read_batch(data)), wrong)

    def test_numbers_of_instances(self) -> None:
        leaf = b"\1\x21" + LEAF + bytes(4)
        self.taken(graph, leaf)
        self.taken(graph, b"\0")
        for number in (2, 254, 2**31 - 1, -1):
            self.refused(graph, size(number))

    def test_tables_of_instances(self) -> None:
        leaf = b"\1\x21" + LEAF + bytes(4)
        unknown = b"\1\x39\x05::X::\x04\0\0\0"
        self.taken(graph, unknown + b"\1" + leaf)
        for table in (b"", b"\0", b"\1\0", b"\2" + leaf, b"\1\3", size(2**31 - 1) + leaf, size(-1)):
            self.refused(graph, unknown + table)

    def test_sizes_of_slices(self) -> None:
        self.taken(graph, b"\1\x31" + LEAF + pack("<i", 8) + bytes(4))
        for claim in (7, 9, 4, 3, 0, -1, 2**31 - 1, -(2**31)):
            self.refused(graph, b"\1\x31" + LEAF + pack("<i", claim) + bytes(4))

    def test_optional_members_past_the_end_of_their_slice(self) -> None:
        self.taken(graph, b"\1\x35" + LEAF + pack("<i", 14) + bytes(4) + b"\x0a\1\0\0\0\xff")
        for claim in (9, 10, 13):
            self.refused(graph, b"\1\x35" + LEAF + pack("<i", claim) + bytes(4) + b"\x0a\1\0\0\0\xff")

    def test_indexes_of_types(self) -> None:
        two = b"\1\x21" + NODE[:1] + b"::Graphs::Leaf" + bytes(4) + b"\1\x22"
        read: Read = lambda data: graphs.read_Leaves(data, 0, ValueReader(None))  # noqa: E731
        self.taken(read, b"\2" + two + b"\1" + bytes(4))
        for index in (0, 2, 254, 2**31 - 1, -1):
            self.refused(read, b"\2" + two + size(index) + bytes(4))

    def test_numbers_of_instances_in_encoding_1_0(self) -> None:
        end = b"\0\x0d::Ice::Object\x05\0\0\0\0\0"
        leaf = b"\0" + LEAF + pack("<i", 8) + bytes(4) + end
        found, _ = graph10(pack("<i", -1) + b"\1" + pack("<i", 1) + leaf)
        self.assertIsInstance(found, Leaf)
        for named in (1, -2, -(2**31), 2**31 - 1):
            self.refused(graph10, pack("<i", named) + b"\1" + pack("<i", 1) + leaf)
        for comes in (0, -1, 2, -(2**31)):
            self.refused(graph10, pack("<i", -1) + b"\1" + pack("<i", comes) + leaf)

    def test_a_chain_of_a_hundred_thousand_instances(self) -> None:
        link = b"\1\x21" + NODE + bytes(4) + (b"\1\x22\1" + bytes(4)) * 100_000
        self.refused(graph, link)

    def test_a_kilobyte_that_would_be_a_gigabyte(self) -> None:
        bomb = compressed(message(0, bytes(4_000_000)))
        self.refused(lambda data: inflated(data, MESSAGE_BYTES_MAX), bomb)
        for claim in (2**31 - 1, MESSAGE_BYTES_MAX + 1, 13, 0, -1, -(2**31)):
            self.refused(
                lambda data: inflated(data, MESSAGE_BYTES_MAX), bomb[:14] + pack("<i", claim) + bomb[18:]
            )
