"""The disk of a simulated host. It outlives the host's processes, less what a power failure takes.

* Files: what was appended and not yet synced may be lost in part at a power failure: the end of the file is
  cut at any byte after the last sync. A killed process loses nothing (the system has the pages). Of what was
  written over a reserved file, each piece may be lost, or torn at any byte, whatever came of those after it.
* SQLite databases live in memory, in the shared cache. A commit is durable; a transaction that was open when
  the process ended is rolled back.
* `fault` makes it a bad disk: FULL refuses what would take room and lets databases be read; BROKEN fails
  syncs and commits, and what such a commit has left on the disk is anybody's guess. Whatever the fault is,
  opening what is there works.
"""

from __future__ import annotations

import random
import sqlite3
import uuid
from collections.abc import Callable
from enum import Enum
from errno import EIO, ENOSPC
from functools import partial
from typing import Any

import attrs

from pushnet.world import Entry


class DiskFault(Enum):
    """What is wrong with a disk."""

    NONE = "nothing"
    FULL = "no space left"
    BROKEN = "writes fail"


@attrs.define
class _File:
    data: bytearray = attrs.field(factory=bytearray)
    synced: int = 0
    executable: bool = False
    covered: list[tuple[int, bytes]] = attrs.field(factory=list)
    """What stood, and where, before each piece that was written over it and is not synced."""


class SimReserved:
    """Implements `Reserved`."""

    def __init__(self, disk: SimDisk, name: str) -> None:
        self._disk = disk
        self._name = name

    def write(self, position: int, data: bytes) -> None:
        self._disk.cover(self._name, position, data)

    def fdatasync(self) -> None:
        self._disk.fdatasync(self._name)

    def close(self) -> None:
        """Nothing is held."""


class SimDisk:
    """Implements `Storage`."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._files: dict[str, _File] = {}
        self._folders: dict[str, None] = {}
        self._pointers: dict[str, str] = {}
        self._keepers: dict[str, tuple[str, sqlite3.Connection]] = {}
        self._connections: list[sqlite3.Connection] = []
        self.fault = DiskFault.NONE

    def append(self, name: str, data: bytes) -> None:
        self._check(name)
        self._make_above(name)
        self._files.setdefault(name, _File()).data += data

    def read(self, name: str, offset: int = 0, size: int = -1) -> bytes:
        end = None if size < 0 else offset + size
        return bytes(self._file(name).data[offset:end])

    def fdatasync(self, name: str) -> None:
        file = self._file(name)
        if self.fault is DiskFault.BROKEN:
            raise OSError(EIO, "Input/output error", name)
        file.synced = len(file.data)
        file.covered.clear()

    def replace(self, name: str, data: bytes) -> None:
        self._check(name)
        self._make_above(name)
        self._files[name] = _File(bytearray(data), len(data))

    def names(self, prefix: str = "") -> list[str]:
        return sorted(name for name in [*self._files, *self._keepers] if name.startswith(prefix))

    def size(self, name: str) -> int:
        if name in self._keepers:
            return 0  # it is there; nobody asks for more
        return len(self._file(name).data)

    def give_back(self, name: str, before: int) -> None:
        data = self._file(name).data
        data[:before] = bytes(min(before, len(data)))

    def delete(self, name: str) -> None:
        if name in self._keepers:
            self._keepers.pop(name)[1].close()
        else:
            self._file(name)
            del self._files[name]

    def reserve(self, name: str, size: int) -> SimReserved:
        if name not in self._files or len(self._files[name].data) < size:
            self.replace(name, bytes(size))
        return SimReserved(self, name)

    def cover(self, name: str, position: int, data: bytes) -> None:
        """Write over what stands in a reserved file. What a broken disk has of it then is anybody's guess."""
        file = self._file(name)
        end = position + len(data)
        assert end <= len(file.data), f"{name} has no room for {end} bytes"
        if self.fault is not DiskFault.BROKEN or self._rng.random() < 0.5:
            file.covered.append((position, bytes(file.data[position:end])))
            file.data[position:end] = data
        self._check(name)

    def make_folder(self, name: str) -> None:
        self._check(name)
        self._make_above(f"{name}/")

    def delete_folder(self, name: str) -> None:
        if name not in self._folders:
            raise FileNotFoundError(2, "No such folder", name)
        for table in (self._files, self._folders, self._pointers):
            for each in [each for each in table if f"{each}/".startswith(f"{name}/")]:
                del table[each]

    def entries(self, folder: str = "") -> list[Entry]:
        above = f"{folder}/" if folder else ""
        found = [Entry(name, "folder") for name in self._folders]
        found += [Entry(name, "pointer") for name in self._pointers]
        found += [Entry(name, "file", len(file.data), file.executable) for name, file in self._files.items()]
        below = [
            attrs.evolve(each, path=each.path.removeprefix(above))
            for each in found
            if each.path.startswith(above)
        ]
        return sorted(below, key=lambda entry: entry.path)

    def rename(self, old: str, new: str) -> None:
        self._check(new)
        if old in self._files:
            self._make_above(new)
            self._files[new] = self._files.pop(old)
        elif old not in self._folders:
            raise FileNotFoundError(2, "No such file", old)
        elif new in self._files or new in self._folders or new in self._pointers:
            raise FileExistsError(17, "A folder takes no place that is taken", new)
        else:
            self._make_above(new)
            for table in (self._files, self._folders, self._pointers):
                _move(table, old, new)

    def set_executable(self, name: str, executable: bool) -> None:
        self._check(name)
        self._file(name).executable = executable

    def point(self, name: str, folder: str) -> None:
        self._check(name)
        self._make_above(name)
        self._pointers[name] = folder

    def pointed(self, name: str) -> str:
        if name not in self._pointers:
            raise FileNotFoundError(2, "No such pointer", name)
        return self._pointers[name]

    def path(self, name: str) -> str:
        return f"/{name}"

    def connect_sqlite(self, name: str, *, read_only: bool = False) -> sqlite3.Connection:
        if name not in self._keepers:
            address = f"file:{uuid.uuid4().hex}?mode=memory&cache=shared"
            self._keepers[name] = (address, sqlite3.connect(address, uri=True, check_same_thread=False))
        connection = sqlite3.connect(
            self._keepers[name][0],
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )
        connection.spoil = self._spoil
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
            covered, file.covered = file.covered, []
            for position, before in reversed(covered):
                kept = self._rng.randint(0, len(before))
                file.data[position + kept : position + len(before)] = before[kept:]

    def discard(self) -> None:
        """Give the memory back."""
        self.process_ended()
        for _, keeper in self._keepers.values():
            keeper.close()
        self._keepers.clear()

    def _make_above(self, name: str) -> None:
        """The folders that a name lies in come into being with it."""
        parts = name.split("/")[:-1]
        for count in range(1, len(parts) + 1):
            self._folders.setdefault("/".join(parts[:count]))

    def _check(self, name: str) -> None:
        """Raises what writing to a file of a bad disk does."""
        if self.fault is DiskFault.FULL:
            raise OSError(ENOSPC, "No space left on device", name)
        if self.fault is DiskFault.BROKEN:
            raise OSError(EIO, "Input/output error", name)

    def _spoil(self, commit: Callable[[], object]) -> None:
        """A commit is due. Raises what it does on a bad disk."""
        if self.fault is DiskFault.FULL:
            raise _sqlite_error("database or disk is full", sqlite3.SQLITE_FULL)
        if self.fault is DiskFault.BROKEN:
            if self._rng.random() < 0.5:
                commit()
            raise _sqlite_error("disk I/O error", sqlite3.SQLITE_IOERR_FSYNC)

    def _file(self, name: str) -> _File:
        if name not in self._files:
            raise FileNotFoundError(2, "No such file", name)
        return self._files[name]


def _move(table: dict[str, Any], old: str, new: str) -> None:
    """Rename a folder's entries in one of the disk's tables."""
    for name in [each for each in table if f"{each}/".startswith(f"{old}/")]:
        table[new + name.removeprefix(old)] = table.pop(name)


class _Connection(sqlite3.Connection):
    """Asks the disk before it commits."""

    spoil: Callable[[Callable[[], object]], None] | None = None

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if sql == "COMMIT" and self.spoil is not None:
            self.spoil(partial(super().execute, sql))
        return super().execute(sql, *args)


def _sqlite_error(text: str, code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error
