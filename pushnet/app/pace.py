"""How fast a node works: what its counters have gained since they were last looked at, as rates.

Told to the registry with the gauges, so that `pushnet status` shows rates as well as readings.
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry

COUNTED = {
    "pushnet_broker_acknowledgements": "deliveries_per_s",
    "pushnet_broker_logins": "logins_per_s",
    "pushnet_gateway_answers": "requests_per_s",
    "pushnet_pusher_pushes": "pushes_per_s",
    "pushnet_queue_published": "publishes_per_s",
    "pushnet_registry_lookups": "lookups_per_s",
    "pushnet_tagalias_queries": "queries_per_s",
}
"""The counters that say most of a role, and what their rates are called."""


class Pace:
    """The rates of one node, from one look to the next."""

    def __init__(
        self, monotonic: Callable[[], float], metrics: CollectorRegistry, calls: Callable[[], int]
    ) -> None:
        """`calls` counts the requests that the node's object adapters have served."""
        self._monotonic = monotonic
        self._metrics = metrics
        self._calls = calls
        self._since = monotonic()
        self._before: dict[str, float] = {}

    def readings(self) -> dict[str, float]:
        """Each rate, in events a second since the last call."""
        now = self._monotonic()
        span_s = now - self._since
        totals = self._totals()
        gained = {name: total - self._before.get(name, 0.0) for name, total in totals.items()}
        self._since, self._before = now, totals
        return {name: round(gain / span_s, 1) if span_s > 0 else 0.0 for name, gain in gained.items()}

    def _totals(self) -> dict[str, float]:
        totals = {"calls_per_s": float(self._calls())}
        for metric in self._metrics.collect():
            name = COUNTED.get(metric.name)
            if name is not None:
                samples = [sample.value for sample in metric.samples if sample.name.endswith("_total")]
                totals[name] = float(sum(samples))
        return totals
