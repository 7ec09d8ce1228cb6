"""How long to wait before a program that ended is started again."""

from __future__ import annotations

FIRST_S = 0.2
LONGEST_S = 10.0
SETTLED_S = 20.0
"""Having run for so long, a program begins again with the shortest pause."""


class Backoff:
    """Doubles the pause with each end in a row, from `FIRST_S` to `LONGEST_S`."""

    def __init__(self) -> None:
        self._next_s = FIRST_S

    def pause_s(self, ran_s: float) -> float:
        """The pause after a run of `ran_s` seconds."""
        if ran_s >= SETTLED_S:
            self._next_s = FIRST_S
        pause_s = self._next_s
        self._next_s = min(self._next_s * 2, LONGEST_S)
        return pause_s
