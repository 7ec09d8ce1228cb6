"""What the registry counts for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


class LookupCounts(Collector):
    """Lookups answered, counted as plain numbers: this happens tens of thousands of times a second."""

    def __init__(self) -> None:
        self.adapters_found = 0
        self.adapters_unknown = 0
        self.objects_found = 0
        self.objects_unknown = 0

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily("pushnet_registry_lookups", "Lookups answered", labels=["kind", "found"])
        family.add_metric(["adapter", "yes"], self.adapters_found)
        family.add_metric(["adapter", "no"], self.adapters_unknown)
        family.add_metric(["object", "yes"], self.objects_found)
        family.add_metric(["object", "no"], self.objects_unknown)
        return [family]


class RegistryMetrics:
    """The registry's counters; names begin with `pushnet_registry_`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.joined = self._counter("joins", "Nodes taken in")
        self.refused = self._counter("refusals", "Joins refused")
        self.renewed = self._counter("renewals", "Leases renewed")
        self.lapsed = self._counter("lapses", "Entries dropped because nobody renewed them")
        self.found_dead = self._counter(
            "found_dead", "Entries dropped because nobody listened there any more"
        )
        self.lookups = LookupCounts()
        registry.register(self.lookups)

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(f"pushnet_registry_{name}", text, registry=self._registry)

    def watch(self, names: list[str], read: Callable[[], dict[str, float]]) -> None:
        """Show the readings of `read` as gauges, taken when they are asked for."""
        for name in names:
            gauge = Gauge(f"pushnet_registry_{name}", f"Number of {name} known", registry=self._registry)
            gauge.set_function(partial(_reading, read, name))


def _reading(read: Callable[[], dict[str, float]], name: str) -> float:
    return read()[name]
