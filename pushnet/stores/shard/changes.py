"""The change log: what happened to devices, tags and aliases, in the order of the commits.

Positions are 1, 2, 3… without a hole. A change is written in the transaction that makes it. The log is kept
whole: a follower that begins at 0 reads the present state and how it came about.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from pushnet.gen.pushnet.dbagent import Change, ChangeKind
from pushnet.stores.shard.schema import app_of, ordinal_of


def note(connection: sqlite3.Connection, kind: ChangeKind, facts: Iterable[tuple[int, str]]) -> None:
    """Add a change for each (device row, value)."""
    rows = [(int(kind), app_of(device), ordinal_of(device), value) for device, value in facts]
    if rows:
        connection.executemany("INSERT INTO changes (kind, app, ordinal, value) VALUES (?, ?, ?, ?)", rows)


def end(connection: sqlite3.Connection) -> int:
    """The position of the last change; 0 when there is none."""
    position: int
    (position,) = connection.execute("SELECT coalesce(max(position), 0) FROM changes").fetchone()
    return position


def read(connection: sqlite3.Connection, since: int, count_max: int) -> tuple[list[Change], int]:
    """The changes after `since`, in order, at most `count_max`; and the end of the log."""
    rows = connection.execute(
        "SELECT position, kind, key, ordinal, value FROM changes JOIN apps ON apps.id = changes.app"
        " WHERE position > ? ORDER BY position LIMIT ?",
        (since, count_max),
    ).fetchall()
    changes = [Change(at, ChangeKind(kind), app, ordinal, value) for at, kind, app, ordinal, value in rows]
    return changes, end(connection)
