"""Load averaged over 1, 5 and 15 minutes, as `uptime` does: each reading counts less the older it is."""

from __future__ import annotations

import math
from typing import Final

from pushnet.grid.balance import SAMPLES, UNKNOWN_LOAD

_SPANS_S: Final = tuple(60.0 * minutes for minutes in SAMPLES)


class LoadAverages:
    """One node's. The first reading stands for the time before it."""

    def __init__(self) -> None:
        self._averages: tuple[float, float, float] | None = None
        self._told_at = 0.0

    def told(self, load: float, now: float) -> None:
        """The node's load at monotonic time `now`."""
        if self._averages is None:
            self._averages = (load, load, load)
        else:
            one, five, fifteen = (
                load + (average - load) * math.exp((self._told_at - now) / span)
                for average, span in zip(self._averages, _SPANS_S, strict=True)
            )
            self._averages = (one, five, fifteen)
        self._told_at = now

    @property
    def averages(self) -> tuple[float, float, float]:
        """Over 1, 5 and 15 minutes."""
        return self._averages or (UNKNOWN_LOAD,) * 3
