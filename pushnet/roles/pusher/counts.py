"""What the pusher counts: every push ends in one outcome, every device asked for is accounted for."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram


class Counts:
    """The pusher's metrics. Outcomes: `delivered`, `no_target`, `expired`, `retried`, `parked`."""

    def __init__(self, metrics: CollectorRegistry) -> None:
        self.pushes = Counter(
            "pushnet_pusher_pushes", "Attempts at pushes, by how they ended", ["outcome"], registry=metrics
        )
        self.targets = Counter(
            "pushnet_pusher_targets", "Devices that pushes were stored for", ["kind"], registry=metrics
        )
        self.unregistered = Counter(
            "pushnet_pusher_unregistered", "Registration ids pushed to that are no devices", registry=metrics
        )
        self.broker_failures = Counter(
            "pushnet_pusher_broker_failures", "Deliveries that a Broker did not take", registry=metrics
        )
        self.second_tries = Counter(
            "pushnet_pusher_second_tries", "Deliveries tried once more later", ["result"], registry=metrics
        )
        self.seconds = Histogram(
            "pushnet_pusher_seconds", "One attempt at a push, from taken to settled", registry=metrics
        )
        self.age_seconds = Histogram(
            "pushnet_pusher_age_seconds",
            "From accepted by the gateway to delivered to the Brokers",
            registry=metrics,
        )
