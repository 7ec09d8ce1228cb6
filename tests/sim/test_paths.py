"""The ways between hosts."""

import random

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.paths import LATENCY_S, Paths


class PathsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.paths = Paths(random.Random(1))

    def test_latency_lies_in_its_bounds(self) -> None:
        self.paths.set_latency("a", "b", 0.1, 0.2)
        for _ in range(100):
            self.assertTrue(100_000 <= self.paths.latency_us("a", "b") <= 200_001)
            self.assertTrue(LATENCY_S[0] * 1e6 <= self.paths.latency_us("b", "a") <= LATENCY_S[1] * 1e6 + 1)

    def test_a_segment_is_cut_inside_if_at_all(self) -> None:
        self.paths.split_chance = 1.0
        self.assertTrue(all(1 <= self.paths.split_at(5) <= 4 for _ in range(100)))
        self.assertEqual(self.paths.split_at(1), 0)
        self.paths.split_chance = 0.0
        self.assertEqual(self.paths.split_at(5), 0)

    def test_a_partition_blocks_both_ways_until_it_heals(self) -> None:
        released: list[str] = []
        self.paths.partition("a", "b")
        self.assertTrue(self.paths.is_blocked("a", "b") and self.paths.is_blocked("b", "a"))
        self.paths.when_open("a", "b", lambda: released.append("ab"))
        self.paths.heal("b", "a")
        self.assertFalse(self.paths.is_blocked("a", "b"))
        self.assertEqual(released, ["ab"])
