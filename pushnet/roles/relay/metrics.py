"""What the relay counts for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge


class RelayMetrics:
    """The relay's counters; names begin with `pushnet_relay_`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        logins = self._labelled("logins", "Sessions asked for", "result")
        self.login_granted = logins.labels("granted")
        self.login_denied = logins.labels("denied")
        self.login_busy = logins.labels("busy")
        forwarded = self._labelled("forwarded", "Requests forwarded", "direction")
        self.forwarded_in = forwarded.labels("in")
        self.forwarded_out = forwarded.labels("out")
        refused = self._labelled("refused", "Requests not forwarded", "why")
        self.refused_identity = refused.labels("identity")
        self.refused_unannounced = refused.labels("unannounced")
        self.refused_category = refused.labels("category")
        closed = self._labelled("closed", "Connections closed by the relay", "why")
        self.closed_visitor = closed.labels("visitor")
        self.closed_silent = closed.labels("silent")
        self.closed_overload = closed.labels("overload")

    def _labelled(self, name: str, text: str, label: str) -> Counter:
        return Counter(f"pushnet_relay_{name}", text, [label], registry=self._registry)

    def watch(self, names: list[str], read: Callable[[], dict[str, float]]) -> None:
        """Show the readings of `read` as gauges, taken when they are asked for."""
        for name in names:
            gauge = Gauge(f"pushnet_relay_{name}", f"Number of {name}", registry=self._registry)
            gauge.set_function(partial(_reading, read, name))


def _reading(read: Callable[[], dict[str, float]], name: str) -> float:
    return read()[name]
