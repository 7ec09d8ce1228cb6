"""The RPC runtime's own counters as Prometheus metrics: `pushnet_rpc_<name>_total`, and gauges by adapter.

They come from the same numbers as everything else that is told of the runtime; reading them costs nothing
between two looks.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from pushnet.rpc.communicator import Communicator


class RpcCollector(Collector):
    """Looks at one communicator when it is asked."""

    def __init__(self, communicator: Communicator) -> None:
        self._communicator = communicator

    def collect(self) -> Iterable[Metric]:
        for name, value in sorted(attrs.asdict(self._communicator.counters).items()):
            told = f"What the RPC runtime counts as {name}."
            yield CounterMetricFamily(f"pushnet_rpc_{name}", told, value)
        yield from self._of_adapters()

    def _of_adapters(self) -> Iterable[Metric]:
        connections = GaugeMetricFamily(
            "pushnet_rpc_connections", "Peers that are connected to an adapter.", labels=["adapter"]
        )
        limit = GaugeMetricFamily(
            "pushnet_rpc_concurrency_limit", "Requests an adapter serves at once.", labels=["adapter"]
        )
        refused = CounterMetricFamily(
            "pushnet_rpc_refused", "Requests an adapter has refused as too many.", labels=["adapter"]
        )
        repeated = CounterMetricFamily(
            "pushnet_rpc_repeated", "Requests answered from the replies that are kept.", labels=["adapter"]
        )
        for adapter in self._communicator.adapters():
            labels = [adapter.getName()]
            connections.add_metric(labels, len(adapter.connections))
            repeated.add_metric(labels, adapter.repeated)
            if adapter.concurrency is not None:
                limit.add_metric(labels, adapter.concurrency.limit)
                refused.add_metric(labels, adapter.concurrency.refused)
        yield from (connections, limit, refused, repeated)
