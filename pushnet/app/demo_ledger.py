"""What each device must get, and what it got: the demonstration's and the system tests' book-keeping.

For each push, named by a mark in its text, the book has the devices it is for and the moment its REST call
began. A device that gets a mark for the first time: delivered. Again: a duplicate. Though it was not meant:
unasked. Never: lost. Exactly once means that all three of these are 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

import attrs


@attrs.frozen
class Facts:
    """What became of the pushes of one kind, or of all."""

    targeted: int
    delivered: int
    duplicates: int
    lost: int
    unasked: int
    p50_ms: float | None
    p99_ms: float | None
    slowest_ms: float | None = None

    @property
    def exactly_once(self) -> bool:
        return self.lost == self.duplicates == self.unasked == 0


@attrs.define
class _Entry:
    kind: str
    began_at: float
    missing: set[int]
    targeted: int
    latencies_s: list[float] = attrs.field(factory=list)
    duplicates: int = 0
    unasked: int = 0
    got: set[int] = attrs.field(factory=set)


class Ledger:
    """The book. Times are monotonic seconds, the same clock for everybody on a machine."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self.missing = 0
        """Deliveries that are still to come."""

    def expect(self, mark: str, kind: str, devices: Iterable[int], began_at: float) -> None:
        """A push begins: these devices must get it."""
        meant = set(devices)
        assert mark not in self._entries, f"mark {mark} is used twice"
        self._entries[mark] = _Entry(kind, began_at, meant, len(meant))
        self.missing += len(meant)

    def withdraw(self, mark: str) -> None:
        """The push was refused: nobody is to get it."""
        entry = self._entries[mark]
        self.missing -= len(entry.missing)
        entry.missing.clear()
        entry.targeted = 0

    def arrived(self, device: int, mark: str, at: float) -> None:
        """A device got a push. A mark nobody knows is unasked for."""
        entry = self._entries.get(mark)
        if entry is None:
            entry = self._entries[mark] = _Entry("unknown", at, set(), 0)
        if device in entry.got:
            entry.duplicates += 1
            return
        entry.got.add(device)
        if device in entry.missing:
            entry.missing.discard(device)
            entry.latencies_s.append(at - entry.began_at)
            self.missing -= 1
        else:
            entry.unasked += 1

    def kinds(self) -> list[str]:
        """Every kind, in the order of its first push."""
        return list(dict.fromkeys(entry.kind for entry in self._entries.values()))

    def facts(self, kind: str = "") -> Facts:
        """What became of the pushes of `kind`, or of all kinds that begin so."""
        kinds = [kind] if kind in self.kinds() else [each for each in self.kinds() if each.startswith(kind)]
        entries = [entry for entry in self._entries.values() if entry.kind in kinds]
        latencies = sorted(latency for entry in entries for latency in entry.latencies_s)
        return Facts(
            targeted=sum(entry.targeted for entry in entries),
            delivered=len(latencies),
            duplicates=sum(entry.duplicates for entry in entries),
            lost=sum(len(entry.missing) for entry in entries),
            unasked=sum(entry.unasked for entry in entries),
            p50_ms=_percentile_ms(latencies, 50),
            p99_ms=_percentile_ms(latencies, 99),
            slowest_ms=_percentile_ms(latencies, 100),
        )


def _percentile_ms(latencies_s: list[float], percent: int) -> float | None:
    """Nearest rank, in milliseconds; None of nothing."""
    if not latencies_s:
        return None
    rank = max(1, ceil(len(latencies_s) * percent / 100))
    return round(latencies_s[rank - 1] * 1000, 1)
