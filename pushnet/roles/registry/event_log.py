"""The events of the grid as one registry keeps them: the newest in memory, all of them in files of its own.

A file holds events as JSON, one a line, and is named after the position of its first. A new one begins when
the last is large or old; the oldest go when all together are too large, or when nothing in them is young
enough. What was noted is in the file after `FLUSH_S`, on disk after `SYNC_S`: an event is news, not truth.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import attrs
import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from pushnet.gen.pushnet.event import EventFilter
from pushnet.roles.registry.event_words import Happened, fits
from pushnet.world import World

FOLDER: Final = "events/"
FLUSH_S: Final = 0.1
SYNC_S: Final = 5.0
FILE_BYTES_MAX: Final = 1024 * 1024
FILE_MS_MAX: Final = 24 * 3600 * 1000
IN_MEMORY_MAX: Final = 5000
WAITING_MAX: Final = 20_000
"""Events that wait to be written: more means that the disk does not keep up, and the oldest are left out."""
FILES_READ_MAX: Final = 4
"""For one question: who wants more asks again."""


@attrs.frozen
class Limits:
    """How much is kept."""

    bytes_max: int = 64 * 1024 * 1024
    ms_max: int = 30 * 24 * 3600 * 1000

    @classmethod
    def of(cls, mib: int, days: int) -> Limits:
        """Such as a cluster file names them."""
        return cls(mib * 1024 * 1024, days * 24 * 3600 * 1000)


@attrs.define
class _File:
    name: str
    first: int
    first_ms: int
    size: int


@attrs.frozen
class Part:
    """What was found: the events, where to go on, whether there may be more."""

    events: list[Happened]
    next: int
    more: bool


class EventLog:
    """Open it before use; positions given to `note` must grow."""

    def __init__(self, world: World, limits: Limits) -> None:
        self._world = world
        self._limits = limits
        self._worker = world.worker("events")
        self._files: list[_File] = []
        self._newest: deque[Happened] = deque(maxlen=IN_MEMORY_MAX)
        self._forgotten = False
        """Whether there are events on disk that are not among the newest in memory."""
        self._waiting: list[Happened] = []
        self._busy: Deferred[None] | None = None
        self._due: IDelayedCall | None = None
        self._synced_at = world.monotonic()
        self._sync_due: IDelayedCall | None = None
        """When what was written is synced at the latest, though nothing else happens."""
        self._log = Logger(namespace="pushnet.registry")
        self.last = 0
        """The position of the newest event; 0 before the first."""

    async def open(self) -> None:
        """Take up what was kept before."""
        try:
            self._files, newest = await self._worker.submit(self._look)
        except OSError as error:
            self._log.error("the events of before cannot be read: {error}", error=str(error))
            return
        self._newest.extend(newest)
        self._forgotten = len(self._files) > 1
        self.last = newest[-1].position if newest else 0

    async def close(self) -> None:
        """Write what waits."""
        if self._due is not None and self._due.active():
            self._due.cancel()
        if self._sync_due is not None and self._sync_due.active():
            self._sync_due.cancel()
        if self._busy is not None:
            await self._busy
        await self._worker.submit(self._write, self._waiting, True).addErrback(self._not_written)
        await self._worker.close()

    def note(self, event: Happened) -> None:
        """It happened, after all that was noted before."""
        assert event.position > self.last, "positions grow"
        self.last = event.position
        self._forgotten = self._forgotten or len(self._newest) == IN_MEMORY_MAX
        self._newest.append(event)
        if len(self._waiting) < WAITING_MAX:
            self._waiting.append(event)
        if self._due is None:
            self._due = self._world.call_later(FLUSH_S, self._flush)

    async def read(self, asked: EventFilter, after: int, most: int) -> Part:
        """The oldest `most` after a position that fit."""
        if not self._forgotten or self._newest_tell(asked, after):
            return _part(self._newest, asked, after, most, self.last)
        found, upto, more = await self._worker.submit(self._search, asked, after, most)
        if more:
            return Part(found, upto, True)
        rest = _part(self._newest, asked, max(after, upto), most - len(found), self.last)
        return Part([*found, *rest.events], rest.next, rest.more)

    def _newest_tell(self, asked: EventFilter, after: int) -> bool:
        """Whether everything that is asked for is in memory."""
        oldest = self._newest[0]
        return after >= oldest.position or asked.sinceMs > oldest.at_ms

    # Writing.

    def _flush(self) -> None:
        self._due = None
        if self._busy is not None:
            self._due = self._world.call_later(FLUSH_S, self._flush)
            return
        events, self._waiting = self._waiting, []
        now = self._world.monotonic()
        sync = now - self._synced_at >= SYNC_S
        self._synced_at = now if sync else self._synced_at
        if not sync and self._sync_due is None:
            self._sync_due = self._world.call_later(self._synced_at + SYNC_S - now, self._sync)
        writing = self._worker.submit(self._write, events, sync).addErrback(self._not_written)
        self._busy = writing.addCallback(self._written)
        self._world.background("registry.events", self._busy)

    def _sync(self) -> None:
        self._sync_due = None
        if self._due is None:
            self._flush()

    def _written(self, result: None) -> None:
        self._busy = None

    def _not_written(self, failure: Failure) -> None:
        failure.trap(OSError)  # type: ignore[no-untyped-call]
        self._log.error("events are not written: {error}", error=failure.getErrorMessage())

    def _write(self, events: Sequence[Happened], sync: bool) -> None:
        """In the worker."""
        storage = self._world.storage
        if events:
            data = b"".join(msgspec.json.encode(event) + b"\n" for event in events)
            file = self._file(events[0])
            storage.append(file.name, data)
            file.size += len(data)
        if sync and self._files:
            storage.fdatasync(self._files[-1].name)

    def _file(self, event: Happened) -> _File:
        """The file that the event goes to. In the worker."""
        last = self._files[-1] if self._files else None
        if last and last.size < FILE_BYTES_MAX and event.at_ms - last.first_ms < FILE_MS_MAX:
            return last
        if last:
            self._world.storage.fdatasync(last.name)
        made = _File(f"{FOLDER}{event.position:020d}", event.position, event.at_ms, 0)
        self._files.append(made)
        self._drop_old(event.at_ms)
        return made

    def _drop_old(self, now_ms: int) -> None:
        """In the worker."""
        while len(self._files) > 1:
            ended_ms = self._files[1].first_ms
            size = sum(file.size for file in self._files)
            if size <= self._limits.bytes_max and now_ms - ended_ms <= self._limits.ms_max:
                return
            self._world.storage.delete(self._files.pop(0).name)

    # Reading.

    def _look(self) -> tuple[list[_File], list[Happened]]:
        """In the worker. A last line that is torn is cut off by what follows it."""
        files: list[_File] = []
        events: list[Happened] = []
        for name in self._world.storage.names(FOLDER):
            events = self._events(name)
            size = self._world.storage.size(name)
            if events:
                files.append(_File(name, events[0].position, events[0].at_ms, size))
            if size:
                self._world.storage.append(name, b"\n")
        return files, events[-IN_MEMORY_MAX:]

    def _events(self, name: str) -> list[Happened]:
        """In the worker. What is not understood is passed over."""
        found: list[Happened] = []
        for line in self._world.storage.read(name).splitlines():
            try:
                found.append(msgspec.json.decode(line, type=Happened))
            except msgspec.MsgspecError:
                continue
        return found

    def _search(self, asked: EventFilter, after: int, most: int) -> tuple[list[Happened], int, bool]:
        """In the worker: what fits, up to which position was looked, whether there are more files."""
        files = list(self._files)
        later = [file.first for file in files[1:]]
        begins_ms = [file.first_ms for file in files[1:]]
        skipped = sum(
            1 for first, ms in zip(later, begins_ms, strict=True) if first <= after or ms < asked.sinceMs
        )
        found: list[Happened] = []
        upto = after
        for file in files[skipped : skipped + FILES_READ_MAX]:
            events = self._events(file.name)
            part = _part(events, asked, after, most - len(found), events[-1].position if events else upto)
            found += part.events
            upto = max(upto, part.next)
            if part.more:
                return found, upto, True
        return found, upto, skipped + FILES_READ_MAX < len(files)


def _part(
    events: Sequence[Happened] | deque[Happened], asked: EventFilter, after: int, most: int, last: int
) -> Part:
    """The first `most` that fit; `last`: up to where these events go."""
    found: list[Happened] = []
    for event in events:
        if event.position > after and fits(event, asked):
            if len(found) >= most:
                return Part(found, found[-1].position if found else after, True)
            found.append(event)
    return Part(found, max(last, after), False)
