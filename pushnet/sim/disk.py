"""The disk of a simulated host. It outlives the host's processes, less what a power failure takes.

* Files: what was appended and not yet synced may be lost in part at a power failure: the end of the file is
  cut at any byte after the last sync. A killed process loses nothing (the system has the pages).
* SQLite databases live in memory, in the shared cache. A commit is durable; a transaction that was open when
  the process ended is rolled back.
"""

from __future__ import annotations

import random
import sqlite3
import uuid

import attrs


@attrs.define
class _File:
    data: bytearray = attrs.field(factory=bytearray)
    synced: int = 0


class SimDisk:
    """Implements `Storage`."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._files: dict[str, _File] = {}
        self._keepers: dict[str, tuple[str, sqlite3.Connection]] = {}
        self._connections: list[sqlite3.Connection] = []

    def append(self, name: str, data: bytes) -> None:
        self._files.setdefault(name, _File()).data += data

    def read(self, name: str, offset: int = 0, size: int = -1) -> bytes:
        end = None if size < 0 else offset + size
        return bytes(self._file(name).data[offset:end])

    def fdatasync(self, name: str) -> None:
        file = self._file(name)
        file.synced = len(file.data)

    def replace(self, name: str, data: bytes) -> None:
        self._files[name] = _File(bytearray(data), len(data))

    def names(self, prefix: str = "") -> list[str]:
        return sorted(name for name in [*self._files, *self._keepers] if name.startswith(prefix))

    def size(self, name: str) -> int:
        return len(self._file(name).data)

    def delete(self, name: str) -> None:
        if name in self._keepers:
            self._keepers.pop(name)[1].close()
        else:
            self._file(name)
            del self._files[name]

    def connect_sqlite(self, name: str, *, read_only: bool = False) -> sqlite3.Connection:
        if name not in self._keepers:
            address = f"file:{uuid.uuid4().hex}?mode=memory&cache=shared"
            self._keepers[name] = (address, sqlite3.connect(address, uri=True, check_same_thread=False))
        connection = sqlite3.connect(
            self._keepers[name][0], uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA query_only = {int(read_only)}")
        self._connections.append(connection)
        return connection

    def process_ended(self) -> None:
        """The process that used the disk is gone: open transactions are undone."""
        connections, self._connections = self._connections, []
        for connection in connections:
            connection.close()

    def power_lost(self) -> None:
        """As `process_ended`, and what was not synced may be lost from any byte on."""
        self.process_ended()
        for _, file in sorted(self._files.items()):
            if len(file.data) > file.synced:
                del file.data[self._rng.randint(file.synced, len(file.data)) :]

    def discard(self) -> None:
        """Give the memory back."""
        self.process_ended()
        for _, keeper in self._keepers.values():
            keeper.close()
        self._keepers.clear()

    def _file(self, name: str) -> _File:
        if name not in self._files:
            raise FileNotFoundError(2, "No such file", name)
        return self._files[name]
