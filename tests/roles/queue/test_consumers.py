"""Waits end with the connection they were asked over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.queue.consumers import Consumers


class Line:
    """A connection that a test can close."""

    def __init__(self) -> None:
        self._callback: Callable[[Any], object] | None = None
        self.closed = False

    def setCloseCallback(self, callback: Callable[[Any], object]) -> None:
        self._callback = callback
        if self.closed:
            callback(self)

    def close(self) -> None:
        self.closed = True
        if self._callback is not None:
            self._callback(self)


class ConsumersTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.released: list[dict[tuple[str, str, int], int]] = []
        self.consumers = Consumers(self.released.append)
        self.one, self.other = Line(), Line()

    def _wait(self, line: Line) -> Deferred[None]:
        wait: Deferred[None] = Deferred()
        self.consumers.enter(line, wait)
        return wait

    def test_all_waits_of_a_connection_end_with_it_and_no_others(self) -> None:
        first, second, elsewhere = self._wait(self.one), self._wait(self.one), self._wait(self.other)
        self.one.close()
        self.failureResultOf(first, CancelledError)
        self.failureResultOf(second, CancelledError)
        self.assertNoResult(elsewhere)
        self.assertEqual(self.consumers.count, 1)

    def test_a_wait_that_has_ended_is_forgotten(self) -> None:
        wait = self._wait(self.one)
        self.consumers.leave(self.one, wait)
        self.consumers.leave(self.one, wait)
        self.one.close()
        self.assertNoResult(wait)
        self.assertEqual(self.consumers.count, 0)

    def test_a_connection_that_has_gone_already_ends_the_wait_at_once(self) -> None:
        self.one.close()
        self.failureResultOf(self._wait(self.one), CancelledError)

    def test_a_connection_may_wait_again_and_again(self) -> None:
        for _ in range(3):
            wait = self._wait(self.one)
            self.consumers.leave(self.one, wait)
        last = self._wait(self.one)
        self.one.close()
        self.failureResultOf(last, CancelledError)

    def test_everyone_can_be_let_go(self) -> None:
        waits = [self._wait(self.one), self._wait(self.other)]
        self.consumers.release_all()
        for wait in waits:
            self.failureResultOf(wait, CancelledError)

    def test_what_a_connection_held_is_released_when_it_goes(self) -> None:
        self.consumers.hold(self.one, {("t", "g", 1): 1, ("t", "g", 2): 3})
        self.consumers.hold(self.other, {("t", "g", 4): 1})
        self.consumers.settle("t", "g", [1])
        self.one.close()
        self.assertEqual(self.released, [{("t", "g", 2): 3}])

    def test_a_message_settled_over_another_connection_is_held_by_nobody(self) -> None:
        self.consumers.hold(self.one, {("t", "g", 1): 1})
        self.consumers.settle("t", "g", [1, 99])
        self.one.close()
        self.assertEqual(self.released, [])

    def test_a_message_leased_anew_is_the_new_holders(self) -> None:
        self.consumers.hold(self.one, {("t", "g", 1): 1})
        self.consumers.hold(self.other, {("t", "g", 1): 2})
        self.one.close()
        self.assertEqual(self.released, [])
        self.other.close()
        self.assertEqual(self.released, [{("t", "g", 1): 2}])

    def test_who_has_gone_before_the_messages_came_holds_nothing(self) -> None:
        self.one.close()
        self.consumers.hold(self.one, {("t", "g", 1): 1})
        self.assertEqual(self.released, [{("t", "g", 1): 1}])
