"""Optional values: found by their tags, skipped when unknown."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException
from pushnet.wire.optional import (
    Format,
    optional_pos,
    read_optionals,
    skip_optionals,
    write_optional_header,
)

OPOPT = bytes.fromhex("0a01000000 1503616263 1d09020100000002000000 24c8")
"""opOpt(1, "abc", [1, 2], b) as stock Ice sends it, without the proxy."""


class OptionalTests(SynchronousTestCase):
    def test_the_golden_parameters_are_found(self) -> None:
        found = read_optionals(OPOPT, 0)
        self.assertEqual(found, {1: (2, 1), 2: (5, 6), 3: (5, 11), 4: (4, 22)})

    def test_a_large_tag_takes_a_size(self) -> None:
        out = bytearray()
        write_optional_header(out, 40, Format.VSize)
        self.assertEqual(out.hex(), "f528")
        write_optional_header(out, 29, Format.F1)
        self.assertEqual(out.hex(), "f528e8")

    def test_another_format_than_declared_is_refused(self) -> None:
        found = read_optionals(OPOPT, 0)
        self.assertEqual(optional_pos(found, 1, Format.F4), 1)
        self.assertIsNone(optional_pos(found, 9, Format.F4))
        self.assertRaises(MarshalException, optional_pos, found, 1, Format.F8)

    def test_the_end_mark_ends_them(self) -> None:
        self.assertEqual(skip_optionals(OPOPT + b"\xff\x01", 0), len(OPOPT) + 1)
        self.assertEqual(list(read_optionals(b"\xff\x08\x01", 0)), [])

    def test_values_past_the_end_are_refused(self) -> None:
        for data in ("0a010000", "15057878", "2e10000000", "2effffffff", "16", "0f01", "24", "f5"):
            self.assertRaises(MarshalException, read_optionals, bytes.fromhex(data), 0)
        self.assertRaises(MarshalException, skip_optionals, OPOPT, 0)

    @given(st.binary(max_size=60))
    def test_garbage_raises_only_the_peers_fault(self, data: bytes) -> None:
        for read in (read_optionals, skip_optionals):
            try:
                read(data, 0)
            except MarshalException:
                continue
