"""Optional values: found by their tags, skipped when unknown."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException
from pushnet.wire.optional import (
    Format,
    end_optionals,
    seek_optional,
    skip_optionals,
    write_optional_header,
)

OPOPT = bytes.fromhex("0a01000000 1503616263 1d09020100000002000000 24c8")
"""opOpt(1, "abc", [1, 2], b) as stock Ice sends it, without the proxy."""


class OptionalTests(SynchronousTestCase):
    def test_the_golden_parameters_are_found(self) -> None:
        places = []
        pos = 0
        for tag, format, size in ((1, Format.F4, 4), (2, Format.VSize, 4), (3, Format.VSize, 10), (4, 4, 1)):
            there, pos = seek_optional(OPOPT, pos, tag, format)
            places.append((there, pos))
            pos += size
        self.assertEqual(places, [(True, 1), (True, 6), (True, 11), (True, 22)])

    def test_what_nobody_asks_for_is_passed_over(self) -> None:
        self.assertEqual(seek_optional(OPOPT, 0, 4, Format.Size), (True, 22))
        self.assertEqual(seek_optional(OPOPT, 0, 0, Format.F4), (False, 0))
        self.assertEqual(seek_optional(OPOPT, 0, 9, Format.F4), (False, len(OPOPT)))

    def test_a_large_tag_takes_a_size(self) -> None:
        out = bytearray()
        write_optional_header(out, 40, Format.VSize)
        self.assertEqual(out.hex(), "f528")
        write_optional_header(out, 29, Format.F1)
        self.assertEqual(out.hex(), "f528e8")

    def test_another_format_than_declared_is_refused(self) -> None:
        self.assertRaises(MarshalException, seek_optional, OPOPT, 0, 1, Format.F8)

    def test_an_instance_of_a_class_is_passed_over_only_with_a_reader(self) -> None:
        data = bytes((1 << 3 | Format.Class, 0, 2 << 3 | Format.F1, 9))
        self.assertRaises(MarshalException, seek_optional, data, 0, 2, Format.F1)
        self.assertEqual(seek_optional(data, 0, 2, Format.F1, lambda buf, pos: pos + 1), (True, 3))

    def test_the_end_mark_ends_them(self) -> None:
        self.assertEqual(skip_optionals(OPOPT + b"\xff\x01", 0), len(OPOPT) + 1)
        self.assertEqual(seek_optional(b"\xff\x08\x01", 0, 1, Format.F1), (False, 0))
        out = bytearray(b"x")
        self.assertFalse(end_optionals(out, 1))
        self.assertTrue(end_optionals(out, 0))
        self.assertEqual(out, b"x\xff")

    def test_values_past_the_end_are_refused(self) -> None:
        for data in ("0a010000", "15057878", "2e10000000", "2effffffff", "16", "0f01", "24", "f5"):
            self.assertRaises(MarshalException, seek_optional, bytes.fromhex(data), 0, 99, Format.F1)
        self.assertRaises(MarshalException, skip_optionals, OPOPT, 0)

    @given(st.binary(max_size=60))
    def test_garbage_raises_only_the_peers_fault(self, data: bytes) -> None:
        for read in (partial(seek_optional, tag=99, format=0), skip_optionals):
            try:
                read(data, 0)
            except MarshalException:
                continue
