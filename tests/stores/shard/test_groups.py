"""An app's group log."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import GroupEntry
from pushnet.stores.shard.groups import append, read
from tests.stores.shard.opened import APP, NOW_MS, OTHER_APP, message, new_device, opened, put


class GroupTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.connection = opened()

    def test_entries_are_counted_for_each_app(self) -> None:
        seqs = [
            append(self.connection, app, message(id), b"a", NOW_MS)
            for id, app in enumerate([APP, OTHER_APP, APP])
        ]
        self.assertEqual(seqs, [1, 1, 2])

    def test_the_same_message_again_has_the_same_seq(self) -> None:
        first = append(self.connection, APP, message(1), b"a", NOW_MS)
        append(self.connection, APP, message(2), b"a", NOW_MS)
        self.assertEqual(append(self.connection, APP, message(1), b"a", NOW_MS), first)
        self.assertEqual(len(read(self.connection, APP, 0, 10, 1 << 20)), 2)

    def test_a_log_is_read_in_pages(self) -> None:
        for id in range(1, 5):
            append(self.connection, APP, message(id, b"x" * 10), b"audience", NOW_MS)
            append(self.connection, OTHER_APP, message(100 + id), b"", NOW_MS)
        page = read(self.connection, APP, 2, 1, 1 << 20)
        self.assertEqual(page, [GroupEntry(3, message(3, b"x" * 10), b"audience")])
        self.assertEqual([entry.seq for entry in read(self.connection, APP, 0, 10, 20)], [1, 2])
        self.assertEqual(read(self.connection, APP, 4, 10, 1 << 20), [])
        self.assertEqual(read(self.connection, "no app", 0, 10, 1 << 20), [])

    def test_a_message_can_be_in_a_stream_and_in_the_log(self) -> None:
        new_device(self.connection, "phone")
        put(self.connection, message(1), 5)
        self.assertEqual(append(self.connection, APP, message(1), b"a", NOW_MS), 1)
        self.assertEqual(read(self.connection, APP, 0, 10, 1 << 20), [GroupEntry(1, message(1), b"a")])
