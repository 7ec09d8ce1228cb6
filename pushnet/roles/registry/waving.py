"""Lets other settings reach the servers of a kind in waves (`pushnet.grid.waves`), while this registry leads.

What is held and who was told stands in the state (`wave/<kind>`), put there by whoever applied the settings,
and is part of what plans are made of. Each step is one commit that only a leader can make, so the next leader
goes on. A kind that is being rolled waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.waves import Standing, Waits, Wave, step
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.leading import Leading, NotLeading
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import WAVE
from pushnet.roles.registry.rolling_facts import Facts
from pushnet.roles.registry.writing import NotSaved
from pushnet.stores.registry.state import Change, Put
from pushnet.world import World

HEAR_LIMIT_S: Final = 10.0
"""A new leader waits for each agent's word, but not longer: who is silent then is out."""


class Waving:
    """Of one registry; does something while it leads.

    Args:
        rolled: whether a roll of that kind is under way.
    """

    def __init__(
        self,
        world: World,
        ledger: Ledger,
        leading: Leading,
        book: ClusterBook,
        facts: Facts,
        rolled: Callable[[str], bool],
    ) -> None:
        self._world = world
        self._ledger = ledger
        self._leading = leading
        self._book = book
        self._facts = facts
        self._rolled = rolled
        self._waits = Waits()
        self._leads_since: float | None = None
        self._busy: dict[str, None] = {}
        self._log = Logger(namespace="pushnet.registry")

    def tick(self) -> None:
        """Do what is to be done for every kind; several times a second."""
        if not self._leading.leads:
            self._leads_since = None
            self._waits.clear()
            return
        now = self._world.monotonic()
        self._leads_since = now if self._leads_since is None else self._leads_since
        for kind, wave in self._book.waves.items():
            if not wave.over and kind not in self._busy and not self._rolled(kind):
                self._busy[kind] = None
                work = Deferred.fromCoroutine(self.step(kind)).addBoth(self._stepped, kind)
                self._world.background("registry.waving", work)

    async def step(self, kind: str) -> None:
        """One look at one kind, and what follows from it."""
        made: list[tuple[Wave, Wave]] = []

        def decide() -> Sequence[Change]:
            made.clear()
            wave = self._book.waves.get(kind)
            if wave is None or wave.over or not self._may_judge(kind):
                return []
            late = self._waits.overdue(kind, wave, self._world.monotonic(), self._limit_s)
            after = step(wave, [self._standing(each) for each in self._facts.states(kind)], late)
            made.append((wave, after))
            return [Put(WAVE + kind, after.to_json())] if after != wave else []

        try:
            await self._leading.submit(decide, [WAVE + kind])
        except (NotLeading, NotSaved) as unable:
            self._log.info("the settings of {kind} wait: {why}", kind=kind, why=str(unable))
            return
        for before, after in made:
            self._tell(kind, before, after)

    def _tell(self, kind: str, before: Wave, after: Wave) -> None:
        if after.halted and after.halted != before.halted:
            left = f"{len(after.held)} of the kind go on with the settings before"
            self._log.error("{kind}: {why}; {left}", kind=kind, why=after.halted, left=left)
            self._ledger.events.record("settings.halted", kind, f"{after.halted}; {left}")
        if after.over:
            self._ledger.events.record("settings.reached", kind, "every server goes by them")

    def _limit_s(self, server: str) -> float:
        process = self._book.process(server)
        return process.start_limit_s + process.stop_limit_s if process is not None else 0.0

    def _may_judge(self, kind: str) -> bool:
        """Whether enough is known: a registry that has just begun to lead has heard nobody yet."""
        since = self._leads_since if self._leads_since is not None else self._world.monotonic()
        names = [state.id for state in self._facts.states(kind)]
        return self._world.monotonic() - since >= HEAR_LIMIT_S or self._facts.all_heard(names)

    def _standing(self, state: ServerState) -> Standing:
        resting = state.phase is ServerPhase.Resting and not state.reason
        fact = self._facts.fact(state)
        serving = fact.serving and not resting
        settled = serving and not state.reason and not fact.preparing
        return Standing(state.id, state.pid, serving, resting, settled)

    def _stepped(self, result: object, kind: str) -> object:
        self._busy.pop(kind)
        return result
