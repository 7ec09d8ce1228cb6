"""The tables of a shard, and the numbers that name their rows.

A device's row is its app's row and its ordinal in one integer, so that all devices of an app lie together
and every table about devices is keyed by one number. The same for the places of an app's group log.

A message is stored once. `streams` has a row for each device that has not acknowledged it; `stored` remembers
who got it with which seq, so that storing the same message again changes nothing. A body is kept while
somebody waits for it, and a message is forgotten when it has expired and a day has passed.

    messages --1:n--> stored    (message, device) -> seq      until forgotten
             --1:n--> streams   (device, seq) -> message      until acknowledged, expired or overflowed
             --1:1--> group_log (app, seq) -> audience        until forgotten; the last row stays
"""

from __future__ import annotations

from typing import Final

from pushnet.stores.migration import Step

ORDINAL_BITS: Final = 31
SEQ_BITS: Final = 40
"""Of a group log's seq: a thousand pushes a second for 34 years."""
_ORDINAL_MASK: Final = (1 << ORDINAL_BITS) - 1
_SEQ_MASK: Final = (1 << SEQ_BITS) - 1

SCHEMA: Final = (
    Step("""
    CREATE TABLE meta (
        id INTEGER PRIMARY KEY CHECK (id = 0),
        incarnation INTEGER NOT NULL,
        log INTEGER NOT NULL
    );
    INSERT INTO meta VALUES (0, 0, 0);

    CREATE TABLE apps (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        numbered INTEGER NOT NULL DEFAULT 0,
        group_head INTEGER NOT NULL DEFAULT 0,
        stored INTEGER NOT NULL DEFAULT 0,
        delivered INTEGER NOT NULL DEFAULT 0,
        expired INTEGER NOT NULL DEFAULT 0,
        overflowed INTEGER NOT NULL DEFAULT 0,
        unregistered INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE platforms (
        app INTEGER NOT NULL,
        platform TEXT NOT NULL,
        devices INTEGER NOT NULL,
        PRIMARY KEY (app, platform)
    ) WITHOUT ROWID;

    CREATE TABLE devices (
        id INTEGER PRIMARY KEY,
        app INTEGER NOT NULL,
        device_key TEXT NOT NULL,
        registration_id TEXT NOT NULL,
        secret BLOB NOT NULL,
        platform TEXT NOT NULL,
        alias TEXT,
        mobile TEXT,
        last_online_ms INTEGER NOT NULL DEFAULT 0,
        head INTEGER NOT NULL DEFAULT 0,
        seen INTEGER NOT NULL DEFAULT 0,
        group_seen INTEGER NOT NULL DEFAULT 0,
        UNIQUE (app, device_key)
    );
    CREATE INDEX devices_by_alias ON devices (app, alias) WHERE alias IS NOT NULL;
    CREATE TABLE tags (
        device INTEGER NOT NULL,
        tag TEXT NOT NULL,
        PRIMARY KEY (device, tag)
    ) WITHOUT ROWID;
    CREATE INDEX tags_by_tag ON tags (tag, device);

    CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        app INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        forget_ms INTEGER NOT NULL,
        live INTEGER NOT NULL DEFAULT 1,
        waiting INTEGER NOT NULL DEFAULT 0,
        group_seq INTEGER NOT NULL DEFAULT 0,
        body BLOB NOT NULL
    );
    CREATE INDEX messages_to_expire ON messages (expires_ms) WHERE live;
    CREATE INDEX messages_to_forget ON messages (forget_ms) WHERE NOT live;
    CREATE TABLE stored (
        message INTEGER NOT NULL,
        device INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (message, device)
    ) WITHOUT ROWID;
    CREATE TABLE streams (
        device INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        message INTEGER NOT NULL,
        PRIMARY KEY (device, seq)
    ) WITHOUT ROWID;
    CREATE TABLE group_log (
        place INTEGER PRIMARY KEY,
        message INTEGER NOT NULL,
        audience BLOB NOT NULL
    );

    CREATE TABLE changes (
        position INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        app INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        value TEXT NOT NULL
    );
    """),
)


def device_row(app: int, ordinal: int) -> int:
    """The row of a device: `app` is the row of its app."""
    return app << ORDINAL_BITS | ordinal


def app_of(device: int) -> int:
    """The row of the app of a device's row."""
    return device >> ORDINAL_BITS


def ordinal_of(device: int) -> int:
    return device & _ORDINAL_MASK


def rows_of_app(app: int) -> tuple[int, int]:
    """The first and the last row that a device of the app can have."""
    return device_row(app, 0), device_row(app, _ORDINAL_MASK)


def place_of(app: int, seq: int) -> int:
    """Where entry `seq` of an app's group log is."""
    return app << SEQ_BITS | seq


def seq_at(place: int) -> int:
    return place & _SEQ_MASK
