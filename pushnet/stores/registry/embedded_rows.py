"""The rows of an embedded registry state: what a commit changes, as a record of the journal and in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

import attrs
import msgspec

from pushnet.stores.migration import OLDEST, Step
from pushnet.stores.registry.state import Stands, StateConflict

SCHEMA: Final = (
    Step("""
    CREATE TABLE revision (id INTEGER PRIMARY KEY CHECK (id = 0), last INTEGER NOT NULL);
    INSERT INTO revision VALUES (0, 0);
    CREATE TABLE entry (key TEXT PRIMARY KEY, value TEXT NOT NULL, revision INTEGER NOT NULL,
        lease TEXT NOT NULL, ttl_s REAL NOT NULL) WITHOUT ROWID;
    """),
    Step(f"{OLDEST}; INSERT OR IGNORE INTO oldest_version (id, version) VALUES (0, 1);"),
)
WHOLE: Final = 1
"""The file has all there is: also programs of before the journal may open it."""
JOURNALED: Final = 2
"""The journal may have what the file has not: only programs that know of it may open the file."""
Row = tuple[str, str, int, str, float]
"""Key, value, revision, lease (empty: none), its seconds."""
_UPSERT: Final = (
    "INSERT INTO entry (key, value, revision, lease, ttl_s) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value,"
    " revision = excluded.revision, lease = excluded.lease, ttl_s = excluded.ttl_s"
)


@attrs.frozen
class Changed:
    """What one commit does: these rows are put, those of that key and revision are gone."""

    revision: int
    rows: list[Row]
    gone: list[tuple[str, int]]

    def record(self) -> bytes:
        return msgspec.json.encode((self.revision, self.rows, self.gone))

    @classmethod
    def of(cls, record: bytes) -> Changed:
        revision, rows, gone = msgspec.json.decode(record, type=tuple[int, list[Row], list[tuple[str, int]]])
        return cls(revision, rows, gone)


def remembered(connection: sqlite3.Connection) -> tuple[int, dict[str, Row]]:
    """The last revision, and every row by its key."""
    ((last,),) = connection.execute("SELECT last FROM revision").fetchall()
    rows = connection.execute("SELECT key, value, revision, lease, ttl_s FROM entry").fetchall()
    return last, {row[0]: row for row in rows}


def replay(rows: dict[str, Row], changed: Changed) -> dict[str, Row | None]:
    """Do to `rows` what a commit did; returns what became of the keys it touched."""
    touched: dict[str, Row | None] = {}
    for key, revision in changed.gone:
        if key in rows and rows[key][2] == revision:
            del rows[key]
            touched[key] = None
    for row in changed.rows:
        rows[row[0]] = touched[row[0]] = row
    return touched


def take_up(
    connection: sqlite3.Connection,
    last: int,
    pending: Mapping[str, Row | None],
    commits: Iterable[Changed],
    conditions: Iterable[Stands],
) -> None:
    """What the journal has, then what is written directly. Raises `StateConflict`."""
    connection.execute("UPDATE revision SET last = max(last, ?)", (last,))
    gone = [(key,) for key, row in pending.items() if row is None]
    connection.executemany("DELETE FROM entry WHERE key = ?", gone)
    connection.executemany(_UPSERT, [row for row in pending.values() if row is not None])
    for condition in conditions:
        key = (condition.key, condition.revision)
        if connection.execute("SELECT 1 FROM entry WHERE key = ? AND revision = ?", key).fetchone() is None:
            raise StateConflict(f"{condition.key} stands no more")
    for changed in commits:
        connection.executemany("DELETE FROM entry WHERE key = ? AND revision = ?", changed.gone)
        connection.executemany(_UPSERT, changed.rows)
