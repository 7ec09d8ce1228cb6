"""What nodes told of themselves last: gauges, load averages, how long a request takes.

A node tells its gauges with each renewal. `load` decides by-load choices; of a node that tells none it is
the number of requests under way. `waiting` (requests under way on average) and `served_per_s` together say
how long a request takes, by Little's law, without a clock on any request: time = waiting / rate. Both are
smoothed over a few reports; where hardly anything ever waits the result is mostly chance (`is_busy`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import attrs

from pushnet.grid.balance import SAMPLES, UNKNOWN_LOAD
from pushnet.grid.loads import LoadAverages

GAUGES_MAX: Final = 64
GAUGE_CHARACTERS_MAX: Final = 64
LOAD: Final = "load"
CONNECTIONS: Final = "connections"
WAITING: Final = "waiting"
SERVED: Final = "served_per_s"
TOOK_MS: Final = "took_ms"
"""How long a request takes, where it is measured on requests; then it is certain."""
MACHINE: Final = tuple(f"load{minutes}" for minutes in SAMPLES)
"""Load averages that the machine itself keeps, for all its processors together."""
CPUS: Final = "cpus"
FRESH_SHARE: Final = 0.5
"""Of a new report in the smoothed readings: two bad reports show."""
WAITING_LEAST: Final = 0.5
"""Requests under way on average below which a node cannot be told to be slow: a few looks see too little."""


@attrs.define
class Reading:
    """One node's."""

    gauges: Mapping[str, float]
    averages: LoadAverages
    report: int
    waiting: float = 0.0
    served_per_s: float = 0.0
    """Smoothed."""

    @property
    def load(self) -> float:
        told = self.gauges.get(LOAD, self.gauges.get(WAITING))
        return UNKNOWN_LOAD if told is None else told

    @property
    def loads(self) -> tuple[float, float, float]:
        """Over 1, 5 and 15 minutes: a machine's own, for each processor, or averaged of what was told."""
        told = [self.gauges.get(name) for name in MACHINE]
        one, five, fifteen = (
            None if load is None else load / max(1.0, self.gauges.get(CPUS, 1.0)) for load in told
        )
        if one is None or five is None or fifteen is None:
            return self.averages.averages
        return one, five, fifteen

    @property
    def latency_s(self) -> float | None:
        """How long a request took on average; None when nothing was asked of it."""
        if WAITING not in self.gauges or self.served_per_s <= 0:
            return None
        return self.waiting / self.served_per_s

    @property
    def is_busy(self) -> bool:
        """Whether enough waits for the latency to be more than chance."""
        return TOOK_MS in self.gauges or self.waiting >= WAITING_LEAST


class Readings:
    """All nodes'."""

    def __init__(self) -> None:
        self._readings: dict[str, Reading] = {}

    def told(self, name: str, gauges: Mapping[str, float], now: float) -> Reading:
        """Take up what a node told; readings that are no number, or too many, are dropped."""
        kept = dict(
            [(gauge, value) for gauge, value in gauges.items() if _is_reading(gauge, value)][:GAUGES_MAX]
        )
        before = self._readings.get(name)
        averages = before.averages if before else LoadAverages()
        waiting, served = kept.get(WAITING, 0.0), kept.get(SERVED, 0.0)
        if before is not None:
            waiting = before.waiting + (waiting - before.waiting) * FRESH_SHARE
            served = before.served_per_s + (served - before.served_per_s) * FRESH_SHARE
        reading = Reading(kept, averages, before.report + 1 if before else 1, waiting, served)
        averages.told(reading.load, now)
        self._readings[name] = reading
        return reading

    def forget(self, name: str) -> None:
        self._readings.pop(name, None)

    def of(self, name: str) -> Reading | None:
        """None when it has told nothing."""
        return self._readings.get(name)

    def gauges(self, name: str) -> Mapping[str, float]:
        reading = self._readings.get(name)
        return reading.gauges if reading else {}

    def load(self, name: str) -> float:
        reading = self._readings.get(name)
        return reading.load if reading else UNKNOWN_LOAD

    def averages(self, name: str) -> tuple[float, float, float]:
        """Over 1, 5 and 15 minutes."""
        reading = self._readings.get(name)
        return reading.loads if reading else (UNKNOWN_LOAD,) * 3


def _is_reading(gauge: str, value: float) -> bool:
    return len(gauge) <= GAUGE_CHARACTERS_MAX and math.isfinite(value)
