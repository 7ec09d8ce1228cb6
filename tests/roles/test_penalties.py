"""Back-off after failed logins."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.penalties import (
    ENTRIES_MAX,
    FORGOTTEN_AFTER_S,
    NETWORK_TRIES_FREE,
    PAUSE_MAX_S,
    Penalties,
    network,
)


class PenaltiesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.penalties = Penalties()

    def failures(self, times: int, user: str = "ann", host: str = "198.51.100.7", now: float = 0.0) -> None:
        for _ in range(times):
            self.penalties.failed(user, host, now)

    def test_two_typing_errors_cost_nothing(self) -> None:
        self.failures(2)
        self.assertEqual(self.penalties.wait_s("ann", "198.51.100.7", 0.0), 0.0)

    def test_each_further_failure_doubles_the_pause_up_to_a_limit(self) -> None:
        self.failures(3)
        self.assertEqual(self.penalties.wait_s("ann", "198.51.100.7", 0.0), 1.0)
        self.failures(1)
        self.assertEqual(self.penalties.wait_s("ann", "198.51.100.7", 0.0), 2.0)
        self.failures(40)
        self.assertEqual(self.penalties.wait_s("ann", "198.51.100.7", 0.0), PAUSE_MAX_S)

    def test_the_pause_passes(self) -> None:
        self.failures(4)
        self.assertEqual(self.penalties.wait_s("ann", "198.51.100.7", 1.5), 0.5)
        self.assertEqual(self.penalties.wait_s("ann", "198.51.100.7", 2.0), 0.0)

    def test_the_same_user_elsewhere_is_not_locked_out(self) -> None:
        self.failures(10)
        self.assertEqual(self.penalties.wait_s("ann", "203.0.113.7", 0.0), 0.0)

    def test_another_user_of_the_network_is_not_delayed_at_first(self) -> None:
        self.failures(10)
        self.assertEqual(self.penalties.wait_s("bob", "198.51.100.8", 0.0), 0.0)

    def test_a_network_that_tries_many_users_is_delayed_as_a_whole(self) -> None:
        for number in range(NETWORK_TRIES_FREE):
            self.failures(1, user=f"user{number}", host=f"198.51.100.{number}")
        self.assertGreater(self.penalties.wait_s("bob", "198.51.100.200", 0.0), 0.0)

    def test_success_forgets_the_users_failures(self) -> None:
        self.failures(5)
        self.penalties.succeeded("ann", "198.51.100.7")
        self.assertEqual(self.penalties.wait_s("ann", "198.51.100.7", 0.0), 0.0)

    def test_old_failures_are_forgotten(self) -> None:
        self.failures(50)
        self.assertEqual(self.penalties.wait_s("ann", "198.51.100.7", FORGOTTEN_AFTER_S), 0.0)
        self.failures(1, now=FORGOTTEN_AFTER_S)
        self.assertEqual(self.penalties.wait_s("ann", "198.51.100.7", FORGOTTEN_AFTER_S), 0.0)

    def test_the_memory_of_failures_is_bounded(self) -> None:
        for number in range(ENTRIES_MAX):
            self.penalties.failed("ann", f"10.{number >> 8}.{number & 255}.1", 0.0)
        self.assertEqual(len(self.penalties), ENTRIES_MAX)

    def test_addresses_count_as_their_networks(self) -> None:
        self.assertEqual(network("198.51.100.7"), "198.51.100.0/24")
        self.assertEqual(network("::ffff:198.51.100.7"), "198.51.100.0/24")
        self.assertEqual(network("2001:db8:1:2::3"), "2001:db8:1::/48")
        self.assertEqual(network("fe80::1%eth0"), "fe80::/48")
        self.assertEqual(network(""), "")
