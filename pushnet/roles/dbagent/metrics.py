"""What a DBAgent counts for Prometheus, by shard."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge


class DBAgentMetrics:
    """The node's instruments; names begin with `pushnet_dbagent_`. `of` gives one shard's."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, text: str) -> Counter:
            return Counter(f"pushnet_dbagent_{name}", text, ["shard"], registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"pushnet_dbagent_{name}", text, ["shard", *labels], registry=registry)

        self.registered = counter("registrations", "Registrations answered")
        self.logins = counter("logins", "Logins let in")
        self.refused = counter("logins_refused", "Registrations and logins refused")
        self.stored = counter("stored", "Places given in devices' streams, repeated ones included")
        self.appended = counter("appended", "Entries of group logs, repeated ones included")
        self.acknowledged = counter("acknowledgements", "Acknowledgements taken")
        self.changes = counter("changes_read", "Changes read by followers")
        self.out_of_balance = counter("out_of_balance", "Audits that did not come out even")
        self.online = gauge("devices_online", "Devices with a route")
        self.brokers = gauge("brokers", "Brokers that beat")
        self.followers = gauge("followers_waiting", "Followers waiting for a change")
        self.errands = gauge("errands", "Calls to Brokers in line and under way")
        self.expected = gauge("acknowledgements_expected", "Connected devices that owe an acknowledgement")
        self.waiting = gauge("writes_waiting", "Writes not yet on disk")
        self.position = gauge("position", "The end of the change log")
        self.account = gauge(
            "account", "Messages in devices' own streams, by what became of them", "app", "what"
        )

    def of(self, shard: int) -> ShardMetrics:
        return ShardMetrics(self, str(shard))


class ShardMetrics:
    """One shard's instruments."""

    def __init__(self, node: DBAgentMetrics, shard: str) -> None:
        self._node = node
        self._shard = shard
        self.registered = node.registered.labels(shard)
        self.logins = node.logins.labels(shard)
        self.refused = node.refused.labels(shard)
        self.stored = node.stored.labels(shard)
        self.appended = node.appended.labels(shard)
        self.acknowledged = node.acknowledged.labels(shard)
        self.changes = node.changes.labels(shard)
        self.out_of_balance = node.out_of_balance.labels(shard)

    def watch(self, readings: dict[str, Callable[[], float]]) -> None:
        """Show readings as gauges, taken when they are asked for."""
        for name, read in readings.items():
            gauge: Gauge = getattr(self._node, name)
            gauge.labels(self._shard).set_function(read)

    def show_account(self, app: str, account: dict[str, float]) -> None:
        """The account of an app as of the last audit."""
        for what, messages in account.items():
            self._node.account.labels(self._shard, app, what).set(messages)
