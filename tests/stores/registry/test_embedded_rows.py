"""What a commit changes: told to the journal, done to rows in memory, done to SQLite."""

from __future__ import annotations

import sqlite3

from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores.migration import migrate
from pushnet.stores.registry.embedded_rows import SCHEMA, Changed, Row, remembered, replay, take_up
from pushnet.stores.registry.state import Stands, StateConflict

A: Row = ("node/a", "A", 1, "1/node/a", 3.0)
B: Row = ("node/b", "B", 2, "", 0.0)


class RowsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.addCleanup(self.connection.close)
        migrate(self.connection, SCHEMA)

    def test_a_record_tells_all_of_a_commit(self) -> None:
        changed = Changed(7, [A, B], [("node/c", 3)])
        self.assertEqual(Changed.of(changed.record()), changed)

    def test_only_what_is_still_of_that_revision_is_gone(self) -> None:
        rows = {"node/a": A, "node/b": B}
        touched = replay(rows, Changed(3, [], [("node/a", 1), ("node/b", 1), ("node/c", 1)]))
        self.assertEqual((rows, touched), ({"node/b": B}, {"node/a": None}))

    def test_pending_rows_come_before_what_is_written_directly(self) -> None:
        take_up(self.connection, 1, {}, [Changed(1, [A], [])], [])
        take_up(self.connection, 3, {"node/a": None, "node/b": B}, [Changed(3, [], [("node/b", 2)])], [])
        self.assertEqual(remembered(self.connection), (3, {}))

    def test_the_last_revision_never_goes_back(self) -> None:
        take_up(self.connection, 5, {}, [], [])
        take_up(self.connection, 4, {}, [], [])
        self.assertEqual(remembered(self.connection)[0], 5)

    def test_a_condition_sees_what_was_pending(self) -> None:
        take_up(self.connection, 2, {"node/b": B}, [], [Stands("node/b", 2)])
        with self.assertRaises(StateConflict):
            take_up(self.connection, 3, {"node/b": None}, [], [Stands("node/b", 2)])
