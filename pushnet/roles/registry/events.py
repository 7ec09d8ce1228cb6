"""What happens in the grid, in the order in which the registries' state tells it.

Most events are changes of the state: every registry is told them in the same order and writes them down for
itself. What only one registry sees (a registration that was refused, what an agent reports) it puts into the
state, under `event/<its name>`: so that too is told to all, at the same place among the rest. `record` is the
one call for it. A position is the revision at which the event was told, and a number within the revision.

    registry.record("…") --> waits --> event/<name> in the state --> told to every registry --> its log
    nodes, adapters, settings, rolls ------------------> the state --'
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

import attrs
import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from pushnet.gen.pushnet.server import ServerState
from pushnet.roles.registry import books as book_keeping
from pushnet.roles.registry.event_log import EventLog, Limits
from pushnet.roles.registry.event_words import Happened, of_book, of_paper, of_report
from pushnet.roles.registry.papers import EVENT
from pushnet.roles.registry.writing import NotSaved
from pushnet.stores.registry.state import Change, Put
from pushnet.world import World

WITHIN_REVISION: Final = 4096
"""Positions within one revision of the state: a commit has at most a hundred changes."""
WAITING_MAX: Final = 1000
AT_ONCE_MAX: Final = 200
GATHER_S: Final = 0.1
AGAIN_S: Final = 1.0
TEXT_CHARACTERS_MAX: Final = 500
REPEATED_S: Final = 60.0
"""What is recorded again within so many seconds, word for word, is one event."""
REMEMBERED_MAX: Final = 1000


class Submit(Protocol):
    """As `Ledger.submit`."""

    async def __call__(
        self, decide: Callable[[], Sequence[Change]], alone: Collection[str], shared: Collection[str] = ()
    ) -> int: ...


class Events:
    """The events of one registry. Open it before the state is opened."""

    def __init__(
        self, world: World, name: str, books: book_keeping.Books, submit: Submit, limits: Limits | None = None
    ) -> None:
        """`name`: of this registry's node."""
        self.log = EventLog(world, limits or Limits())
        self.followers: list[Callable[[], object]] = []
        """Called when there is something new in the log."""
        self._world = world
        self._name = name
        self._books = books
        self._submit = submit
        self._known_revision = 0
        self._opened = False
        self._papers: dict[str, str] = {}
        self._waiting: list[Happened] = []
        self._writing = self._busy = False
        """Whether it is due, or under way."""
        self._closed = False
        self._due: IDelayedCall | None = None
        self._recent: dict[tuple[str, str, str], float] = {}
        self._trouble = Logger(namespace="pushnet.registry")
        books.followers.append(self._of_book)
        books.papers.followers.append(self._of_paper)

    async def open(self) -> None:
        """Take up the log; what the state tells of before its end is no news."""
        await self.log.open()
        self._known_revision = self.log.last // WITHIN_REVISION

    def opened(self) -> None:
        """The state has told how it stands: everything from here on is news."""
        self._opened = True
        self.record("registry.started", self._name, f"revision {self._books.revision}")

    async def finish(self) -> None:
        """Write what waits, while the state is still open."""
        self._closed = True
        if self._due is not None and self._due.active():
            self._due.cancel()
        if self._waiting and not self._busy:
            await self._write()

    async def close(self) -> None:
        self._closed = True
        await self.log.close()

    def record(self, kind: str, who: str, text: str = "") -> None:
        """Something happened that the state does not tell: `kind` as `node.refused`, `who` it happened to."""
        now = self._world.monotonic()
        text = text[:TEXT_CHARACTERS_MAX]
        if now - self._recent.get((kind, who, text), -REPEATED_S) < REPEATED_S:
            return
        self._recent.pop((kind, who, text), None)
        while self._recent and now - next(iter(self._recent.values())) >= REPEATED_S:
            del self._recent[next(iter(self._recent))]
        if len(self._recent) < REMEMBERED_MAX:
            self._recent[kind, who, text] = now
        self._add(Happened(kind, who, text))

    def reported(self, before: Sequence[ServerState] | None, now: Sequence[ServerState]) -> None:
        """An agent told this registry how its servers are; `before`: what it had told anyone last."""
        for happened in of_report(before, now):
            self._add(happened)

    # What this registry alone has seen.

    def _add(self, happened: Happened) -> None:
        if self._closed or len(self._waiting) >= WAITING_MAX:
            return
        at_ms = int(self._world.wall() * 1000)
        self._waiting.append(attrs.evolve(happened, at_ms=at_ms, text=happened.text[:TEXT_CHARACTERS_MAX]))
        self._later(GATHER_S)

    def _later(self, delay_s: float) -> None:
        if not self._writing and not self._closed:
            self._writing = True
            self._due = self._world.call_later(delay_s, self._put)

    def _put(self) -> None:
        if not self._closed:
            self._busy = True
            self._world.background("registry.events", Deferred.fromCoroutine(self._write()))

    async def _write(self) -> None:
        """Those that wait, as one entry; when that fails they wait on."""
        events, self._waiting = self._waiting[:AT_ONCE_MAX], self._waiting[AT_ONCE_MAX:]
        key = EVENT + self._name
        delay_s = GATHER_S
        try:
            text = msgspec.json.encode(events).decode()
            await self._submit(lambda: [Put(key, text)], [key])
        except NotSaved:
            self._waiting[:0] = events
            delay_s = AGAIN_S
        self._writing = self._busy = False
        if self._waiting:
            self._later(delay_s)

    # What the state tells.

    def _of_book(self, event: book_keeping.Event) -> None:
        self._note(of_book(event))

    def _of_paper(self, key: str) -> None:
        value = self._books.papers.value(key)
        before = self._papers.get(key, "")
        if value == before:
            return
        if key.startswith(EVENT):
            self._noted(key, value)
            return
        if value:
            self._papers[key] = value
        else:
            self._papers.pop(key, None)
        for happened in of_paper(key, before, value, self._papers):
            self._note(happened)

    def _noted(self, key: str, value: str) -> None:
        """A registry tells what it has seen."""
        try:
            events = msgspec.json.decode(value, type=list[Happened]) if value else []
        except msgspec.MsgspecError as error:
            self._trouble.error("{key} is not understood: {error}", key=key, error=str(error))
            return
        for happened in events:
            self._note(happened)

    def _note(self, happened: Happened) -> None:
        revision = self._books.revision
        if not self._opened and revision <= self._known_revision:
            return
        position = max(self.log.last + 1, revision * WITHIN_REVISION)
        at_ms = happened.at_ms or int(self._world.wall() * 1000)
        self.log.note(attrs.evolve(happened, position=position, at_ms=at_ms))
        for follower in list(self.followers):
            follower()
