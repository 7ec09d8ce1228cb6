"""The rows of the embedded queue: what each operation does inside its transaction.

* A message is a row of `messages`, whose ids only grow (AUTOINCREMENT: an id is never used again).
* A group (`lines`) has a cursor: what lies after it is fresh. At or below it, a message without a row in
  `deliveries` is done with; a row says that it is leased, delayed or parked.
* A message is deleted with the acknowledgement of the last group that needs it.

Times are milliseconds of the store's own clock, which does not go back while a process lives (`queue_log`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from pushnet.stores.migration import Step
from pushnet.stores.queue import (
    DELAY_MAX_S,
    GROUPS_MAX,
    KEY_KEPT_S,
    LEASE_MAX_S,
    TAKE_BYTES_MAX,
    TOPICS_MAX,
    ParkedMessage,
    Published,
    QueueFull,
    QueueRefused,
    Stats,
    Taken,
)

SCHEMA = [
    Step("""
    CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        published INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, topic INTEGER NOT NULL, body BLOB NOT NULL);
    CREATE INDEX messages_of_topic ON messages (topic);
    CREATE TABLE keys (topic INTEGER NOT NULL, key TEXT NOT NULL, message INTEGER NOT NULL,
        answer BLOB NOT NULL, kept_until INTEGER NOT NULL, PRIMARY KEY (topic, key)) WITHOUT ROWID;
    CREATE INDEX keys_by_age ON keys (kept_until);
    CREATE TABLE lines (id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, name TEXT NOT NULL,
        cursor INTEGER NOT NULL DEFAULT 0, UNIQUE (topic, name));
    CREATE TABLE deliveries (message INTEGER NOT NULL, line INTEGER NOT NULL, attempts INTEGER NOT NULL,
        state INTEGER NOT NULL, due INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (message, line)) WITHOUT ROWID;
    CREATE INDEX deliveries_by_due ON deliveries (line, state, due);
    """)
]
LEASED, DELAYED, PARKED = 0, 1, 2
_LEASE_OVER = "the lease of the last attempt ran out"


def topic_row(connection: sqlite3.Connection, name: str) -> int:
    """The topic's number; it comes to be when first named."""
    row = connection.execute("SELECT id FROM topics WHERE name = ?", (name,)).fetchone()
    if row is None:
        (count,) = connection.execute("SELECT count(*) FROM topics").fetchone()
        if count >= TOPICS_MAX:
            raise QueueRefused(f"there are {count} topics already")
        return _inserted(connection, "INSERT INTO topics (name) VALUES (?)", (name,))
    number: int = row[0]
    return number


def line_row(connection: sqlite3.Connection, topic: str, group: str) -> tuple[int, int]:
    """The numbers of a topic and its group; both come to be when first named."""
    number = topic_row(connection, topic)
    query = "SELECT id FROM lines WHERE topic = ? AND name = ?"
    row = connection.execute(query, (number, group)).fetchone()
    if row is not None:
        return number, row[0]
    (count,) = connection.execute("SELECT count(*) FROM lines WHERE topic = ?", (number,)).fetchone()
    if count >= GROUPS_MAX:
        raise QueueRefused(f"topic {topic} has {count} groups already")
    return number, _inserted(connection, "INSERT INTO lines (topic, name) VALUES (?, ?)", (number, group))


def find_line(connection: sqlite3.Connection, topic: str, group: str) -> tuple[int, int] | None:
    """The numbers of a topic and its group, if the group has come to be."""
    query = "SELECT t.id, l.id FROM lines l JOIN topics t ON t.id = l.topic WHERE t.name = ? AND l.name = ?"
    row = connection.execute(query, (topic, group)).fetchone()
    return None if row is None else (row[0], row[1])


def publish(
    connection: sqlite3.Connection,
    topic: int,
    body: bytes,
    key: str,
    answer: bytes,
    now_ms: int,
    held_max: int,
) -> Published:
    """Add a message unless its key is known."""
    if key:
        query = "SELECT message, answer FROM keys WHERE topic = ? AND key = ? AND kept_until > ?"
        known = connection.execute(query, (topic, key, now_ms)).fetchone()
        if known is not None:
            return Published(known[0], True, known[1])
    counting = "UPDATE topics SET published = published + 1, held = held + 1 WHERE id = ? AND held < ?"
    if connection.execute(counting, (topic, held_max)).rowcount == 0:
        raise QueueFull(f"{held_max} messages wait in the topic")
    message = _inserted(connection, "INSERT INTO messages (topic, body) VALUES (?, ?)", (topic, body))
    if key:
        row = (topic, key, message, answer, now_ms + KEY_KEPT_S * 1000)
        connection.execute(
            "INSERT OR REPLACE INTO keys (topic, key, message, answer, kept_until) VALUES (?, ?, ?, ?, ?)",
            row,
        )
    return Published(message, False, answer)


def take(
    connection: sqlite3.Connection,
    topic: int,
    line: int,
    most: int,
    lease_ms: int,
    now_ms: int,
    attempts_max: int,
) -> list[Taken]:
    """Lease what is due again, then what is fresh."""
    _park_used_up(connection, line, now_ms, attempts_max)
    query = """SELECT d.message, d.attempts + 1, m.body FROM deliveries d JOIN messages m ON m.id = d.message
        WHERE d.line = ? AND d.state = ? AND d.due <= ? ORDER BY d.due LIMIT ?"""
    taken: list[Taken] = []
    size = 0
    for state in (LEASED, DELAYED):
        for row in connection.execute(query, (line, state, now_ms, most - len(taken))):
            size += len(row[2])
            if taken and size > TAKE_BYTES_MAX:
                break
            taken.append(Taken(*row))
    change = "UPDATE deliveries SET attempts = ?, state = ?, due = ? WHERE message = ? AND line = ?"
    due = now_ms + lease_ms
    connection.executemany(change, [(each.attempt, LEASED, due, each.id, line) for each in taken])
    if len(taken) < most and size <= TAKE_BYTES_MAX:
        taken += _take_fresh(connection, topic, line, most - len(taken), due, TAKE_BYTES_MAX - size)
    return taken


def give_back(connection: sqlite3.Connection, line: int, taken: Sequence[Taken], now_ms: int) -> None:
    """These never reached their consumer: due at once, and the attempt does not count."""
    change = """UPDATE deliveries SET attempts = attempts - 1, state = ?, due = ?
        WHERE message = ? AND line = ? AND attempts = ? AND state = ?"""
    rows = [(DELAYED, now_ms, each.id, line, each.attempt, LEASED) for each in taken]
    connection.executemany(change, rows)


def release(connection: sqlite3.Connection, line: int, attempts: Mapping[int, int], now_ms: int) -> None:
    """The leases of these end now, unless they are settled or leased anew."""
    change = "UPDATE deliveries SET due = ? WHERE message = ? AND line = ? AND attempts = ? AND state = ?"
    connection.executemany(change, [(now_ms, id, line, at, LEASED) for id, at in attempts.items()])


def acknowledge(connection: sqlite3.Connection, topic: int, line: int, ids: Sequence[int]) -> None:
    """These are done with for one group; when for all, they go."""
    for id in ids:
        deleted = connection.execute("DELETE FROM deliveries WHERE message = ? AND line = ?", (id, line))
        if deleted.rowcount and not _needed(connection, topic, id):
            connection.execute("DELETE FROM messages WHERE id = ?", (id,))
            connection.execute("UPDATE topics SET held = held - 1 WHERE id = ?", (topic,))


def retry(
    connection: sqlite3.Connection, line: int, id: int, due_ms: int, reason: str, attempts_max: int
) -> None:
    """Delay it, or park it when its attempts are used up."""
    query = "SELECT attempts, state FROM deliveries WHERE message = ? AND line = ?"
    row = connection.execute(query, (id, line)).fetchone()
    if row is None or row[1] == PARKED:
        return
    if row[0] >= attempts_max:
        park(connection, line, id, reason)
    else:
        change = "UPDATE deliveries SET state = ?, due = ?, reason = ? WHERE message = ? AND line = ?"
        connection.execute(change, (DELAYED, due_ms, reason, id, line))


def park(connection: sqlite3.Connection, line: int, id: int, reason: str) -> None:
    """Set it aside."""
    change = "UPDATE deliveries SET state = ?, reason = ? WHERE message = ? AND line = ? AND state != ?"
    connection.execute(change, (PARKED, reason, id, line, PARKED))


def parked(connection: sqlite3.Connection, line: int, most: int) -> list[ParkedMessage]:
    """The oldest ones, as many as fit one answer."""
    query = """SELECT d.message, d.attempts, d.reason, m.body FROM deliveries d
        JOIN messages m ON m.id = d.message WHERE d.line = ? AND d.state = ? ORDER BY d.message LIMIT ?"""
    found: list[ParkedMessage] = []
    size = 0
    for row in connection.execute(query, (line, PARKED, most)):
        size += len(row[3])
        if found and size > TAKE_BYTES_MAX:
            break
        found.append(ParkedMessage(*row))
    return found


def replay(connection: sqlite3.Connection, line: int, ids: Sequence[int], now_ms: int) -> int:
    """Parked ones are due now, with no attempt made."""
    change = """UPDATE deliveries SET state = ?, due = ?, attempts = 0, reason = ''
        WHERE message = ? AND line = ? AND state = ?"""
    return sum(connection.execute(change, (DELAYED, now_ms, id, line, PARKED)).rowcount for id in ids)


def stats(connection: sqlite3.Connection, topic: str, group: str, now_ms: int) -> Stats:
    row = connection.execute("SELECT id, published FROM topics WHERE name = ?", (topic,)).fetchone()
    if row is None:
        return Stats()
    number, published = row
    line = connection.execute(
        "SELECT id, cursor FROM lines WHERE topic = ? AND name = ?", (number, group)
    ).fetchone()
    line_id, cursor = line or (0, 0)
    query = "SELECT count(*) FROM messages WHERE topic = ? AND id > ?"
    (fresh,) = connection.execute(query, (number, cursor)).fetchone()
    query = "SELECT state, due > ?, count(*) FROM deliveries WHERE line = ? GROUP BY 1, 2"
    waiting, in_flight, aside = fresh, 0, 0
    for state, later, count in connection.execute(query, (now_ms, line_id)):
        if state == PARKED:
            aside += count
        elif state == LEASED and later:
            in_flight += count
        else:
            waiting += count
    return Stats(published, waiting, in_flight, aside)


def next_due(connection: sqlite3.Connection, line: int) -> int | None:
    """When the next leased or delayed message of the group comes back."""
    query = "SELECT min(due) FROM deliveries WHERE line = ? AND state = ?"
    dues = [connection.execute(query, (line, state)).fetchone()[0] for state in (LEASED, DELAYED)]
    return min((due for due in dues if due is not None), default=None)


def trim(connection: sqlite3.Connection, now_ms: int, parked_max: int, most: int) -> tuple[int, list[int]]:
    """Forget old keys and, of groups with too many parked messages, the oldest. Returns (keys, messages)."""
    query = (
        "DELETE FROM keys WHERE (topic, key) IN (SELECT topic, key FROM keys WHERE kept_until <= ? LIMIT ?)"
    )
    keys = connection.execute(query, (now_ms, most)).rowcount
    dropped: list[int] = []
    lines = connection.execute("SELECT id, topic FROM lines ORDER BY id").fetchall()
    for line, topic in lines:
        query = """SELECT message FROM deliveries WHERE line = ? AND state = ?
            ORDER BY message DESC LIMIT ? OFFSET ?"""
        surplus = [id for (id,) in connection.execute(query, (line, PARKED, most, parked_max))]
        acknowledge(connection, topic, line, surplus)
        dropped += surplus
    return keys, dropped


def recover(connection: sqlite3.Connection, now_ms: int) -> None:
    """After a start: no lease or delay lies further ahead than one can be given (clocks jump)."""
    change = "UPDATE deliveries SET due = ? WHERE state = ? AND due > ?"
    for state, most_s in ((LEASED, LEASE_MAX_S), (DELAYED, DELAY_MAX_S)):
        latest = now_ms + int(most_s * 1000)
        connection.execute(change, (latest, state, latest))


def _take_fresh(
    connection: sqlite3.Connection, topic: int, line: int, most: int, due: int, bytes_max: int
) -> list[Taken]:
    query = """SELECT id, body FROM messages WHERE topic = ?
        AND id > (SELECT cursor FROM lines WHERE id = ?) ORDER BY id LIMIT ?"""
    fresh: list[Taken] = []
    size = 0
    for id, body in connection.execute(query, (topic, line, most)):
        size += len(body)
        if size > bytes_max and (fresh or bytes_max < TAKE_BYTES_MAX):
            break
        fresh.append(Taken(id, 1, body))
    if fresh:
        rows = [(each.id, line, LEASED, due) for each in fresh]
        connection.executemany(
            "INSERT INTO deliveries (message, line, attempts, state, due) VALUES (?, ?, 1, ?, ?)", rows
        )
        connection.execute("UPDATE lines SET cursor = ? WHERE id = ?", (fresh[-1].id, line))
    return fresh


def _park_used_up(connection: sqlite3.Connection, line: int, now_ms: int, attempts_max: int) -> None:
    """A lease that ran out on the last attempt."""
    query = (
        "SELECT message, reason FROM deliveries WHERE line = ? AND state = ? AND due <= ? AND attempts >= ?"
    )
    for id, reason in connection.execute(query, (line, LEASED, now_ms, attempts_max)).fetchall():
        park(connection, line, id, f"{_LEASE_OVER}; before: {reason}" if reason else _LEASE_OVER)


def _needed(connection: sqlite3.Connection, topic: int, id: int) -> bool:
    """Whether any group of the topic still has to do with the message."""
    query = """SELECT EXISTS (SELECT 1 FROM lines WHERE topic = ? AND cursor < ?)
        OR EXISTS (SELECT 1 FROM deliveries WHERE message = ?)"""
    return bool(connection.execute(query, (topic, id, id)).fetchone()[0])


def _inserted(connection: sqlite3.Connection, statement: str, row: tuple[object, ...]) -> int:
    id = connection.execute(statement, row).lastrowid
    assert id is not None
    return id
