"""Waiting for the index to have followed the shards far enough."""

from __future__ import annotations

from collections.abc import Mapping

from twisted.internet.defer import Deferred


class Progress:
    """How far every shard has been followed, for those who wait. `moved` after every page."""

    def __init__(self, positions: Mapping[int, int]) -> None:
        self._positions = dict(positions)
        self._waiting: dict[Deferred[None], dict[int, int]] = {}

    def has(self, needed: Mapping[int, int]) -> bool:
        """Whether all of the positions have been reached. A shard never heard of is at 0."""
        return all(self._positions.get(shard, 0) >= position for shard, position in needed.items())

    def reached(self, needed: Mapping[int, int]) -> Deferred[None]:
        """Fires when `has(needed)`. Cancelling gives up waiting."""
        waiter: Deferred[None] = Deferred(self._forget)
        if self.has(needed):
            waiter.callback(None)
        else:
            self._waiting[waiter] = dict(needed)
        return waiter

    def moved(self, positions: Mapping[int, int]) -> None:
        """The index is here now; it may have gone back where a shard is read anew."""
        self._positions = dict(positions)
        for waiter in [waiter for waiter, needed in self._waiting.items() if self.has(needed)]:
            if self._waiting.pop(waiter, None) is not None:
                waiter.callback(None)

    def stop(self) -> None:
        """Let everybody give up who waits."""
        for waiter in list(self._waiting):
            waiter.cancel()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def _forget(self, waiter: Deferred[None]) -> None:
        self._waiting.pop(waiter, None)
