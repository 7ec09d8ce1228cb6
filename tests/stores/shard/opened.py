"""A shard's tables in memory, with a few devices."""

from __future__ import annotations

import sqlite3

from pushnet.gen.pushnet.dbagent import DeviceUpdate, Registration
from pushnet.gen.pushnet.push import Message
from pushnet.stores.migration import migrate
from pushnet.stores.shard.devices import Newcomer, register
from pushnet.stores.shard.labels import update
from pushnet.stores.shard.schema import SCHEMA
from pushnet.stores.shard.streams import Deposit, store

APP = "a" * 24
OTHER_APP = "b" * 24
NOW_MS = 1_800_000_000_000
HOUR_MS = 3_600_000


def opened() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, SCHEMA)
    return connection


def name(counter: int) -> tuple[int, str]:
    """Ordinals from 5 on; ids that tell them."""
    return counter + 5, f"rid-{counter + 5}"


def new_device(
    connection: sqlite3.Connection, key: str, app: str = APP, platform: str = "android"
) -> Registration:
    return register(connection, Newcomer(app, key, platform, b"secret of " + key.encode(), name))[0]


def message(id: int, body: bytes = b"body", life_ms: int = HOUR_MS) -> Message:
    return Message(id, NOW_MS + life_ms, body)


def put(
    connection: sqlite3.Connection, item: Message, *ordinals: int, app: str = APP, kept_max: int = 1000
) -> tuple[dict[int, int], list[int]]:
    return store(connection, Deposit(app, item, ordinals, NOW_MS, kept_max))


def change(connection: sqlite3.Connection, ordinal: int, app: str = APP, **wanted: object) -> int | None:
    return update(connection, app, f"rid-{ordinal}", ordinal, DeviceUpdate(**wanted))
