"""One process of a server, from its start to its end.

    starting --ready--> serving --drain--> draining --ended--> over
        `------- drain, or too late --------^

It is ended by SIGTERM, and by SIGKILL when that has not helped within the limit. Whether it is ready is told
by who looks after it (`readiness.py`). One that has a check (`checking.py`) serves when that has said that
its answers are right, or when whoever runs it lets it serve all the same.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from enum import Enum
from typing import Final, Protocol

import attrs
from twisted.internet.interfaces import IDelayedCall

from pushnet.gen.pushnet.server import ServerPlan
from pushnet.world import SpawnedProcess, World

GENTLE_S: Final = 5.0
"""A process that starts gently does so no longer: on a busy machine it would not serve for minutes."""


class Life(Enum):
    """Where a run is; see the module's text."""

    starting = "starting"
    serving = "serving"
    draining = "draining"
    over = "over"


@attrs.frozen
class Kept:
    """What is kept of a run on disk, so that the next agent finds the process."""

    plan: ServerPlan
    pid: int
    began: str
    served: bool
    http: str
    log_from: int
    port: int


class Check(Protocol):
    """Asks a process, again and again, whether its answers are right; who made it gets what it says."""

    def begin(self) -> None: ...

    def end(self) -> None: ...


class Run:
    """One process.

    Args:
        generation: of the server's runs: a restart asks for a later one.
        changed: called with the run when its life has changed.
    """

    def __init__(
        self,
        world: World,
        plan: ServerPlan,
        process: SpawnedProcess,
        changed: Callable[[Run], object],
        *,
        generation: int = 0,
        log_from: int = 0,
        port: int = 0,
    ) -> None:
        self.plan = plan
        self.process = process
        self.generation = generation
        self.log_from = log_from
        """Where in the log its output begins."""
        self.port = port
        """The private one that it was given; 0: none."""
        self.life = Life.starting
        self.since = self.began_at = world.monotonic()
        self.http = ""
        self.served = False
        self.asked_to_end = False
        self.too_late = False
        """It did not serve within the limit, and was killed for that."""
        self.overdue = False
        """It did not end within the limit of its drain, and was killed for that."""
        self.status = 0
        self.check: Check | None = None
        self.objection = ""
        """What its check says against it; empty: nothing, or it has not said anything yet."""
        self._world = world
        self._changed = changed
        self._timer: IDelayedCall | None = world.call_later(plan.startLimitMs / 1000, self._late)
        self._gentle: IDelayedCall | None = world.call_later(GENTLE_S, self._hurry)
        process.exited.addCallback(self._ended)

    @property
    def live(self) -> bool:
        """It runs, and nobody has asked it to end."""
        return self.life in (Life.starting, Life.serving)

    def ready(self, http: str = "") -> None:
        """It serves, as far as can be seen from outside."""
        if self.life is Life.starting:
            self._hurry()
            self.http = http
            if self.check is None:
                self.serve()
            else:
                self.check.begin()

    def checked(self, objection: str) -> None:
        """What its check says; empty: its answers are right."""
        before, self.objection = self.objection, objection
        if self.life is Life.starting and not objection:
            self.serve()
        elif self.live and (objection != before):
            self._changed(self)

    def serve(self) -> None:
        """Callers may be led to it."""
        if self.life is Life.starting:
            self._stop_timer()
            self.served = True
            self._become(Life.serving)

    def served_before(self, http: str) -> None:
        """It served when an earlier agent knew it. Nobody is told."""
        self._stop_timer()
        self._stop_gentle()
        self.life = Life.serving
        self.served = True
        self.http = http

    def drain(self, limit_s: float) -> None:
        """Let it finish and end: SIGTERM, and SIGKILL after `limit_s`. Again: nothing."""
        if self.live:
            self.asked_to_end = True
            self._stop_timer()
            self._stop_check()
            self._timer = self._world.call_later(limit_s, self._overdue)
            self._become(Life.draining)
            self._hurry()
            self.process.signal(signal.SIGTERM)

    def kept(self) -> Kept:
        """What the next agent has to know."""
        return Kept(
            self.plan, self.process.pid, self.process.began, self.served, self.http, self.log_from, self.port
        )

    def _late(self) -> None:
        self._timer = None
        self.too_late = True
        self.process.signal(signal.SIGKILL)

    def _overdue(self) -> None:
        self._timer = None
        self.overdue = True
        self.process.signal(signal.SIGKILL)

    def _hurry(self) -> None:
        if self._gentle is not None:
            self._stop_gentle()
            self.process.hurry()

    def _stop_gentle(self) -> None:
        if self._gentle is not None and self._gentle.active():
            self._gentle.cancel()
        self._gentle = None

    def _ended(self, status: int) -> None:
        self._stop_timer()
        self._stop_gentle()
        self._stop_check()
        self.status = status
        self._become(Life.over)

    def _become(self, life: Life) -> None:
        self.life = life
        self.since = self._world.monotonic()
        self._changed(self)

    def _stop_check(self) -> None:
        if self.check is not None:
            self.check.end()

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None


def described(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
