"""The index follows pages, and sees when a log is not the one it followed."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import ChangePage
from pushnet.gen.pushnet.push import Audience
from pushnet.grid.placement import ordinal_at
from pushnet.roles.tagalias.index import Followed, Index
from tests.roles.tagalias.logs import APP, LOG, added, page, tagged

FIRST, SECOND = ordinal_at(0, 0), ordinal_at(0, 1)
ALL = Audience(all=True)


class IndexTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.index = Index()
        self.assertTrue(self.index.take(0, 0, page(added(FIRST), tagged(FIRST, "a"))))
        self.assertTrue(self.index.take(1, 0, page(added(SECOND, app="other"), added(SECOND))))

    def test_pages_are_taken_in_order(self) -> None:
        self.assertTrue(self.index.take(0, 2, page(tagged(FIRST, "b"), since=2, head=9)))
        self.assertEqual(self.index.positions, {0: 3, 1: 2})
        self.assertEqual(self.index.tags(APP), ["a", "b"])
        self.assertTrue(self.index.has_tag(APP, "b", FIRST))
        self.assertEqual(list(self.index.select(APP, ALL)), [FIRST, SECOND])
        self.assertEqual(self.index.counts(), {"devices": 3, "tags": 2, "aliases": 0})

    def test_an_empty_page_keeps_the_position(self) -> None:
        self.assertTrue(self.index.take(0, 2, ChangePage([], 2, LOG)))
        self.assertEqual(self.index.at(0), Followed(LOG, 2))

    def test_apps_do_not_see_each_other(self) -> None:
        self.assertEqual(list(self.index.select("other", ALL)), [SECOND])
        self.assertEqual(len(self.index.select("unknown", ALL)), 0)
        self.assertEqual(self.index.tags("unknown"), [])
        self.assertFalse(self.index.has_tag("unknown", "a", FIRST))

    def test_a_log_that_is_another_one_is_read_anew_and_other_shards_stay(self) -> None:
        pages = {
            "shorter": ChangePage([], 1, LOG),
            "of another number": page(tagged(FIRST, "b"), since=2, log=LOG + 1),
            "with a hole": page(tagged(FIRST, "b"), since=3, head=4),
        }
        for what, strange in pages.items():
            self.setUp()
            self.assertFalse(self.index.take(0, 2, strange), what)
            self.assertEqual(self.index.positions, {1: 2}, what)
            self.assertEqual(list(self.index.select(APP, ALL)), [SECOND], what)
            self.assertTrue(self.index.take(0, 0, page(added(FIRST), log=LOG + 1)), what)
            self.assertEqual(list(self.index.select(APP, ALL)), [FIRST, SECOND], what)
