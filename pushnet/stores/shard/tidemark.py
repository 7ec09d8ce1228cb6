"""A number that only grows, and those who wait for it to grow."""

from __future__ import annotations

from twisted.internet.defer import Deferred


class Tidemark:
    """How far something has come. Not for threads: all of it happens in the reactor's."""

    def __init__(self, value: int = 0) -> None:
        self.value = value
        self._waiting: dict[Deferred[None], int] = {}

    def rise(self, value: int) -> None:
        """It has come this far. A lower value than before changes nothing."""
        if value <= self.value:
            return
        self.value = value
        for waiter in [waiter for waiter, mark in self._waiting.items() if mark < value]:
            if self._waiting.pop(waiter, None) is not None:
                waiter.callback(None)

    def passed(self, mark: int) -> Deferred[None]:
        """Fires when the value is more than `mark`, or at `release`. Cancelling gives up waiting."""
        waiter: Deferred[None] = Deferred(self._forget)
        if self.value > mark:
            waiter.callback(None)
        else:
            self._waiting[waiter] = mark
        return waiter

    def release(self) -> None:
        """Let everybody go who waits now."""
        waiting, self._waiting = self._waiting, {}
        for waiter in waiting:
            waiter.callback(None)

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def _forget(self, waiter: Deferred[None]) -> None:
        self._waiting.pop(waiter, None)
