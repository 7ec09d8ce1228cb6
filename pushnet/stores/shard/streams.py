"""Devices' own streams: a message for some devices, numbered for each, kept until the device has it.

`seq` counts a device's messages from 1 without a hole; `prev` is always `seq - 1`, and a hole in what is
*kept* (expired, overflowed) shows itself by a `prev` that is after what the reader has. A message is stored
once for a device however often it is given: `stored` remembers it longer than the stream does.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from pushnet.gen.pushnet.dbagent import StreamEntry
from pushnet.gen.pushnet.push import Message
from pushnet.stores.shard.apps import count, find_app
from pushnet.stores.shard.devices import Credentials, credentials
from pushnet.stores.shard.lists import listed
from pushnet.stores.shard.schema import app_of, device_row, ordinal_of

REMEMBERED_MS: Final = 24 * 3600 * 1000
"""How long a message that is given again is recognised, at least: failure-model 6.3."""


@attrs.frozen
class Deposit:
    """One message for some devices of an app."""

    app: str
    message: Message
    ordinals: Sequence[int]
    now_ms: int
    kept_max: int
    """Messages kept for one device."""


def store(connection: sqlite3.Connection, deposit: Deposit) -> tuple[dict[int, int], list[int]]:
    """Put the message into the devices' streams, where it is not yet.

    Returns:
        The `seq` it has for each ordinal, and the ordinals that are no devices of the app.
    """
    app = find_app(connection, deposit.app)
    if app is None:
        return {}, list(dict.fromkeys(deposit.ordinals))
    message = deposit.message
    placed: dict[int, int] = dict(
        connection.execute("SELECT device, seq FROM stored WHERE message = ?", (message.id,)).fetchall()
    )
    wanted = {device_row(app, ordinal): ordinal for ordinal in deposit.ordinals}
    known = connection.execute(
        "SELECT id, head, seen FROM devices WHERE id IN (SELECT value FROM json_each(?))",
        (listed(device for device in wanted if device not in placed),),
    ).fetchall()
    first_time = _keep_message(connection, app, deposit, len(known))
    new = {device: head + 1 for device, head, _ in known}
    _add(connection, message.id, new)
    for device, head, seen in known:
        if head + 1 - seen > deposit.kept_max:
            count(connection, app, "overflowed", _drop_oldest(connection, device, deposit.kept_max))
    placed |= new
    unknown = [ordinal for device, ordinal in wanted.items() if device not in placed]
    count(connection, app, "stored", len(new))
    count(connection, app, "unregistered", len(unknown) if first_time else 0)
    return {ordinal: placed[device] for device, ordinal in wanted.items() if device in placed}, unknown


def _keep_message(connection: sqlite3.Connection, app: int, deposit: Deposit, waiting: int) -> bool:
    """Keep the body for `waiting` more devices. Whether the message is seen for the first time."""
    message = deposit.message
    forget_ms = max(message.expiresMs, deposit.now_ms + REMEMBERED_MS)
    made = connection.execute(
        "INSERT OR IGNORE INTO messages (id, app, expires_ms, forget_ms, waiting, body)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (message.id, app, message.expiresMs, forget_ms, waiting, message.body if waiting else b""),
    ).rowcount
    if not made and waiting:
        connection.execute(
            "UPDATE messages SET waiting = waiting + ?, live = 1, body = ? WHERE id = ?",
            (waiting, message.body, message.id),
        )
    return bool(made)


def _add(connection: sqlite3.Connection, message: int, places: dict[int, int]) -> None:
    connection.executemany(
        "UPDATE devices SET head = ? WHERE id = ?", [(seq, device) for device, seq in places.items()]
    )
    connection.executemany(
        "INSERT INTO streams (device, seq, message) VALUES (?, ?, ?)",
        [(device, seq, message) for device, seq in places.items()],
    )
    connection.executemany(
        "INSERT INTO stored (message, device, seq) VALUES (?, ?, ?)",
        [(message, device, seq) for device, seq in places.items()],
    )


def _drop_oldest(connection: sqlite3.Connection, device: int, kept_max: int) -> int:
    """Drop what is more than `kept_max` messages of a device, oldest first. Returns how many."""
    rows = connection.execute(
        "DELETE FROM streams WHERE device = ?1 AND seq <="
        " (SELECT seq FROM streams WHERE device = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2) RETURNING message",
        (device, kept_max),
    ).fetchall()
    release(connection, (message for (message,) in rows))
    return len(rows)


def release(connection: sqlite3.Connection, messages: Iterable[int]) -> None:
    """For each mention of a message, one device waits for it no more. Bodies nobody waits for go."""
    gone = Counter(messages)
    connection.executemany(
        "UPDATE messages SET waiting = waiting - ?1, body = CASE waiting WHEN ?1 THEN x'' ELSE body END"
        " WHERE id = ?2",
        [(times, message) for message, times in gone.items()],
    )


def acknowledge(connection: sqlite3.Connection, acks: Sequence[tuple[str, int, bool, int]]) -> None:
    """Devices have everything up to a seq: (app, ordinal, whether of the group log, seq)."""
    apps = {key: find_app(connection, key) for key in dict.fromkeys(ack[0] for ack in acks)}
    own: list[tuple[int, int]] = []
    group: list[tuple[int, int]] = []
    for key, ordinal, of_group, seq in acks:
        app = apps[key]
        if app is not None:
            (group if of_group else own).append((device_row(app, ordinal), seq))
    if own:
        _acknowledge_own(connection, own)
    connection.executemany("UPDATE devices SET group_seen = ?2 WHERE id = ?1 AND group_seen < ?2", group)


def _acknowledge_own(connection: sqlite3.Connection, acks: Sequence[tuple[int, int]]) -> None:
    connection.executemany(
        "UPDATE devices SET seen = min(?2, head) WHERE id = ?1 AND seen < min(?2, head)", acks
    )
    rows = connection.execute(
        "DELETE FROM streams WHERE (device, seq) IN (SELECT streams.device, streams.seq"
        " FROM json_each(?) AS ack JOIN streams ON streams.device = json_extract(ack.value, '$[0]')"
        " AND streams.seq <= json_extract(ack.value, '$[1]')) RETURNING device, message",
        (listed(acks),),
    ).fetchall()
    release(connection, (message for _, message in rows))
    for app, delivered in sorted(Counter(app_of(device) for device, _ in rows).items()):
        count(connection, app, "delivered", delivered)


def read(
    connection: sqlite3.Connection, app_key: str, ordinal: int, since: int, count_max: int, bytes_max: int
) -> list[StreamEntry]:
    """The device's stream after `since`, oldest first: a page that ends once it has `bytes_max` of bodies."""
    app = find_app(connection, app_key)
    if app is None:
        return []
    rows = connection.execute(
        "SELECT seq, messages.id, expires_ms, body FROM streams"
        " JOIN messages ON messages.id = streams.message"
        " WHERE device = ? AND seq > ? ORDER BY seq LIMIT ?",
        (device_row(app, ordinal), since, count_max),
    )
    page: list[StreamEntry] = []
    size = 0
    for seq, message, expires_ms, body in rows:
        page.append(StreamEntry(seq - 1, seq, Message(message, expires_ms, body)))
        size += len(body)
        if size >= bytes_max:
            break
    return page


def standing(
    connection: sqlite3.Connection, app_key: str, ordinal: int, seen: int, count_max: int, bytes_max: int
) -> tuple[Credentials, list[StreamEntry]] | None:
    """The device, and its stream after `seen`, as of one moment. None when there is no such device."""
    known = credentials(connection, app_key, ordinal)
    if known is None:
        return None
    return known, read(connection, app_key, ordinal, seen, count_max, bytes_max)


def newest(
    connection: sqlite3.Connection, app_key: str, ordinals: Sequence[int]
) -> list[tuple[Message, list[tuple[int, int]]]]:
    """The last message waiting for each of the devices that has any: messages with (ordinal, seq) each."""
    app = find_app(connection, app_key)
    if app is None:
        return []
    rows = connection.execute(
        "SELECT message, device, max(seq) FROM streams WHERE device IN (SELECT value FROM json_each(?))"
        " GROUP BY device ORDER BY device",
        (listed(device_row(app, ordinal) for ordinal in ordinals),),
    ).fetchall()
    targets: dict[int, list[tuple[int, int]]] = {}
    for message, device, seq in rows:
        targets.setdefault(message, []).append((ordinal_of(device), seq))
    bodies = connection.execute(
        "SELECT id, expires_ms, body FROM messages WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (listed(targets),),
    )
    return [(Message(*row), targets[row[0]]) for row in bodies]
