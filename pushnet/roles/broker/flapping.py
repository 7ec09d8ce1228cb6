"""Devices that log in again and again: a broken loop, or two phones with one identity, each throwing the
other out. Every login costs a shard a read, so too many in a minute are followed by a pause.

Only logins that were let in count, and count for the device: a stranger who knows a registration id cannot
have its device sent away.
"""

from __future__ import annotations

from typing import Any, Final

LOGINS_MAX: Final = 15
WINDOW_S: Final = 60.0
AWAY_S: Final = 300.0
"""The numbers are EMQX's defaults for flapping clients: failure-model 1."""
COUNTED_MAX: Final = 50_000
"""Devices whose logins are counted: nearly three times those a Broker holds. The oldest goes first."""
AWAY_MAX: Final = 10_000
"""Devices that are sent away; likewise."""

Device = tuple[str, int]


class Flapping:
    """Counts logins; times are monotonic seconds."""

    def __init__(self, counted_max: int = COUNTED_MAX, away_max: int = AWAY_MAX) -> None:
        self._counted_max = counted_max
        self._away_max = away_max
        self._counts: dict[Device, tuple[float, int]] = {}
        """When the device's minute began, and the logins in it; the oldest minute first."""
        self._away: dict[Device, float] = {}
        """Until when."""

    def away_s(self, device: Device, now: float) -> float:
        """How long the device has to stay away; 0 when it may come."""
        until = self._away.get(device, 0.0)
        if until <= now:
            self._away.pop(device, None)
            return 0.0
        return until - now

    def entered(self, device: Device, now: float) -> None:
        """A login was let in."""
        began, count = self._counts.get(device, (now, 0))
        if now - began >= WINDOW_S:
            began, count = now, 0
        if not count:
            self._counts.pop(device, None)
            _make_room(self._counts, self._counted_max)
        self._counts[device] = began, count + 1
        if count + 1 >= LOGINS_MAX:
            del self._counts[device]
            self._away.pop(device, None)
            _make_room(self._away, self._away_max)
            self._away[device] = now + AWAY_S

    def __len__(self) -> int:
        """Entries of both tables."""
        return len(self._counts) + len(self._away)


def _make_room(table: dict[Device, Any], most: int) -> None:
    while len(table) >= most:
        del table[next(iter(table))]
