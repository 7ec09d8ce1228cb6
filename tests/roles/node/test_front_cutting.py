"""Bytes are cut where messages end, whatever they are split into, and known by their request ids."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.front_cutting import Cutter
from pushnet.wire.errors import BadMagicException, CompressionException, MemoryLimitException
from pushnet.wire.message import BATCH, CLOSE_MESSAGE, REQUEST, VALIDATE, VALIDATE_MESSAGE
from pushnet.wire.reply import ok_message
from tests.roles.node.fronts import batch, request

MESSAGES = [
    request(1, 10),
    request(0, 11),
    batch(12, 13),
    VALIDATE_MESSAGE,
    request(2, 14, compressed=True),
    ok_message(7, b"result"),
]


class CutterTest(SynchronousTestCase):
    def test_what_is_whole_comes_out_as_it_came(self) -> None:
        data = b"".join(MESSAGES)
        asked: set[int] = set()
        answered = {7, 8}
        self.assertIs(Cutter().through(data, asked, answered), data)
        self.assertEqual((asked, answered), ({1, 2}, {8}))

    @given(st.lists(st.integers(0, sum(map(len, MESSAGES))), max_size=8))
    def test_however_it_is_split_the_same_comes_out(self, places: list[int]) -> None:
        data = b"".join(MESSAGES)
        places = [0, *sorted(places), len(data)]
        cutter, asked, answered = Cutter(), set[int](), {7, 8}
        out = []
        for start, end in pairwise(places):
            out.append(cutter.through(data[start:end], asked, answered))
        self.assertEqual((b"".join(out), asked, answered), (data, {1, 2}, {8}))

    def test_messages_come_one_by_one_for_who_decides_about_each(self) -> None:
        pieces = Cutter().cut(b"".join(MESSAGES) + CLOSE_MESSAGE)
        self.assertEqual([message for _, _, message in pieces], MESSAGES)
        self.assertEqual([id for _, id, _ in pieces], [1, 0, 0, 0, 2, 7])
        self.assertEqual([kind for kind, _, _ in pieces][1:4], [REQUEST, BATCH, VALIDATE])

    def test_nothing_comes_after_close(self) -> None:
        cutter = Cutter()
        self.assertEqual(cutter.through(MESSAGES[0] + CLOSE_MESSAGE + MESSAGES[1], set(), set()), MESSAGES[0])
        self.assertTrue(cutter.closed and cutter.ended)

    def test_faults_are_told_behind_what_was_good(self) -> None:
        bad_block = bytearray(MESSAGES[4])
        bad_block[18:22] = b"nope"
        for fault, error in (
            (b"GET / HTTP/1.1\r\n", BadMagicException),
            (MESSAGES[0][:10] + b"\xff\xff\xff\x7f", MemoryLimitException),
            (bytes(bad_block), CompressionException),
        ):
            cutter = Cutter()
            self.assertEqual(cutter.through(MESSAGES[0] + fault, set(), set()), MESSAGES[0])
            self.assertIsInstance(cutter.error, error)

    def test_a_request_without_room_for_its_id_is_a_fault(self) -> None:
        cutter = Cutter()
        short = VALIDATE_MESSAGE[:8] + b"\0\0" + VALIDATE_MESSAGE[10:]
        self.assertEqual(cutter.through(short + MESSAGES[0], set(), set()), b"")
        self.assertIsNotNone(cutter.error)
