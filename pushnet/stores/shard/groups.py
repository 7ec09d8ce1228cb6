"""The group logs of the apps at home here: one row for one group push, read by every Broker.

An entry whose message has expired loses its body and gets an empty audience, so that readers pass over it;
a day later it goes altogether. The last entry of a log stays, so that a reader always finds its end.
"""

from __future__ import annotations

import sqlite3

from pushnet.gen.pushnet.dbagent import GroupEntry
from pushnet.gen.pushnet.push import Message
from pushnet.stores.shard.apps import find_app, make_app
from pushnet.stores.shard.schema import place_of, seq_at
from pushnet.stores.shard.streams import REMEMBERED_MS


def append(
    connection: sqlite3.Connection, app_key: str, message: Message, audience: bytes, now_ms: int
) -> int:
    """Add an entry; its seq. The same message again: the seq it has."""
    known = connection.execute("SELECT group_seq FROM messages WHERE id = ?", (message.id,)).fetchone()
    if known and known[0]:
        seq: int = known[0]
        return seq
    app = make_app(connection, app_key)
    connection.execute("UPDATE apps SET group_head = group_head + 1 WHERE id = ?", (app,))
    (seq,) = connection.execute("SELECT group_head FROM apps WHERE id = ?", (app,)).fetchone()
    connection.execute(
        "INSERT INTO messages (id, app, expires_ms, forget_ms, waiting, group_seq, body)"
        " VALUES (?, ?, ?, ?, 1, ?, ?) ON CONFLICT DO UPDATE"
        " SET waiting = waiting + 1, group_seq = excluded.group_seq, live = 1, body = excluded.body",
        (
            message.id,
            app,
            message.expiresMs,
            max(message.expiresMs, now_ms + REMEMBERED_MS),
            seq,
            message.body,
        ),
    )
    connection.execute(
        "INSERT INTO group_log (place, message, audience) VALUES (?, ?, ?)",
        (place_of(app, seq), message.id, audience),
    )
    return seq


def read(
    connection: sqlite3.Connection, app_key: str, since: int, count_max: int, bytes_max: int
) -> list[GroupEntry]:
    """The app's log after `since`, oldest first: a page that ends once it has `bytes_max`."""
    app = find_app(connection, app_key)
    if app is None:
        return []
    rows = connection.execute(
        "SELECT place, messages.id, expires_ms, body, audience FROM group_log"
        " JOIN messages ON messages.id = group_log.message"
        " WHERE place > ? AND place < ? ORDER BY place LIMIT ?",
        (place_of(app, since), place_of(app + 1, 0), count_max),
    )
    page: list[GroupEntry] = []
    size = 0
    for place, message, expires_ms, body, audience in rows:
        page.append(GroupEntry(seq_at(place), Message(message, expires_ms, body), audience))
        size += len(body) + len(audience)
        if size >= bytes_max:
            break
    return page
