"""What a Broker counts, for Prometheus and for its `stats`."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.metrics import MetricWrapperBase


class Tally:
    """The Broker's instruments. One a process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, what: str) -> Counter:
            return Counter(f"pushnet_broker_{name}", what, registry=registry)

        self.connections = Gauge("pushnet_broker_connections", "Open device connections", registry=registry)
        self.devices = Gauge("pushnet_broker_devices", "Logged-in devices", registry=registry)
        self.logins = counter("logins", "Logins done")
        self.refused = counter("logins_refused", "Logins refused or put off")
        self.inline = counter("messages_inline", "Messages sent with their notice")
        self.paged = counter("messages_paged", "Messages sent in answer to a get")
        self.notified = counter("notices", "Notices sent instead of a message")
        self.expired = counter("messages_expired", "Messages stepped over because their time was up")
        self.moved = counter("devices_moved", "Devices given to other Brokers")
        self.acknowledged = counter("acknowledgements", "Acknowledgements received that were news")

    def readings(self) -> dict[str, float]:
        """Totals by name, for `Broker.stats`."""
        instruments: dict[str, MetricWrapperBase] = {
            "connections": self.connections,
            "devices": self.devices,
            "logins": self.logins,
            "logins_refused": self.refused,
            "messages_inline": self.inline,
            "messages_paged": self.paged,
            "notices": self.notified,
            "messages_expired": self.expired,
            "devices_moved": self.moved,
            "acknowledgements": self.acknowledged,
        }
        return {name: _reading(instrument) for name, instrument in instruments.items()}


def _reading(instrument: MetricWrapperBase) -> float:
    """The value of an instrument without labels."""
    (metric,) = instrument.collect()
    return float(metric.samples[0].value)
