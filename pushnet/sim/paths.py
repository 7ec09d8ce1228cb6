"""What the way from one host to another is like: how long it takes, whether it is open.

Ways are directed. The faults a test can cause are methods here; all last until they are undone.
"""

from __future__ import annotations

import random
from collections.abc import Callable

LATENCY_S = (0.000_05, 0.001_5)
"""Between hosts of one site, if nothing else is said."""
LOOPBACK_S = (0.000_01, 0.000_05)


class Paths:
    """The state of every directed way between hosts."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._latency: dict[tuple[str, str], tuple[float, float]] = {}
        self._blocked: dict[tuple[str, str], list[Callable[[], None]]] = {}
        self.awaited: dict[str, Callable[[], None]] = {}
        self.split_chance = 0.1
        """How often an arriving segment is cut in two."""

    def at_next_arrival(self, target: str, call: Callable[[], None]) -> None:
        """Call once, when the next bytes arrive at the host: faults are most telling in the act."""
        self.awaited[target] = call

    def set_latency(self, source: str, target: str, low_s: float, high_s: float) -> None:
        self._latency[source, target] = (low_s, high_s)

    def latency_us(self, source: str, target: str) -> int:
        default = LOOPBACK_S if source == target else LATENCY_S
        low_s, high_s = self._latency.get((source, target), default)
        return int((low_s + (high_s - low_s) * self._rng.random()) * 1e6) + 1

    def split_at(self, size: int) -> int:
        """Where to cut a segment of `size` bytes; 0: not at all."""
        if size > 1 and self._rng.random() < self.split_chance:
            return self._rng.randint(1, size - 1)
        return 0

    def partition(self, one: str, other: str) -> None:
        """Nothing gets through between the two, in either direction, until `heal`."""
        self.block(one, other)
        self.block(other, one)

    def heal(self, one: str, other: str) -> None:
        """Open both ways; what was held arrives now."""
        self.unblock(one, other)
        self.unblock(other, one)

    def block(self, source: str, target: str) -> None:
        self._blocked.setdefault((source, target), [])

    def unblock(self, source: str, target: str) -> None:
        for release in self._blocked.pop((source, target), []):
            release()

    def is_blocked(self, source: str, target: str) -> bool:
        return (source, target) in self._blocked

    def when_open(self, source: str, target: str, release: Callable[[], None]) -> None:
        """Call `release` when the blocked way opens."""
        self._blocked[source, target].append(release)
