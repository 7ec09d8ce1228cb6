"""Keeps the programs of a cluster running: starts the registry first, stops it last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from twisted.internet.defer import Deferred, DeferredList, FirstError, gatherResults
from twisted.internet.defer import TimeoutError as DeadlineMissed

from pushnet.app.programs import Program, start_order, stop_order
from pushnet.app.supervised import StartFailed, State, Supervised
from pushnet.world import World

START_LIMIT_S = 90.0
"""A node waits 60 s for its registry; on a loaded machine its own start takes seconds."""
STOP_LIMIT_S = 20.0
"""A node gives each of its own steps a limit, 16 s in all; what is still there after this hangs."""


class Supervisor:
    """All programs of one cluster.

    Args:
        heard: gets each line a program writes.
        changed: called when a program changes its state.
    """

    def __init__(
        self,
        world: World,
        programs: Sequence[Program],
        heard: Callable[[Program, bytes], None],
        changed: Callable[[Supervised], None],
        stop_limit_s: float = STOP_LIMIT_S,
    ) -> None:
        self._world = world
        self._programs = list(programs)
        self._stop_limit_s = stop_limit_s
        self._stopping = False
        self.members = {
            program.name: Supervised(world, program, heard, changed) for program in self._programs
        }

    async def start(self) -> None:
        """Start everything; all serve when this returns. Raises `StartFailed`; stop what runs then."""
        for tier in start_order(self._programs):
            if self._stopping:
                return
            starts = [self._start(self.members[program.name]) for program in tier]
            try:
                await gatherResults(starts, consumeErrors=True)
            except FirstError as error:
                if not self._stopping:
                    error.subFailure.raiseException()
                return

    async def stop(self) -> None:
        """Stop everything, in order. Nothing runs any more when this returns."""
        self._stopping = True
        for member in self.members.values():
            member.retire()
        for tier in stop_order(self._programs):
            await DeferredList([self.members[program.name].stop(self._stop_limit_s) for program in tier])

    def kill(self, name: str, number: int) -> bool:
        """Send a signal to one program; False when it does not run at this moment."""
        return self.members[name].send(number)

    @property
    def serving(self) -> int:
        """How many programs serve at this moment."""
        return sum(member.state is State.SERVING for member in self.members.values())

    def _start(self, member: Supervised) -> Deferred[None]:
        started = member.start().addTimeout(START_LIMIT_S, self._world.clock)
        return started.addErrback(partial(_late, member))


def _late(member: Supervised, failure: object) -> None:
    """A program that runs but never serves is a failed start too."""
    reason = getattr(failure, "value", None)
    if isinstance(reason, DeadlineMissed):
        raise StartFailed(f"{member.program.name} does not serve after {START_LIMIT_S:.0f} s")
    failure.raiseException()  # type: ignore[attr-defined]
