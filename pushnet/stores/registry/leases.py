"""Leases: the right to be found, until it runs out. Time is monotonic and comes as an argument.

A process that was paused (stopped, or on a machine that stalled) cannot tell who failed to renew from who
could not reach it. So time in which nobody looked does not count: when `overdue` is asked after a gap longer
than half the shortest lease, every lease is lengthened by that gap. Ask at least every quarter of a lease.
"""

from __future__ import annotations

import attrs

NEVER = float("inf")


@attrs.define
class _Held:
    ttl_s: float
    until: float


class Leases:
    """Which leases run until when."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        self._looked_at: float | None = None
        self._shortest_s = NEVER
        self._next_due = 0.0
        """No lease runs out before this: until then nobody needs to be looked at."""

    def __len__(self) -> int:
        return len(self._held)

    def holds(self, name: str) -> bool:
        return name in self._held

    def grant(self, name: str, ttl_s: float, now: float) -> None:
        """Begin a lease, or begin it anew with another length."""
        self._held[name] = _Held(ttl_s, now + ttl_s)
        self._shortest_s = min(self._shortest_s, ttl_s)
        self._next_due = min(self._next_due, now + ttl_s)

    def renew(self, name: str, now: float) -> bool:
        """Start it anew; False when there is none of that name."""
        held = self._held.get(name)
        if held is None:
            return False
        held.until = max(held.until, now + held.ttl_s)
        return True

    def release(self, name: str) -> None:
        """Give it up."""
        self._held.pop(name, None)

    def left_s(self, name: str, now: float) -> float:
        held = self._held.get(name)
        return max(0.0, held.until - now) if held else 0.0

    def overdue(self, now: float) -> list[str]:
        """End the leases that have run out; returns their names, sorted."""
        gap_s = 0.0 if self._looked_at is None else now - self._looked_at
        self._looked_at = now
        if gap_s > self._shortest_s / 2:
            for held in self._held.values():
                held.until += gap_s
            self._next_due += gap_s
        if now < self._next_due:
            return []
        names = sorted(name for name, held in self._held.items() if held.until <= now)
        for name in names:
            del self._held[name]
        self._next_due = min((held.until for held in self._held.values()), default=now)
        return names
