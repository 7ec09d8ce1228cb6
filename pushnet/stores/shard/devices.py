"""Devices: registered once for each key, looked up by ordinal, shown as the REST API wants them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from pushnet.gen.pushnet.dbagent import ChangeKind, Registration
from pushnet.stores.shard.apps import find_app, make_app
from pushnet.stores.shard.changes import end, note
from pushnet.stores.shard.lists import listed
from pushnet.stores.shard.schema import device_row, ordinal_of

_SELECT: Final = (
    "SELECT id, registration_id, platform, alias, mobile, last_online_ms FROM devices"
    " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
)


@attrs.frozen
class Newcomer:
    """A device that asks for a registration."""

    app: str
    device_key: str
    platform: str
    secret: bytes
    name: Callable[[int], tuple[int, str]]
    """From the shard's count of devices in the app to the new one's ordinal and registration id."""


@attrs.frozen
class Credentials:
    """What a login is checked against, and where the device's own stream stands."""

    registration_id: str
    secret: bytes
    platform: str
    head: int
    seen: int
    group_seen: int


@attrs.frozen
class Portrait:
    """A device as it is stored; `tags` only when asked for."""

    registration_id: str
    ordinal: int
    platform: str
    tags: list[str]
    alias: str
    mobile: str
    last_online_ms: int


def register(connection: sqlite3.Connection, new: Newcomer) -> tuple[Registration, int]:
    """The device's registration, made if its key is new; and the end of the change log."""
    app = make_app(connection, new.app)
    group_head, numbered = connection.execute(
        "SELECT group_head, numbered FROM apps WHERE id = ?", (app,)
    ).fetchone()
    known = connection.execute(
        "SELECT registration_id, id, secret FROM devices WHERE app = ? AND device_key = ?",
        (app, new.device_key),
    ).fetchone()
    if known:
        rid, device, secret = known
        return Registration(rid, ordinal_of(device), secret, group_head), end(connection)
    ordinal, rid = new.name(numbered)
    device = device_row(app, ordinal)
    connection.execute(
        "INSERT INTO devices (id, app, device_key, registration_id, secret, platform)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (device, app, new.device_key, rid, new.secret, new.platform),
    )
    connection.execute("UPDATE apps SET numbered = numbered + 1 WHERE id = ?", (app,))
    connection.execute(
        "INSERT INTO platforms (app, platform, devices) VALUES (?, ?, 1)"
        " ON CONFLICT DO UPDATE SET devices = devices + 1",
        (app, new.platform),
    )
    note(connection, ChangeKind.DeviceAdded, [(device, new.platform)])
    return Registration(rid, ordinal, new.secret, group_head), end(connection)


def credentials(connection: sqlite3.Connection, app_key: str, ordinal: int) -> Credentials | None:
    """None when there is no such device."""
    app = find_app(connection, app_key)
    if app is None:
        return None
    row = connection.execute(
        "SELECT registration_id, secret, platform, head, seen, group_seen FROM devices WHERE id = ?",
        (device_row(app, ordinal),),
    ).fetchone()
    return Credentials(*row) if row else None


def portraits(
    connection: sqlite3.Connection, app_key: str, ordinals: Sequence[int], with_tags: bool
) -> list[Portrait]:
    """Those of the ordinals that are devices of the app, by ordinal."""
    app = find_app(connection, app_key)
    if app is None:
        return []
    devices = listed(device_row(app, ordinal) for ordinal in ordinals)
    tags = tags_of(connection, devices) if with_tags else {}
    return [
        Portrait(
            rid, ordinal_of(device), platform, tags.get(device, []), alias or "", mobile or "", online_ms
        )
        for device, rid, platform, alias, mobile, online_ms in connection.execute(_SELECT, (devices,))
    ]


def tags_of(connection: sqlite3.Connection, devices: str) -> dict[int, list[str]]:
    """The tags of each of the devices (a JSON list of rows), sorted."""
    found: dict[int, list[str]] = {}
    rows = connection.execute(
        "SELECT device, tag FROM tags WHERE device IN (SELECT value FROM json_each(?)) ORDER BY device, tag",
        (devices,),
    )
    for device, tag in rows:
        found.setdefault(device, []).append(tag)
    return found


def genuine(connection: sqlite3.Connection, app: int, claims: Mapping[str, int]) -> dict[str, int]:
    """Those registration ids that are devices of the app, to their rows. `claims` says their ordinals."""
    rows = connection.execute(
        "SELECT registration_id, id FROM devices WHERE id IN (SELECT value FROM json_each(?))",
        (listed(device_row(app, ordinal) for ordinal in claims.values()),),
    ).fetchall()
    known = dict(rows)
    return {rid: known[rid] for rid in claims if rid in known}


def note_online(connection: sqlite3.Connection, facts: Sequence[tuple[str, int, int]]) -> None:
    """Devices (app, ordinal) were seen at a time in milliseconds."""
    connection.executemany(
        "UPDATE devices SET last_online_ms = max(last_online_ms, ?)"
        " WHERE id = (SELECT id FROM apps WHERE key = ?) << 31 | ?",
        [(at_ms, app, ordinal) for app, ordinal, at_ms in facts],
    )
