"""The shard's own row, and a row for each app: counters that only grow.

The account of an app holds at every commit: `stored` = `delivered` + rows in `streams` + `expired` +
`overflowed`. `unregistered` counts addressees that were no devices.
"""

from __future__ import annotations

import sqlite3
from typing import Final

import attrs

from pushnet.stores.shard.schema import rows_of_app

ACCOUNT: Final = ("stored", "delivered", "expired", "overflowed", "unregistered")


@attrs.frozen
class Opening:
    """What a shard is when a process has opened it."""

    incarnation: int
    """Higher than any before."""
    log: int
    """The number of the change log."""
    position: int
    """The end of the change log."""


def begin_incarnation(connection: sqlite3.Connection, now_s: int, log: int) -> Opening:
    """A process has opened the shard. `log` becomes the number of the change log when it is a new one.

    An incarnation is the time it began in seconds, so that a shard that has lost its disk is told from the
    one before; when the clock has gone back, one more than the last.
    """
    connection.execute(
        "UPDATE meta SET incarnation = max(incarnation + 1, ?), log = CASE log WHEN 0 THEN ? ELSE log END",
        (now_s, log),
    )
    incarnation, log = connection.execute("SELECT incarnation, log FROM meta").fetchone()
    (position,) = connection.execute("SELECT coalesce(max(position), 0) FROM changes").fetchone()
    return Opening(incarnation, log, position)


def find_app(connection: sqlite3.Connection, key: str) -> int | None:
    """The app's row; None while it has nothing here."""
    row = connection.execute("SELECT id FROM apps WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def make_app(connection: sqlite3.Connection, key: str) -> int:
    """The app's row, made when it is missing."""
    found = find_app(connection, key)
    if found is not None:
        return found
    row = connection.execute("INSERT INTO apps (key) VALUES (?)", (key,)).lastrowid
    assert row is not None
    return row


def count(connection: sqlite3.Connection, app: int, what: str, by: int) -> None:
    """Add to one of the `ACCOUNT`s of an app."""
    assert what in ACCOUNT
    if by:
        connection.execute(f"UPDATE apps SET {what} = {what} + ? WHERE id = ?", (by, app))


def heads(connection: sqlite3.Connection) -> dict[str, int]:
    """The end of every app's group log."""
    return dict(connection.execute("SELECT key, group_head FROM apps").fetchall())


def census(connection: sqlite3.Connection, key: str) -> dict[str, float]:
    """What the app has here: devices, also by platform, and its account; `pending` is counted by rows."""
    app = find_app(connection, key)
    if app is None:
        return {"devices": 0, "pending": 0, **dict.fromkeys(ACCOUNT, 0)}
    account = connection.execute(f"SELECT {', '.join(ACCOUNT)} FROM apps WHERE id = ?", (app,)).fetchone()
    counts: dict[str, float] = dict(zip(ACCOUNT, account, strict=True))
    (counts["pending"],) = connection.execute(
        "SELECT count(*) FROM streams WHERE device BETWEEN ? AND ?", rows_of_app(app)
    ).fetchone()
    platforms = connection.execute(
        "SELECT platform, devices FROM platforms WHERE app = ? ORDER BY platform", (app,)
    ).fetchall()
    counts["devices"] = sum(devices for _, devices in platforms)
    return counts | {f"devices.{platform}": devices for platform, devices in platforms}
