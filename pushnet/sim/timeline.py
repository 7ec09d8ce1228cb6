"""The simulation's one queue of things to come, by virtual microsecond.

Everything that happens is a `Happening` on the heap, owned by a `Life`: a process on a host, or the
simulation itself. When the life ends, what it still had to do never happens. Two happenings of one
microsecond are ordered by a number made from the seed, so that other seeds try other orders; but what one
source has put there for the same moment (`salt` names the source) comes in the order it was put.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from twisted.internet.error import AlreadyCalled, AlreadyCancelled
from twisted.internet.interfaces import IDelayedCall
from zope.interface import implementer

_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 32) - 1


class Life:
    """One run of a process, from boot to its end."""

    __slots__ = ("alive", "held", "name", "offset_us", "salt")

    def __init__(self, name: str, salt: int, offset_us: int = 0) -> None:
        self.name = name
        self.salt = salt
        self.offset_us = offset_us
        """How far its monotonic clock is ahead of virtual time."""
        self.alive = True
        self.held: list[tuple[int, Happening]] | None = None
        """While the process is stopped: what would have happened, with its serial; None while it runs."""


@implementer(IDelayedCall)
class Happening:
    """Something to come. Also what `callLater` hands out."""

    __slots__ = ("args", "due_us", "function", "kind", "life", "serial", "state", "timeline")

    def __init__(
        self,
        timeline: Timeline,
        life: Life,
        kind: str,
        function: Callable[..., object],
        args: tuple[Any, ...],
    ) -> None:
        self.timeline = timeline
        self.life = life
        self.kind = kind
        self.function = function
        self.args = args
        self.due_us = 0
        self.serial = 0
        self.state = "waiting"

    def getTime(self) -> float:
        return (self.due_us + self.life.offset_us) / 1e6

    def active(self) -> bool:
        return self.state == "waiting" and self.life.alive

    def cancel(self) -> None:
        self._check()
        self.state = "cancelled"
        self.serial = -1

    def delay(self, secondsLater: float) -> None:
        self._check()
        self.timeline.put(self, self.due_us + microseconds(secondsLater))

    def reset(self, secondsFromNow: float) -> None:
        self._check()
        self.timeline.put(self, self.timeline.now_us + microseconds(secondsFromNow))

    def _check(self) -> None:
        if self.state == "cancelled":
            raise AlreadyCancelled
        if self.state == "called":
            raise AlreadyCalled


class Timeline:
    """The heap and the virtual clock."""

    def __init__(self) -> None:
        self.now_us = 0
        self.turn = 0
        """Counts what has happened: one turn of every reactor."""
        self._heap: list[tuple[int, int, int, Happening]] = []
        self._serial = 0

    def put(self, happening: Happening, due_us: int, salt: int = 0) -> None:
        """Let it happen at `due_us`; if it was to come at another time, instead of then."""
        self._serial += 1
        happening.due_us = due_us
        happening.serial = self._serial
        if happening.life.alive:
            tie = ((due_us ^ (salt or happening.life.salt)) * _MIX >> 16) & _MASK
            heappush(self._heap, (due_us, tie, self._serial, happening))

    def take(self, until_us: int) -> Happening | None:
        """The next happening not after `until_us`, with the clock moved to it; None when there is none."""
        heap = self._heap
        while heap and heap[0][0] <= until_us:
            due_us, _, serial, happening = heappop(heap)
            if happening.serial == serial and happening.life.alive:
                if happening.life.held is not None:
                    happening.life.held.append((serial, happening))
                    continue
                self.now_us = due_us
                self.turn += 1
                happening.state = "called"
                return happening
        return None

    def resume(self, life: Life) -> None:
        """A stopped process goes on: all that came due meanwhile happens now, in its order."""
        held, life.held = life.held or [], None
        for serial, happening in held:
            if happening.serial == serial:
                self.put(happening, self.now_us)

    def clear(self) -> None:
        """Nothing is to come any more."""
        self._heap.clear()

    def waiting(self) -> list[Happening]:
        """What is still to come, soonest first."""
        return [
            happening
            for _, _, serial, happening in sorted(self._heap, key=lambda entry: entry[:3])
            if happening.serial == serial and happening.life.alive
        ]


def microseconds(seconds: float) -> int:
    """Whole microseconds, never less than asked for."""
    return max(0, math.ceil(seconds * 1e6 - 1e-3))
