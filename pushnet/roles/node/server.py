"""One server of a machine: which of its processes shall run, and what is to be done about it.

`settle` is called after every change (of the plan, of a wish, of a process, of time) and does the next thing:

* nothing is wanted: whatever runs drains;
* what runs is what is wanted: its predecessors drain as soon as it serves;
* it is not: the release is fetched, then the successor is started, before (StartFirst) or after (StopFirst)
  the predecessor has drained.

A successor that cannot be started leaves its predecessor in place, and so does one whose check says that its
answers are wrong, unless the check says that of the predecessor, too. One that has served and ends by itself
is started again after a pause that grows; one that never served likewise, but not soon while its predecessor
serves.

On demand, one that served and ends by itself with status 0 has been idle, as with `Ice.ServerIdleTime`: it
rests until somebody looks it up again. One that is to run once has run when it has ended, well or not.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from pushnet.gen.pushnet.server import Activation, Handover, ServerPhase, ServerPlan, ServerState
from pushnet.roles.node.backoff import Backoff
from pushnet.roles.node.run import Life, Run, described
from pushnet.world import World

SETTLED_S = 20.0
AGAIN_S = 15.0
"""A successor that could not be started is tried again after so long, if its predecessor serves: whoever
rolls has undone it by then, or wants it all the same."""
LAST_WORDS_CHARACTERS_MAX = 500
PREPARING = "preparing"
"""Among its resources while its release is fetched, though it serves."""
CHECK_FAILED = "check_failed"
"""Among its resources when its reason is what its check says."""
LAST_END = "last_end"
"""Among its resources when its reason is how its last process ended, before this one served."""
KILLED = "killed"
"""Among its resources: how many of its processes did not end when they were to."""
TRIES = "tries"
"""Among its resources: how often in a row it could not be started, if the last time it could not."""


class Wish(Enum):
    """What people want of a server, beyond its plan."""

    as_planned = "as planned"
    running = "running"
    stopped = "stopped"


class CannotStart(Exception):
    """A server cannot be started; the text says why."""


class Starter(Protocol):
    """What a server needs of the machine."""

    def prepare(self, plan: ServerPlan) -> Deferred[None]:
        """Have everything here that the plan wants: its release. Fails with the reason in its text."""
        ...

    def start(self, plan: ServerPlan, changed: Callable[[Run], object], generation: int) -> Run:
        """Start a process. Raises `CannotStart`."""
        ...

    def turn_to(self, run: Run) -> Deferred[None]:
        """Lead callers to this process, which serves. Fires when those before it may end."""
        ...

    def turn_away(self, id: str) -> Deferred[None]:
        """Let callers wait. Fires when what runs may end."""
        ...

    def last_words(self, run: Run) -> str:
        """The last line that it wrote, as far as it explains an end."""
        ...


class Server:
    """Everything that runs, or is to run, under one id.

    Args:
        changed: called after each change of what `state` tells, and of what is to be kept on disk.
    """

    def __init__(self, world: World, id: str, starter: Starter, changed: Callable[[Server], object]) -> None:
        self.id = id
        self.plan: ServerPlan | None = None
        self.runs: list[Run] = []
        """The oldest first."""
        self.wish = Wish.as_planned
        self.restarts = 0
        self.killed = 0
        """How many of its processes did not end when they were to."""
        self.last_status: int | None = None
        """How its last process ended: exit status, or the signal as a negative number."""
        self.reason = ""
        self.last_end = ""
        """Why it was started again, as long as it serves since."""
        self._world = world
        self._starter = starter
        self._changed = changed
        self._backoff = Backoff()
        self._timer: IDelayedCall | None = None
        self._generation = 0
        self._failed: ServerPlan | None = None
        self._done: ServerPlan | None = None
        """The plan of a server that runs once, and has."""
        self._phase = ServerPhase.Resting
        self._since = world.monotonic()
        """When it came into this phase."""
        self._prepared: ServerPlan | None = None
        self._preparing = False
        self._turning: Run | None = None
        """Whom callers are being led to, or were; None: nobody."""
        self._turned = True
        """They have been."""
        self._tries = 0
        """How often in a row it could not be started."""
        self._waiting: list[tuple[Callable[[], bool], Deferred[None]]] = []

    # What is asked of it.

    def remember(self, plan: ServerPlan, wish: Wish, done: bool) -> None:
        """As the last agent had it. Nothing is done about it before `settle`."""
        self.plan = plan
        self.wish = wish
        self._done = plan if done else None

    def missed(self, plan: ServerPlan) -> None:
        """A process that was to run once has ended while no agent watched: nobody knows how."""
        if plan == self.plan and plan.activation is Activation.Once:
            self._done = self._failed = plan
            self.reason = f"it ended while its agent was away; `pushnet server start {self.id}` runs it again"

    def take(self, plan: ServerPlan | None) -> None:
        """From now on this is the plan; None: it is no server of this machine any more."""
        if plan != self.plan:
            self.plan = plan
            self.reason = self.last_end = ""
            self._failed = None
            self._tries = 0
            self._stop_timer()
            self._backoff = Backoff()
            self.settle()

    def want(self, wish: Wish) -> None:
        """People have said so."""
        self.wish = wish
        self._failed = None
        self._done = None
        self._stop_timer()
        self.settle()

    def activate(self) -> None:
        """Somebody looks for a server on demand."""
        plan = self.plan
        if self.wish is Wish.as_planned and plan is not None and plan.activation is Activation.OnDemand:
            self.want(Wish.running)

    def again(self) -> None:
        """Replace what runs by a successor of the same plan."""
        self._generation += 1
        self._failed = None
        self._stop_timer()
        self.settle()

    def adopt(self, run: Run) -> None:
        """A process that an earlier agent has started."""
        run.generation = self._generation
        self.runs.append(run)

    @property
    def wanted(self) -> bool:
        """Whether it is to run."""
        plan = self.plan
        if plan is None or self.wish is Wish.stopped:
            return False
        if self.wish is Wish.running or plan.activation is Activation.Always:
            return True
        return plan.activation is Activation.Once and plan != self._done

    def serving(self) -> Deferred[None]:
        """Fires when what is wanted serves, or has run once; fails with `CannotStart`."""
        return self._when(lambda: self._newest() is not None and self._is_current(self._newest()))

    def rested(self) -> Deferred[None]:
        """Fires when nothing runs."""
        return self._when(lambda: not self.runs)

    # What it tells.

    @property
    def done(self) -> bool:
        """It was to run once, and has."""
        return self._done is not None and self._done == self.plan

    @property
    def phase(self) -> ServerPhase:
        if any(run.life is Life.serving for run in self.runs):
            return ServerPhase.Serving
        if any(run.life is Life.starting for run in self.runs):
            return ServerPhase.Starting
        if self.runs:
            return ServerPhase.Draining
        if self._preparing:
            return ServerPhase.Fetching
        if self._timer is not None:
            return ServerPhase.Pausing
        return ServerPhase.Failed if self._failed is not None else ServerPhase.Resting

    @property
    def serves_plan(self) -> ServerPlan | None:
        """The plan of the newest process that serves."""
        shown = self._shown()
        return shown.plan if shown is not None and shown.life is Life.serving else None

    def state(self, agent: str) -> ServerState:
        """As the registry and people are told; of resources only what is known of it here."""
        shown = self._shown()
        plan = self.plan or (shown.plan if shown else ServerPlan())
        since = shown.since if shown else self._since
        told = {PREPARING: 1.0} if self._preparing else {}
        objection = shown.objection if shown is not None and shown.life is Life.serving else ""
        why = self.reason or objection
        if objection and not self.reason:
            told[CHECK_FAILED] = 1.0
        elif not why and self.last_end and self.phase is ServerPhase.Serving:
            why = self.last_end
            told[LAST_END] = 1.0
        if self._tries:
            told[TRIES] = float(self._tries)
        if self.killed:
            told[KILLED] = float(self.killed)
        return ServerState(
            id=self.id,
            kind=plan.kind,
            agent=agent,
            phase=self.phase,
            version=shown.plan.version if shown else "",
            versionWanted=self.plan.version if self.plan else "",
            pid=shown.process.pid if shown else 0,
            restarts=self.restarts,
            sinceMs=int((self._world.monotonic() - since) * 1000),
            http=shown.http if shown else "",
            reason=why,
            resources=told,
        )

    # What it does.

    def settle(self) -> None:
        """Do the next thing, if there is one, and tell."""
        if not self.wanted:
            self._drain_all()
        else:
            self._towards_the_plan()
        if self.phase is not self._phase:
            self._phase, self._since = self.phase, self._world.monotonic()
        self._changed(self)
        self._answer()

    def _towards_the_plan(self) -> None:
        plan, newest = self.plan, self._newest()
        assert plan is not None
        fitting = [run for run in self.runs if run.live and self._fits(run)]
        serving = [run for run in fitting if run.life is Life.serving]
        if serving:  # also when a successor was on its way that is not wanted any more
            if self._leads_to(serving[-1]):
                for run in self.runs:
                    if run is not serving[-1]:
                        self._drain(run)
            return
        if fitting and fitting[-1] is newest:
            return
        if self._failed == plan or self._timer is not None:
            return
        if self._prepared != plan:
            self._prepare(plan)
            return
        if newest is not None and newest.life is Life.starting:
            self._drain(newest)  # of an earlier plan, and nobody relies on it; its change is settled in there
            return
        if plan.handover is Handover.StopFirst and self.runs:
            self._drain_all()
            return
        self._start(plan)

    def _start(self, plan: ServerPlan) -> None:
        try:
            run = self._starter.start(plan, self.run_changed, self._generation)
        except CannotStart as error:
            self._could_not(plan, str(error))
        else:
            self.runs.append(run)

    def _drain_all(self) -> None:
        """Nobody is to serve."""
        if any(run.live for run in self.runs) and self._leads_to(None):
            for run in self.runs:
                self._drain(run)

    def _leads_to(self, run: Run | None) -> bool:
        """Whether callers have been led to this process, or away from all; if not, that is begun."""
        if self._turning is run:
            return self._turned
        self._turning = run
        self._turned = False
        turning = self._starter.turn_to(run) if run is not None else self._starter.turn_away(self.id)
        at_once = turning.called and not turning.paused

        def turned(result: object) -> None:
            if isinstance(result, Failure):
                self.reason = result.getErrorMessage()
            if self._turning is run:
                self._turned = True
                if not at_once:
                    self.settle()

        self._world.background(f"turning to {self.id}", turning.addBoth(turned))
        return self._turned

    def _drain(self, run: Run) -> None:
        run.drain(run.plan.stopLimitMs / 1000)

    def _prepare(self, plan: ServerPlan) -> None:
        if self._preparing:
            return
        self._preparing = True

        def prepared(result: object) -> None:
            self._preparing = False
            if isinstance(result, Failure):
                if plan == self.plan:
                    self._could_not(plan, result.getErrorMessage())
            else:
                self._prepared = plan
            self.settle()

        self._world.background(f"preparing {self.id}", self._starter.prepare(plan).addBoth(prepared))

    def run_changed(self, run: Run) -> None:
        if run.life is Life.over:
            self.last_status = run.status
            self.killed += run.overdue
            self.runs.remove(run)
            if self._turning is run:
                self._turning, self._turned = None, True
            if not run.asked_to_end:
                self._ended_by_itself(run)
        elif run.life is Life.serving:
            self.reason = ""
            self._tries = 0
        elif run.life is Life.starting and run.objection:
            self._answers_wrong(run)
        self.settle()

    def _answers_wrong(self, run: Run) -> None:
        """Its check has said so before anybody was led to it."""
        others = [each for each in self.runs if each.life is Life.serving and not each.objection]
        if not others:
            run.serve()  # better than nobody; that it answers wrong is told
            return
        self._could_not(run.plan, f"does not answer right: {run.objection}"[:LAST_WORDS_CHARACTERS_MAX])
        self._drain(run)

    def _ended_by_itself(self, run: Run) -> None:
        how = "did not serve in time" if run.too_late else f"ended with {described(run.status)}"
        told = f"{how}: {self._starter.last_words(run)}"[:LAST_WORDS_CHARACTERS_MAX]
        if run.plan.activation is Activation.Once and not run.too_late:
            self._ran_once(run, told)
        elif run.plan.activation is Activation.OnDemand and run.served and run.status == 0:
            self.wish = Wish.as_planned if self.wish is Wish.running else self.wish
        elif not run.served:
            self._could_not(run.plan, told)
        elif run.plan == self.plan:
            self.reason = self.last_end = told
            self.restarts += 1
            self._pause(self._world.monotonic() - run.began_at)
        elif self._failed is not None and not any(each.live for each in self.runs):
            self._pause(0.0)  # it was all that served

    def _ran_once(self, run: Run, told: str) -> None:
        """It is not begun again by itself: whoever has it run once does not expect half of it twice."""
        self._done = run.plan
        self.wish = Wish.as_planned
        if run.status != 0 and run.plan == self.plan:
            self._failed = run.plan
            self.reason = told

    def _could_not(self, plan: ServerPlan, reason: str) -> None:
        """A plan cannot be started. It is tried again later."""
        self.reason = reason
        if plan == self.plan:
            self._failed = plan
            self._tries += 1
            if plan.activation is not Activation.Once:
                self._pause(0.0, AGAIN_S if any(run.live for run in self.runs) else 0.0)

    def _pause(self, ran_s: float, least_s: float = 0.0) -> None:
        self._stop_timer()
        self._timer = self._world.call_later(max(least_s, self._backoff.pause_s(ran_s)), self._go_on)

    def _go_on(self) -> None:
        self._timer = None
        self._failed = None
        self.settle()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # Which run is which.

    def _newest(self) -> Run | None:
        live = [run for run in self.runs if run.live]
        return live[-1] if live else None

    def _fits(self, run: Run) -> bool:
        return run.plan == self.plan and run.generation == self._generation

    def _is_current(self, run: Run | None) -> bool:
        return run is not None and run.life is Life.serving and self._fits(run)

    def _shown(self) -> Run | None:
        """The newest that serves; else the newest."""
        serving = [run for run in self.runs if run.life is Life.serving]
        return serving[-1] if serving else self.runs[-1] if self.runs else None

    # Who waits.

    def _when(self, condition: Callable[[], bool]) -> Deferred[None]:
        waiting: Deferred[None] = Deferred(lambda _: None)
        self._waiting.append((condition, waiting))
        self._answer()
        return waiting

    def _answer(self) -> None:
        for each in list(self._waiting):
            condition, waiting = each
            if waiting.called:
                self._waiting.remove(each)
            elif condition():
                self._waiting.remove(each)
                waiting.callback(None)
            elif self._failed is not None and self._failed == self.plan:
                self._waiting.remove(each)
                waiting.errback(CannotStart(f"{self.id}: {self.reason}"))
            elif self.done:
                self._waiting.remove(each)
                waiting.callback(None)
            elif not self.wanted and not self.runs:
                self._waiting.remove(each)
                waiting.errback(CannotStart(f"{self.id}: it is not to run any more"))
