"""How many of a set of processes run: as many as their load needs, between a least and a most.

    mean a tenth above the target, for 10 s         -> so many that it comes to the target, at most twice
    the same load on one less a fifth below it,
    for a minute                                    -> one less

Between the two nothing happens, and after a change nothing for a while, so a steady load gives a steady
number: with n = ceil(total / target) one less would be above the target, so nobody is taken away again; with
one less at under 0.8 of the target nobody is added again. Times are monotonic seconds of whoever decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import attrs

from pushnet.grid.tables import ScalingSettings

ABOVE: Final = 1.1
"""Of the target: above it more are needed."""
BELOW: Final = 0.8
"""Of the target, with one less: below it one is too many."""
UP_AFTER_S: Final = 10.0
UP_PAUSE_S: Final = 20.0
"""After a change: who has just started needs some seconds to take its share."""
DOWN_AFTER_S: Final = 60.0


@attrs.frozen
class Decision:
    """How many are to run from now on, and why in words."""

    count: int
    why: str


class Scaler:
    """Decides for one set. Whoever begins to decide waits as after a change."""

    def __init__(self, now: float) -> None:
        self._changed_at = now
        self._above_since: float | None = None
        self._below_since: float | None = None

    def look(
        self, scaling: ScalingSettings, count: int, readings: Sequence[float], now: float
    ) -> Decision | None:
        """None: it stays as it is.

        Args:
            count: how many are to run now.
            readings: what those of them tell that serve.
        """
        most = len(scaling.members)
        if not scaling.min <= count <= most:
            return self._changed(min(max(count, scaling.min), most), f"{scaling.min} to {most} may run", now)
        if not readings:
            return None
        total = sum(readings)
        mean = total / len(readings)
        above = mean > scaling.target_load * ABOVE and count < most
        whole = len(readings) >= count > scaling.min
        below = whole and total / (count - 1) < scaling.target_load * BELOW
        self._above_since = (now if self._above_since is None else self._above_since) if above else None
        self._below_since = (now if self._below_since is None else self._below_since) if below else None
        if above and self._ripe(self._above_since, UP_AFTER_S, UP_PAUSE_S, now):
            wanted = max(count + 1, min(2 * count, math.ceil(total / scaling.target_load)))
            told = f"{scaling.load_gauge} {mean:.3g} on average is above {scaling.target_load:g}"
            return self._changed(min(wanted, most), told, now)
        if below and self._ripe(self._below_since, DOWN_AFTER_S, DOWN_AFTER_S, now):
            told = f"{scaling.load_gauge} {mean:.3g} on average is well below {scaling.target_load:g}"
            return self._changed(count - 1, told, now)
        return None

    def _ripe(self, since: float | None, after_s: float, pause_s: float, now: float) -> bool:
        return since is not None and now - since >= after_s and now - self._changed_at >= pause_s

    def _changed(self, count: int, why: str, now: float) -> Decision:
        self._changed_at, self._above_since, self._below_since = now, None, None
        return Decision(count, why)
