"""Endpoints that fail again and again are tried after the others for a while (property `Pushnet.Outliers=1`).

Ice forgets at once that an endpoint did not answer, and chooses it again for the next call. With this, five
failures in a row put an endpoint last for 30 s, the second time for 60 s, and so on up to five minutes. A
failure is a connection that cannot be made or breaks while calls wait for answers, or a call that runs out of
time. When more than half of the calls in between went well, the count begins anew. At most a tenth of a
proxy's endpoints are put last at a time, but always one; and nothing is left out: an endpoint put last is
better than none. A connection to it is closed in an orderly way, so that calls go elsewhere.

The numbers are those of Envoy's outlier detection.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

E = TypeVar("E")

FAILURES_MAX = 5
EJECTED_S = 30.0
EJECTED_TIMES_MAX = 10
FORGIVEN_S = 300.0
"""Without trouble for so long, the next ejection is a short one again."""
_KEPT_MAX = 1024


class _Record:
    """What has become of calls to one endpoint."""

    __slots__ = ("broken", "calls", "connection", "ejected_times", "failures", "until")

    def __init__(self) -> None:
        self.failures = 0
        self.calls = 0
        """Sent through `connection` when the first of these failures came."""
        self.connection: Any = None
        self.broken: Any = None
        """The connection whose end was counted last: one failure, however many calls it cost."""
        self.ejected_times = 0
        self.until = float("-inf")


class Outliers:
    """One communicator's records, by endpoint."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._records: OrderedDict[Any, _Record] = OrderedDict()

    def broke(self, endpoint: Any, connection: Any) -> bool:
        """As `failed`, for each call that a connection took with it when it broke."""
        record = self._record(endpoint)
        if record.broken is connection:
            return False
        record.broken = connection
        return self.failed(endpoint, connection)

    def failed(self, endpoint: Any, connection: Any = None) -> bool:
        """A call or connect to `endpoint` has failed; whether that puts it last from now on."""
        record = self._record(endpoint)
        now = self._clock()
        if record.until > now:
            return False
        calls: int = getattr(connection, "calls_sent", 0)
        same = connection is record.connection
        if same and calls - record.calls > 2 * record.failures:
            record.failures = 0
        if not (same and record.failures):
            record.connection, record.calls = connection, calls
        record.failures += 1
        if record.failures < FAILURES_MAX:
            return False
        record.failures = 0
        if now - record.until > FORGIVEN_S:
            record.ejected_times = 0
        record.ejected_times = min(record.ejected_times + 1, EJECTED_TIMES_MAX)
        record.until = now + EJECTED_S * record.ejected_times
        return True

    def connected(self, endpoint: Any) -> None:
        """A connection was made: what failed before says nothing any more about making one."""
        record = self._records.get(endpoint)
        if record is not None and record.connection is None:
            record.failures = 0

    def last(self, endpoints: Sequence[E]) -> list[E]:
        """The endpoints, those that fail put last."""
        now = self._clock()
        ejected = [each for each in endpoints if each in self._records and self._records[each].until > now]
        ejected = ejected[: max(1, len(endpoints) // 10)]
        return [each for each in endpoints if each not in ejected] + ejected

    def _record(self, endpoint: Any) -> _Record:
        record = self._records.get(endpoint)
        if record is None:
            record = self._records[endpoint] = _Record()
            if len(self._records) > _KEPT_MAX:
                self._records.popitem(last=False)
        self._records.move_to_end(endpoint)
        return record
