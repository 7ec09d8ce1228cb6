"""What the queue counts."""

from prometheus_client import CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.queue.counts import TOPICS_SHOWN_MAX, Counts


class CountsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.metrics = CollectorRegistry()
        self.counts = Counts(self.metrics)

    def _value(self, name: str, **labels: str) -> float | None:
        return self.metrics.get_sample_value(f"pushnet_queue_{name}_total", labels)

    def test_each_topic_has_its_figures(self) -> None:
        self.counts.published("push", "added")
        self.counts.published("push", "duplicate")
        self.counts.delivered("push", 1)
        self.counts.delivered("push", 3)
        self.counts.settled("push", "acknowledged", 7)
        self.assertEqual(self._value("published", topic="push", result="added"), 1)
        self.assertEqual(self._value("deliveries", topic="push", attempt="first"), 1)
        self.assertEqual(self._value("deliveries", topic="push", attempt="again"), 1)
        self.assertEqual(self._value("settled", topic="push", how="acknowledged"), 7)

    def test_names_beyond_a_limit_share_one_figure(self) -> None:
        for number in range(TOPICS_SHOWN_MAX + 5):
            self.counts.published(f"topic-{number}", "added")
        self.assertEqual(self._value("published", topic="other", result="added"), 5)
