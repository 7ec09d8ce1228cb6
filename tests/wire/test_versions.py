"""Versions are pairs."""

from twisted.trial.unittest import TestCase

from pushnet.wire.versions import (
    Encoding_1_0,
    Encoding_1_1,
    EncodingVersion,
    Protocol_1_0,
    read_EncodingVersion,
    read_ProtocolVersion,
    write_EncodingVersion,
    write_ProtocolVersion,
)


class VersionTest(TestCase):
    """`EncodingVersion` and `ProtocolVersion`."""

    def test_they_are_equal_to_pairs_and_sorted_as_such(self) -> None:
        self.assertEqual(Encoding_1_1, (1, 1))
        self.assertEqual(Encoding_1_0, EncodingVersion(1, 0))
        self.assertLess(Encoding_1_0, Encoding_1_1)

    def test_they_travel_as_two_bytes(self) -> None:
        for write, read in (
            (write_EncodingVersion, read_EncodingVersion),
            (write_ProtocolVersion, read_ProtocolVersion),
        ):
            out = bytearray(b"x")
            write(out, (1, 200))
            self.assertEqual((bytes(out), read(bytes(out), 1)), (b"x\1\xc8", ((1, 200), 3)))

    def test_their_parts_have_names(self) -> None:
        self.assertEqual((Protocol_1_0.major, Protocol_1_0.minor), (1, 0))
        self.assertEqual(EncodingVersion(), (0, 0))
