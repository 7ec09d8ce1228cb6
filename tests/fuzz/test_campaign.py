"""The fuzzer itself: it finds what is there, and the same each time."""

from __future__ import annotations

from itertools import islice

from twisted.trial.unittest import SynchronousTestCase

from tests.fuzz.campaign import FINDINGS_MAX, fuzz, inputs_of, shares
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS
from tests.fuzz.verdict import INPUT_BYTES_MAX, judge


class Refused(Exception):
    """The error that the targets below may raise."""


def careless(data: bytes) -> int:
    """Trusts the first byte for a place."""
    return data[data[0]]


def greedy(data: bytes) -> int:
    """Makes what the input claims."""
    return len(bytes(int.from_bytes(data[:4], "little") % 2**24))


def deep(data: bytes) -> int:
    return deep(data[1:]) + 1 if data else 0


def slow(data: bytes) -> int:
    return sum(1 for _ in range(8_000_000))


def refusing(data: bytes) -> None:
    raise Refused


class VerdictTest(SynchronousTestCase):
    def what(self, run: object, data: bytes, weigh: bool = False) -> str:
        finding = judge(Target("t", run, (Refused,)), data, weigh)  # type: ignore[arg-type]
        return finding.what if finding else ""

    def test_a_refusal_is_well_and_a_foreign_exception_is_a_finding(self) -> None:
        self.assertEqual(self.what(refusing, b"a"), "")
        self.assertEqual(self.what(careless, b"\0a"), "")
        self.assertIn("IndexError", self.what(careless, b"\x09a"))

    def test_endless_recursion_is_a_finding(self) -> None:
        self.assertIn("RecursionError", self.what(deep, b"a" * 3000))

    def test_what_takes_long_is_a_finding(self) -> None:
        self.assertIn(" ms for 1 bytes", self.what(slow, b"a"))

    def test_memory_by_claimed_size_is_a_finding(self) -> None:
        self.assertIn("allocated", self.what(greedy, b"\0\0\x20\0", weigh=True))
        self.assertEqual(self.what(greedy, b"\4\0\0\0", weigh=True), "")

    def test_a_finding_tells_how_to_replay_it(self) -> None:
        finding = judge(Target("t", careless), b"\x09a")
        self.assertIn("scripts/fuzz --target t --input 0961", str(finding))


class CampaignTest(SynchronousTestCase):
    def test_the_inputs_are_the_same_each_time_and_others_for_another_seed(self) -> None:
        target = TARGETS["request"]
        first, again = (list(islice(inputs_of(target, "1"), 500)) for _ in range(2))
        self.assertEqual(first, again)
        self.assertNotEqual(first, list(islice(inputs_of(target, "2"), 500)))
        self.assertLessEqual(max(len(data) for data, _ in first), INPUT_BYTES_MAX)
        self.assertGreater(len({data for data, _ in first}), 450)

    def test_a_bug_is_found_and_then_the_target_is_left(self) -> None:
        tally = fuzz(Target("request", careless), "1", lambda done: done < 5000)
        self.assertEqual(len(tally.findings), FINDINGS_MAX)
        self.assertLess(tally.inputs, 5000)

    def test_the_inputs_are_shared_out_by_weight(self) -> None:
        parts = shares([Target("a", careless, share=1), Target("b", careless, share=9)], 1000)
        self.assertEqual(parts, {"a": 101, "b": 901})
