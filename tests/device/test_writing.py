"""Frames to bytes: the byte targets, with literal numbers, and the limits of the writer."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.frames import (
    SERVER_FRAME_BYTES_MAX,
    Ack,
    Get,
    Heartbeat,
    Notify,
    Push,
    Register,
    Resume,
    Stream,
    Welcome,
)
from pushnet.device.reading import split
from pushnet.device.token import TOKEN_BYTES
from pushnet.device.writing import encode, push_frame

SEQ = 1_000_000
BODY = b"x" * 100
DAY_S = 86_400
MESSAGE_ID = 2**62
XMPP_CYCLE_BYTES = 430


class ByteTargetTests(SynchronousTestCase):
    """The numbers of docs/protocol.md, "What it costs": a body of 100 bytes, seq 1,000,000, a day to live."""

    def test_a_heartbeat_is_one_byte_each_way(self) -> None:
        self.assertEqual(len(encode(Heartbeat())), 1)

    def test_an_ack_is_five_bytes(self) -> None:
        self.assertEqual(len(encode(Ack(Stream.GROUP, SEQ))), 5)

    def test_a_notify_is_five_bytes(self) -> None:
        self.assertEqual(len(encode(Notify(Stream.OWN, SEQ))), 5)

    def test_a_get_is_five_bytes(self) -> None:
        self.assertEqual(len(encode(Get(Stream.OWN, SEQ))), 5)

    def test_an_inline_push_adds_eight_bytes_to_its_body(self) -> None:
        self.assertEqual(len(push_frame(Stream.OWN, SEQ, DAY_S, BODY)) - len(BODY), 8)

    def test_a_pulled_push_adds_nine_bytes_to_its_body(self) -> None:
        self.assertEqual(len(push_frame(Stream.OWN, SEQ, DAY_S, BODY, SEQ - 1)) - len(BODY), 9)

    def test_a_push_with_its_message_id_adds_at_most_seventeen_bytes(self) -> None:
        self.assertEqual(len(push_frame(Stream.GROUP, SEQ, DAY_S, BODY, None, MESSAGE_ID)) - len(BODY), 16)
        self.assertEqual(len(push_frame(Stream.OWN, SEQ, DAY_S, BODY, SEQ - 1, MESSAGE_ID)) - len(BODY), 17)

    def test_a_resume_is_31_bytes(self) -> None:
        self.assertEqual(len(encode(Resume(b"t" * TOKEN_BYTES, SEQ, SEQ))), 31)

    def test_the_reply_to_a_resume_is_four_bytes_or_ten_with_the_cursors(self) -> None:
        self.assertEqual(len(encode(Welcome(300))), 4)
        self.assertEqual(len(encode(Welcome(300, (SEQ, SEQ)))), 10)

    def test_a_whole_cycle_is_at_least_70_percent_below_xmpp(self) -> None:
        cycle = len(push_frame(Stream.OWN, SEQ, DAY_S, BODY, None, MESSAGE_ID)) + len(
            encode(Ack(Stream.OWN, SEQ))
        )
        self.assertEqual(cycle, 121)
        self.assertLess(cycle, 0.3 * XMPP_CYCLE_BYTES)
        pulled = len(push_frame(Stream.OWN, SEQ, DAY_S, BODY, SEQ - 1)) + 3 * 5
        self.assertEqual(pulled, 124)
        self.assertLess(pulled, 0.3 * XMPP_CYCLE_BYTES)


class LimitTests(SynchronousTestCase):
    def test_a_life_longer_than_three_bytes_of_seconds_is_told_as_the_longest(self) -> None:
        frame = Push(Stream.OWN, 1, 2**40, b"body")
        ([read], _) = split(encode(frame), SERVER_FRAME_BYTES_MAX)
        assert isinstance(read, Push)
        self.assertEqual(read.ttl_s, 2**24 - 1)

    def test_a_text_past_its_limit_is_the_callers_fault(self) -> None:
        with self.assertRaises(ValueError):
            encode(Register("a" * 129, "key", "android"))

    def test_a_token_without_cursors_is_the_callers_fault(self) -> None:
        with self.assertRaises(ValueError):
            encode(Welcome(300, None, b"token"))

    def test_a_body_that_no_length_can_tell_is_the_callers_fault(self) -> None:
        with self.assertRaises(ValueError):
            push_frame(Stream.OWN, 1, 1, bytes(2 * 1024 * 1024))
