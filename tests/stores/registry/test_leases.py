"""Leases as the registry sees them."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores.registry.leases import Leases


class LeasesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.leases = Leases()

    def look(self, start: float, end: float) -> list[str]:
        """Ask for overdue leases twice a second, as a registry does; all that were."""
        overdue: list[str] = []
        now = start
        while now <= end:
            overdue += self.leases.overdue(now)
            now += 0.5
        return overdue

    def test_a_lease_that_is_not_renewed_ends_after_its_time(self) -> None:
        self.leases.grant("a", 3.0, 0.0)
        self.assertEqual(self.look(0.0, 2.5), [])
        self.assertEqual(self.leases.left_s("a", 2.0), 1.0)
        self.assertEqual(self.leases.overdue(3.0), ["a"])
        self.assertFalse(self.leases.holds("a"))
        self.assertEqual(self.leases.left_s("a", 3.0), 0.0)

    def test_a_renewed_lease_runs_from_the_renewal(self) -> None:
        self.leases.grant("a", 3.0, 0.0)
        self.assertTrue(self.leases.renew("a", 2.0))
        self.assertEqual(self.look(0.0, 4.5), [])
        self.assertEqual(self.look(5.0, 5.0), ["a"])
        self.assertFalse(self.leases.renew("a", 5.0))

    def test_a_late_renewal_never_shortens_a_lease(self) -> None:
        self.leases.grant("a", 3.0, 5.0)
        self.leases.renew("a", 1.0)
        self.assertEqual(self.leases.left_s("a", 5.0), 3.0)

    def test_leases_may_differ_in_length(self) -> None:
        self.leases.grant("long", 6.0, 0.0)
        self.leases.grant("short", 3.0, 0.0)
        self.assertEqual(self.look(0.0, 4.0), ["short"])
        self.assertEqual(self.look(4.5, 6.5), ["long"])

    def test_one_that_is_given_up_does_not_run_out(self) -> None:
        self.leases.grant("a", 3.0, 0.0)
        self.leases.release("a")
        self.assertEqual((self.look(0.0, 5.0), len(self.leases)), ([], 0))

    def test_time_in_which_nobody_looked_does_not_count(self) -> None:
        self.leases.grant("a", 3.0, 0.0)
        self.look(0.0, 1.0)
        self.assertEqual(self.leases.overdue(60.0), [])
        self.assertEqual(self.look(60.5, 61.5), [])
        self.assertEqual(self.look(62.0, 62.5), ["a"])
