"""Framing: any split gives the same messages, and a claim is checked before it is believed."""

import bz2
import random
import tracemalloc
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import (
    BadMagicException,
    CompressionException,
    IllegalMessageSizeException,
    MemoryLimitException,
    ProtocolException,
    UnknownMessageException,
    UnsupportedEncodingException,
    UnsupportedProtocolException,
)
from pushnet.wire.message import (
    CLOSE_MESSAGE,
    MAGIC,
    MESSAGE_BYTES_MAX,
    VALIDATE_MESSAGE,
    Framer,
    deflated,
    inflated,
)

GOLDEN_CLOSE = bytes.fromhex("4963655001000100 04 01 0e000000")


def message(kind: int, body: bytes, compression: int = 0) -> bytes:
    return MAGIC + bytes([kind, compression]) + (14 + len(body)).to_bytes(4, "little") + body


def compressed(whole: bytes, claimed: int | None = None) -> bytes:
    body = (len(whole) if claimed is None else claimed).to_bytes(4, "little", signed=True)
    return message(whole[8], body + bz2.compress(whole[14:]), 2)


messages = st.lists(
    st.builds(message, st.integers(0, 4), st.binary(max_size=50), st.integers(0, 1)), max_size=6
)


class FramerTests(SynchronousTestCase):
    def test_the_golden_close_and_validate(self) -> None:
        self.assertEqual(CLOSE_MESSAGE, GOLDEN_CLOSE)
        self.assertEqual(VALIDATE_MESSAGE.hex(), "4963655001000100" + "03000e000000")

    @given(messages, st.lists(st.integers(0, 400), max_size=8), st.binary(max_size=20))
    def test_any_split_gives_the_same_messages_and_the_same_fault(
        self, sent: list[bytes], cuts: list[int], tail: bytes
    ) -> None:
        data = b"".join(sent) + tail
        whole, split = Framer(), Framer()
        expected = whole.receive(data)
        self.assertEqual(expected[: len(sent)], sent)
        got: list[bytes] = []
        bounds = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
        for start, end in pairwise(bounds):
            got += split.receive(data[start:end])
        self.assertEqual(got, expected)
        self.assertEqual(type(split.error), type(whole.error))

    @given(st.binary(max_size=200))
    def test_garbage_gives_only_the_peers_fault(self, data: bytes) -> None:
        framer = Framer()
        framer.receive(data)
        if len(data) >= 14 and not data.startswith(b"IceP"):
            self.assertIsInstance(framer.error, BadMagicException)
        else:
            self.assertIsInstance(framer.error, ProtocolException | None)

    def test_each_wrong_header_has_its_name(self) -> None:
        for header, kind in (
            ("4963654101000100 00 00 0e000000", BadMagicException),
            ("4963655002000100 00 00 0e000000", UnsupportedProtocolException),
            ("4963655001010100 00 00 0e000000", UnsupportedProtocolException),
            ("4963655001000200 00 00 0e000000", UnsupportedEncodingException),
            ("4963655001000101 00 00 0e000000", UnsupportedEncodingException),
            ("4963655001000100 00 00 0d000000", IllegalMessageSizeException),
            ("4963655001000100 00 00 00000080", IllegalMessageSizeException),
            ("4963655001000100 00 00 ffffff7f", MemoryLimitException),
            ("4963655001000100 05 00 0e000000", UnknownMessageException),
            ("4963655001000100 00 03 0e000000", CompressionException),
        ):
            framer = Framer()
            self.assertEqual(framer.receive(bytes.fromhex(header)), [])
            self.assertIs(type(framer.error), kind, header)

    def test_the_largest_message_passes_and_one_byte_more_does_not(self) -> None:
        framer = Framer()
        whole = message(2, bytes(MESSAGE_BYTES_MAX - 14))
        self.assertEqual(framer.receive(whole), [whole])
        framer.receive(message(2, bytes(MESSAGE_BYTES_MAX - 13))[:14])
        self.assertIsInstance(framer.error, MemoryLimitException)

    def test_a_claimed_size_allocates_nothing(self) -> None:
        framer = Framer()
        header = MAGIC + b"\0\0" + MESSAGE_BYTES_MAX.to_bytes(4, "little")
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        self.assertEqual(framer.receive(header), [])
        self.assertLess(tracemalloc.get_traced_memory()[1], 10_000)

    def test_after_a_fault_nothing_more_comes_out(self) -> None:
        framer = Framer()
        self.assertEqual(framer.receive(VALIDATE_MESSAGE + b"X" * 14 + VALIDATE_MESSAGE), [VALIDATE_MESSAGE])
        self.assertEqual(framer.receive(VALIDATE_MESSAGE), [])


class InflateTests(SynchronousTestCase):
    def test_a_compressed_message_comes_out_as_it_was(self) -> None:
        whole = message(0, b"x" * 333)
        self.assertEqual(Framer().receive(compressed(whole)), [whole[:9] + b"\x01" + whole[10:]])

    def test_what_is_deflated_comes_back_and_allows_a_compressed_reply(self) -> None:
        for size in (0, 85, 86, 200, 5000):
            whole = message(0, b"x" * size)
            sent = deflated(whole, 1)
            self.assertEqual(sent[9], 2 if len(sent) < len(whole) else 1)
            self.assertEqual(len(sent) < len(whole), size >= 86)
            (received,) = Framer().receive(sent)
            self.assertEqual(received, whole[:9] + b"\x01" + whole[10:])

    def test_what_does_not_get_smaller_is_sent_as_it_is(self) -> None:
        noise = random.Random(1).randbytes(300)
        self.assertEqual(deflated(message(0, noise), 9), message(0, noise, 1))

    def test_a_bomb_is_not_inflated(self) -> None:
        bomb = message(0, bytes(50_000_000))
        framer = Framer()
        self.assertEqual(framer.receive(compressed(bomb)), [])
        self.assertIsInstance(framer.error, MemoryLimitException)
        self.assertRaises(CompressionException, inflated, compressed(bomb, 1000), MESSAGE_BYTES_MAX)

    def test_of_many_bombs_at_once_few_are_inflated_in_one_turn(self) -> None:
        bomb = compressed(message(0, bytes(99_000)))
        framer = Framer(100_000)
        found = framer.receive(bomb * 20 + VALIDATE_MESSAGE[:5])
        self.assertEqual((len(found), framer.waiting), (2, True))
        turns = 1
        while framer.waiting:
            found += framer.receive(b"")
            turns += 1
        self.assertEqual((len(found), turns), (20, 10))
        self.assertEqual(framer.receive(VALIDATE_MESSAGE[5:]), [VALIDATE_MESSAGE])
        self.assertIsNone(framer.error)

    def test_wrong_claims_and_wrong_bytes_are_refused(self) -> None:
        whole = message(0, b"x" * 333)
        for claimed in (346, 348):
            self.assertRaises(CompressionException, inflated, compressed(whole, claimed), 1000)
        for claimed in (-1, 13):
            self.assertRaises(IllegalMessageSizeException, inflated, compressed(whole, claimed), 1000)
        self.assertRaises(CompressionException, inflated, message(0, b"\x5b\1\0\0garbage", 2), 1000)
        self.assertRaises(IllegalMessageSizeException, inflated, message(0, b"\1", 2), 1000)
