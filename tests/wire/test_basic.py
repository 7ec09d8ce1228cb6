"""Basic values: there and back, and nothing claimed is believed."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.basic import (
    context_bytes,
    read_bytes,
    read_context,
    read_count,
    read_size,
    read_string,
    read_strings,
    write_bytes,
    write_size,
    write_string,
    write_strings,
)
from pushnet.wire.errors import MarshalException


class BasicTests(SynchronousTestCase):
    def test_a_size_below_255_is_one_byte_and_five_from_there(self) -> None:
        for count, expected in ((0, "00"), (254, "fe"), (255, "ffff000000"), (300, "ff2c010000")):
            out = bytearray()
            write_size(out, count)
            self.assertEqual(out.hex(), expected)
            self.assertEqual(read_size(bytes(out), 0), (count, len(out)))

    def test_a_negative_size_is_refused(self) -> None:
        self.assertRaises(MarshalException, read_size, bytes.fromhex("ffffffffff"), 0)

    def test_a_size_that_is_cut_off_is_refused(self) -> None:
        self.assertRaises(MarshalException, read_size, b"", 0)
        self.assertRaises(MarshalException, read_size, b"\xff\0\0\0", 0)

    def test_more_elements_than_bytes_are_refused(self) -> None:
        self.assertEqual(read_count(b"\x0212345678", 0, 4), (2, 1))
        self.assertRaises(MarshalException, read_count, b"\x021234567", 0, 4)
        self.assertRaises(MarshalException, read_count, b"\xff\xff\xff\xff\x7f", 0, 2**31)

    def test_a_string_longer_than_what_is_left_is_refused(self) -> None:
        for data in ("05", "0561", "ffffffff7f61"):
            self.assertRaises(MarshalException, read_string, bytes.fromhex(data), 0)
            self.assertRaises(MarshalException, read_bytes, bytes.fromhex(data), 0)

    def test_what_is_not_utf8_is_no_string(self) -> None:
        for data in (b"\x01\xff", b"\x03\xed\xa0\x80", b"\x02\xc0\x80"):
            self.assertRaises(MarshalException, read_string, data, 0)

    @given(st.text(), st.binary(max_size=600))
    def test_strings_and_bytes_come_back(self, text: str, data: bytes) -> None:
        out = bytearray()
        write_string(out, text)
        write_bytes(out, data)
        buf = bytes(out)
        read, pos = read_string(buf, 0)
        self.assertEqual((read, *read_bytes(buf, pos)), (text, data, len(buf)))

    def test_bytes_may_be_numbers_in_a_list_or_a_tuple(self) -> None:
        for numbers in ([1, 255], (1, 255)):
            out = bytearray()
            write_bytes(out, numbers)
            self.assertEqual(out, b"\2\1\xff")
        self.assertRaises(ValueError, write_bytes, bytearray(), [256])

    @given(st.lists(st.text(max_size=5)), st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
    def test_sequences_and_contexts_come_back(self, texts: list[str], context: dict[str, str]) -> None:
        out = bytearray()
        write_strings(out, texts)
        buf = bytes(out) + context_bytes(context)
        read, pos = read_strings(buf, 0)
        self.assertEqual((read, *read_context(buf, pos)), (texts, context, len(buf)))

    @given(st.binary(max_size=40))
    def test_garbage_raises_only_the_peers_fault(self, data: bytes) -> None:
        for read in (read_size, read_string, read_bytes, read_strings, read_context):
            try:
                _, pos = read(data, 0)
            except MarshalException:
                continue
            self.assertLessEqual(pos, len(data))
