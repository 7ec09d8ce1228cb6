"""Which replicas are answered, and how evenly."""

from __future__ import annotations

import random
from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import ANYBODY, KINDS, Policy, Replica
from pushnet.grid.choices import RoundRobin, choice

THREE = [Replica("a"), Replica("b"), Replica("c")]


def replicas(**loads: float) -> list[Replica]:
    return [Replica(name, load=load, loads=(load,) * 3) for name, load in loads.items()]


def names(order: list[Replica]) -> list[str]:
    return [replica.name for replica in order]


class ChoicesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.rng = random.Random(1)

    def firsts(self, policy: Policy, among: list[Replica], times: int = 300) -> Counter[str]:
        chosen = choice(policy, self.rng)
        return Counter(chosen.order(among, ANYBODY)[0].name for _ in range(times))

    def test_random_answers_all_in_an_order_that_changes(self) -> None:
        chosen = choice(Policy("random"), self.rng)
        orders = [names(chosen.order(THREE, ANYBODY)) for _ in range(300)]
        self.assertTrue(all(sorted(order) == ["a", "b", "c"] for order in orders))
        firsts = Counter(order[0] for order in orders)
        self.assertTrue(all(60 < firsts[name] < 140 for name in "abc"), firsts)

    def test_round_robin_names_each_replica_equally_often_with_its_successor(self) -> None:
        chosen = choice(Policy("round-robin"), self.rng)
        orders = [names(chosen.order(THREE, ANYBODY))[:2] for _ in range(6)]
        self.assertEqual(orders, [["a", "b"], ["b", "c"], ["c", "a"]] * 2)

    def test_round_robin_keeps_its_turn_when_replicas_come_and_go(self) -> None:
        turn = RoundRobin()

        def first(of: str) -> str:
            return turn.order([Replica(name) for name in of], ANYBODY)[0].name

        self.assertEqual([first("abc"), first("ac"), first("abcd"), first("ab")], ["a", "c", "d", "a"])

    def test_ordered_goes_by_priority_then_name(self) -> None:
        policy = Policy("ordered", priorities={"a": 2, "c": 1, "b": 1})
        self.assertEqual(names(choice(policy, self.rng).order(THREE, ANYBODY)), ["b", "c", "a"])

    def test_least_loaded_goes_by_load_and_spreads_equal_ones(self) -> None:
        chosen = choice(Policy("least-loaded"), self.rng)
        self.assertEqual(names(chosen.order(replicas(a=0.9, b=0.1, c=0.5), ANYBODY)), ["b", "c", "a"])
        firsts = self.firsts(Policy("least-loaded"), replicas(a=0.2, b=0.2, c=0.2))
        self.assertTrue(all(60 < firsts[name] < 140 for name in "abc"), firsts)

    def test_a_replica_of_unknown_load_is_preferred_only_to_overloaded_ones(self) -> None:
        among = [*replicas(a=0.9, b=3.0), Replica("c")]
        self.assertEqual(
            names(choice(Policy("least-loaded"), self.rng).order(among, ANYBODY)), ["a", "c", "b"]
        )

    def test_adaptive_goes_by_the_average_over_its_sample(self) -> None:
        among = [Replica("a", loads=(0.1, 0.5, 0.9)), Replica("b", loads=(0.2, 0.4, 0.8))]
        one = choice(Policy("adaptive", sample=1), self.rng).order(among, ANYBODY)
        five = choice(Policy("adaptive", sample=5), self.rng).order(among, ANYBODY)
        self.assertEqual((one[0].name, five[0].name), ("a", "b"))

    def test_least_connections_counts_what_it_has_sent_since_the_last_report(self) -> None:
        chosen = choice(Policy("least-connections"), self.rng)
        among = [Replica("a", connections=10, report=1), Replica("b", connections=12, report=1)]
        self.assertEqual([chosen.order(among, ANYBODY)[0].name for _ in range(5)], ["a", "a", "a", "b", "a"])
        told = [Replica("a", connections=20, report=2), Replica("b", connections=13, report=2)]
        self.assertEqual(chosen.order(told, ANYBODY)[0].name, "b")

    def test_two_choices_prefers_the_better_of_two_and_spares_the_worst(self) -> None:
        firsts = self.firsts(Policy("two-choices"), replicas(a=0.1, b=0.5, c=0.9), 600)
        self.assertEqual(firsts["c"], 0)
        self.assertTrue(340 < firsts["a"] < 460, firsts)

    def test_a_single_replica_is_answered_by_every_choice(self) -> None:
        for kind in KINDS:
            policy = Policy(kind, parts={"eu": 1} if kind == "split" else {})
            self.assertEqual(names(choice(policy, self.rng).order([Replica("a")], ANYBODY)), ["a"])
