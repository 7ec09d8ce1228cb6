"""How long requests took, of a few among many: for who compares this process with its kin.

One request in eight is timed, from its bytes to its answer, so the clock costs next to nothing. Who takes the
times begins anew with that.
"""

from __future__ import annotations

from typing import Final

TIMED_MASK: Final = 7
"""A request whose number has none of these bits is timed."""
KEPT_MAX: Final = 1024
"""Between two looks; what comes after is not kept."""


class Latencies:
    """One communicator's."""

    def __init__(self) -> None:
        self._seconds: list[float] = []

    def took(self, seconds: float) -> None:
        if len(self._seconds) < KEPT_MAX:
            self._seconds.append(seconds)

    def take(self) -> list[float]:
        """Those since the last call."""
        taken, self._seconds = self._seconds, []
        return taken
