"""Documents by their names."""

from __future__ import annotations

import random

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.disk import SimDisk
from pushnet.stores.releases.papers import Papers


class PapersTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.disk = SimDisk(random.Random(1))
        self.addCleanup(self.disk.discard)
        self.papers = Papers(self.disk)

    def test_what_is_not_here_is_none(self) -> None:
        papers = self.papers
        found = [papers.root(1), papers.timestamp(), papers.snapshot(1), papers.release("a", "1", 1)]
        self.assertEqual([*found, papers.draft("a", "1")], [None] * 5)
        self.assertEqual(
            (papers.roots(), papers.snapshots(), papers.releases(), papers.drafts()), ([], [], [], [])
        )

    def test_numbers_are_sorted_as_numbers(self) -> None:
        for number in (10, 9, 1):
            self.papers.save_root(number, b"%d" % number)
            self.papers.save_snapshot(number, b"")
        self.assertEqual((self.papers.roots(), self.papers.snapshots()), ([1, 9, 10], [1, 9, 10]))
        self.assertEqual(self.papers.root(9), b"9")

    def test_releases_and_drafts_are_told_by_their_parts(self) -> None:
        self.papers.save_release("broker", "1.4.0+b-7_x", 12, b"release")
        self.papers.save_draft("broker", "1.5.0", b"draft")
        self.assertEqual(self.papers.releases(), [("broker", "1.4.0+b-7_x", 12)])
        self.assertEqual(self.papers.release("broker", "1.4.0+b-7_x", 12), b"release")
        self.assertEqual(
            (self.papers.drafts(), self.papers.draft("broker", "1.5.0")), ([("broker", "1.5.0")], b"draft")
        )
        self.papers.delete_release("broker", "1.4.0+b-7_x", 12)
        for _ in range(2):
            self.papers.delete_draft("broker", "1.5.0")
        self.assertEqual((self.papers.releases(), self.papers.drafts()), ([], []))

    def test_forgetting_today_keeps_roots_and_releases(self) -> None:
        self.papers.save_root(1, b"root")
        self.papers.save_timestamp(b"now")
        self.papers.save_snapshot(3, b"all")
        self.papers.save_release("a", "1", 1, b"")
        self.papers.forget_today()
        self.assertEqual((self.papers.timestamp(), self.papers.snapshots()), (None, []))
        self.assertEqual((self.papers.roots(), len(self.papers.releases())), ([1], 1))
