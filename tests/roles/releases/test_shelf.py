"""What a store believes, and what it gives out only checked."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.plan import Way
from pushnet.grid.patch.refusals import Malformed, Refused
from pushnet.roles.releases.shelf import NoAnchor, Shelf
from pushnet.stores.releases.packing import pack
from pushnet.stores.releases.trees import Tree
from tests.roles.releases.workshop import FILES, Workshop


class ShelfTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.workshop = Workshop()
        self.workshop.publish("1.0.0")
        self.shelf = self.workshop.shelf

    def test_an_empty_store_believes_nobody(self) -> None:
        self.assertRaises(NoAnchor, Shelf(Workshop().disk.__class__(self.workshop.disk._rng)).trust)

    def test_what_was_published_is_believed_by_the_store_itself(self) -> None:
        trust = self.shelf.trust()
        self.assertEqual(trust.find("broker").version, "1.0.0")
        self.assertEqual(self.shelf.published(), trust)

    def test_documents_in_another_s_place_are_refused(self) -> None:
        self.workshop.publish("1.1.0", {"a": b""})
        papers = self.shelf.papers
        papers.save_release("broker", "1.0.0", 1, papers.release("broker", "1.1.0", 2) or b"")
        self.assertRaises(Malformed, self.shelf.release, Tree("broker", 1, "1.0.0"))
        papers.save_root(2, papers.root(1) or b"")
        self.assertRaises(Malformed, self.shelf.trust)

    def test_a_snapshot_in_another_s_place_is_refused(self) -> None:
        self.workshop.publish("1.1.0", {"a": b""})
        papers = self.shelf.papers
        one, two = papers.snapshots()
        papers.save_snapshot(two, papers.snapshot(one) or b"")
        self.assertRaises(Malformed, self.shelf.trust)
        self.assertRaises(Refused, self.shelf.snapshot, two)
        self.assertRaises(Refused, self.shelf.snapshot, 99)

    def test_a_damaged_object_is_thrown_away_instead_of_given(self) -> None:
        digest = self.shelf.objects.put(b"noise")
        self.assertEqual(self.shelf.content(digest, 5, {}), b"noise")
        self.workshop.disk.replace(f"objects/{digest[:2]}/{digest}", b"nOise")
        self.assertIsNone(self.shelf.content(digest, 5, {}))
        self.assertEqual(self.shelf.objects.size(digest), -1)

    def test_a_pack_that_holds_another_content_is_refused(self) -> None:
        content = b"words " * 99
        packed = self.shelf.objects.put(pack(content))
        way = Way("0" * 64, len(content), packed, 1)
        self.assertIn("does not hold", str(self.assertRaises(Malformed, self.shelf.unpacked, way, {})))
        lost = Way("0" * 64, len(content), packed, 1, base="1" * 64)
        self.assertIn("is gone", str(self.assertRaises(Malformed, self.shelf.unpacked, lost, {})))

    def test_the_whole_of_each_published_file_can_be_had(self) -> None:
        (release,) = self.workshop.publisher().documents()
        self.assertEqual({file.path: self.shelf.whole(file, {}) for file in release.files}, FILES)

    def test_clearing_keeps_what_the_given_releases_name(self) -> None:
        self.shelf.objects.put(b"garbage")
        self.shelf.objects.gather("0" * 64, 0, b"begun")
        count, size = self.shelf.clear_objects(self.workshop.publisher().documents())
        self.assertEqual((count, size, self.shelf.objects.partial()), (1, 7, []))
