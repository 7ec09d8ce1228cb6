"""Between an agent and the registries: plans come in by long polls, states go out with every change.

While no registry answers, the agent goes by the plan it has. It takes no plan with a lower number, not even
after it was started again: a registry may have fallen behind. One that was restored from a backup numbers its
plans anew when the operator says so (`pushnet restored`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.gen.pushnet.cluster import AgentPlan, ClusterPrx
from pushnet.gen.pushnet.server import ServerState
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

WAIT_MS: Final = 20_000
"""Of one long poll."""
MARGIN_MS: Final = 5_000
PAUSE_FIRST_S: Final = 0.2
PAUSE_MAX_S: Final = 2.0
REPORT_S: Final = 1.0
REPORT_LIMIT_MS: Final = 2_000


class Following:
    """One agent's side.

    Args:
        cluster: at all registries.
        planned_as: whose plan it follows, when not its own: "" is that of processes without an agent.
        epoch: of the agent's lease; 0 while it has none.
        known: the number of the plan that it goes by, also before it was started.
        took: gets each new plan.
        states: how the servers are.
    """

    def __init__(
        self,
        world: World,
        agent: str,
        cluster: ClusterPrx,
        *,
        planned_as: str | None = None,
        epoch: Callable[[], int],
        known: Callable[[], int],
        took: Callable[[AgentPlan], object],
        states: Callable[[], Sequence[ServerState]],
    ) -> None:
        self._world = world
        self._agent = agent
        self._planned_as = agent if planned_as is None else planned_as
        self._cluster = cluster
        self._epoch = epoch
        self._known = known
        self._took = took
        self._states = states
        self._planning: Deferred[None] | None = None
        self._timer: IDelayedCall | None = None
        self._telling = False
        self._untold = False
        self._stopped = False
        self._answered = True
        self._refused = 0
        """The plan that it went by when it was last told an older one."""
        self._log = Logger(namespace="pushnet.node")

    def start(self) -> None:
        self._planning = Deferred.fromCoroutine(self._plan())
        self._world.background("following the plan", self._planning)
        self._tell_later(0.0)

    def stop(self) -> None:
        self._stopped = True
        if self._planning is not None:
            self._planning.cancel()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def changed(self) -> None:
        """Something is to be told at once."""
        self._untold = True
        if not self._telling and not self._stopped:
            self._tell_later(0.0)

    async def _plan(self) -> None:
        pause_s = PAUSE_FIRST_S
        known = self._known()
        limited = ClusterPrx.uncheckedCast(self._cluster.ice_invocationTimeout(WAIT_MS + MARGIN_MS))
        assert limited is not None, "a proxy with a timeout is a proxy"
        try:
            while not self._stopped:
                try:
                    plan = await limited.plan(self._planned_as, known, WAIT_MS if known else 0)
                except (LocalException, UnavailableException) as error:
                    if self._stopped:
                        return
                    self._silent(error)
                    await deferLater(self._world.clock, pause_s)
                    pause_s = min(pause_s * 2, PAUSE_MAX_S)
                    continue
                pause_s = PAUSE_FIRST_S
                self._heard()
                if plan.generation < max(known, 1):
                    self._older(plan.generation, known)
                    await deferLater(self._world.clock, PAUSE_MAX_S)
                elif plan.generation != known:
                    known = plan.generation
                    self._refused = 0
                    self._took(plan)
        except CancelledError:
            return

    def _older(self, told: int, known: int) -> None:
        """Said once, until a plan was taken."""
        if known and self._refused != known:
            self._refused = known
            self._log.error(
                "a registry tells plan {told}, older than {known}, which this agent goes on with: if the"
                " registry was restored from a backup, `pushnet restored` says that its plans hold",
                told=told,
                known=known,
            )

    def _silent(self, error: Exception) -> None:
        if self._answered:
            self._answered = False
            told = f"{type(error).__name__}: {error}"
            self._log.warn("no registry tells the plan, going by generation {known}: {error}",
                           known=self._known(), error=told)  # fmt: skip

    def _heard(self) -> None:
        if not self._answered:
            self._answered = True
            self._log.info("a registry tells the plan again")

    def _tell_later(self, delay_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._world.call_later(delay_s, self._tell)

    def _tell(self) -> None:
        self._timer = None
        self._untold = False
        self._telling = True
        work = Deferred.fromCoroutine(self._report()).addBoth(self._told)
        self._world.background("telling how servers are", work)

    async def _report(self) -> None:
        limited = ClusterPrx.uncheckedCast(self._cluster.ice_invocationTimeout(REPORT_LIMIT_MS))
        assert limited is not None, "a proxy with a timeout is a proxy"
        if self._epoch():
            try:
                await limited.report(self._agent, self._epoch(), list(self._states()))
            except (LocalException, UnavailableException):
                return  # the next one tells all of it again

    def _told(self, result: object) -> object:
        self._telling = False
        if not self._stopped:
            self._tell_later(0.0 if self._untold else REPORT_S)
        return result
