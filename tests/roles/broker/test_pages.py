"""Pages: bounded, each message with its prev, expired ones as gaps."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.frames import SERVER_FRAME_BYTES_MAX, Gap, GapReason, Push, Stream
from pushnet.device.outflow import Outflow
from pushnet.device.reading import split
from pushnet.gen.pushnet.push import Message
from pushnet.roles.broker.pages import PAGE_BYTES, PAGE_MESSAGES, Page, ttl_s


class PageTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.flow = Outflow(4)
        self.page = Page(Stream.GROUP, self.flow, 1000)

    def frames(self) -> list[object]:
        return list(split(self.page.bytes(), SERVER_FRAME_BYTES_MAX)[0])

    def test_each_message_says_what_it_follows(self) -> None:
        self.page.message(6, Message(61, 3000, b"a"))
        self.page.message(9, Message(91, 3000, b"b"))
        expected = [Push(Stream.GROUP, 6, 2, b"a", 4, 61), Push(Stream.GROUP, 9, 2, b"b", 6, 91)]
        self.assertEqual((self.frames(), self.flow.sent, self.page.messages), (expected, 9, 2))

    def test_an_expired_message_is_a_gap(self) -> None:
        self.page.message(6, Message(61, 1000, b"a"))
        self.assertEqual(self.frames(), [Gap(Stream.GROUP, 4, 6, GapReason.EXPIRED)])
        self.assertEqual((self.flow.sent, self.page.messages, self.page.expired), (6, 0, 1))

    def test_it_is_full_by_number(self) -> None:
        for seq in range(5, 5 + PAGE_MESSAGES):
            self.assertFalse(self.page.full)
            self.page.message(seq, Message(seq, 3000, b""))
        self.assertTrue(self.page.full)

    def test_it_is_full_by_bytes(self) -> None:
        self.page.message(5, Message(5, 3000, bytes(PAGE_BYTES)))
        self.assertTrue(self.page.full)

    def test_a_part_of_a_second_is_a_second(self) -> None:
        lives = [ttl_s(Message(1, expires_ms, b""), 1000) for expires_ms in (999, 1000, 1001, 2000, 2001)]
        self.assertEqual(lives, [0, 0, 1, 1, 2])
