"""What TagAlias counts for Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class TagAliasMetrics:
    """The node's instruments; names begin with `pushnet_tagalias_`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.queries = Counter("pushnet_tagalias_queries", "Queries answered", ["what"], registry=registry)
        self.lagging = Counter(
            "pushnet_tagalias_lagging",
            "Queries for positions that were not reached in time",
            registry=registry,
        )
        self.selected = Histogram(
            "pushnet_tagalias_selected",
            "Devices that an audience means",
            buckets=[0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000],
            registry=registry,
        )
        self._lag = Gauge("pushnet_tagalias_lag", "Changes not yet taken in", ["shard"], registry=registry)

    def watch(self, readings: dict[str, Callable[[], float]]) -> None:
        """Show readings as gauges, taken when they are asked for."""
        for name, read in readings.items():
            Gauge(
                f"pushnet_tagalias_{name}", f"Number of {name.replace('_', ' ')}", registry=self._registry
            ).set_function(read)

    def watch_lag(self, shard: int, read: Callable[[], float]) -> None:
        self._lag.labels(str(shard)).set_function(read)
