"""Two versions side by side use one file, as long as nobody takes anything away."""

from __future__ import annotations

import re
import sqlite3

from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores import queue_rows
from pushnet.stores.migration import OLDEST, Step, TooNewError, demand, migrate, takes_away
from pushnet.stores.registry import embedded
from pushnet.stores.shard import schema
from tests.house.tree import TOP

FIRST = Step("CREATE TABLE kept (name TEXT PRIMARY KEY)")
ADDING = Step(
    "ALTER TABLE kept ADD COLUMN size INTEGER NOT NULL DEFAULT 0; CREATE INDEX sizes ON kept (size)"
)
BREAKING = Step(
    "CREATE TABLE other (name TEXT); INSERT INTO other SELECT name FROM kept; DROP TABLE kept", True
)


class MigrationTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.file = sqlite3.connect(":memory:", isolation_level=None)

    def version(self) -> int:
        (version,) = self.file.execute("PRAGMA user_version").fetchone()
        return int(version)

    def test_each_step_is_done_once(self) -> None:
        migrate(self.file, [FIRST])
        migrate(self.file, [FIRST, ADDING])
        migrate(self.file, [FIRST, ADDING])
        self.assertEqual(self.version(), 2)

    def test_an_older_program_goes_on_with_what_a_newer_has_added(self) -> None:
        migrate(self.file, [FIRST, ADDING])
        migrate(self.file, [FIRST])
        self.file.execute("INSERT INTO kept (name) VALUES ('a')")
        self.assertEqual(self.version(), 2)
        migrate(self.file, [FIRST, ADDING])
        self.assertEqual(self.file.execute("SELECT * FROM kept").fetchall(), [("a", 0)])

    def test_an_older_program_is_refused_once_something_was_taken_away(self) -> None:
        migrate(self.file, [FIRST, ADDING, BREAKING])
        self.assertRaises(TooNewError, migrate, self.file, [FIRST, ADDING])
        migrate(self.file, [FIRST, ADDING, BREAKING])

    def test_a_program_that_knows_the_breaking_step_goes_on_with_what_was_added_after(self) -> None:
        more = Step("CREATE TABLE more (name TEXT)")
        migrate(self.file, [FIRST, ADDING, BREAKING, more])
        migrate(self.file, [FIRST, ADDING, BREAKING])

    def test_an_older_program_is_refused_while_the_file_is_not_all_there_is(self) -> None:
        steps = [FIRST, Step(f"{OLDEST};")]
        migrate(self.file, steps)
        demand(self.file, 2)
        error = self.assertRaises(TooNewError, migrate, self.file, [FIRST])
        self.assertEqual(str(error), "its version 2 wants a program that knows 2, not 1")
        migrate(self.file, steps)
        demand(self.file, 1)
        migrate(self.file, [FIRST])

    def test_a_step_that_fails_leaves_the_version_before(self) -> None:
        migrate(self.file, [FIRST])
        self.assertRaises(sqlite3.Error, migrate, self.file, [FIRST, Step("DROP TABLE nothing", True)])
        self.file.execute("ROLLBACK")
        self.assertEqual(self.version(), 1)

    def test_what_takes_something_away_is_told(self) -> None:
        self.assertEqual(takes_away(ADDING), "")
        self.assertEqual(takes_away(Step("ALTER TABLE kept RENAME TO old")), "ALTER TABLE kept RENAME TO old")
        no_default = "ALTER TABLE kept ADD COLUMN size INTEGER NOT NULL"
        self.assertEqual(takes_away(Step(no_default)), no_default)
        self.assertEqual(takes_away(BREAKING), "")

    def test_no_file_of_ours_loses_anything_without_saying_so(self) -> None:
        for steps in (queue_rows.SCHEMA, embedded.SCHEMA, schema.SCHEMA):
            self.assertEqual([takes_away(step) for step in steps], [""] * len(steps))

    def test_who_writes_a_row_names_its_columns(self) -> None:
        """A program that does not would fail on a table to which a newer one has added a column."""
        nameless = re.compile(r"INTO\s+\w+\s+(VALUES|SELECT)\b")
        for path in sorted((TOP / "pushnet/stores").rglob("*.py")):
            for line in path.read_text().splitlines():
                if nameless.search(line) and not line.startswith("    INSERT"):  # of a schema's first step
                    self.fail(f"{path.name}: {line.strip()}")
