"""A group at work."""

from __future__ import annotations

import random
from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import ANYBODY, Policy, Replica
from pushnet.grid.groups import Group

MANY = [Replica(f"r{number:02}") for number in range(30)]


class GroupTests(SynchronousTestCase):
    def group(self, policy: Policy) -> Group:
        return Group(policy, random.Random(1))

    def names(self, group: Group, replicas: list[Replica], now: float = 0.0) -> list[str]:
        return [replica.name for replica in group.answer(replicas, ANYBODY, now)]

    def test_an_answer_has_as_many_as_the_policy_says(self) -> None:
        self.assertEqual(len(self.names(self.group(Policy("random")), MANY)), 16)
        self.assertEqual(len(self.names(self.group(Policy("random", n=0)), MANY)), 30)
        self.assertEqual(len(self.names(self.group(Policy("random", n=3)), MANY)), 3)
        self.assertEqual(self.names(self.group(Policy("random")), []), [])

    def test_who_is_unfit_is_not_answered(self) -> None:
        group = self.group(Policy("ordered"))
        for _ in range(5):
            group.outliers.failed("r00", 0.0)
        self.assertEqual(self.names(group, MANY[:3]), ["r01", "r02"])
        self.assertEqual(group.repeats_after(MANY[:3], 0.0), 0)
        self.assertEqual(group.repeats_after(MANY[1:3], 0.0), 1)

    def test_a_ratio_is_changed_while_callers_ask(self) -> None:
        sites = [Replica("e", "east"), Replica("w", "west")]
        group = self.group(Policy("split", parts={"east": 7, "west": 3}))
        before = Counter(self.names(group, sites)[0] for _ in range(1000))
        group.change(Policy("split", parts={"east": 1, "west": 9}))
        after = Counter(self.names(group, sites)[0] for _ in range(1000))
        self.assertEqual((before["e"], after["e"]), (700, 100))

    def test_it_is_told_what_answers_depend_on(self) -> None:
        self.assertTrue(self.group(Policy("adaptive")).by_load)
        self.assertTrue(self.group(Policy("nearest")).by_asker)
        self.assertFalse(self.group(Policy("random")).by_load)
