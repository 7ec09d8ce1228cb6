"""The registry's memory across restarts: one small SQLite database.

Written when somebody joins, leaves or is dropped, never for a renewal: after a restart everyone gets one
fresh lease to renew in. `last_epoch` is written in the transaction that stores a join, so an epoch is on
disk before anybody hears of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

import attrs
from twisted.internet.defer import Deferred

from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.stores.sqlite import Database
from pushnet.world import World

SCHEMA: Final = (
    """
    CREATE TABLE epoch (id INTEGER PRIMARY KEY CHECK (id = 0), last INTEGER NOT NULL);
    INSERT INTO epoch VALUES (0, 0);
    CREATE TABLE node (name TEXT PRIMARY KEY, epoch INTEGER NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE stranger (id TEXT PRIMARY KEY, team TEXT NOT NULL, endpoints TEXT NOT NULL) WITHOUT ROWID;
    """,
)


@attrs.frozen
class Remembered:
    """What was on disk: the highest epoch ever granted, nodes with their epochs, adapters of strangers."""

    last_epoch: int
    nodes: list[tuple[NodeRecord, int]]
    strangers: list[AdapterRecord]


class RegistryStore:
    """Each Deferred fires when the change is on disk."""

    def __init__(self, world: World, name: str = "registry.db") -> None:
        self._database = Database(world, name, SCHEMA)

    async def open(self) -> Remembered:
        await self._database.open()
        return await self._database.read(_remember)

    async def close(self) -> None:
        await self._database.close()

    def on_failure(self, tell: Callable[[str], object]) -> None:
        """Have `tell` called with the reason when nothing can be written any more in this process."""
        self._database.on_failure = tell

    @property
    def failure(self) -> str:
        """Why nothing can be written now; empty while all is well."""
        return self._database.failure

    def keep_node(self, node: NodeRecord, epoch: int) -> Deferred[None]:
        """Store a join. One with a lower epoch than the stored one changes nothing."""
        record = node.to_json()

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE epoch SET last = max(last, ?)", (epoch,))
            connection.execute(
                "INSERT INTO node VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
                " SET epoch = excluded.epoch, record = excluded.record WHERE excluded.epoch > node.epoch",
                (node.name, epoch, record),
            )

        return self._database.write(write)

    def forget_node(self, name: str) -> Deferred[None]:
        """Take a node out. Writes keep their order, so a join that comes later stands."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM node WHERE name = ?", (name,))

        return self._database.write(write)

    def keep_stranger(self, adapter: AdapterRecord) -> Deferred[None]:
        row = (adapter.id, adapter.group, adapter.endpoints)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO stranger VALUES (?, ?, ?)", row)

        return self._database.write(write)

    def forget_stranger(self, adapter_id: str) -> Deferred[None]:
        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM stranger WHERE id = ?", (adapter_id,))

        return self._database.write(write)


def _remember(connection: sqlite3.Connection) -> Remembered:
    ((last_epoch,),) = connection.execute("SELECT last FROM epoch").fetchall()
    nodes = connection.execute("SELECT record, epoch FROM node ORDER BY name").fetchall()
    strangers = connection.execute("SELECT id, team, endpoints FROM stranger ORDER BY id").fetchall()
    return Remembered(
        last_epoch,
        [(NodeRecord.from_json(record), epoch) for record, epoch in nodes],
        [AdapterRecord(*row) for row in strangers],
    )
