"""Shares are exact, and move no more than they must."""

from __future__ import annotations

import random
from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import ANYBODY, Asker, Policy, Replica
from pushnet.grid.shares import Nearest, Ring, SmoothTurns, Split, Weighted

EAST = [Replica("e1", "east", "e-a"), Replica("e2", "east", "e-b")]
WEST = [Replica("w1", "west", "w-a"), Replica("w2", "west", "w-b")]


class WeightTests(SynchronousTestCase):
    def test_turns_are_exact_and_spread(self) -> None:
        turns = SmoothTurns({"a": 5.0, "b": 1.0, "c": 1.0})
        self.assertEqual("".join(turns.next("abc") for _ in range(7)), "aabacaa")

    def test_a_name_of_weight_nothing_comes_only_when_there_is_nobody_else(self) -> None:
        turns = SmoothTurns({"a": 0.0})
        self.assertEqual({turns.next("ab") for _ in range(10)}, {"b"})
        self.assertEqual(turns.next("a"), "a")

    def test_each_replica_has_its_share_and_the_others_stand_by(self) -> None:
        weighted = Weighted(Policy("weighted", weights={"e1": 3.0, "e2": 1.0}))
        orders = [weighted.order(EAST, ANYBODY) for _ in range(100)]
        self.assertEqual(Counter(order[0].name for order in orders), {"e1": 75, "e2": 25})
        self.assertTrue(all(len(order) == 2 for order in orders))


class SplitTests(SynchronousTestCase):
    def split(self, **parts: int) -> Split:
        return Split(Policy("split", parts=parts), random.Random(1))

    def test_seven_to_three_is_within_one_percent_over_a_hundred_thousand(self) -> None:
        split = self.split(east=7, west=3)
        sites = Counter(split.order(EAST + WEST, ANYBODY)[0].region for _ in range(100_000))
        self.assertAlmostEqual(sites["east"] / 100_000, 0.7, delta=0.01)

    def test_an_answer_is_of_one_site(self) -> None:
        split = self.split(east=1, west=1)
        for _ in range(20):
            self.assertEqual(len({replica.region for replica in split.order(EAST + WEST, ANYBODY)}), 1)

    def test_a_site_that_is_gone_gives_its_share_to_the_other(self) -> None:
        split = self.split(east=7, west=3)
        self.assertEqual({split.order(WEST, ANYBODY)[0].region for _ in range(20)}, {"west"})

    def test_a_site_may_be_a_zone(self) -> None:
        split = Split(Policy("split", parts={"east/e-a": 1, "east/e-b": 3}), random.Random(1))
        zones = Counter(split.order(EAST, ANYBODY)[0].zone for _ in range(400))
        self.assertEqual(zones, {"e-a": 100, "e-b": 300})

    def test_who_is_at_no_named_site_is_answered_only_when_there_is_nobody_else(self) -> None:
        split = self.split(east=1)
        self.assertEqual({split.order(EAST + WEST, ANYBODY)[0].region for _ in range(20)}, {"east"})
        self.assertEqual({split.order(WEST, ANYBODY)[0].region for _ in range(20)}, {"west"})


class NearestTests(SynchronousTestCase):
    def near(self, asker: Asker, among: list[Replica]) -> list[str]:
        return sorted(replica.name for replica in Nearest(random.Random(1)).order(among, asker))

    def test_the_zone_comes_first_then_the_region_then_anybody(self) -> None:
        self.assertEqual(self.near(Asker("east", "e-a"), EAST + WEST), ["e1"])
        self.assertEqual(self.near(Asker("east", "e-c"), EAST + WEST), ["e1", "e2"])
        self.assertEqual(self.near(Asker("north", ""), EAST + WEST), ["e1", "e2", "w1", "w2"])
        self.assertEqual(self.near(ANYBODY, EAST), ["e1", "e2"])


class RingTests(SynchronousTestCase):
    def owners(self, ring: Ring, count: int) -> dict[str, str]:
        among = [Replica(f"r{number:02}") for number in range(count)]
        return {key: ring.order(among, Asker(key=key))[0].name for key in map(str, range(2000))}

    def test_a_replica_that_comes_takes_its_share_and_moves_nothing_else(self) -> None:
        ring = Ring(Policy("ring"))
        before, after = self.owners(ring, 9), self.owners(ring, 10)
        moved = {key for key in before if before[key] != after[key]}
        self.assertEqual({after[key] for key in moved}, {"r09"})
        self.assertTrue(140 < len(moved) < 260, len(moved))

    def test_keys_are_spread_evenly_and_by_weight(self) -> None:
        counts = Counter(self.owners(Ring(Policy("ring")), 4).values())
        self.assertTrue(all(430 < count < 570 for count in counts.values()), counts)
        heavy = Counter(self.owners(Ring(Policy("ring", weights={"r00": 3.0})), 4).values())
        self.assertTrue(900 < heavy["r00"] < 1100, heavy)

    def test_who_takes_a_key_over_is_known_before(self) -> None:
        ring = Ring(Policy("ring"))
        among = [Replica(name) for name in "abcd"]
        for key in map(str, range(50)):
            first, second = ring.order(among, Asker(key=key))[:2]
            left = [replica for replica in among if replica != first]
            self.assertEqual(ring.order(left, Asker(key=key))[0], second)
