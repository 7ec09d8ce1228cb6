"""What became of every request: what its caller was told, held against what servers executed.

* failed: the caller was told an error, or nothing at all until the end;
* duplicated: something that must be done once was done more often, whatever the caller was told;
* lost: the caller was told that it is on its way, or done, and no server has executed it.

A one-way request or a batch that failed at its caller is `failed`, and not also lost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

TWO_WAY = ("look", "write")
ONCE = ("write", "note", "gather")
"""What must not be done twice."""
KINDS = {"look": "idempotent", "write": "not idempotent", "note": "one-way", "gather": "batch"}
COUNTED = ("requests", "failed", "duplicated", "lost_oneway", "lost_batch", "lost_twoway")


@attrs.frozen
class Request:
    """One request, as its caller saw it."""

    kind: str
    number: int
    begun_s: float
    took_s: float
    lane: str
    wrong: str
    """The name of what it failed with; empty when it did not."""


@attrs.frozen
class Caller:
    """One process that makes load."""

    number: int
    name: str
    """`PROGRAM ROUTE`, such as `icecpp direct`."""
    made: int
    requests: list[Request]


@attrs.frozen
class Span:
    """From when to when, in seconds of the machine's monotonic clock."""

    begin_s: float
    end_s: float

    def holds(self, request: Request) -> bool:
        return self.begin_s <= request.begun_s < self.end_s


def read_caller(number: int, name: str, path: Path) -> Caller:
    with path.open(encoding="ascii") as lines:
        made = int(next(lines).split()[1])
        return Caller(number, name, made, [_request(line) for line in lines])


def _request(line: str) -> Request:
    kind, number, how, begun_us, took_us, lane, wrong = line.split()
    failed = wrong if how == "failed" else ""
    return Request(kind, int(number), int(begun_us) / 1e6, int(took_us) / 1e6, lane, failed)


def read_executed(folder: Path) -> Counter[tuple[str, int, int]]:
    """(kind, client, number) → how often, of what all servers wrote."""
    found: Counter[tuple[str, int, int]] = Counter()
    for path in sorted(folder.iterdir()):
        for line in path.read_text(encoding="ascii").splitlines():
            kind, client, number = line.split()
            found[kind, int(client), int(number)] += 1
    return found


def account(
    callers: Sequence[Caller], executed: Counter[tuple[str, int, int]], before: Span, rolls: Sequence[Span]
) -> dict[str, Any]:
    """Everything that is told of one system."""
    cells = list(_cells(callers, executed))
    told = {**_sum(cells), **_latency(callers, before, rolls)}
    told["by_caller"] = {
        caller.name: {
            **_sum(cell for cell in cells if cell["caller"] == caller.name),
            **_latency([caller], before, rolls),
        }
        for caller in callers
    }
    told["by_kind"] = {
        name: _sum(cell for cell in cells if cell["kind"] == kind) for kind, name in KINDS.items()
    }
    lanes = sorted({cell["lane"] for cell in cells})
    told["by_way"] = {lane: _sum(cell for cell in cells if cell["lane"] == lane) for lane in lanes}
    told["errors"] = dict(Counter(_errors(callers)).most_common())
    told["executed_again"] = sum(times - 1 for key, times in executed.items() if key[0] == "look")
    begun = [request.begun_s for caller in callers for request in caller.requests]
    lasted_s = max(begun, default=0.0) - min(begun, default=0.0)
    told["requests_per_s"] = round(told["requests"] / lasted_s, 1) if lasted_s else 0.0
    return told


def _cells(callers: Sequence[Caller], executed: Counter[tuple[str, int, int]]) -> Iterator[dict[str, Any]]:
    """Counts for each caller, kind of request and way: the first part of a lane's name."""
    for caller in callers:
        found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for request in caller.requests:
            cell = found[request.kind, request.lane.split(".")[0]]
            cell["requests"] += 1
            times = executed[request.kind, caller.number, request.number]
            cell["duplicated"] += request.kind in ONCE and times > 1
            if request.wrong:
                cell["failed"] += 1
            elif not times:
                cell[_loss(request.kind)] += 1
        for (kind, lane), counts in found.items():
            yield {"caller": caller.name, "kind": kind, "lane": lane, **counts}
        silent = caller.made - len(caller.requests)
        if silent:
            yield {"caller": caller.name, "kind": "", "lane": "", "requests": silent, "failed": silent}


def _loss(kind: str) -> str:
    return "lost_twoway" if kind in TWO_WAY else "lost_oneway" if kind == "note" else "lost_batch"


def _errors(callers: Sequence[Caller]) -> Iterator[str]:
    for caller in callers:
        yield from (
            f"{caller.name}: {KINDS[each.kind]}: {each.wrong}" for each in caller.requests if each.wrong
        )
        yield from [f"{caller.name}: never told"] * (caller.made - len(caller.requests))


def _sum(cells: Iterable[dict[str, Any]]) -> dict[str, int]:
    total = dict.fromkeys(COUNTED, 0)
    for cell in cells:
        for name in COUNTED:
            total[name] += cell.get(name, 0)
    return total


def _latency(callers: Sequence[Caller], before: Span, rolls: Sequence[Span]) -> dict[str, float]:
    """Of two-way calls that were answered, by when they were made: 99 of 100 were answered so soon."""
    first, later = [], []
    for caller in callers:
        for each in caller.requests:
            if each.kind in TWO_WAY and not each.wrong:
                if before.holds(each):
                    first.append(each.took_s)
                elif any(roll.holds(each) for roll in rolls):
                    later.append(each.took_s)
    p99_before, p99_during = _p99(first), _p99(later)
    return {
        "p99_before_ms": round(p99_before * 1000, 2),
        "p99_during_ms": round(p99_during * 1000, 2),
        "p99_ratio": round(p99_during / p99_before, 2) if p99_before else 0.0,
        "longest_during_ms": round(max(later, default=0.0) * 1000, 1),
    }


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)] if times else 0.0
