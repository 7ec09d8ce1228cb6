"""Files and SQLite databases of one node, in its own folder.

`replace` writes a neighbour, syncs it, renames it over the old file and syncs the folder: after a crash the
old content is there or the new, whole. `append` syncs the folder when it makes a file, so that a later
`fdatasync` is all a reader needs.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

BUSY_TIMEOUT_MS = 10_000
"""How long a connection waits for another one's write; a group commit takes milliseconds."""
_PARTIAL = ".partial"


class FileStorage:
    """Implements `Storage` on a folder of the file system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds keys and devices' secrets

    def append(self, name: str, data: bytes) -> None:
        path = self._path(name)
        created = not path.exists()
        if created:
            path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab") as file:
            file.write(data)
        if created:
            _sync_folder(path.parent)

    def read(self, name: str, offset: int = 0, size: int = -1) -> bytes:
        with open(self._path(name), "rb") as file:
            file.seek(offset)
            return file.read(size)

    def fdatasync(self, name: str) -> None:
        descriptor = os.open(self._path(name), os.O_RDONLY)
        try:
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, name: str, data: bytes) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + _PARTIAL)
        with open(partial, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
        _sync_folder(path.parent)

    def names(self, prefix: str = "") -> list[str]:
        found: list[str] = []
        for folder, _, files in os.walk(self._folder):
            relative = Path(folder).relative_to(self._folder)
            found += [(relative / file).as_posix() for file in files if not file.endswith(_PARTIAL)]
        return sorted(name for name in found if name.startswith(prefix))

    def size(self, name: str) -> int:
        return self._path(name).stat().st_size

    def delete(self, name: str) -> None:
        path = self._path(name)
        path.unlink()
        _sync_folder(path.parent)

    def connect_sqlite(self, name: str, *, read_only: bool = False) -> sqlite3.Connection:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA query_only = {int(read_only)}")
        return connection

    def _path(self, name: str) -> Path:
        parts = name.split("/")
        if "" in parts or "." in parts or ".." in parts or "\0" in name:
            raise ValueError(f"{name!r} is no name of a stored file")
        return self._folder.joinpath(*parts)


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
