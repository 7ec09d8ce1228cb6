"""Answers to requests with tokens, in the SQLite file that has the effects: see `pushnet.rpc.once`.

A servant whose effect is a row of this file keeps the answer in the same transaction (`keep_in`), so that a
crash takes both or neither. Add `SCHEMA` to the file's schema.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from twisted.internet.defer import Deferred

from pushnet.rpc.incoming import Answer
from pushnet.rpc.once import REPLIES_MAX, REPLY_AGE_S, Reply
from pushnet.stores.sqlite import Database

SCHEMA = """
CREATE TABLE replies (
    number INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    ok INTEGER NOT NULL,
    answer BLOB NOT NULL,
    kept_at REAL NOT NULL
);
"""


class SqliteReplies:
    """Implements `pushnet.rpc.once.Replies`.

    Args:
        database: the open file.
        wall: seconds since 1970: ages count over restarts, too.
        count_max: more than so many, the oldest are dropped.
        age_s: older ones are dropped.
    """

    durable = True

    def __init__(
        self,
        database: Database,
        wall: Callable[[], float],
        count_max: int = REPLIES_MAX,
        age_s: float = REPLY_AGE_S,
    ) -> None:
        self._database = database
        self._wall = wall
        self._count_max = count_max
        self._age_s = age_s

    def find(self, key: bytes) -> Deferred[Answer | None]:
        return self._database.read(lambda connection: self._found(connection, key))

    def keep(self, reply: Reply) -> Deferred[None]:
        """In a transaction of its own, for servants whose effect is elsewhere."""
        return self._database.write(lambda connection: self.keep_in(connection, reply))

    def keep_in(self, connection: sqlite3.Connection, reply: Reply) -> None:
        """In the transaction of the effect."""
        now = self._wall()
        connection.execute(
            "INSERT OR REPLACE INTO replies (key, ok, answer, kept_at) VALUES (?, ?, ?, ?)",
            (reply.key, reply.ok, reply.encapsulation, now),
        )
        connection.execute(
            "DELETE FROM replies WHERE kept_at <= ? OR number <= (SELECT max(number) FROM replies) - ?",
            (now - self._age_s, self._count_max),
        )

    def _found(self, connection: sqlite3.Connection, key: bytes) -> Answer | None:
        row = connection.execute(
            "SELECT ok, answer FROM replies WHERE key = ? AND kept_at > ?", (key, self._wall() - self._age_s)
        ).fetchone()
        return None if row is None else (bool(row[0]), bytes(row[1]))
