"""What a policy may say."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.balance import ALL, KINDS, RANDOM_ANSWERED, Policy


class PolicyTests(SynchronousTestCase):
    def refusal(self, *said: object, **more: object) -> str:
        with self.assertRaises(ValueError) as caught:
            Policy(*said, **more)  # type: ignore[arg-type]
        return str(caught.exception)

    def test_an_unknown_kind_names_what_there_is(self) -> None:
        told = self.refusal("fastest")
        self.assertTrue(all(kind in told for kind in KINDS), told)

    def test_what_cannot_be_is_refused_with_its_place(self) -> None:
        self.assertIn("n must be", self.refusal(n=-1))
        self.assertIn("1, 5 or 15", self.refusal("adaptive", sample=2))
        self.assertIn("weight of a", self.refusal("weighted", weights={"a": -1.0}))
        self.assertIn("parts of east", self.refusal("split", parts={"east": 100_000}))
        self.assertIn("at least one site", self.refusal("split", parts={"east": 0}))

    def test_how_many_are_answered_is_what_was_said_or_what_the_kind_does(self) -> None:
        self.assertEqual(Policy("random").answered, RANDOM_ANSWERED)
        self.assertEqual(Policy("round-robin").answered, 2)
        self.assertEqual(Policy("weighted").answered, 1)
        self.assertEqual(Policy("ordered").answered, ALL)
        self.assertEqual(Policy("ordered", n=3).answered, 3)
        self.assertEqual(Policy("round-robin", n=0).answered, ALL)
