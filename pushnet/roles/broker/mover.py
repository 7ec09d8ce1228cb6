"""Gives devices away, some at a time: where they go, each of them logs in.

A few leave about every tenth of a second, never more in a second than the limit says, unless all have to be
gone by some time. What was sent to a device that leaves, and what it has not acknowledged, follows it: it
says at its next login what it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from twisted.internet.task import deferLater

from pushnet.device.frames import Reason
from pushnet.grid.moving import Place
from pushnet.roles.broker.line import Line
from pushnet.roles.broker.tally import Tally
from pushnet.world import World

STEP_S: Final = 0.1
JITTER: Final = 0.5
"""Each pause is longer or shorter by up to this part of it."""


class Mover:
    """A newer order ends the one that is being carried out."""

    def __init__(self, world: World, moves_per_s: int, tally: Tally) -> None:
        self._world = world
        self._per_s = moves_per_s
        self._tally = tally
        self._order = 0

    async def move(self, lines: Sequence[Line], places: Sequence[Place], limit_s: float = 0.0) -> int:
        """Send each line's device to the place of the same number, where there is one, else anywhere.

        Returns how many were still here to be sent; after `limit_s`, when that is more than 0, all have been.
        """
        self._order += 1
        order = self._order
        rng = self._world.rng("broker.move")
        step = self._step(len(lines), limit_s)
        moved = 0
        for start in range(0, len(lines), step):
            if start:
                await deferLater(self._world.clock, STEP_S * rng.uniform(1.0 - JITTER, 1.0 + JITTER))
            if order != self._order:
                break
            for number in range(start, min(start + step, len(lines))):
                line = lines[number]
                if line.closed:
                    continue
                moved += 1
                self._tally.moved.inc()
                if number < len(places):
                    line.move(places[number].host, places[number].port)
                else:
                    line.close(Reason.GOING_AWAY)
        return moved

    def _step(self, count: int, limit_s: float) -> int:
        per_s = max(self._per_s, count / limit_s) if limit_s > 0 else self._per_s
        return max(1, int(per_s * STEP_S))
