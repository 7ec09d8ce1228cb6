"""How many retries may be made: a tenth of the calls, and ten a second besides, to each target.

When a target fails, every caller that tries again makes it worse. So each retry of a call that was sent takes
a token from the target's bucket; calls put tokens in, and time does. An empty bucket means that the call
fails with what it met. Not counted are calls that were not sent, and those of a connection that was closed in
an orderly way: repeating them costs the target nothing it has not been spared. The numbers are those of
Finagle's retry budget.

Properties: `Pushnet.RetryBudget.Percent` (default 10, of the calls), `Pushnet.RetryBudget.PerSecond` (default
10; below zero there is no budget).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pushnet.rpc.properties import Properties

KEPT_S = 10
"""A bucket holds what so many seconds put in."""
KEPT_CALLS = 10_000
"""And what so many calls put in."""
_TARGETS_MAX = 1024


class _Bucket:
    """What one target may still be burdened with."""

    __slots__ = ("calls", "connection", "since", "tokens")

    def __init__(self, tokens: float, since: float) -> None:
        self.tokens = tokens
        self.since = since
        self.connection: Any = None
        self.calls = 0


class RetryBudget:
    """One communicator's buckets."""

    def __init__(self, properties: Properties, clock: Callable[[], float]) -> None:
        get = properties.getPropertyAsIntWithDefault
        self.refused = 0
        """Retries that were not made."""
        self._percent = get("Pushnet.RetryBudget.Percent", 10)
        self._per_second = get("Pushnet.RetryBudget.PerSecond", 10)
        self._start = max(1.0, self._per_second * KEPT_S)
        self._clock = clock
        self._buckets: OrderedDict[Any, _Bucket] = OrderedDict()

    def spend(self, connection: Any) -> bool:
        """Whether a call sent through `connection` may be tried again. Its calls so far count."""
        if self._per_second < 0:
            return True
        bucket = self._bucket(getattr(connection, "endpoint", None))
        now = self._clock()
        calls: int = getattr(connection, "calls_sent", 0)
        fresh = calls - (bucket.calls if connection is bucket.connection else 0)
        bucket.connection, bucket.calls = connection, calls
        bucket.tokens += (now - bucket.since) * self._per_second + fresh * self._percent / 100
        bucket.tokens = min(bucket.tokens, self._start + KEPT_CALLS * self._percent / 100)
        bucket.since = now
        if bucket.tokens < 1:
            self.refused += 1
            return False
        bucket.tokens -= 1
        return True

    def _bucket(self, target: Any) -> _Bucket:
        bucket = self._buckets.get(target)
        if bucket is None:
            bucket = _Bucket(self._start, self._clock())
            self._buckets[target] = bucket
            if len(self._buckets) > _TARGETS_MAX:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(target)
        return bucket
