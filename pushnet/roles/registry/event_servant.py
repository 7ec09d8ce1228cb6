"""`PushNet/Events`: what happened in the grid, asked for page by page, and followed."""

from __future__ import annotations

from typing import Final

from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.event import EventFilter, EventPage, EventsServant, GridEvent
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.registry.event_log import Part
from pushnet.roles.registry.events import Events
from pushnet.rpc.stubs import Current
from pushnet.world import World

MOST_MAX: Final = 1000
WAIT_S_MAX: Final = 30.0
WAITING_MAX: Final = 1000


class EventsI(EventsServant):
    """Answers from the log of one registry."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events
        self._waiting: dict[Deferred[None], None] = {}
        self._waking = False
        self._closed = False
        events.followers.append(self._news)

    async def read(
        self, filter: EventFilter, after: int, most: int, waitMs: int, current: Current | None = None
    ) -> EventPage:
        until = self._world.monotonic() + min(max(waitMs, 0) / 1000, WAIT_S_MAX)
        most = min(max(most, 1), MOST_MAX)
        while True:
            try:
                part = await self._events.log.read(filter, after, most)
            except OSError as error:
                raise UnavailableException(f"the events cannot be read: {error}") from error
            left_s = until - self._world.monotonic()
            if part.events or part.more or left_s <= 0 or self._closed or len(self._waiting) >= WAITING_MAX:
                return self._page(part)
            after = part.next
            if self._events.log.last <= after:
                await self._something(left_s)

    def close(self) -> None:
        """Answer all who wait."""
        self._closed = True
        self._wake()

    async def _something(self, wait_s: float) -> None:
        waiting: Deferred[None] = Deferred()
        self._waiting[waiting] = None
        due = self._world.call_later(wait_s, self._answer, waiting)
        await waiting
        if due.active():
            due.cancel()

    def _news(self) -> None:
        if self._waiting and not self._waking:
            self._waking = True
            self._world.call_later(0, self._wake)

    def _wake(self) -> None:
        self._waking = False
        for waiting in list(self._waiting):
            self._answer(waiting)

    def _answer(self, waiting: Deferred[None]) -> None:
        if waiting in self._waiting:
            del self._waiting[waiting]
            waiting.callback(None)

    def _page(self, part: Part) -> EventPage:
        told = [
            GridEvent(event.position, event.at_ms, event.kind, event.who, event.text) for event in part.events
        ]
        return EventPage(told, part.next, part.more, int(self._world.wall() * 1000))
