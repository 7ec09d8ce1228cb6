"""What operators read."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app import patch_words as words
from pushnet.roles.releases.publisher import Published
from tests.roles.releases.workshop import NOW_S, Workshop


class WordsTests(SynchronousTestCase):
    def test_sizes_and_days_are_written_for_people(self) -> None:
        self.assertEqual([words.size(count) for count in (0, 999, 1000, 1_400_000, 7 * 10**12)],
                         ["0 B", "999 B", "1.0 kB", "1.4 MB", "7000.0 GB"])  # fmt: skip
        self.assertEqual(words.day(NOW_S), "2027-01-15 08:00")

    def test_a_publish_is_told_by_what_it_did(self) -> None:
        done = Workshop().publish("1.0.0")
        told, text = words.published_words(done)
        self.assertEqual((told["files"], told["already"]), (5, False))
        self.assertTrue(text.startswith("published broker 1.0.0: 5 files"))
        self.assertIn("nothing was done", words.published_words(Published(done.release, already=True))[1])
        waiting = words.published_words(Published(done.release, signatures_missing=2))[1]
        self.assertIn("waits for 2 more signatures: pushnet patch sign broker 1.0.0", waiting)

    def test_tables_have_a_row_for_each(self) -> None:
        workshop = Workshop()
        done = workshop.publish("1.0.0", folders=["spool"])
        self.assertEqual(words.releases_table([done.release]).row_count, 1)
        self.assertEqual(words.files_table(done.release).row_count, 6)
        rows = [{"path": "a", "change": "gone", "size": 0, "moves": 0}]
        self.assertEqual(words.changes_table("", rows).row_count, 2)
        root = workshop.shelf.trust().root
        self.assertEqual(words.keys_table(root, words.keys_rows(root, [])).row_count, 4)
