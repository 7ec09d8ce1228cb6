"""What the queue counts, by topic."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

TOPICS_SHOWN_MAX = 50
"""Topics with figures of their own; the others share `other`, or names would fill the memory."""


class Counts:
    """The queue's metrics."""

    def __init__(self, metrics: CollectorRegistry) -> None:
        self._published = Counter(
            "pushnet_queue_published",
            "Publishes, by what became of them",
            ["topic", "result"],
            registry=metrics,
        )
        self._deliveries = Counter(
            "pushnet_queue_deliveries", "Messages handed to consumers", ["topic", "attempt"], registry=metrics
        )
        self._settled = Counter(
            "pushnet_queue_settled",
            "Messages acknowledged, retried, parked, replayed",
            ["topic", "how"],
            registry=metrics,
        )
        self._shown: dict[str, str] = {}

    def published(self, topic: str, result: str) -> None:
        """`result`: added, duplicate, refused or unavailable."""
        self._published.labels(self._label(topic), result).inc()

    def delivered(self, topic: str, attempt: int) -> None:
        self._deliveries.labels(self._label(topic), "first" if attempt == 1 else "again").inc()

    def settled(self, topic: str, how: str, count: int = 1) -> None:
        self._settled.labels(self._label(topic), how).inc(count)

    def _label(self, topic: str) -> str:
        if topic not in self._shown and len(self._shown) < TOPICS_SHOWN_MAX:
            self._shown[topic] = topic
        return self._shown.get(topic, "other")
