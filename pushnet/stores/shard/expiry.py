"""What time takes away: messages that have expired, and the memory of those long gone.

Works in portions, so that other writers never wait long for it; the caller comes back while there is more.
A message expires a little after its time, because until then a Broker may still be handing it over.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from pyroaring import BitMap

from pushnet.stores.shard.apps import count
from pushnet.stores.shard.schema import place_of
from pushnet.stores.shard.streams import REMEMBERED_MS

GRACE_MS: Final = 10_000
MESSAGES_MAX: Final = 50
"""In one portion: with a thousand devices each, some 100 ms."""
NOBODY: Final = BitMap().serialize()


def expire(connection: sqlite3.Connection, now_ms: int) -> bool:
    """Take expired messages out of streams and group logs. Whether there are more."""
    rows = connection.execute(
        "SELECT id, app, group_seq FROM messages WHERE live AND expires_ms <= ? ORDER BY expires_ms LIMIT ?",
        (now_ms - GRACE_MS, MESSAGES_MAX),
    ).fetchall()
    for message, app, group_seq in rows:
        expired = connection.execute(
            "DELETE FROM streams WHERE (device, seq) IN (SELECT device, seq FROM stored WHERE message = ?)",
            (message,),
        ).rowcount
        count(connection, app, "expired", expired)
        if group_seq:
            connection.execute(
                "UPDATE group_log SET audience = ? WHERE place = ?", (NOBODY, place_of(app, group_seq))
            )
        connection.execute("UPDATE messages SET live = 0, waiting = 0, body = x'' WHERE id = ?", (message,))
    return len(rows) == MESSAGES_MAX


def forget(connection: sqlite3.Connection, now_ms: int) -> bool:
    """Forget messages that nobody will give again. Whether there are more."""
    rows = connection.execute(
        "SELECT messages.id, app, group_seq, group_seq = group_head FROM messages"
        " JOIN apps ON apps.id = messages.app WHERE NOT live AND forget_ms <= ? ORDER BY forget_ms LIMIT ?",
        (now_ms, MESSAGES_MAX),
    ).fetchall()
    for message, app, group_seq, last in rows:
        if group_seq and last:
            connection.execute(
                "UPDATE messages SET forget_ms = ? WHERE id = ?", (now_ms + REMEMBERED_MS, message)
            )
            continue
        connection.execute("DELETE FROM stored WHERE message = ?", (message,))
        connection.execute("DELETE FROM messages WHERE id = ?", (message,))
        if group_seq:
            connection.execute("DELETE FROM group_log WHERE place = ?", (place_of(app, group_seq),))
    return len(rows) == MESSAGES_MAX
