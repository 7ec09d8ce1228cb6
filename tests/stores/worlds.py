"""One suite, two worlds: how a contract test of a store runs on real files and under a seed.

A suite is a mixin whose tests are coroutines under `@scenario`; `OnFiles` and `Simulated` play them.
`crash` ends the process without a word and gives the world of the next one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.sim import Simulation
from pushnet.world import World


def scenario(test: Callable[[Any], Coroutine[Any, Any, None]]) -> Callable[[Any], Any]:
    """Let a coroutine be a test that the case's world plays."""

    @functools.wraps(test)
    def play(self: Any) -> Any:
        return self.play(test(self))

    return play


class OnFiles(TestCase):
    """Real files in a folder of the test."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.world: World = RealWorld(reactor, self.folder)

    def play(self, flow: Coroutine[Any, Any, None]) -> Deferred[None]:
        return ensureDeferred(flow)

    def crash(self) -> World:
        """The next process finds what is on disk; the old one's files stay open, as its locks do not."""
        self.world = RealWorld(reactor, self.folder)
        return self.world

    async def bury(self, store: Any) -> None:
        """Close what a crash has left open in this test's process."""
        await store.close()

    async def pause(self, seconds: float) -> None:
        await deferLater(reactor, seconds)


class Simulated(TestCase):
    """A host of a simulation."""

    seed = 1

    def setUp(self) -> None:
        self.simulation = Simulation(self.seed)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("store")
        self.world: World = self.host.boot()

    def play(self, flow: Coroutine[Any, Any, None]) -> None:
        self.simulation.run_until(flow)

    def crash(self) -> World:
        self.host.kill()
        self.world = self.host.boot()
        return self.world

    async def bury(self, store: Any) -> None:
        """The simulation has closed it with its process."""

    async def pause(self, seconds: float) -> None:
        await self.simulation.sleep(seconds)
