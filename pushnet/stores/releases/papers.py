"""The signed documents on the disk, as bytes. Each is replaced whole, or is there as it was."""

from __future__ import annotations

from pushnet.world import Storage

TIMESTAMP = "timestamp.json"
CHANGE = "change.json"


class Papers:
    """Documents in a storage. Blocking. Reading what is not there gives None."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def root(self, number: int) -> bytes | None:
        return self._read(f"roots/{number}.json")

    def save_root(self, number: int, data: bytes) -> None:
        self._storage.replace(f"roots/{number}.json", data)

    def roots(self) -> list[int]:
        """The numbers of the roots that are here, sorted."""
        return _numbers(self._storage.names("roots/"))

    def timestamp(self) -> bytes | None:
        return self._read(TIMESTAMP)

    def save_timestamp(self, data: bytes) -> None:
        self._storage.replace(TIMESTAMP, data)

    def snapshot(self, number: int) -> bytes | None:
        return self._read(f"snapshots/{number}.json")

    def save_snapshot(self, number: int, data: bytes) -> None:
        self._storage.replace(f"snapshots/{number}.json", data)

    def snapshots(self) -> list[int]:
        return _numbers(self._storage.names("snapshots/"))

    def delete_snapshot(self, number: int) -> None:
        self._storage.delete(f"snapshots/{number}.json")

    def forget_today(self) -> None:
        """The timestamp and the snapshots no longer count: their keys were changed."""
        for name in [*self._storage.names("snapshots/"), *self._storage.names(TIMESTAMP)]:
            self._storage.delete(name)

    def release(self, name: str, version: str, counter: int) -> bytes | None:
        return self._read(_release(name, version, counter))

    def save_release(self, name: str, version: str, counter: int, data: bytes) -> None:
        self._storage.replace(_release(name, version, counter), data)

    def delete_release(self, name: str, version: str, counter: int) -> None:
        self._storage.delete(_release(name, version, counter))

    def releases(self) -> list[tuple[str, str, int]]:
        """Name, version and counter of each release document that is here."""
        return [_parts(name) for name in self._storage.names("releases/")]

    def draft(self, name: str, version: str) -> bytes | None:
        """A release that waits for more signatures."""
        return self._read(f"drafts/{name}/{version}.json")

    def save_draft(self, name: str, version: str, data: bytes) -> None:
        self._storage.replace(f"drafts/{name}/{version}.json", data)

    def delete_draft(self, name: str, version: str) -> None:
        if self.draft(name, version) is not None:
            self._storage.delete(f"drafts/{name}/{version}.json")

    def drafts(self) -> list[tuple[str, str]]:
        """Name and version of what waits for signatures."""
        found = [name.removesuffix(".json").split("/") for name in self._storage.names("drafts/")]
        return [(parts[1], parts[2]) for parts in found]

    def change(self) -> bytes | None:
        """The next root and what goes with it, as far as it is signed."""
        return self._read(CHANGE)

    def save_change(self, data: bytes) -> None:
        self._storage.replace(CHANGE, data)

    def delete_change(self) -> None:
        if self.change() is not None:
            self._storage.delete(CHANGE)

    def _read(self, name: str) -> bytes | None:
        try:
            return self._storage.read(name)
        except FileNotFoundError:
            return None


def _release(name: str, version: str, counter: int) -> str:
    return f"releases/{name}/{version}@{counter}.json"


def _parts(path: str) -> tuple[str, str, int]:
    _, name, file = path.split("/")
    version, _, counter = file.removesuffix(".json").rpartition("@")
    return name, version, int(counter)


def _numbers(names: list[str]) -> list[int]:
    return sorted(int(name.rpartition("/")[2].removesuffix(".json")) for name in names)
