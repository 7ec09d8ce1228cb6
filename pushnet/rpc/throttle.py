"""A caller that is told again and again that there is too much asks less by itself.

For each target the calls of the last two minutes are counted, and those of them that were taken on. As long
as at least half are, all calls are made; then so many are refused here, at random, that about twice as many
are made as are taken on. So a service in trouble spends its time on what it can do, and is asked more again
as soon as it takes more on. Not taken on are calls refused with `OverloadException`, and those that no
connection was made for.

The rule is that of client-side throttling in Google's SRE book (chapter 21), with K = 2.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

K = 2.0
WINDOW_S = 120.0
REQUESTS_MIN = 20
"""Fewer calls say nothing."""
_TARGETS_MAX = 1024


class Throttle:
    """What one target has taken on: the counts of this half of the window, and of the last."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._half_ends = clock() + WINDOW_S / 2
        self._made = self._taken = 0
        self._made_before = self._taken_before = 0

    def refuses(self, chance: float) -> bool:
        """Whether the next call is not to be made, for a `chance` from 0 to 1. It counts either way."""
        self._turn()
        made, taken = self._made + self._made_before, self._taken + self._taken_before
        self._made += 1
        return made >= REQUESTS_MIN and chance < (made - K * taken) / (made + 1)

    def taken(self) -> None:
        """A call was taken on."""
        self._turn()
        self._taken += 1

    def _turn(self) -> None:
        now = self._clock()
        if now < self._half_ends:
            return
        recent = now < self._half_ends + WINDOW_S / 2
        self._made_before, self._taken_before = (self._made, self._taken) if recent else (0, 0)
        self._made = self._taken = 0
        self._half_ends = now + WINDOW_S / 2


class Throttles:
    """One communicator's, by target."""

    def __init__(self, clock: Callable[[], float], chance: Callable[[], float]) -> None:
        self._clock = clock
        self._chance = chance
        self._throttles: OrderedDict[Any, Throttle] = OrderedDict()

    def of(self, target: Any) -> Throttle:
        throttle = self._throttles.get(target)
        if throttle is None:
            throttle = self._throttles[target] = Throttle(self._clock)
            if len(self._throttles) > _TARGETS_MAX:
                self._throttles.popitem(last=False)
        self._throttles.move_to_end(target)
        return throttle

    def refuses(self, target: Any) -> bool:
        """Whether a call to `target` is not to be made."""
        return self.of(target).refuses(self._chance())
