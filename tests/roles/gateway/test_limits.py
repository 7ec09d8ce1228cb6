"""So many calls a minute."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.limits import Quota, RateLimit


class RateLimitTests(SynchronousTestCase):
    def test_a_call_is_counted_and_told(self) -> None:
        limit = RateLimit(600)
        self.assertEqual(limit.take("app", 10.0), Quota(600, 599, 60, allowed=True))
        self.assertEqual(limit.take("app", 20.5), Quota(600, 598, 50, allowed=True))

    def test_over_the_limit_nothing_is_allowed_until_the_minute_is_over(self) -> None:
        limit = RateLimit(2)
        allowed = [limit.take("app", now).allowed for now in (0.0, 1.0, 2.0, 59.9, 60.0, 61.0, 62.0)]
        self.assertEqual(allowed, [True, True, False, False, True, True, False])

    def test_apps_do_not_share_a_window(self) -> None:
        limit = RateLimit(1)
        self.assertTrue(limit.take("a", 0.0).allowed)
        self.assertTrue(limit.take("b", 0.0).allowed)
        self.assertFalse(limit.take("a", 0.0).allowed)

    def test_the_four_headers_are_told(self) -> None:
        self.assertEqual(
            Quota(600, 3, 17, allowed=True).headers(),
            {
                "X-Rate-Limit-Quota": "600",
                "X-Rate-Limit-Limit": "600",
                "X-Rate-Limit-Remaining": "3",
                "X-Rate-Limit-Reset": "17",
            },
        )

    def test_nobody_s_window_is_whole(self) -> None:
        self.assertEqual(RateLimit(5).untouched(), Quota(5, 5, 60, allowed=True))
