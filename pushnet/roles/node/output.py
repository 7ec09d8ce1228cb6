"""What servers have written to stdout and stderr: one file a server, read by anybody who wants to follow.

A server writes to its file itself, so it goes on writing while there is no agent. Positions are bytes since
its first start and never change: the room of what is older than `kept_bytes` is given back to the system, and
what stands behind it stays where it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall

from pushnet.world import Worker, World

KEPT_BYTES: Final = 8 * 1024 * 1024
TEND_S: Final = 10.0
"""How often it is looked whether a file has grown too large."""
GIVEN_BACK_BYTES: Final = 1024 * 1024
"""So much at a time."""
LOOK_S: Final = 0.05
"""How often it is looked whether there is more; a start is not noticed earlier."""
LOOK_BYTES_MAX: Final = 256 * 1024
PART_BYTES_MAX: Final = 256 * 1024
WAIT_MAX_S: Final = 30.0
LINE_BYTES_MAX: Final = 64 * 1024
_CRITICAL: Final = b'"level":"critical"'


@attrs.frozen
class Part:
    """Some of what was written. `offset` is where it begins."""

    offset: int
    data: bytes
    more: bool


@attrs.define
class _Followed:
    """One file that is read as it grows."""

    name: str
    heard: Callable[[bytes], object]
    """Called with each line."""
    at: int
    rest: bytes = b""


class Output:
    """All files of an agent. Files are read by one worker.

    Args:
        kept_bytes: of each file, and `GIVEN_BACK_BYTES` more at times.
    """

    def __init__(self, world: World, worker: Worker, kept_bytes: int = KEPT_BYTES) -> None:
        self._world = world
        self._worker = worker
        self._followed: dict[str, _Followed] = {}
        self._kept_bytes = kept_bytes
        self._first: dict[str, int] = {}
        """Where what is kept begins. The last agent may have given back what is before."""
        self._tended: dict[str, None] = {}
        self._tending: IDelayedCall | None = None
        self._waiting: list[tuple[str, int, Deferred[None], IDelayedCall]] = []
        self._timer: IDelayedCall | None = None
        self._looking = False
        self._stopped = False

    def follow(self, id: str, at: int, heard: Callable[[bytes], object]) -> None:
        """Call `heard` with each line that the server writes from position `at` on."""
        self._followed[id] = _Followed(log_name(id), heard, at)
        self._look_soon()

    def tend(self, id: str) -> None:
        """From now on see to it that its file does not grow for ever."""
        self._tended[id] = None
        if self._tending is None and not self._stopped:
            self._tending = self._world.call_later(TEND_S, self._tend)

    async def catch_up(self) -> None:
        """Hear at once what was written up to now."""
        places = {id: (followed.name, followed.at) for id, followed in self._followed.items()}
        self._seen(await self._worker.submit(self._all, places))

    def end(self, id: str) -> None:
        """Nobody wants its lines any more."""
        self._followed.pop(id, None)

    def size(self, id: str) -> Deferred[int]:
        """How much it has written."""
        return self._worker.submit(self._size, log_name(id))

    async def part(self, id: str, offset: int, size: int, wait_s: float) -> Part:
        """What stands at `offset` (below 0: so many bytes before the end), or comes to stand there soon."""
        name = log_name(id)
        end = await self._worker.submit(self._size, name)
        at = max(0, end + offset) if offset < 0 else offset
        if at >= end and wait_s > 0:
            await self._grown(id, at, min(wait_s, WAIT_MAX_S))
            end = await self._worker.submit(self._size, name)
        at = max(min(at, end), self._begin(id, end))
        at, data = await self._worker.submit(self._read_kept, name, at, min(max(size, 1), PART_BYTES_MAX))
        return Part(at, data, at + len(data) < end)

    def stop(self) -> None:
        """Look no more; who waits gets what is there."""
        self._stopped = True
        for timer in (self._timer, self._tending):
            if timer is not None:
                timer.cancel()
        self._timer = self._tending = None
        for _, _, waiting, limit in self._waiting:
            limit.cancel()
            waiting.callback(None)
        self._waiting.clear()

    # Looking.

    def _grown(self, id: str, beyond: int, wait_s: float) -> Deferred[None]:
        waiting: Deferred[None] = Deferred(lambda _: None)

        def enough() -> None:
            self._waiting.remove(entry)
            waiting.callback(None)

        entry = (id, beyond, waiting, self._world.call_later(wait_s, enough))
        self._waiting.append(entry)
        self._look_soon()
        return waiting

    def _look_soon(self) -> None:
        wanted = self._followed or self._waiting
        if wanted and self._timer is None and not self._looking and not self._stopped:
            self._timer = self._world.call_later(LOOK_S, self._look)

    def _look(self) -> None:
        self._timer = None
        self._looking = True
        places = {id: (followed.name, followed.at) for id, followed in self._followed.items()}
        for id, beyond, _, _ in self._waiting:
            places.setdefault(id, (log_name(id), beyond))
        work = self._worker.submit(self._all, places)
        self._world.background("reading what servers write", work.addCallback(self._seen))

    def _seen(self, found: dict[str, tuple[int, int, bytes]]) -> None:
        self._looking = False
        for id, (end, at, data) in found.items():
            followed = self._followed.get(id)
            if followed is not None and followed.at == at and data:
                self._lines(followed, data)
            for entry in [each for each in self._waiting if each[0] == id and each[1] < end]:
                self._waiting.remove(entry)
                entry[3].cancel()
                entry[2].callback(None)
        self._look_soon()

    def _lines(self, followed: _Followed, data: bytes) -> None:
        followed.at += len(data)
        *lines, followed.rest = (followed.rest + data).split(b"\n")
        if len(followed.rest) > LINE_BYTES_MAX:
            lines, followed.rest = [*lines, followed.rest], b""
        for line in lines:
            if line.strip():
                followed.heard(line)

    def _tend(self) -> None:
        self._tending = self._world.call_later(TEND_S, self._tend)
        work = self._worker.submit(self._give_all_back, list(self._tended))
        self._world.background("giving back what servers wrote long ago", work)

    # In the worker.

    def _give_all_back(self, ids: list[str]) -> None:
        for id in ids:
            self._give_back(id, log_name(id), self._size(log_name(id)))

    def _all(self, places: dict[str, tuple[str, int]]) -> dict[str, tuple[int, int, bytes]]:
        found: dict[str, tuple[int, int, bytes]] = {}
        for id, (name, at) in places.items():
            end = self._size(name)
            data = self._read(name, at, LOOK_BYTES_MAX) if end > at else b""
            found[id] = (end, at, data)
            self._give_back(id, name, end)
        return found

    def _size(self, name: str) -> int:
        try:
            return self._world.storage.size(name)
        except OSError:
            return 0

    def _read(self, name: str, at: int, size: int) -> bytes:
        try:
            return self._world.storage.read(name, at, size)
        except OSError:
            return b""

    def _read_kept(self, name: str, at: int, size: int) -> tuple[int, bytes]:
        """From there, or from where what was not given back begins."""
        while True:
            found = self._read(name, at, size)
            data = found.lstrip(b"\0")
            at += len(found) - len(data)
            if data or not found:
                return at, data

    def _give_back(self, id: str, name: str, end: int) -> None:
        if end - self._begin(id, end) >= self._kept_bytes + GIVEN_BACK_BYTES:
            self._first[id] = end - self._kept_bytes
            self._world.storage.give_back(name, self._first[id])

    def _begin(self, id: str, end: int) -> int:
        """Where what is kept of a file begins."""
        if id not in self._first:
            self._first[id] = max(0, end - self._kept_bytes - GIVEN_BACK_BYTES)
        return self._first[id]


def log_name(id: str) -> str:
    """The file of a server."""
    return f"logs/{id}.log"


def last_words(data: bytes) -> str:
    """Of the end of a log, what explains its program's end: the last critical line, else the last one."""
    lines = [line for line in data.split(b"\n") if line.strip()]
    critical = [line for line in lines if _CRITICAL in line]
    if not lines:
        return "it said nothing"
    chosen = (critical or lines)[-1].decode("utf-8", "replace")
    try:
        return str(json.loads(chosen)["message"])
    except (ValueError, KeyError, TypeError):
        return b" ".join(_telling(lines)).decode("utf-8", "replace") if not critical else chosen


def _telling(lines: list[bytes]) -> list[bytes]:
    """The last lines, from the last one on that has a word in it: stock Ice ends its errors with a brace."""
    at = len(lines) - 1
    while at > 0 and not any(chr(byte).isalpha() for byte in lines[at]):
        at -= 1
    return [line.strip() for line in lines[at:]]
