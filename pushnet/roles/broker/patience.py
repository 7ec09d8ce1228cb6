"""Waiting between attempts when something behind the Broker does not answer."""

from __future__ import annotations

from collections.abc import Iterator

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from pushnet.world import World

PAUSE_FIRST_S = 0.25
PAUSE_MAX_S = 5.0


class Patience:
    """Growing pauses with jitter: ten thousand devices must not ask again at once."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._rng = world.rng(name)

    def pauses(self) -> Iterator[Deferred[None]]:
        """Deferreds that fire after longer and longer pauses, without end."""
        longest_s = PAUSE_FIRST_S
        while True:
            yield deferLater(self._world.clock, self._rng.uniform(longest_s / 2, longest_s))
            longest_s = min(longest_s * 2, PAUSE_MAX_S)
