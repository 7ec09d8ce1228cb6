"""A shard's change log in memory, and a simulated process that follows it."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import Change, ChangePage
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.sim import Simulation
from tests.roles.tagalias.logs import LOG, page


class FakeShard:
    """A change log that can be added to, go away, and be begun anew."""

    def __init__(self) -> None:
        self.log = LOG
        self.changes_: list[Change] = []
        self.down = False
        self.asked: list[tuple[int, int]] = []
        self._waiting: list[Deferred[None]] = []

    async def changes(self, since: int, max: int, waitMs: int) -> ChangePage:
        self.asked.append((since, waitMs))
        if self.down:
            raise UnavailableException("down")
        if since == len(self.changes_) and waitMs:
            turn: Deferred[None] = Deferred()
            self._waiting.append(turn)
            await turn
        return page(*self.changes_[since : since + max], since=since, head=len(self.changes_), log=self.log)

    def add(self, *changes: Change) -> None:
        self.changes_ += changes
        self._wake()

    def lose(self) -> None:
        """Begin a log anew, as a shard that has lost its disk."""
        self.changes_ = []
        self.log += 1
        self._wake()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for turn in waiting:
            if not turn.called:
                turn.callback(None)


class ProcessCase(SynchronousTestCase):
    """A test with one simulated process."""

    def setUp(self) -> None:
        self.simulation = Simulation(5)
        self.addCleanup(self.simulation.close)
        self.run_until = self.simulation.run_until
        self.host = self.simulation.host("tagalias-1")
        self.world = self.host.boot()

    def restart(self) -> None:
        """As kill -9, and boot again."""
        self.host.kill()
        self.world = self.host.boot()
