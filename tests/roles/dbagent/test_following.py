"""Followers wait for changes, and no longer than they should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.dbagent import ChangePage
from pushnet.roles.dbagent.following import WAIT_MAX_S
from tests.roles.dbagent.scene import ShardCase


class Line:
    """A connection that can be lost."""

    def __init__(self) -> None:
        self.callback: Callable[[Any], object] | None = None

    def setCloseCallback(self, callback: Callable[[Any], object] | None) -> None:
        self.callback = callback

    def lose(self) -> None:
        assert self.callback is not None
        self.callback(self)


class Asking:
    """The call being served."""

    def __init__(self, con: Line, deadline: float | None = None) -> None:
        self.con = con
        self.deadline = deadline


class FollowingTests(ShardCase):
    def _ask(self, since: int, wait_ms: int, current: object = None) -> Deferred[ChangePage]:
        return Deferred.fromCoroutine(self.following.changes(since, 10, wait_ms, current))  # type: ignore[arg-type]

    def test_what_is_there_is_answered_at_once(self) -> None:
        self.register()
        page = self.run_until(self._ask(0, 30_000))
        self.assertEqual(([change.position for change in page.changes], page.head), ([1], 1))
        self.assertEqual(page.log, self.opening.log)
        self.assertLess(self.simulation.now_s, 1)

    def test_who_wants_no_waiting_gets_an_empty_page(self) -> None:
        self.assertEqual(self.run_until(self._ask(0, 0)), ChangePage([], 0, self.opening.log))
        self.assertEqual(self.run_until(self._ask(0, -5)).changes, [])

    def test_a_wait_ends_with_the_next_change(self) -> None:
        asked = self._ask(0, 30_000)
        self.simulation.run_for(3)
        self.assertNoResult(asked)
        self.assertEqual(len(self.following), 1)
        self.register()
        self.assertEqual(len(self.run_until(asked).changes), 1)
        self.assertEqual(len(self.following), 0)
        self.assertLess(self.simulation.now_s, 4)

    def test_a_wait_ends_when_its_time_is_up(self) -> None:
        self.assertEqual(self.run_until(self._ask(0, 2000)).changes, [])
        self.assertApproximates(self.simulation.now_s, 2, 0.1)
        self.run_until(self._ask(0, 1 << 30))
        self.assertApproximates(self.simulation.now_s, 2 + WAIT_MAX_S, 0.1)

    def test_a_wait_ends_before_its_caller_stops_waiting(self) -> None:
        asked = self._ask(0, 30_000, Asking(Line(), self.world.monotonic() + 1))
        self.simulation.run_for(1)
        self.assertEqual(self.successResultOf(asked).changes, [])

    def test_waits_end_with_their_connection_and_others_stay(self) -> None:
        lost, kept = Line(), Line()
        gone = [self._ask(0, 30_000, Asking(lost)) for _ in range(2)]
        stays = self._ask(0, 30_000, Asking(kept))
        lost.lose()
        for asked in gone:
            self.run_until(asked)
        self.assertEqual(len(self.following), 1)
        lost.lose()
        kept.lose()
        self.run_until(stays)
        self.assertEqual(len(self.following), 0)

    def test_who_is_ahead_of_the_log_hears_so_at_once(self) -> None:
        self.assertEqual(self.run_until(self._ask(100, 30_000)), ChangePage([], 0, self.opening.log))

    def test_when_the_node_stops_nobody_waits(self) -> None:
        asked = self._ask(0, 30_000)
        self.following.stop()
        self.run_until(asked)
        self.run_until(self._ask(0, 30_000))
        self.assertLess(self.simulation.now_s, 1)
