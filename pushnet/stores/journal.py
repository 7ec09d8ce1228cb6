"""A journal: records in a file of fixed room, each on disk before it is answered.

It stands before a slower store that takes up, now and then, all of what the journal has; each record names
the point up to which that store had it all when the record was written. A record of another point than the
one the store is at now is void: the store has taken it up, or was written to by somebody who knew nothing of
the journal. So the journal is emptied by moving the store on, in one transaction of the store, and by
nothing else; then it is written from the start anew.

    length | checksum | point | payload      length | checksum | point | payload      (torn, void, or zeros)

What is torn was never answered: one write is under way at a time, and its records count up to the first that
does not hold. The file is written over in place: its room is its own since it was made, so a sync is one
write of the disk.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final
from zlib import crc32

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from pushnet.world import Reserved, World

SIZE: Final = 1024 * 1024
"""Some four thousand registrations; its store takes them up in some tens of milliseconds."""
_HEAD: Final = struct.Struct("<IIQ")
_POINT: Final = struct.Struct("<Q")


class Journal:
    """One file; open it before use. One `append` at a time."""

    def __init__(self, world: World, name: str, size: int = SIZE) -> None:
        self._world = world
        self._name = name
        self._size = size
        self._file: Reserved | None = None
        self._worker = world.worker(name)
        self._position = 0
        self._point = 0
        self.broken = ""
        """Why it takes no more records; what is in it counts until the store moves on. Empty: all is well."""

    async def open(self, point: int) -> list[bytes]:
        """The records since the store was at `point`, which is where it is; later ones follow them."""
        self._point = point
        found, self._position = await self._worker.submit(self._read, point)
        try:
            self._file = await self._worker.submit(self._reserve)
        except OSError as error:
            self.broken = str(error)
        return found

    def has_room(self, payloads: Sequence[bytes]) -> bool:
        """Whether they can be appended, all of them, before the store has moved on."""
        size = sum(_HEAD.size + len(payload) for payload in payloads)
        return not self.broken and self._position + size <= self._size

    def append(self, payloads: Sequence[bytes]) -> Deferred[None]:
        """Fires when all are on disk. When it fails nobody knows, and the journal is broken."""
        assert self.has_room(payloads)
        data = b"".join(_framed(payload, self._point) for payload in payloads)
        position, self._position = self._position, self._position + len(data)
        return self._worker.submit(self._write, position, data).addErrback(self._failed)

    def moved(self, point: int) -> None:
        """The store has all there is, at a point higher than any before: the journal is empty."""
        if point != self._point:
            self._point = point
            self._position = 0

    async def close(self) -> None:
        if self._file is not None:
            await self._worker.submit(self._file.close)
        await self._worker.close()

    def _read(self, point: int) -> tuple[list[bytes], int]:
        """In the worker."""
        try:
            return _records(self._world.storage.read(self._name), point)
        except FileNotFoundError:
            return [], 0

    def _reserve(self) -> Reserved:
        """In the worker. What a killed process has written is made durable before anybody is told of it."""
        file = self._world.storage.reserve(self._name, self._size)
        try:
            file.fdatasync()
        except OSError:
            file.close()
            raise
        return file

    def _write(self, position: int, data: bytes) -> None:
        """In the worker."""
        assert self._file is not None
        self._file.write(position, data)
        self._file.fdatasync()

    def _failed(self, failure: Failure) -> Failure:
        self.broken = failure.getErrorMessage()
        return failure


def _framed(payload: bytes, point: int) -> bytes:
    return _HEAD.pack(len(payload), _checksum(payload, point), point) + payload


def _checksum(payload: bytes, point: int) -> int:
    return crc32(payload, crc32(_POINT.pack(point)))


def _records(data: bytes, point: int) -> tuple[list[bytes], int]:
    """Those that hold, from the start, and where the first that does not begins."""
    found: list[bytes] = []
    position = 0
    while position + _HEAD.size <= len(data):
        length, checksum, since = _HEAD.unpack_from(data, position)
        begin = position + _HEAD.size
        payload = data[begin : begin + length]
        if not length or since != point or len(payload) < length or _checksum(payload, since) != checksum:
            break
        found.append(payload)
        position = begin + length
    return found, position
