"""When a push comes again."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.pusher.backoff import retry_delay_ms


class Lowest:
    def uniform(self, a: float, b: float, /) -> float:
        return a


class Highest:
    def uniform(self, a: float, b: float, /) -> float:
        return b


class BackoffTests(SynchronousTestCase):
    def test_the_span_triples_and_half_of_it_is_certain(self) -> None:
        self.assertEqual(
            [retry_delay_ms(attempt, Lowest()) for attempt in range(1, 6)], [500, 1500, 4500, 13500, 30000]
        )
        self.assertEqual(
            [retry_delay_ms(attempt, Highest()) for attempt in range(1, 6)], [1000, 3000, 9000, 27000, 60000]
        )

    def test_five_attempts_outlast_any_restart_of_two_leases(self) -> None:
        self.assertGreater(sum(retry_delay_ms(attempt, Lowest()) for attempt in range(1, 5)), 3 * 6000)

    def test_it_never_exceeds_a_minute(self) -> None:
        self.assertEqual(retry_delay_ms(1000, Highest()), 60_000)
