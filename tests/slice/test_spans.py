"""Names of places in a page."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.spans import anchor


class AnchorTest(SynchronousTestCase):
    def test_a_type_id_becomes_a_name_for_links(self) -> None:
        self.assertEqual(anchor("::A::B"), "a-b")
        self.assertEqual(anchor("::A::I::op"), "a-i-op")
