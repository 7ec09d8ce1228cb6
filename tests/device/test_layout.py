"""Numbers of variable length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.layout import read_varint, write_varint


class VarintTests(SynchronousTestCase):
    @given(value=st.integers(0, 2**63 - 1), before=st.binary(max_size=3))
    def test_a_number_is_read_as_it_was_written(self, value: int, before: bytes) -> None:
        out = bytearray(before)
        write_varint(out, value)
        self.assertEqual(read_varint(bytes(out), len(before)), (value, len(out)))

    def test_seven_bits_are_a_byte(self) -> None:
        out = bytearray()
        write_varint(out, 127)
        write_varint(out, 128)
        self.assertEqual(out, b"\x7f\x80\x01")

    def test_a_number_of_more_than_63_bits_is_the_peers_fault(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            read_varint(b"\xff" * 9 + b"\x01", 0)
