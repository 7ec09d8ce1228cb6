"""Numbers of variable length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.layout import read_varint, varint


class VarintTests(SynchronousTestCase):
    @given(value=st.integers(0, 2**63 - 1), before=st.binary(max_size=3))
    def test_a_number_is_read_as_it_was_written(self, value: int, before: bytes) -> None:
        data = before + varint(value)
        self.assertEqual(read_varint(data, len(before)), (value, len(data)))

    def test_seven_bits_are_a_byte(self) -> None:
        numbers = [127, 128, 2**14 - 1, 2**14, 2**21 - 1, 2**21, 2**63 - 1]
        self.assertEqual([len(varint(number)) for number in numbers], [1, 2, 2, 3, 3, 4, 9])
        self.assertEqual(varint(300), b"\xac\x02")

    def test_a_number_of_more_than_63_bits_is_the_peers_fault(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            read_varint(b"\xff" * 9 + b"\x01", 0)
