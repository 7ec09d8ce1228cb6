"""How the server behind a front does, as its clients see it: what a roll's gates judge a stock server by.

Counted are answers. A failure is one that says that something is not there, or that the server failed in a
way no interface declares. Of a few requests the time is taken. A server that answers nothing any more is seen
when it is looked at: no answer has come since, and somebody waits for one.
"""

from __future__ import annotations

from collections import deque
from typing import Final

TIMES_MAX: Final = 1024
TIMES_S: Final = 10.0
"""Older ones tell nothing of now."""
TOOK_S: Final = 2.0
"""Whoever is slow now shall be seen to be slow now."""
TOOK_MIN: Final = 5
TIMES_MIN: Final = 20
"""Fewer tell nothing at all."""
TIMED_MASK: Final = 3
"""One in four pieces that a client sends is timed, if nothing of that client's is."""


class FrontCounts:
    """One front's, whoever is behind it."""

    __slots__ = ("_answered_at", "_answers_seen", "_times", "failures", "requests")

    def __init__(self) -> None:
        self.requests = 0
        self.failures = 0
        self._answers_seen = 0
        self._answered_at: float | None = None
        """Since when nothing has come though somebody waits; None: nobody does."""
        self._times: deque[tuple[float, float]] = deque(maxlen=TIMES_MAX)

    def took(self, seconds: float, now: float) -> None:
        self._times.append((now, seconds))

    def gauges(self, now: float, waits: bool = False) -> dict[str, float]:
        """`requests`, `failures`, `p99_ms` when it can be told, and `silent_s` when nothing is answered.

        Also `took_ms`, how long a request took of late: half took less.

        Args:
            waits: whether somebody waits for an answer.
        """
        told = {"requests": float(self.requests), "failures": float(self.failures)}
        times = sorted(seconds for at, seconds in self._times if now - at <= TIMES_S)
        if len(times) >= TIMES_MIN:
            told["p99_ms"] = round(times[len(times) * 99 // 100] * 1e3, 3)
        late = sorted(seconds for at, seconds in self._times if now - at <= TOOK_S)
        if len(late) >= TOOK_MIN:
            told["took_ms"] = round(late[len(late) // 2] * 1e3, 3)
        silent_s = self._silent_s(now, waits)
        if silent_s:
            told["silent_s"] = round(silent_s, 3)
        return told

    def _silent_s(self, now: float, waits: bool) -> float:
        """How long nothing has come, as far as it was looked at."""
        if not waits or self.requests != self._answers_seen or self._answered_at is None:
            self._answers_seen = self.requests
            self._answered_at = now if waits else None
        return now - self._answered_at if self._answered_at is not None else 0.0
