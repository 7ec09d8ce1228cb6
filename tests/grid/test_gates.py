"""A new version is held against the nodes that do not have it yet."""

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.gates import Limits, Objection, Patience, Reading, objections

MEGABYTE = 2**20


def reading(
    node: str, *, failures: int = 0, p99_s: float = 0.010, memory: int = 300 * MEGABYTE, requests: int = 1000
) -> Reading:
    return Reading(node, requests, failures, p99_s, memory, 60.0)


class GatesTest(SynchronousTestCase):
    others = (reading("b"), reading("c", failures=5), reading("d", p99_s=0.012))

    def against(self, *new: Reading) -> list[str]:
        return [f"{each.node}: {each.reason}" for each in objections(new, self.others, Limits())]

    def test_a_version_as_good_as_the_old_one_passes(self) -> None:
        self.assertEqual(self.against(reading("a", failures=5, p99_s=0.018)), [])

    def test_failures_beyond_what_others_have_are_told_with_both_figures(self) -> None:
        self.assertEqual(
            self.against(reading("a", failures=40)), ["a: 4.0% of 1000 requests failed, 0.0% elsewhere"]
        )

    def test_so_is_twice_the_latency(self) -> None:
        self.assertEqual(
            self.against(reading("a", p99_s=0.050)),
            ["a: 99 of 100 requests took up to 50.0 ms, 10.0 elsewhere"],
        )

    def test_but_not_while_one_of_the_others_is_as_slow(self) -> None:
        others = (*self.others, reading("e", p99_s=0.060))
        self.assertEqual(objections([reading("a", p99_s=0.050)], others, Limits()), [])

    def test_and_twice_the_memory(self) -> None:
        self.assertEqual(
            self.against(reading("a", memory=700 * MEGABYTE)), ["a: it takes 700 MB of memory, 300 elsewhere"]
        )

    def test_a_few_requests_prove_nothing(self) -> None:
        self.assertEqual(self.against(reading("a", failures=9, p99_s=1.0, requests=99)), [])

    def test_what_is_small_is_never_too_much(self) -> None:
        small = [reading(name, p99_s=0.0001, memory=10 * MEGABYTE) for name in "bc"]
        new = reading("a", p99_s=0.004, memory=90 * MEGABYTE)
        self.assertEqual(objections([new], small, Limits()), [])

    def test_one_that_answers_nobody_hangs_unless_others_are_as_silent_or_have_nothing_to_do(self) -> None:
        silent = attrs.evolve(reading("a", requests=0), silent_s=6.0)
        self.assertEqual(self.against(silent), ["a: it has answered nobody for 6 s, and somebody waits"])
        self.assertEqual(self.against(attrs.evolve(silent, silent_s=4.0)), [])
        waiting = attrs.evolve(reading("e"), silent_s=4.0)
        self.assertEqual(objections([silent], [*self.others, waiting], Limits()), [], "as they all may")
        idle = [reading(name, requests=2) for name in "bc"]
        self.assertEqual(objections([silent], idle, Limits()), [], "long polls, perhaps")

    def test_without_others_only_failures_count(self) -> None:
        found = objections([reading("a", failures=40, p99_s=9.0)], [], Limits())
        self.assertEqual(len(found), 1)

    def test_others_of_whom_no_memory_is_known_are_no_measure(self) -> None:
        others = [reading(name, memory=0) for name in "bc"]
        self.assertEqual(objections([reading("a")], others, Limits()), [])


class PatienceTest(SynchronousTestCase):
    def test_only_what_lasts_counts(self) -> None:
        patience = Patience(Limits(patience_s=5.0))
        slow, failing = Objection("a", "50 ms", "latency"), Objection("a", "2 of 100", "failures")
        self.assertEqual(patience.lasting([slow], 10.0), [])
        self.assertEqual(patience.lasting([slow, failing], 14.0), [])
        slower = Objection("a", "60 ms", "latency")
        self.assertEqual(patience.lasting([slower, failing], 15.0), [slower])
        self.assertEqual(patience.lasting([], 16.0), [])
        self.assertEqual(patience.lasting([slow], 21.0), [])
