"""Leases as their holders and the registry see them."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.leases import LeaseLost, Leases


class LeasesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.leases = Leases(3.0)

    def look(self, start: float, end: float) -> list[str]:
        """Ask for overdue leases twice a second, as a registry does; all that were."""
        overdue: list[str] = []
        now = start
        while now <= end:
            overdue += self.leases.overdue(now)
            now += 0.5
        return overdue

    def test_a_lease_that_is_not_renewed_ends_after_its_time(self) -> None:
        self.leases.grant("a", 0.0)
        self.assertEqual(self.look(0.0, 2.5), [])
        self.assertEqual(self.leases.overdue(3.0), ["a"])
        self.assertFalse(self.leases.holds("a"))

    def test_a_renewed_lease_runs_from_the_renewal(self) -> None:
        epoch = self.leases.grant("a", 0.0)
        self.leases.renew("a", epoch, 2.0)
        self.assertEqual(self.look(0.0, 4.5), [])
        self.assertEqual(self.look(5.0, 5.0), ["a"])

    def test_a_new_grant_has_a_higher_epoch_and_the_old_holder_is_refused(self) -> None:
        old = self.leases.grant("a", 0.0)
        new = self.leases.grant("a", 1.0)
        self.assertGreater(new, old)
        with self.assertRaises(LeaseLost) as caught:
            self.leases.renew("a", old, 1.5)
        self.assertIn(f"epoch {new}", str(caught.exception))
        self.assertFalse(self.leases.release("a", old))
        self.assertEqual(self.leases.epoch("a"), new)

    def test_a_lease_that_ran_out_cannot_be_renewed(self) -> None:
        epoch = self.leases.grant("a", 0.0)
        self.look(0.0, 3.0)
        with self.assertRaises(LeaseLost):
            self.leases.renew("a", epoch, 3.1)

    def test_a_released_lease_is_gone_at_once(self) -> None:
        epoch = self.leases.grant("a", 0.0)
        self.assertTrue(self.leases.release("a", epoch))
        self.assertEqual(self.leases.names(), [])

    def test_epochs_go_on_after_a_restart(self) -> None:
        epoch = self.leases.grant("a", 0.0)
        after = Leases(3.0, last_epoch=self.leases.last_epoch)
        after.restore("a", epoch, 100.0)
        after.renew("a", epoch, 101.0)
        self.assertGreater(after.grant("b", 101.0), epoch)

    def test_a_restored_lease_has_its_full_time_to_be_renewed_in(self) -> None:
        self.leases.last_epoch = 7
        self.leases.restore("a", 7, 10.0)
        self.assertEqual(self.look(10.0, 12.5), [])
        self.assertEqual(self.look(13.0, 13.0), ["a"])

    def test_time_in_which_the_registry_was_paused_does_not_count(self) -> None:
        self.leases.grant("a", 0.0)
        self.look(0.0, 1.0)
        self.assertEqual(self.leases.overdue(31.0), [])
        self.assertEqual(self.leases.left_s("a", 31.0), 2.0)
        self.assertEqual(self.look(31.5, 33.0), ["a"])
