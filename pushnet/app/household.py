"""The processes of one file on this machine, as their own agent: what `pushnet up` starts, keeps and stops.

It is an agent (`pushnet.roles.node`) whose plan is first the file itself, and from when the registry has
other settings what those say of processes without an agent. Its name in the grid is `local`, so that
`pushnet logs`, `servers` and `deploy` reach them. Other settings reach the processes of a kind one after the
other (`turns`). Its processes end when it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs
from twisted.internet.defer import DeferredList, FirstError, gatherResults
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from pushnet.app.board import Standing
from pushnet.app.programs import NOBODY, own_plans, start_order, stop_order
from pushnet.app.turns import Turns
from pushnet.gen.pushnet.cluster import (
    AgentPlan,
    BadSettingsException,
    ClusterPrx,
    GenerationException,
)
from pushnet.gen.pushnet.server import Activation, ServerPhase, ServerPlan
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.settings import NodeSettings, SettingsError, load_settings
from pushnet.roles.base import Parts
from pushnet.roles.node.server import Server, Wish
from pushnet.roles.node.service import NodeService
from pushnet.rpc.exceptions import LocalException

LOCAL: Final = "local"
LOOK_S: Final = 0.25
"""Between two looks whether who was given other settings is back."""
SETTINGS: Final = NodeSettings(name=LOCAL, role="node")
_TOLD: Final = {
    ServerPhase.Resting: "resting",
    ServerPhase.Starting: "starting",
    ServerPhase.Serving: "serving",
    ServerPhase.Pausing: "pausing",
    ServerPhase.Failed: "pausing",
}


class StartFailed(Exception):
    """A program ended before it served; the text has its name, its status and its last words."""


class Household(NodeService):
    """All processes of one file.

    Args:
        text: of the file.
        heard: gets the name of a process with each line that it writes.
        changed: called when a process is otherwise than before.
    """

    planned_as = NOBODY

    def __init__(
        self,
        parts: Parts,
        text: str,
        heard: Callable[[str, bytes], object],
        changed: Callable[[Standing], object],
    ) -> None:
        self.heard = heard
        super().__init__(parts)
        self._text = text
        self._tell = changed
        self.said: Callable[[str], object] = lambda news: self.parts.log.info("{news}", news=news)
        """Gets what a person is to know."""
        self._turns = Turns(self.fleet.servers)
        self._followed: list[ServerPlan] = []
        self._due: IDelayedCall | None = None
        self.standings: dict[str, Standing] = {}
        self._stopping = False

    async def open(self) -> None:
        """Start everything; all serve when this returns. Raises `StartFailed`."""
        await self.library.open()
        await self._supply.open()
        await self.identify()
        deployed = {plan.id: plan for plan in await self.fleet.clear()}
        plans = [_deployed(plan, deployed.get(plan.id)) for plan in own_plans(self.parts.settings)]
        wanted: list[ServerPlan] = []
        for tier in start_order(plans):
            if self._stopping:
                return
            wanted += tier
            self.fleet.follow(0, self._text, wanted)
            kept = [plan.id for plan in tier if plan.activation is Activation.Always]
            try:
                await gatherResults([self.fleet.servers[id].serving() for id in kept], consumeErrors=True)
            except FirstError as first:
                if self._stopping:
                    return
                await self.fleet.output.catch_up()
                raise _told(first.subFailure) from first
        await self.offer()
        self.connect()
        await self._apply()

    async def close(self) -> None:
        """Stop everything, in order. Nothing runs any more when this returns."""
        self._stopping = True
        if self._due is not None and self._due.active():
            self._due.cancel()
        if self._following is not None:
            self._following.stop()
        if self._joining is not None:
            self._joining.cancel()
        await self.parts.membership.stop()
        kinds = {server.id: server.plan.kind for server in self.fleet.states() if server.plan is not None}
        for tier in stop_order(kinds):
            members = [self.fleet.servers[id] for id in tier if id in self.fleet.servers]
            for member in members:
                member.want(Wish.stopped)
            await DeferredList([member.rested() for member in members])
        await self.fleet.output.catch_up()
        await super().close()

    def kill(self, name: str, number: int) -> bool:
        """Send a signal to one process; False when it does not run at this moment."""
        server = self.fleet.servers.get(name)
        if server is None or not server.runs:
            return False
        server.runs[-1].process.signal(number)
        return True

    def _changed(self, server: Server) -> None:
        super()._changed(server)
        state = server.state(LOCAL)
        told = _TOLD.get(state.phase)
        if told is None:
            return
        standing = Standing(
            state.id, state.kind, told, state.pid, state.http, state.restarts, server.last_status
        )
        before = self.standings.get(state.id, Standing(state.id, state.kind))
        self.standings[state.id] = standing
        if attrs.evolve(standing, ended=before.ended) != before:  # not that a predecessor has ended
            self._tell(standing)

    def _took(self, plan: AgentPlan) -> None:
        """The registry has other settings. Agents are nobody's servers, but ours."""
        try:
            settings = load_settings(plan.settings, "the registry")
        except SettingsError as error:
            self.parts.log.error("the plan cannot be used: {error}", error=str(error))
            return
        told = {each.id: each for each in plan.servers}
        self._turns.want([_deployed(each, told.get(each.id)) for each in own_plans(settings)])
        self._take_turns(plan.generation, plan.settings)

    def _take_turns(self, generation: int, text: str) -> None:
        """Follow what may be followed now, and look again while there are some whose turn has not come."""
        for news in self._turns.step(self.parts.world.monotonic()):
            self.said(news)
        plans = self._turns.plans()
        if plans != self._followed or generation != self.fleet.generation:
            self._followed = plans
            self.fleet.follow(generation, text, plans)
        if self._due is not None and self._due.active():
            self._due.cancel()
        if not self._turns.over and not self._stopping:
            self._due = self.parts.world.call_later(LOOK_S, self._take_turns, generation, text)

    async def _apply(self) -> None:
        """Have the registry know the file, unless it does: what is rolled has to stand in its settings."""
        cluster = self._at(ClusterPrx, ":".join(["PushNet/Cluster", *self.parts.settings.doors]))
        try:
            newest = await cluster.history(1)
            if not newest or await cluster.settings(0) != self._text:
                expected = newest[0].number if newest else 0
                await cluster.apply(self._text, expected, "pushnet up", "as in the file that was started")
        except (BadSettingsException, GenerationException, UnavailableException, LocalException) as error:
            self.parts.log.warn("the registry does not know the file: {error}", error=str(error))


def _deployed(own: ServerPlan, told: ServerPlan | None) -> ServerPlan:
    """Our plan, of the version that was deployed: it holds over that of the file."""
    if told is None or told.release != own.release or not told.version:
        return own
    return attrs.evolve(own, version=told.version)


def _told(failure: Failure) -> StartFailed:
    return StartFailed(failure.getErrorMessage().replace(": ", " ", 1))
