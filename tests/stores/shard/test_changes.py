"""The change log is told in order, without holes."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import Change, ChangeKind
from pushnet.stores.shard.apps import make_app
from pushnet.stores.shard.changes import end, note, read
from pushnet.stores.shard.schema import device_row
from tests.stores.shard.opened import APP, opened


class ChangeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.connection = opened()
        self.app = make_app(self.connection, APP)

    def _note(self, *ordinals: int) -> None:
        note(self.connection, ChangeKind.TagAdded, [(device_row(self.app, o), f"tag{o}") for o in ordinals])

    def test_an_empty_log_ends_at_0(self) -> None:
        self.assertEqual(read(self.connection, 0, 10), ([], 0))

    def test_changes_are_read_in_pages(self) -> None:
        self._note(7, 8)
        self._note(9)
        page, head = read(self.connection, 1, 1)
        self.assertEqual(page, [Change(2, ChangeKind.TagAdded, APP, 8, "tag8")])
        self.assertEqual(head, 3)
        self.assertEqual([change.position for change in read(self.connection, 0, 10)[0]], [1, 2, 3])

    def test_what_is_undone_leaves_no_hole(self) -> None:
        self._note(1)
        self.connection.execute("BEGIN")
        self.connection.execute("SAVEPOINT one")
        self._note(2, 3)
        self.connection.execute("ROLLBACK TO one")
        self._note(4)
        self.connection.execute("COMMIT")
        self.assertEqual([change.ordinal for change in read(self.connection, 0, 10)[0]], [1, 4])
        self.assertEqual(end(self.connection), 2)
