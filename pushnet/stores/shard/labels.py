"""Tags and aliases: what app servers call devices by.

Each change is noted in the change log only when it changes something, so that a repeated request costs
followers nothing. Taking a label from all devices that have it goes in portions, each a transaction of its
own: a tag may be on a million devices, and other writers wait for a transaction to end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from pushnet.gen.pushnet.dbagent import ChangeKind, DeviceRuleException, DeviceUpdate
from pushnet.stores.shard.apps import find_app
from pushnet.stores.shard.changes import end, note
from pushnet.stores.shard.devices import genuine
from pushnet.stores.shard.lists import listed
from pushnet.stores.shard.schema import rows_of_app

TAGS_PER_DEVICE_MAX: Final = 1000
DEVICES_PER_ALIAS_MAX: Final = 10
PORTION: Final = 5000
"""Devices that lose a label in one transaction: some 50 ms."""

ALIAS_IS_FULL: Final = 7015
BAD_PARAMETER: Final = 7002


def update(
    connection: sqlite3.Connection, app_key: str, registration_id: str, ordinal: int, wanted: DeviceUpdate
) -> int | None:
    """Change one device. Returns the end of the change log; None when there is no such device.

    Raises:
        DeviceRuleException: the device would have too many tags, or the alias too many devices here.
    """
    app = find_app(connection, app_key)
    found = genuine(connection, app, {registration_id: ordinal}) if app is not None else {}
    if app is None or registration_id not in found:
        return None
    device = found[registration_id]
    _update_tags(connection, device, wanted)
    if wanted.setAlias:
        _set_alias(connection, app, device, wanted.alias)
    if wanted.setMobile:
        connection.execute("UPDATE devices SET mobile = ? WHERE id = ?", (wanted.mobile or None, device))
    return end(connection)


def _update_tags(connection: sqlite3.Connection, device: int, wanted: DeviceUpdate) -> None:
    if not (wanted.clearTags or wanted.addTags or wanted.removeTags):
        return
    rows = connection.execute("SELECT tag FROM tags WHERE device = ?", (device,)).fetchall()
    before = {tag for (tag,) in rows}
    after = set() if wanted.clearTags else before - set(wanted.removeTags)
    after |= set(wanted.addTags)
    if len(after) > TAGS_PER_DEVICE_MAX:
        raise DeviceRuleException(
            BAD_PARAMETER, f"{len(after)} tags; a device may have {TAGS_PER_DEVICE_MAX}"
        )
    taken, given = sorted(before - after), sorted(after - before)
    connection.executemany("DELETE FROM tags WHERE device = ? AND tag = ?", [(device, tag) for tag in taken])
    connection.executemany("INSERT INTO tags (device, tag) VALUES (?, ?)", [(device, tag) for tag in given])
    note(connection, ChangeKind.TagRemoved, [(device, tag) for tag in taken])
    note(connection, ChangeKind.TagAdded, [(device, tag) for tag in given])


def _set_alias(connection: sqlite3.Connection, app: int, device: int, alias: str) -> None:
    (before,) = connection.execute("SELECT alias FROM devices WHERE id = ?", (device,)).fetchone()
    if alias == (before or ""):
        return
    if alias:
        (others,) = connection.execute(
            "SELECT count(*) FROM devices WHERE app = ? AND alias = ?", (app, alias)
        ).fetchone()
        if others >= DEVICES_PER_ALIAS_MAX:
            raise DeviceRuleException(ALIAS_IS_FULL, f"the alias has {DEVICES_PER_ALIAS_MAX} devices already")
    connection.execute("UPDATE devices SET alias = ? WHERE id = ?", (alias or None, device))
    if before:
        note(connection, ChangeKind.AliasCleared, [(device, before)])
    if alias:
        note(connection, ChangeKind.AliasSet, [(device, alias)])


def update_tag(
    connection: sqlite3.Connection, app_key: str, tag: str, add: Mapping[str, int], remove: Mapping[str, int]
) -> tuple[int, list[str]]:
    """Give a tag to some devices and take it from others; registration ids to their ordinals.

    Returns:
        The end of the change log, and the ids that are no devices or have too many tags already.
    """
    app = find_app(connection, app_key)
    if app is None:
        return end(connection), [*add, *remove]
    takers, losers = genuine(connection, app, add), genuine(connection, app, remove)
    full = _full(connection, tag, list(takers.values()))
    illegal = [rid for rid in add if rid not in takers or takers[rid] in full]
    illegal += [rid for rid in remove if rid not in losers]
    _give(connection, tag, [device for device in takers.values() if device not in full])
    _take(connection, tag, list(losers.values()))
    return end(connection), illegal


def _full(connection: sqlite3.Connection, tag: str, devices: Sequence[int]) -> set[int]:
    """Those of the devices that have no room for one more tag."""
    rows = connection.execute(
        "SELECT device FROM tags WHERE device IN (SELECT value FROM json_each(?))"
        " GROUP BY device HAVING count(*) >= ? AND sum(tag = ?) = 0",
        (listed(devices), TAGS_PER_DEVICE_MAX, tag),
    ).fetchall()
    return {device for (device,) in rows}


def _give(connection: sqlite3.Connection, tag: str, devices: Sequence[int]) -> None:
    rows = connection.execute(
        "INSERT OR IGNORE INTO tags (device, tag) SELECT value, ? FROM json_each(?) RETURNING device",
        (tag, listed(sorted(devices))),
    ).fetchall()
    note(connection, ChangeKind.TagAdded, [(device, tag) for (device,) in rows])


def _take(connection: sqlite3.Connection, tag: str, devices: Sequence[int]) -> None:
    rows = connection.execute(
        "DELETE FROM tags WHERE tag = ? AND device IN (SELECT value FROM json_each(?)) RETURNING device",
        (tag, listed(devices)),
    ).fetchall()
    note(connection, ChangeKind.TagRemoved, [(device, tag) for (device,) in sorted(rows)])


def delete_tag(
    connection: sqlite3.Connection, app_key: str, tag: str, platforms: Sequence[str]
) -> tuple[int, bool]:
    """Take a tag from a portion of its devices, of these platforms or of all.

    Returns:
        The end of the change log, and whether there are more.
    """
    app = find_app(connection, app_key)
    if app is None:
        return end(connection), False
    rows = connection.execute(
        "SELECT device FROM tags JOIN devices ON devices.id = tags.device"
        " WHERE tag = ? AND device BETWEEN ? AND ? AND (? OR platform IN (SELECT value FROM json_each(?)))"
        " LIMIT ?",
        (tag, *rows_of_app(app), not platforms, listed(platforms), PORTION),
    ).fetchall()
    _take(connection, tag, [device for (device,) in rows])
    return end(connection), len(rows) == PORTION


def delete_alias(connection: sqlite3.Connection, app_key: str, alias: str, platforms: Sequence[str]) -> int:
    """Take an alias from its devices of these platforms, or of all. Returns the end of the change log."""
    app = find_app(connection, app_key)
    if app is not None:
        rows = connection.execute(
            "SELECT id FROM devices WHERE app = ? AND alias = ?"
            " AND (? OR platform IN (SELECT value FROM json_each(?)))",
            (app, alias, not platforms, listed(platforms)),
        ).fetchall()
        _clear_alias(connection, alias, [device for (device,) in rows])
    return end(connection)


def remove_alias(
    connection: sqlite3.Connection, app_key: str, alias: str, claims: Mapping[str, int]
) -> tuple[int, list[str]]:
    """Take an alias from these devices, those that have it. Returns as `update_tag`."""
    app = find_app(connection, app_key)
    if app is None:
        return end(connection), list(claims)
    found = genuine(connection, app, claims)
    _clear_alias(connection, alias, list(found.values()))
    return end(connection), [rid for rid in claims if rid not in found]


def _clear_alias(connection: sqlite3.Connection, alias: str, devices: Sequence[int]) -> None:
    rows = connection.execute(
        "UPDATE devices SET alias = NULL"
        " WHERE alias = ? AND id IN (SELECT value FROM json_each(?)) RETURNING id",
        (alias, listed(devices)),
    ).fetchall()
    note(connection, ChangeKind.AliasCleared, [(device, alias) for (device,) in sorted(rows)])
