"""How busy a node is, by looking now and then: requests under way on average, and requests a second.

Nothing is measured on any request. The number under way is looked at several times between two renewals;
with the count of requests that the runtime keeps anyway it also says how long a request takes (by Little's
law: under way = rate x time). A servant that answers in the same turn is never seen under way.
"""

from __future__ import annotations

from collections.abc import Callable

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator


class LoadMeter:
    """One node's. Times are monotonic seconds."""

    def __init__(self, communicator: Communicator, adapters: Callable[[], list[ObjectAdapter]]) -> None:
        self._communicator = communicator
        self._adapters = adapters
        self._looks = 0
        self._under_way = 0
        self._served = communicator.counters.requests
        self._since: float | None = None

    def look(self) -> None:
        """Note how many requests are under way at this moment."""
        self._looks += 1
        for adapter in self._adapters():
            self._under_way += sum(connection.dispatch_count for connection in adapter.connections)

    def read(self, now: float) -> dict[str, float]:
        """The gauges since the last reading, and begin anew."""
        served, self._served = (
            self._communicator.counters.requests - self._served,
            self._communicator.counters.requests,
        )
        since, self._since = self._since, now
        looks, under_way = self._looks, self._under_way
        self._looks = self._under_way = 0
        if since is None or now <= since or not looks:
            return {}
        connections = sum(len(adapter.connections) for adapter in self._adapters())
        return {
            "waiting": under_way / looks,
            "served_per_s": served / (now - since),
            "connections": float(connections),
        }
