"""A folder of a storage as a storage of its own: releases share a node's disk with whatever else it keeps."""

from __future__ import annotations

import sqlite3

from pushnet.world import Entry, Reserved, Storage


class Within:
    """Implements `Storage` below one folder of another storage."""

    def __init__(self, storage: Storage, folder: str) -> None:
        self._storage = storage
        self._above = f"{folder}/"

    def append(self, name: str, data: bytes) -> None:
        self._storage.append(self._above + name, data)

    def read(self, name: str, offset: int = 0, size: int = -1) -> bytes:
        return self._storage.read(self._above + name, offset, size)

    def fdatasync(self, name: str) -> None:
        self._storage.fdatasync(self._above + name)

    def replace(self, name: str, data: bytes) -> None:
        self._storage.replace(self._above + name, data)

    def names(self, prefix: str = "") -> list[str]:
        return [name.removeprefix(self._above) for name in self._storage.names(self._above + prefix)]

    def size(self, name: str) -> int:
        return self._storage.size(self._above + name)

    def give_back(self, name: str, before: int) -> None:
        self._storage.give_back(self._above + name, before)

    def delete(self, name: str) -> None:
        self._storage.delete(self._above + name)

    def reserve(self, name: str, size: int) -> Reserved:
        return self._storage.reserve(self._above + name, size)

    def make_folder(self, name: str) -> None:
        self._storage.make_folder(self._above + name)

    def delete_folder(self, name: str) -> None:
        self._storage.delete_folder(self._above + name)

    def entries(self, folder: str = "") -> list[Entry]:
        return self._storage.entries((self._above + folder).rstrip("/"))

    def rename(self, old: str, new: str) -> None:
        self._storage.rename(self._above + old, self._above + new)

    def set_executable(self, name: str, executable: bool) -> None:
        self._storage.set_executable(self._above + name, executable)

    def point(self, name: str, folder: str) -> None:
        self._storage.point(self._above + name, self._above + folder)

    def pointed(self, name: str) -> str:
        return self._storage.pointed(self._above + name).removeprefix(self._above)

    def path(self, name: str) -> str:
        return self._storage.path(self._above + name)

    def connect_sqlite(self, name: str, *, read_only: bool = False) -> sqlite3.Connection:
        return self._storage.connect_sqlite(self._above + name, read_only=read_only)
