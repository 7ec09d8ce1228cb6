"""What the registry counts for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge


class RegistryMetrics:
    """The registry's counters; names begin with `pushnet_registry_`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.joined = self._counter("joins", "Nodes taken in")
        self.refused = self._counter("refusals", "Joins refused")
        self.renewed = self._counter("renewals", "Leases renewed")
        self.lapsed = self._counter("lapses", "Entries dropped because nobody renewed them")
        lookups = Counter(
            "pushnet_registry_lookups", "Lookups answered", ["kind", "found"], registry=registry
        )
        self.adapter_found = lookups.labels("adapter", "yes")
        self.adapter_unknown = lookups.labels("adapter", "no")
        self.object_found = lookups.labels("object", "yes")
        self.object_unknown = lookups.labels("object", "no")

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(f"pushnet_registry_{name}", text, registry=self._registry)

    def watch(self, names: list[str], read: Callable[[], dict[str, float]]) -> None:
        """Show the readings of `read` as gauges, taken when they are asked for."""
        for name in names:
            gauge = Gauge(f"pushnet_registry_{name}", f"Number of {name} known", registry=self._registry)
            gauge.set_function(partial(_reading, read, name))


def _reading(read: Callable[[], dict[str, float]], name: str) -> float:
    return read()[name]
