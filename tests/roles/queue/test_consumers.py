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
        self.consumers = Consumers()
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
