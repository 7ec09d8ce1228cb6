"""Replicas that fail or are slow are taken out of the answers for a while, and come back by probe.

The rules, with their numbers from Envoy's outlier detection:

* five failures in a row, or two reports in a row of a latency three times the median of the others;
* out for 30 s the first time, twice that the second, and so on; five minutes without trouble forget one;
* at most a tenth of a group at a time, but always one: a group where all are slow is not emptied;
* when its time is over a replica is *on probe*: it gets a small share of the answers (or is pinged, by
  whoever can); a good report brings it back whole, a bad one sends it away again;
* who did not answer when it was asked last is *silent*: it is answered only where there is nobody else.

    in --five failures, or slow twice--> out --its time is over--> on probe --good report--> in
                                          ^----------------------- bad report ---'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Final

import attrs

FAILURES_IN_A_ROW: Final = 5
SLOW_IN_A_ROW: Final = 2
SLOW_FACTOR: Final = 3.0
SLOW_FLOOR_S: Final = 0.002
"""A replica faster than this is never slow, whatever its neighbours manage."""
EJECTED_S: Final = 30.0
EJECTED_TIMES_MAX: Final = 10
"""Longer than five minutes nobody is kept out without being looked at again."""
SHARE_MAX: Final = 0.1
PROBE_EVERY: Final = 20
"""A replica on probe is in one answer of so many."""
FORGIVEN_S: Final = 300.0
"""After so long without trouble one earlier ejection is forgotten."""


class Fitness(Enum):
    """Where a replica stands."""

    fit = auto()
    out = auto()
    probed = auto()
    silent = auto()


@attrs.define
class _Record:
    failures: int = 0
    slow: int = 0
    ejections: int = 0
    until: float = 0.0
    fitness: Fitness = Fitness.fit
    silent: bool = False
    well_since: float = 0.0


class Outliers:
    """One group's. Times are monotonic seconds and come as arguments."""

    def __init__(self) -> None:
        self._records: dict[str, _Record] = {}
        self._latencies: dict[str, float] = {}
        self._turn = 0

    def failed(self, name: str, now: float) -> bool:
        """It failed once more; whether that makes it an outlier."""
        record = self._record(name, now)
        record.failures += 1
        if record.fitness is Fitness.probed or record.failures >= FAILURES_IN_A_ROW:
            self._eject(record, now)
            return True
        return False

    def succeeded(self, name: str, now: float) -> None:
        """It answered, and in time."""
        record = self._record(name, now)
        record.failures = 0
        record.silent = False
        self._forgive(record, now)

    def fell_silent(self, name: str, now: float) -> None:
        """It was asked whether it is there, and did not answer."""
        self._record(name, now).silent = True

    def measured(self, name: str, latency_s: float, now: float, *, certain: bool = True) -> None:
        """It told how long a request took on average; not `certain`: too few to call it slow."""
        self._latencies[name] = latency_s
        record = self._record(name, now)
        if not certain or not self._is_slow(name, latency_s):
            record.slow = 0
            record.failures = 0
            self._forgive(record, now)
            return
        record.slow += 1
        if record.fitness is Fitness.probed or record.slow >= SLOW_IN_A_ROW:
            self._eject(record, now)

    def forget(self, name: str) -> None:
        """It has gone, or a new process has come under its name."""
        self._records.pop(name, None)
        self._latencies.pop(name, None)

    def fitness(self, name: str, now: float) -> Fitness:
        """Where it stands by its own record, whatever the group can spare."""
        record = self._records.get(name)
        if record is None:
            return Fitness.fit
        if record.fitness is Fitness.out and now >= record.until:
            record.fitness = Fitness.probed
        if record.silent and record.fitness is Fitness.fit:
            return Fitness.silent
        return record.fitness

    def changes_at(self) -> float:
        """When the next ejection ends; infinity when nobody is out."""
        return min(
            (record.until for record in self._records.values() if record.fitness is Fitness.out),
            default=float("inf"),
        )

    def allowed(self, names: Sequence[str], now: float) -> list[str]:
        """Who of the group may be answered now, in the order given; never nobody of somebody."""
        standing = {name: self.fitness(name, now) for name in names}
        kept_out = self._kept_out(standing)
        self._turn += 1
        probing = self._turn % PROBE_EVERY == 0
        heard = [name for name in names if name not in kept_out and standing[name] is not Fitness.silent]
        fit = [name for name in heard if standing[name] is not Fitness.probed]
        if probing or not fit:
            fit = heard or [name for name in names if name not in kept_out]
        return fit or list(names)

    def troubled(self, names: Sequence[str], now: float) -> bool:
        """Whether anybody of the group is out or on probe: then answers cannot be kept ready."""
        return any(self.fitness(name, now) is not Fitness.fit for name in names)

    def _kept_out(self, standing: Mapping[str, Fitness]) -> Sequence[str]:
        """Those that are out, as far as the group can spare them: who went first stays out first."""
        out = [name for name, fitness in standing.items() if fitness is Fitness.out]
        spared = min(max(1, int(len(standing) * SHARE_MAX)), len(standing) - 1)
        return sorted(out, key=lambda name: self._records[name].until)[:spared]

    def _is_slow(self, name: str, latency_s: float) -> bool:
        others = sorted(known for other, known in self._latencies.items() if other != name)
        if not others or latency_s < SLOW_FLOOR_S:
            return False
        return latency_s > SLOW_FACTOR * others[len(others) // 2]

    def _record(self, name: str, now: float) -> _Record:
        record = self._records.setdefault(name, _Record(well_since=now))
        self.fitness(name, now)
        return record

    def _eject(self, record: _Record, now: float) -> None:
        if record.fitness is Fitness.out:
            return
        record.ejections = min(record.ejections + 1, EJECTED_TIMES_MAX)
        record.until = now + EJECTED_S * record.ejections
        record.fitness = Fitness.out
        record.failures = record.slow = 0
        record.well_since = record.until

    def _forgive(self, record: _Record, now: float) -> None:
        if record.fitness is Fitness.probed:
            record.fitness = Fitness.fit
            record.well_since = now
        if record.fitness is Fitness.fit and record.ejections and now - record.well_since >= FORGIVEN_S:
            record.ejections -= 1
            record.well_since = now
