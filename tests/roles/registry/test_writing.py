"""Changes decided one after the other and written together."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry import writing as module
from pushnet.roles.registry.writing import ATTEMPTS_MAX, NotSaved, Writing
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.state import Change, Put, StateConflict, StateUnavailable


class HeldState:
    """Commits when it is told to."""

    def __init__(self) -> None:
        self.commits: list[tuple[list[Change], Deferred[int]]] = []

    def commit(self, changes: Sequence[Change]) -> Deferred[int]:
        self.commits.append((list(changes), Deferred()))
        return self.commits[-1][1]

    def current(self) -> Deferred[None]:
        return succeed(None)


class WritingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.state = HeldState()
        self.writing = Writing(self.simulation.host("r").boot(), self.state)  # type: ignore[arg-type]

    def submit(self, key: str, *alone: str, shared: Sequence[str] = ()) -> Deferred[int]:
        return self.writing.submit(lambda: [Put(key, "")], alone or [key], shared)

    def keys(self) -> list[list[str]]:
        return [[change.key for change in changes] for changes, _ in self.state.commits]

    def test_what_waits_for_a_commit_goes_into_the_next_together(self) -> None:
        done = [self.submit(key) for key in "abcd"]
        self.assertEqual(self.keys(), [["a"]])
        self.state.commits[0][1].callback(7)
        self.assertEqual(self.keys(), [["a"], ["b", "c", "d"]])
        self.assertEqual(self.successResultOf(done[0]), 7)
        self.assertNoResult(done[1])

    def test_those_that_touch_the_same_wait_for_each_other(self) -> None:
        self.submit("first")
        self.submit("a1", "a")
        self.submit("a2", "a")
        self.submit("b", "b", shared=["a"])
        self.submit("c", "c", shared=["group"])
        self.submit("d", "d", shared=["group"])
        for number in range(3):
            self.state.commits[number][1].callback(number)
        self.assertEqual(self.keys(), [["first"], ["a1", "c", "d"], ["a2"], ["b"]])

    def test_who_decides_against_it_hears_why_and_nothing_is_written(self) -> None:
        def refuse() -> list[Change]:
            raise ValueError("no")

        self.failureResultOf(self.writing.submit(refuse, ["a"]), ValueError)
        self.assertEqual(self.keys(), [])

    def test_when_there_is_nothing_to_change_it_is_done_at_once(self) -> None:
        self.assertEqual(self.successResultOf(self.writing.submit(list, ["a"])), 0)

    def test_when_others_have_written_everybody_decides_again(self) -> None:
        decided: list[int] = []

        def decide() -> list[Change]:
            decided.append(1)
            return [Put("a", str(len(decided)))]

        done = self.writing.submit(decide, ["a"])
        self.state.commits[0][1].errback(StateConflict())
        self.simulation.run_for(1.0)
        self.assertEqual(self.state.commits[1][0], [Put("a", "2")])
        self.state.commits[1][1].callback(9)
        self.assertEqual(self.successResultOf(done), 9)

    def test_after_too_many_tries_the_caller_hears_it(self) -> None:
        done = self.submit("a")
        for number in range(ATTEMPTS_MAX + 1):
            self.state.commits[number][1].errback(StateConflict("again"))
            self.simulation.run_for(1.0)
        self.failureResultOf(done, NotSaved)

    def test_what_cannot_be_written_is_not_acknowledged_and_the_next_is_tried(self) -> None:
        done = [self.submit("a"), self.submit("b")]
        self.state.commits[0][1].errback(StateUnavailable("the disk is full"))
        self.assertIn("full", str(self.failureResultOf(done[0], NotSaved).value))
        self.state.commits[1][1].callback(3)
        self.assertEqual(self.successResultOf(done[1]), 3)

    def test_a_commit_has_no_more_changes_than_a_store_takes(self) -> None:
        self.submit("first")
        for number in range(150):
            self.submit(f"k{number}")
        self.state.commits[0][1].callback(1)
        self.assertEqual(len(self.state.commits[1][0]), module.CHANGES_MAX)
        self.state.commits[1][1].callback(2)
        self.assertEqual(len(self.state.commits[2][0]), 50)
