"""One coarse clock for the deadlines of all calls under way: no timer of their own, no clock call each.

Time is counted in ticks. A call notes the tick at which it expires; while calls are under way, each tick
looks at all of them. With nothing under way nothing ticks.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall

TICK_S = 0.05
"""A deadline is missed by at most two ticks, which is little beside the second that calls may take."""


class Deadlines:
    """The clock. `sweep(tick)` ends what has expired and says whether anything is under way."""

    def __init__(self, call_later: Callable[..., IDelayedCall], sweep: Callable[[int], bool]) -> None:
        self.tick = 0
        self._call_later = call_later
        self._sweep = sweep
        self._call: IDelayedCall | None = None

    def after(self, timeout_ms: int) -> int:
        """The tick at which a call expires that has `timeout_ms` left. Starts the clock."""
        if self._call is None:
            self._call = self._call_later(TICK_S, self._pass)
        return self.tick + 1 + -(-timeout_ms // 50)

    def left_ms(self, expires: int) -> int:
        """The milliseconds until the tick `expires`, at least one."""
        return max(1, (expires - self.tick) * 50)

    def stop(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _pass(self) -> None:
        self.tick += 1
        self._call = self._call_later(TICK_S, self._pass)
        if not self._sweep(self.tick):
            self.stop()
