"""Which replicas are answered, and how evenly."""

from __future__ import annotations

import random
from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import RANDOM_ANSWERED, RoundRobin, choice

THREE = ["a", "b", "c"]


class BalanceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.rng = random.Random(1)

    def test_random_answers_all_in_an_order_that_changes(self) -> None:
        chosen = choice("random", self.rng)
        orders = [chosen.order(THREE, {}) for _ in range(300)]
        self.assertTrue(all(sorted(order) == THREE for order in orders))
        firsts = Counter(order[0] for order in orders)
        self.assertTrue(all(60 < firsts[name] < 140 for name in THREE), firsts)

    def test_random_answers_no_more_of_a_large_group_than_helps(self) -> None:
        many = [f"r{n:03d}" for n in range(100)]
        self.assertEqual(len(set(choice("random", self.rng).order(many, {}))), RANDOM_ANSWERED)

    def test_round_robin_names_each_replica_equally_often_with_its_successor(self) -> None:
        chosen = choice("round-robin", self.rng)
        orders = [chosen.order(THREE, {}) for _ in range(6)]
        self.assertEqual(orders, [["a", "b"], ["b", "c"], ["c", "a"]] * 2)

    def test_round_robin_keeps_its_turn_when_replicas_come_and_go(self) -> None:
        turn = RoundRobin()
        self.assertEqual(turn.order(THREE, {})[0], "a")
        self.assertEqual(turn.order(["a", "c"], {})[0], "c")
        self.assertEqual(turn.order(["a", "b", "c", "d"], {})[0], "d")
        self.assertEqual(turn.order(["a", "b"], {})[0], "a")

    def test_least_loaded_answers_the_two_with_the_least_load(self) -> None:
        chosen = choice("least-loaded", self.rng)
        self.assertEqual(chosen.order(THREE, {"a": 0.9, "b": 0.1, "c": 0.5}), ["b", "c"])

    def test_least_loaded_spreads_equal_loads(self) -> None:
        chosen = choice("least-loaded", self.rng)
        firsts = Counter(chosen.order(THREE, dict.fromkeys(THREE, 0.2))[0] for _ in range(300))
        self.assertTrue(all(60 < firsts[name] < 140 for name in THREE), firsts)

    def test_a_replica_of_unknown_load_is_preferred_only_to_overloaded_ones(self) -> None:
        chosen = choice("least-loaded", self.rng)
        self.assertEqual(chosen.order(THREE, {"a": 0.9, "b": 3.0}), ["a", "c"])

    def test_a_single_replica_is_answered_by_every_choice(self) -> None:
        for kind in ("random", "round-robin", "least-loaded"):
            self.assertEqual(choice(kind, self.rng).order(["a"], {}), ["a"])

    def test_an_unknown_kind_names_what_there_is(self) -> None:
        with self.assertRaises(ValueError) as caught:
            choice("fastest", self.rng)
        self.assertIn("round-robin", str(caught.exception))
