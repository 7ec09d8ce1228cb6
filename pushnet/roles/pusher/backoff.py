"""When a push that failed comes again.

The span triples with each attempt and half of it is drawn at random, so that pushes that failed together do
not come back together. Not the full span: the fifth attempt comes 19 s after the first at the earliest, which
outlasts the restart of any node (two leases, 6 s). After it the push is parked, and parking must mean that
something is wrong, not that a node was replaced.
"""

from __future__ import annotations

from typing import Protocol

FIRST_S = 1.0
FACTOR = 3
SPAN_MAX_S = 60.0


class Draws(Protocol):
    """The one thing wanted of a random stream."""

    def uniform(self, a: float, b: float, /) -> float: ...


def retry_delay_ms(attempt: int, rng: Draws) -> int:
    """How long to wait after the failure of the `attempt`-th try (from 1)."""
    span_s = min(FIRST_S * FACTOR ** min(attempt - 1, 10), SPAN_MAX_S)
    return int(rng.uniform(span_s / 2, span_s) * 1000)
