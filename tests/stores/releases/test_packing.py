"""Packs: small, exact, and never more than was told."""

from __future__ import annotations

import random

import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores.releases.packing import WINDOW_LOG_MAX, PackDamaged, pack, unpack

NOISE = random.Random(1).randbytes(1 << 20)


class PackingTests(SynchronousTestCase):
    @settings(max_examples=50, deadline=None)
    @given(st.binary(max_size=300), st.binary(max_size=300))
    def test_what_was_packed_is_unpacked(self, content: bytes, base: bytes) -> None:
        self.assertEqual(unpack(pack(content), len(content)), content)
        self.assertEqual(unpack(pack(content, base), len(content), base), content)

    def test_a_difference_is_as_small_as_the_change(self) -> None:
        changed = NOISE[:1000] + b"a change" + NOISE[2000:]
        self.assertLess(len(pack(changed, NOISE)), 300)

    def test_another_size_than_was_told_is_refused(self) -> None:
        packed = pack(b"x" * 1000)
        for size in (0, 999, 1001):
            self.assertRaises(PackDamaged, unpack, packed, size)

    def test_a_bomb_does_not_go_off(self) -> None:
        bomb = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(50 << 20))
        self.assertRaises(PackDamaged, unpack, bomb, 1000)
        wide = zstandard.ZstdCompressionParameters(window_log=WINDOW_LOG_MAX + 1)
        writer = zstandard.ZstdCompressor(compression_params=wide).compressobj()
        self.assertRaises(PackDamaged, unpack, writer.compress(b"x") + writer.flush(), 1)

    @settings(max_examples=100, deadline=None)
    @given(st.integers(0, 10_000), st.integers(1, 255))
    def test_a_damaged_pack_is_told_or_gives_the_told_size(self, place: int, flip: int) -> None:
        packed = bytearray(pack(b"words and more words " * 50))
        packed[place % len(packed)] ^= flip
        try:
            self.assertEqual(len(unpack(bytes(packed), 1050)), 1050)
        except PackDamaged:
            return

    def test_what_follows_a_pack_is_refused(self) -> None:
        self.assertRaises(PackDamaged, unpack, pack(b"x" * 100) + b"more", 100)

    def test_the_wrong_base_gives_nothing_that_passes_for_right(self) -> None:
        packed = pack(NOISE[:5000] + b"!" + NOISE[5000:9000], NOISE)
        try:
            self.assertNotEqual(unpack(packed, 9001, NOISE[::-1]), NOISE[:5000] + b"!" + NOISE[5000:9000])
        except PackDamaged:
            return
