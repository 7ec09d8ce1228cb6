"""Who waits at a registry until something changes: long polls, answered all at once."""

from __future__ import annotations

from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall

from pushnet.gen.pushnet.types import UnavailableException
from pushnet.world import World

WAIT_S_MAX: Final = 30.0
WAITING_MAX: Final = 10_000
"""At one registry, for one thing."""


class Waiters:
    """Those that wait for one thing; `what` names it."""

    def __init__(self, world: World, what: str, waiting_max: int = WAITING_MAX) -> None:
        self._world = world
        self._what = what
        self._waiting_max = waiting_max
        self._waiting: dict[Deferred[None], IDelayedCall] = {}

    async def wait(self, wait_ms: int) -> None:
        """Returns when it has changed, or the time is over. Raises `UnavailableException`."""
        if len(self._waiting) >= self._waiting_max:
            raise UnavailableException(f"{self._waiting_max} wait for {self._what} already")
        waiting: Deferred[None] = Deferred()
        wait_s = min(wait_ms / 1000, WAIT_S_MAX)
        self._waiting[waiting] = self._world.call_later(wait_s, self._answer, waiting)
        await waiting

    def answer(self) -> None:
        """It has changed, or nobody is to wait any longer."""
        for waiting in [*self._waiting]:
            self._answer(waiting)

    def _answer(self, waiting: Deferred[None]) -> None:
        due = self._waiting.pop(waiting, None)
        if due is not None:
            if due.active():
                due.cancel()
            waiting.callback(None)
