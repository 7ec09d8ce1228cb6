"""Leases: the right to be found, until it runs out.

A lease is held by a name under an epoch. Every grant, to whomever, gets the next epoch, so a later grant of
a name always has the higher one; what an earlier holder says after that (`renew`, `release`) is refused.
The invariant: of one name at most one epoch holds a lease, and no epoch is granted twice, also across
restarts, provided the caller keeps `last_epoch` on disk before it tells anybody.

A registry that was paused (a stopped process, a stalled machine) cannot tell who failed to renew from who
could not reach it. So time in which nobody looked does not count: when `overdue` is asked after a gap longer
than half a lease, every lease is lengthened by that gap. Ask at least every quarter of a lease.
"""

from __future__ import annotations

import attrs


class LeaseLost(Exception):
    """The caller does not hold the lease it speaks of; the text says who does, or since when not."""


@attrs.define
class _Held:
    epoch: int
    since: float
    until: float


class Leases:
    """Who holds which name until when. Times are monotonic seconds and come as arguments."""

    def __init__(self, ttl_s: float, last_epoch: int = 0) -> None:
        self.ttl_s = ttl_s
        self.last_epoch = last_epoch
        """The highest epoch granted so far."""
        self._held: dict[str, _Held] = {}
        self._looked_at: float | None = None

    def __len__(self) -> int:
        return len(self._held)

    def names(self) -> list[str]:
        """Every name held, sorted."""
        return sorted(self._held)

    def holds(self, name: str) -> bool:
        return name in self._held

    def grant(self, name: str, now: float) -> int:
        """Give `name` a new lease, whoever held it before. Returns its epoch."""
        self.last_epoch += 1
        self._held[name] = _Held(self.last_epoch, now, now + self.ttl_s)
        return self.last_epoch

    def restore(self, name: str, epoch: int, now: float) -> None:
        """Take up a lease granted before a restart, with a full `ttl_s` to renew it in."""
        assert epoch <= self.last_epoch, "an epoch nobody granted"
        self._held[name] = _Held(epoch, now, now + self.ttl_s)

    def renew(self, name: str, epoch: int, now: float) -> None:
        """Start the lease anew. Raises `LeaseLost`."""
        held = self._held.get(name)
        if held is None:
            raise LeaseLost(f"no lease of {name} is known; it ran out or was given up")
        if held.epoch != epoch:
            raise LeaseLost(f"{name} is held under epoch {held.epoch}, not {epoch}")
        held.until = max(held.until, now + self.ttl_s)

    def release(self, name: str, epoch: int) -> bool:
        """Give the lease up. False, and nothing changes, when `epoch` does not hold it."""
        held = self._held.get(name)
        if held is None or held.epoch != epoch:
            return False
        del self._held[name]
        return True

    def epoch(self, name: str) -> int:
        """The epoch under which `name` is held; 0 when it is not."""
        held = self._held.get(name)
        return held.epoch if held else 0

    def left_s(self, name: str, now: float) -> float:
        held = self._held[name]
        return max(0.0, held.until - now)

    def up_s(self, name: str, now: float) -> float:
        """Seconds since the lease was granted or restored."""
        return now - self._held[name].since

    def overdue(self, now: float) -> list[str]:
        """End the leases that have run out; returns their names, sorted."""
        gap_s = 0.0 if self._looked_at is None else now - self._looked_at
        self._looked_at = now
        if gap_s > self.ttl_s / 2:
            for held in self._held.values():
                held.until += gap_s
        names = sorted(name for name, held in self._held.items() if held.until <= now)
        for name in names:
            del self._held[name]
        return names
