"""Bytes to frames: any split gives the same, limits hold early, garbage is the peer's fault."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import (
    DEVICE_FRAME_BYTES_MAX,
    SERVER_FRAME_BYTES_MAX,
    Ack,
    Frame,
    Heartbeat,
    Stream,
    Unknown,
)
from pushnet.device.reading import split
from pushnet.device.writing import encode
from tests.device.values import frames


class SplitTests(SynchronousTestCase):
    @given(frame=frames())
    def test_what_was_written_is_read(self, frame: Frame) -> None:
        self.assertEqual(split(encode(frame), SERVER_FRAME_BYTES_MAX), ([frame], b""))

    @given(sent=st.lists(frames(), max_size=6), data=st.data())
    def test_any_split_of_the_bytes_gives_the_same_frames(
        self, sent: list[Frame], data: st.DataObject
    ) -> None:
        whole = b"".join(map(encode, sent))
        cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
        received: list[Frame] = []
        rest = b""
        for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            more, rest = split(rest + whole[start:end], SERVER_FRAME_BYTES_MAX)
            received += more
        self.assertEqual((received, rest), (sent, b""))

    @given(garbage=st.binary(max_size=300))
    def test_garbage_raises_nothing_but_the_peers_fault(self, garbage: bytes) -> None:
        try:
            read, rest = split(garbage, DEVICE_FRAME_BYTES_MAX)
        except PeerBrokeProtocol:
            return
        self.assertLessEqual(len(rest), DEVICE_FRAME_BYTES_MAX + 2)
        self.assertLessEqual(len(read), len(garbage))

    @given(frame=frames(), data=st.data())
    def test_a_frame_cut_inside_its_members_is_read_whole_or_refused(
        self, frame: Frame, data: st.DataObject
    ) -> None:
        content = encode(frame)[1:120]
        cut = content[: data.draw(st.integers(0, len(content)))]
        try:
            read, rest = split(bytes([len(cut)]) + cut, SERVER_FRAME_BYTES_MAX)
        except PeerBrokeProtocol:
            return
        self.assertEqual((len(read), rest), (1, b""))


class LimitTests(SynchronousTestCase):
    def test_an_oversized_claim_is_refused_when_its_length_has_arrived(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            split(bytes([0x81, 0x08]), DEVICE_FRAME_BYTES_MAX)

    def test_a_length_that_never_ends_is_refused(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            split(b"\xff\xff\xff", SERVER_FRAME_BYTES_MAX)

    def test_a_claim_at_the_limit_waits_for_its_bytes(self) -> None:
        self.assertEqual(split(bytes([0x80, 0x08, 0x05]), DEVICE_FRAME_BYTES_MAX), ([], b"\x80\x08\x05"))

    def test_a_number_of_ten_bytes_is_refused(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            split(bytes([11, 0x05]) + b"\x80" * 9 + b"\x01", DEVICE_FRAME_BYTES_MAX)

    def test_a_text_past_its_limit_is_refused(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            split(bytes([0x85, 0x01, 0x01, 0x01, 129]) + b"a" * 130, DEVICE_FRAME_BYTES_MAX)

    def test_a_text_that_is_not_utf_8_is_refused(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            split(bytes([4, 0x01, 0x01, 1, 0xFF]), DEVICE_FRAME_BYTES_MAX)


class LaterVersionTests(SynchronousTestCase):
    def test_an_unknown_kind_is_skipped_and_the_next_frame_is_read(self) -> None:
        ack = encode(Ack(Stream.OWN, 7))
        self.assertEqual(split(b"\x03\x7f\x01\x02" + ack, 1024), ([Unknown(0x7F), Ack(Stream.OWN, 7)], b""))

    def test_members_that_a_later_version_added_are_ignored(self) -> None:
        self.assertEqual(split(bytes([4, 0x05, 7, 1, 2]), 1024), ([Ack(Stream.OWN, 7)], b""))

    def test_an_empty_frame_is_a_heartbeat(self) -> None:
        self.assertEqual(split(b"\x00\x00", 1024), ([Heartbeat(), Heartbeat()], b""))
