"""The contract's values."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores.registry.state import Delete, Entry, Put


class ValueTests(SynchronousTestCase):
    def test_an_entry_without_a_lease_stays(self) -> None:
        self.assertEqual(Entry("object/o", "{}", 7).lease, "")
        self.assertEqual((Put("object/o", "{}").ttl_s, Put("object/o", "{}").lease), (0.0, ""))

    def test_a_delete_means_one_write_of_the_entry(self) -> None:
        self.assertNotEqual(Delete("node/a", 1), Delete("node/a", 2))
