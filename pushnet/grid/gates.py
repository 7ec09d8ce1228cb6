"""Whether nodes with a new version do as well as those without: what a roll asks before it goes on.

A node is held against the others of its kind in the same minutes, not against yesterday: load and weather
fall on both. With no others left (the last of a roll), it is held against what they were when there were.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import attrs


@attrs.frozen
class Reading:
    """What one node says of itself, counted since its process began or the roll touched it."""

    node: str
    requests: int
    failures: int
    """Of these requests, answered with what no interface declares."""
    p99_s: float
    """Of what it served in the last minute."""
    memory_bytes: int
    up_s: float
    silent_s: float = 0.0
    """For so long it has answered nobody, though somebody waits."""


@attrs.frozen
class Limits:
    """How much worse a new version may be. Numbers of zero requests say nothing."""

    requests_min: int = 100
    """With fewer there is nothing to judge failures and latency by."""
    failures_share_max: float = 0.01
    """Of all requests, above the share of the others."""
    slow_factor: float = 2.0
    """Of the median of the others; and slower than the slowest of them."""
    slow_floor_s: float = 0.005
    """Faster than this is never slow."""
    silent_max_s: float = 5.0
    """Who answers nobody for longer hangs; unless others are silent half as long."""
    memory_factor: float = 2.0
    memory_floor_bytes: int = 96 * 1024 * 1024
    """Smaller than this is never a leak."""
    patience_s: float = 5.0
    """For so long something must be wrong: a process that has just begun is slow for a moment."""


@attrs.frozen
class Objection:
    """Why a roll must not go on, in words an operator reads."""

    node: str
    reason: str
    gate: str = ""
    """Which one objects: `failures`, `latency`, `silence`, `memory`, or the server's own `check`."""


def objections(new: Sequence[Reading], others: Sequence[Reading], limits: Limits) -> list[Objection]:
    """What speaks against the new version, node by node, in the order of `new`."""
    judged = [each for each in others if each.requests >= limits.requests_min]
    share = median(_share(each) for each in judged) if judged else 0.0
    p99_s = median(each.p99_s for each in judged) if judged else None
    weighed = [each.memory_bytes for each in others if each.memory_bytes]
    memory = median(weighed) if weighed else None
    silent_s = max([limits.silent_max_s, *(2 * each.silent_s for each in others)])
    found: list[Objection] = []
    for each in new:
        if each.requests >= limits.requests_min:
            if _share(each) > share + limits.failures_share_max:
                told = f"{_share(each):.1%} of {each.requests} requests failed, {share:.1%} elsewhere"
                found.append(Objection(each.node, told, "failures"))
            if p99_s is not None and each.p99_s > max(
                limits.slow_factor * p99_s, limits.slow_floor_s, *(other.p99_s for other in judged)
            ):
                told = f"99 of 100 requests took up to {each.p99_s * 1e3:.1f} ms, {p99_s * 1e3:.1f} elsewhere"
                found.append(Objection(each.node, told, "latency"))
        if each.silent_s >= silent_s and (judged or each.requests >= limits.requests_min):
            told = f"it has answered nobody for {each.silent_s:.0f} s, and somebody waits"
            found.append(Objection(each.node, told, "silence"))
        if memory is not None and each.memory_bytes > max(
            limits.memory_factor * memory, limits.memory_floor_bytes
        ):
            megabytes = each.memory_bytes // 2**20
            told = f"it takes {megabytes} MB of memory, {int(memory) // 2**20} elsewhere"
            found.append(Objection(each.node, told, "memory"))
    return found


def _share(reading: Reading) -> float:
    return reading.failures / reading.requests


class Patience:
    """Hears objections again and again, and passes on those that last."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._since: dict[tuple[str, str], float] = {}

    def lasting(self, found: Sequence[Objection], now: float) -> list[Objection]:
        """Those that have been found at each look for long enough."""
        self._since = {(each.node, each.gate): self._at(each, now) for each in found}
        return [each for each in found if now - self._at(each, now) >= self._limits.patience_s]

    def _at(self, objection: Objection, now: float) -> float:
        return self._since.get((objection.node, objection.gate), now)
