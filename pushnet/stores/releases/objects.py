"""Contents and packs, each kept under the sha256 of its bytes. What is there is whole.

An object is gathered in `partial/` and gets its name by one rename, after its bytes were synced and hashed.
So a fetch that was cut off goes on where it stopped, and nothing with a wrong digest ever has a name.
"""

from __future__ import annotations

import hashlib

from pushnet.world import Storage

OBJECTS = "objects/"
PARTIAL = "partial/"
_READ_BYTES = 1 << 20


class ObjectDamaged(Exception):
    """The bytes under a digest are not those it is the digest of."""


class Objects:
    """Objects in a storage. Blocking."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def size(self, digest: str) -> int:
        """How many bytes the object has; -1 when it is not here."""
        try:
            return self._storage.size(_name(digest))
        except FileNotFoundError:
            return -1

    def read(self, digest: str, offset: int = 0, size: int = -1) -> bytes:
        """Bytes as they lie on the disk: whoever uses them checks them. Raises `FileNotFoundError`."""
        return self._storage.read(_name(digest), offset, size)

    def get(self, digest: str) -> bytes:
        """The whole object, checked. Raises `ObjectDamaged` and `FileNotFoundError`."""
        data = self.read(digest)
        if hashlib.sha256(data).hexdigest() != digest:
            raise ObjectDamaged(f"the object {digest} was changed on the disk: delete it and fetch it again")
        return data

    def put(self, data: bytes) -> str:
        """Keep these bytes durably; free when they are here. Returns their digest."""
        digest = hashlib.sha256(data).hexdigest()
        if self.size(digest) != len(data):
            self.discard(digest)
            self._storage.append(PARTIAL + digest, data)
            self._settle(digest)
        return digest

    def gathered(self, digest: str) -> int:
        """How much of an object has been gathered."""
        try:
            return self._storage.size(PARTIAL + digest)
        except FileNotFoundError:
            return 0

    def gather(self, digest: str, offset: int, data: bytes) -> None:
        """Add the next bytes of an object that is on its way here."""
        assert offset == self.gathered(digest), "objects are gathered from the front"
        self._storage.append(PARTIAL + digest, data)

    def settle(self, digest: str) -> bool:
        """The object has been gathered: check and keep it. False when it is wrong, and thrown away."""
        if not self.gathered(digest):
            self._storage.append(PARTIAL + digest, b"")
        if self._digest(PARTIAL + digest) != digest:
            self.discard(digest)
            return False
        self._settle(digest)
        return True

    def discard(self, digest: str) -> None:
        """Forget what has been gathered of an object."""
        try:
            self._storage.delete(PARTIAL + digest)
        except FileNotFoundError:
            return

    def sound(self, digest: str) -> bool:
        """Whether the object is here and its bytes have that digest."""
        return self.size(digest) >= 0 and self._digest(_name(digest)) == digest

    def delete(self, digest: str) -> None:
        self._storage.delete(_name(digest))

    def all(self) -> dict[str, int]:
        """Every object that is here, with its size."""
        found = self._storage.entries(OBJECTS.rstrip("/"))
        return {each.path.rpartition("/")[2]: each.size for each in found if each.kind == "file"}

    def partial(self) -> list[str]:
        """The digests of what has been begun."""
        return [name.removeprefix(PARTIAL) for name in self._storage.names(PARTIAL)]

    def _settle(self, digest: str) -> None:
        self._storage.fdatasync(PARTIAL + digest)
        self._storage.rename(PARTIAL + digest, _name(digest))

    def _digest(self, name: str) -> str:
        found, offset = hashlib.sha256(), 0
        while data := self._storage.read(name, offset, _READ_BYTES):
            found.update(data)
            offset += len(data)
        return found.hexdigest()


def _name(digest: str) -> str:
    return f"{OBJECTS}{digest[:2]}/{digest}"
