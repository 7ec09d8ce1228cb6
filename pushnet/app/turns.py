"""Other settings reach the processes of `pushnet up` in waves, as a grid's (`pushnet.grid.waves`).

The registry holds nobody who has no agent: it cannot know whether anybody runs them. Whoever runs them all
himself needs no registry for it. What is held goes on with the plan that it has, but for its version, which
is a roll's business. Nothing of it is kept: the next `pushnet up` starts everything with the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from pushnet.gen.pushnet.server import ServerPhase, ServerPlan
from pushnet.grid.waves import Standing, Waits, Wave, step
from pushnet.roles.node.server import PREPARING, Server


class Turns:
    """Whose turn it is.

    Args:
        servers: those that are kept, by name.
    """

    def __init__(self, servers: Mapping[str, Server]) -> None:
        self._servers = servers
        self._wanted: dict[str, ServerPlan] = {}
        self._waves: dict[str, Wave] = {}
        self._waits = Waits()

    def want(self, plans: Sequence[ServerPlan]) -> None:
        """From now on these plans are to be reached."""
        self._wanted = {plan.id: plan for plan in plans}
        held: dict[str, dict[str, int]] = {}
        for plan in plans:
            if self._goes_by(plan) != plan:
                held.setdefault(plan.kind, {})[plan.id] = 0
        waves: dict[str, Wave] = {}
        for kind in [*self._waves, *(kind for kind in held if kind not in self._waves)]:
            told = self._waves[kind].told if kind in self._waves else {}
            these = held.get(kind, {})
            waves[kind] = Wave(these if len(these) + len(told) > 1 else {}, told)
        self._waves = {kind: wave for kind, wave in waves.items() if not wave.over}

    def plans(self) -> list[ServerPlan]:
        """What is to be followed now."""
        held = {name for wave in self._waves.values() for name in wave.held}
        return [self._goes_by(plan) if plan.id in held else plan for plan in self._wanted.values()]

    def step(self, now: float) -> list[str]:
        """Go on where somebody is back. Returns what is to be told of waves that are halted or over."""
        news: list[str] = []
        for kind, wave in list(self._waves.items()):
            names = [name for name, plan in self._wanted.items() if plan.kind == kind]
            late = self._waits.overdue(kind, wave, now, self._limit_s)
            after = step(wave, [self._standing(name) for name in names], late)
            self._waves[kind] = after
            if after.halted and after.halted != wave.halted:
                left = f"{len(after.held)} of the kind go on with the settings before"
                news.append(f"{kind}: {after.halted}; {left}")
            if after.over:
                del self._waves[kind]
                news.append(f"{kind}: other settings have reached every process")
        return news

    @property
    def over(self) -> bool:
        return not self._waves

    def _goes_by(self, plan: ServerPlan) -> ServerPlan:
        """What a process has now, of the version that is wanted; the plan itself where there is none yet."""
        server = self._servers.get(plan.id)
        now = server.plan if server is not None else None
        if now is None:
            return plan
        return attrs.evolve(now, version=plan.version) if now.release == plan.release else now

    def _standing(self, name: str) -> Standing:
        server = self._servers.get(name)
        if server is None:
            return Standing(name, 0, False, True)
        state = server.state("")
        resting = state.phase is ServerPhase.Resting and not state.reason
        serving = state.phase is ServerPhase.Serving
        settled = serving and not state.reason and PREPARING not in state.resources
        return Standing(name, state.pid, serving, resting, settled)

    def _limit_s(self, name: str) -> float:
        plan = self._wanted.get(name, ServerPlan())
        return (plan.startLimitMs + plan.stopLimitMs) / 1000
