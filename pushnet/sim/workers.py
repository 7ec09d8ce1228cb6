"""Blocking work in simulated time: it runs inline, some time after it was given, and answers later still.

The process may be killed before the one moment, and the work is not done; or between the two, and the work
is done but nobody has heard of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from pushnet.sim.timeline import Happening, Life, Timeline, microseconds

T = TypeVar("T")

START_S = (0.000_01, 0.000_3)
"""From giving the work to its run: waking a thread."""
ANSWER_S = (0.000_05, 0.003)
"""From its run to the answer: a disk's sync takes 2 ms and now and then more."""


class SimWorker:
    """Runs functions one after the other. Implements `Worker`."""

    def __init__(self, timeline: Timeline, life: Life, rng: random.Random, name: str) -> None:
        self._timeline = timeline
        self._life = life
        self._rng = rng
        self._name = name
        self._free_us = 0
        self.pending = 0
        self.closed = False

    def submit(self, function: Callable[..., T], *args: Any) -> Deferred[T]:
        assert not self.closed, f"worker {self._name} is closed"
        done: Deferred[T] = Deferred(lambda done: None)
        self.pending += 1
        start_us = max(self._timeline.now_us, self._free_us) + self._draw(START_S)
        self._free_us = start_us + self._draw(ANSWER_S)
        run_us = self._rng.randint(start_us, self._free_us)
        self._at(run_us, self._run, function, args, done, self._free_us)
        return done

    def close(self) -> Deferred[None]:
        self.closed = True
        ended: Deferred[None] = Deferred(lambda ended: None)
        self._free_us = max(self._timeline.now_us, self._free_us) + self._draw(START_S)
        self._at(self._free_us, self._answer, ended, None)
        return ended

    def _run(
        self, function: Callable[..., Any], args: tuple[Any, ...], done: Deferred[Any], answer_us: int
    ) -> None:
        outcome: Any
        try:
            outcome = function(*args)
        except Exception as error:
            outcome = Failure(error)  # type: ignore[no-untyped-call]
        self._at(answer_us, self._work_done, done, outcome)

    def _work_done(self, done: Deferred[Any], outcome: Any) -> None:
        self.pending -= 1
        self._answer(done, outcome)

    def _answer(self, done: Deferred[Any], outcome: Any) -> None:
        if not done.called:
            done.callback(outcome)

    def _at(self, due_us: int, function: Callable[..., object], *args: Any) -> None:
        self._timeline.put(Happening(self._timeline, self._life, self._name, function, args), due_us)

    def _draw(self, between_s: tuple[float, float]) -> int:
        return microseconds(self._rng.uniform(*between_s))
