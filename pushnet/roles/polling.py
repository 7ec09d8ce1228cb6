"""Following what the registries tell of: one long poll after the other, with pauses while none answers.

A change reaches all who follow at once. What is told has a number; who knows it is answered when there is
another one, or after some seconds with the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Generic, Protocol, TypeVar

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import deferLater

from pushnet.gen.pushnet.types import UnavailableException
from pushnet.rpc.exceptions import LocalException, OperationNotExistException
from pushnet.world import World

WAIT_MS: Final = 20_000
"""Of one long poll."""
LIMIT_MS: Final = WAIT_MS + 5_000
"""For its call."""
PAUSE_FIRST_S: Final = 0.2
PAUSE_MAX_S: Final = 2.0
PAUSE_OLD_S: Final = 60.0
"""Before a registry of a version that knows nothing of it is asked again: it may have been rolled by then."""


class Numbered(Protocol):
    """What is told."""

    @property
    def number(self) -> int: ...


N = TypeVar("N", bound=Numbered)


class Polling(Generic[N]):
    """One thing that is followed.

    Args:
        what: is done, among what is told of the background.
        ask: takes the number that is known and for how many milliseconds an answer may be waited for; its
            proxy has `LIMIT_MS`.
        take: given what is new.
        silent: told once that nobody answers, and why, until somebody has.
    """

    def __init__(
        self,
        world: World,
        what: str,
        ask: Callable[[int, int], Awaitable[N]],
        take: Callable[[N], object],
        silent: Callable[[str], object],
    ) -> None:
        self.known = -1
        """The number of what was told last; negative before anything was."""
        self._world = world
        self._what = what
        self._ask = ask
        self._take = take
        self._silent = silent
        self._answered = True
        self._following: Deferred[None] | None = None

    @property
    def running(self) -> bool:
        return self._following is not None

    def start(self) -> None:
        self._following = Deferred.fromCoroutine(self._follow())
        self._world.background(self._what, self._following)

    def stop(self) -> None:
        if self._following is not None:
            following, self._following = self._following, None
            following.cancel()

    async def _follow(self) -> None:
        pause_s = PAUSE_FIRST_S
        try:
            while True:
                try:
                    told = await self._ask(self.known, WAIT_MS if self.known >= 0 else 0)
                except (LocalException, UnavailableException) as error:
                    if self._following is None:  # it is the end of this call, as it was cancelled
                        return
                    if self._answered:
                        self._answered = False
                        self._silent(f"{type(error).__name__}: {error}")
                    old = isinstance(error, OperationNotExistException)
                    await deferLater(self._world.clock, PAUSE_OLD_S if old else pause_s)
                    pause_s = min(pause_s * 2, PAUSE_MAX_S)
                    continue
                pause_s = PAUSE_FIRST_S
                self._answered = True
                if told.number != self.known:
                    self.known = told.number
                    self._take(told)
        except CancelledError:
            return
