"""Who was to get what, and who got it."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.demo_ledger import Ledger


class LedgerTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.ledger = Ledger()
        self.ledger.expect("m1", "all", [1, 2, 3], 10.0)

    def test_everything_arrived_once(self) -> None:
        for device, at in ((1, 10.010), (2, 10.020), (3, 10.100)):
            self.ledger.arrived(device, "m1", at)
        facts = self.ledger.facts("all")
        self.assertEqual((facts.targeted, facts.delivered), (3, 3))
        self.assertEqual((facts.p50_ms, facts.p99_ms), (20.0, 100.0))
        self.assertTrue(facts.exactly_once)
        self.assertEqual(self.ledger.missing, 0)

    def test_what_did_not_arrive_is_lost(self) -> None:
        self.ledger.arrived(1, "m1", 11.0)
        facts = self.ledger.facts()
        self.assertEqual((facts.lost, self.ledger.missing), (2, 2))
        self.assertFalse(facts.exactly_once)

    def test_what_arrived_again_is_a_duplicate(self) -> None:
        for device in (1, 1, 2, 3, 3):
            self.ledger.arrived(device, "m1", 11.0)
        facts = self.ledger.facts()
        self.assertEqual((facts.delivered, facts.duplicates), (3, 2))
        self.assertFalse(facts.exactly_once)

    def test_what_was_for_others_is_unasked(self) -> None:
        for device in (1, 2, 3, 4):
            self.ledger.arrived(device, "m1", 11.0)
        self.ledger.arrived(1, "never sent", 11.0)
        self.assertEqual(self.ledger.facts().unasked, 2)
        self.assertFalse(self.ledger.facts().exactly_once)

    def test_a_refused_push_is_for_nobody(self) -> None:
        self.ledger.withdraw("m1")
        self.assertEqual((self.ledger.facts().targeted, self.ledger.missing), (0, 0))
        self.ledger.arrived(1, "m1", 11.0)
        self.assertEqual(self.ledger.facts().unasked, 1)

    def test_kinds_are_counted_apart(self) -> None:
        self.ledger.expect("m2", "alias", [1], 20.0)
        self.ledger.arrived(1, "m2", 20.5)
        self.assertEqual(self.ledger.kinds(), ["all", "alias"])
        self.assertEqual(self.ledger.facts("alias").p50_ms, 500.0)
        self.assertIsNone(self.ledger.facts("all").p50_ms)
        self.assertEqual(self.ledger.facts().targeted, 4)
