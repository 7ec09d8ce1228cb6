"""What the books keep as it is."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.books import Books, Event
from pushnet.roles.registry.papers import Papers
from pushnet.stores.registry.state import Entry


class PapersTest(SynchronousTestCase):
    def test_an_entry_is_there_until_it_is_gone(self) -> None:
        papers = Papers()
        heard: list[str] = []
        papers.followers.append(heard.append)
        papers.put(Entry("version/b", "1", 3))
        papers.put(Entry("version/a", "2", 4))
        self.assertEqual(list(papers.under("version/")), ["a", "b"])
        self.assertEqual((papers.value("version/b"), papers.value("version/c")), ("1", ""))
        papers.gone("version/b")
        papers.gone("version/b")
        self.assertEqual(heard, ["version/b", "version/a", "version/b"])


class BooksWithPapersTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.books = Books(lambda: 0.0)
        self.told: list[str] = []
        self.events: list[Event] = []
        self.books.papers.followers.append(self.told.append)
        self.books.followers.append(self.events.append)

    def test_the_books_hand_them_on_and_tell_nobody_else(self) -> None:
        self.books.put(Entry("settings/head", "1", 5))
        self.books.gone(Entry("settings/head", "", 5), lapsed=False)
        self.assertEqual((self.told, self.events), (["settings/head", "settings/head"], []))
        self.assertEqual(self.books.revision, 5)

    def test_after_a_reset_only_what_differs_is_told(self) -> None:
        for name, revision in (("a", 1), ("b", 2), ("c", 3)):
            self.books.put(Entry(f"version/{name}", "1", revision))
        self.told.clear()
        self.books.reset([Entry("version/a", "1", 1), Entry("version/b", "2", 9)])
        self.assertEqual(self.told, ["version/c", "version/b"])
        self.assertEqual([each.value for each in self.books.papers.under("version/").values()], ["1", "2"])
