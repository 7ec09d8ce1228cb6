"""Sequences that are arrays, what a factory makes of bytes, or messages."""

from __future__ import annotations

from array import array
from struct import error as StructError
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.buffers import read_array, read_buffer, read_message, write_buffer
from pushnet.wire.errors import MarshalException
from tests.golden import buffers, collections
from tests.golden.factories import Message

INTS = st.lists(st.integers(-(2**31), 2**31 - 1), max_size=300)


def written(write: Any, value: Any) -> bytes:
    out = bytearray()
    write(out, value)
    return bytes(out)


class ArrayTest(SynchronousTestCase):
    @given(INTS)
    def test_an_array_travels_as_the_list_of_its_numbers(self, numbers: list[int]) -> None:
        data = written(buffers.write_Numbers, array("i", numbers))
        self.assertEqual(data, written(collections.write_Ints, numbers))
        found, end = buffers.read_Numbers(data, 0)
        self.assertEqual((found, end), (array("i", numbers), len(data)))

    def test_any_sequence_or_buffer_of_numbers_can_be_given(self) -> None:
        expected = written(collections.write_Ints, [1, -2, 3])
        for value in ([1, -2, 3], (1, -2, 3), array("i", [1, -2, 3]), array("q", [1, -2, 3])):
            self.assertEqual(written(buffers.write_Numbers, value), expected)
        self.assertEqual(
            written(buffers.write_Numbers, memoryview(array("i", [1, 9, -2, 9, 3, 9]))[::2]), expected
        )
        self.assertEqual(written(buffers.write_Floats, array("i", [1])), b"\1" + bytes.fromhex("0000803f"))
        self.assertRaises(StructError, written, buffers.write_Shorts, [70_000])

    def test_each_type_of_number_comes_back(self) -> None:
        for name, value in (
            ("Flags", array("b", [1, 0])),
            ("Octets", array("b", [-1, 2])),
            ("Shorts", array("h", [-3, 4])),
            ("Longs", array("q", [-(2**63)])),
            ("Floats", array("f", [0.5])),
            ("Doubles", array("d", [0.1])),
        ):
            data = written(getattr(buffers, f"write_{name}"), value)
            self.assertEqual(getattr(buffers, f"read_{name}")(data, 0), (value, len(data)), name)

    def test_a_count_that_cannot_be_true_is_refused(self) -> None:
        self.assertRaises(MarshalException, read_array, b"\xff\xff\xff\xff\x7f1234", 0, "i", 4)
        self.assertRaises(MarshalException, read_buffer, b"\x021234567", 0, 4)
        self.assertEqual(written(lambda out, value: write_buffer(out, value, "i", 4), []), b"\0")


class OthersTest(SynchronousTestCase):
    def test_a_factory_makes_the_value_of_a_view(self) -> None:
        data = written(buffers.write_Viewed, [5, 6])
        self.assertEqual(buffers.read_Viewed(data, 0), ((5, 6), 9))

    def test_a_message_travels_as_its_bytes(self) -> None:
        data = written(buffers.write_Encoded, Message("abc"))
        self.assertEqual(data, b"\3abc")
        self.assertEqual(buffers.read_Encoded(data, 0), (Message("abc"), 4))
        self.assertRaises(MarshalException, read_message, b"\5wrong", 0, Message)

    def test_members_begin_empty(self) -> None:
        made = buffers.All()
        self.assertEqual((made.numbers, made.encoded, made.list), (array("i"), Message(), []))
        self.assertEqual(written(buffers.write_All, made), bytes(6))

    def test_byte_sequences_can_be_lists_and_tuples(self) -> None:
        self.assertEqual(buffers.read_ByteList(b"\2\1\xff", 0), ([1, 255], 3))
        self.assertEqual(buffers.read_ByteTuple(b"\2\1\xff", 0), ((1, 255), 3))
        self.assertEqual(written(buffers.write_ByteList, b"\1\xff"), b"\2\1\xff")
