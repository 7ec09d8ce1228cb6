"""One timing wheel for all connections of a process: no timer of their own, no clock call per frame.

The wheel has a slot for each of the next `size` ticks. A spoke (a connection) sits in one slot; when the
wheel gets there it is asked what it wants: so many ticks more, or to leave. A connection that hears
something only notes the tick, and answers when asked: a heartbeat costs one assignment. Delays longer than
the wheel are asked early and go round again.
"""

from __future__ import annotations

from typing import Protocol


class Spoke(Protocol):
    """What sits in a wheel. The wheel keeps `wheel_slot`, so that leaving early is cheap."""

    wheel_slot: int

    def due(self, tick: int) -> int:
        """Its tick has come. Returns the ticks until it wants to be asked again; 0 leaves the wheel."""
        ...


class Wheel:
    """Slots of spokes. Whoever owns it calls `turn` once a tick."""

    def __init__(self, size: int = 1024) -> None:
        self.tick = 0
        self._slots: list[dict[Spoke, None]] = [{} for _ in range(size)]

    def __len__(self) -> int:
        return sum(map(len, self._slots))

    def add(self, spoke: Spoke, ticks: int) -> None:
        """Ask `spoke` after `ticks` ticks, at least one."""
        size = len(self._slots)
        slot = (self.tick + min(max(ticks, 1), size - 1)) % size
        spoke.wheel_slot = slot
        self._slots[slot][spoke] = None

    def remove(self, spoke: Spoke) -> None:
        """Forget `spoke`, whether it is here or not."""
        self._slots[spoke.wheel_slot].pop(spoke, None)

    def turn(self) -> None:
        """One tick has passed. Spokes may add and remove themselves and others meanwhile."""
        self.tick += 1
        slot = self._slots[self.tick % len(self._slots)]
        for spoke in list(slot):
            if spoke not in slot:
                continue
            del slot[spoke]
            ticks = spoke.due(self.tick)
            if ticks:
                self.add(spoke, ticks)
