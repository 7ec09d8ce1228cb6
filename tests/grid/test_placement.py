"""Ordinals, shards and registration ids fit together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.placement import (
    COUNTER_END,
    SHARDS_MAX,
    by_shard,
    home_shard,
    ordinal_at,
    ordinal_in,
    ranges_of_shard,
    registration_id,
    shard_of_device,
    shard_of_ordinal,
)

COUNTERS = some.integers(0, COUNTER_END - 1)
SHARDS = some.integers(0, SHARDS_MAX - 1)


class PlacementTests(SynchronousTestCase):
    @given(COUNTERS, SHARDS)
    def test_an_ordinal_has_31_bits_and_tells_its_shard(self, counter: int, shard: int) -> None:
        ordinal = ordinal_at(counter, shard)
        self.assertTrue(0 <= ordinal < 1 << 31)
        self.assertEqual(shard_of_ordinal(ordinal), shard)

    @given(COUNTERS, SHARDS, COUNTERS, SHARDS)
    def test_two_devices_never_share_an_ordinal(self, c1: int, s1: int, c2: int, s2: int) -> None:
        self.assertEqual(ordinal_at(c1, s1) == ordinal_at(c2, s2), (c1, s1) == (c2, s2))

    def test_ordinals_are_counted_as_drawn(self) -> None:
        self.assertEqual(ordinal_at(0, 0), 0)
        self.assertEqual(ordinal_at(0xFFFF, 1), 0x1FFFF)
        self.assertEqual(ordinal_at(0x10000, 1), 0x410000)
        self.assertEqual(ordinal_at(COUNTER_END - 1, SHARDS_MAX - 1), (1 << 31) - 1)

    @given(COUNTERS, SHARDS, SHARDS)
    def test_the_ranges_of_a_shard_hold_its_ordinals_and_no_others(
        self, counter: int, shard: int, other: int
    ) -> None:
        ordinal = ordinal_at(counter, shard)
        held = any(first <= ordinal < end for first, end in ranges_of_shard(other))
        self.assertEqual(held, shard == other)

    @given(COUNTERS, SHARDS, some.binary(min_size=5, max_size=5))
    def test_a_registration_id_has_19_characters_and_carries_the_ordinal(
        self, counter: int, shard: int, random: bytes
    ) -> None:
        ordinal = ordinal_at(counter, shard)
        text = registration_id(ordinal, random)
        self.assertEqual(len(text), 19)
        self.assertEqual(ordinal_in(text), ordinal)

    def test_what_is_no_registration_id_carries_no_ordinal(self) -> None:
        good = registration_id(5, b"\1\2\3\4\5")
        for text in (
            "",
            "x",
            good[:-1],
            good + "0",
            good + "\n",
            "2" + good[1:],
            "1f" + good[2:],
            good[:-1] + "G",
        ):
            self.assertIsNone(ordinal_in(text), text)

    @given(some.text(), some.text(), some.integers(1, SHARDS_MAX))
    def test_a_key_and_an_app_always_find_the_same_existing_shard(self, app: str, key: str, n: int) -> None:
        self.assertTrue(0 <= shard_of_device(app, key, n) < n)
        self.assertEqual(home_shard(app, n), home_shard(app, n))

    def test_shards_of_keys_stay_what_they_were(self) -> None:
        self.assertEqual(home_shard("a" * 24, 64), 4)
        self.assertEqual(shard_of_device("a" * 24, "phone-1", 64), 12)

    def test_ordinals_are_parted_by_shard_in_order(self) -> None:
        self.assertEqual(by_shard([0x10002, 7, 0x10001, 5]), {0: [7, 5], 1: [0x10002, 0x10001]})
