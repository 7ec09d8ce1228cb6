"""`PushNet/Cluster`: the settings of the whole cluster, and how its servers are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import attrs

from pushnet.gen.pushnet.cluster import (
    AgentPlan,
    BadSettingsException,
    ClusterServant,
    Difference,
    Generation,
    GenerationException,
    ScaleState,
)
from pushnet.gen.pushnet.server import ServerState
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.differences import differences
from pushnet.grid.settings import SettingsError
from pushnet.roles.registry.cluster_book import WAITING_MAX, ClusterBook, TooManyWait
from pushnet.roles.registry.cluster_reports import AHEAD, Reports, StaleReport
from pushnet.roles.registry.cluster_writing import (
    WORDS_CHARACTERS_MAX,
    ClusterWriting,
    OtherGeneration,
    read,
)
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.stewarding import Stewarding
from pushnet.roles.registry.writing import NotSaved
from pushnet.rpc.stubs import Current
from pushnet.stores.registry.state import StateUnavailable

HISTORY_MAX: Final = 100
RESTORED: Final = "if this registry was restored from a backup, `pushnet restored` says that its plans hold"


class ClusterI(ClusterServant):
    """Reads from the mirror; writes through the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        book: ClusterBook,
        writing: ClusterWriting,
        reports: Reports,
        stewarding: Stewarding,
    ) -> None:
        self._ledger = ledger
        self._stewarding = stewarding
        self._book = book
        self._writing = writing
        self._reports = reports
        self._ahead: dict[str, int] = {}
        """Agents that go by a newer plan than there is, by its number."""
        self.is_for: Callable[[Current | None, str], None] = _anybody
        """Raises unless the caller is that agent."""

    async def settings(self, generation: int, current: Current | None = None) -> str:
        if generation == 0:
            return self._book.text
        applied = self._book.applied(generation)
        if applied is None:
            kept = self._book.generations()
            known = f"{kept[-1]} to {kept[0]}" if kept else "none"
            raise BadSettingsException(f"generation {generation} is not kept; there are: {known}")
        return applied.text

    async def compare(self, text: str, current: Current | None = None) -> list[Difference]:
        try:
            wanted = read(text, self._book.settings)
        except SettingsError as error:
            raise BadSettingsException(str(error)) from error
        return differences(self._book.settings, wanted, self._book.versions, self._book.places)

    async def apply(
        self, text: str, expected: int, who: str, why: str, current: Current | None = None
    ) -> int:
        try:
            return await self._writing.apply(text, expected, who, why)
        except SettingsError as error:
            raise BadSettingsException(str(error)) from error
        except OtherGeneration as other:
            raise GenerationException(other.current) from other
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable

    async def history(self, most: int, current: Current | None = None) -> list[Generation]:
        found: list[Generation] = []
        newest_first = [number for number in self._book.generations() if number <= self._book.generation]
        for number in newest_first[: min(max(most, 0), HISTORY_MAX)]:
            applied = self._book.applied(number)
            if applied is not None:
                found.append(Generation(number, applied.at_s, applied.who, applied.why))
        return found

    async def plan(self, agent: str, known: int, waitMs: int, current: Current | None = None) -> AgentPlan:
        self.is_for(current, agent)
        if known > self._book.number(agent):
            await self._hear()
            self._behind(agent, known)
        else:
            self._ahead.pop(agent, None)
        try:
            return await self._book.wait(agent, known, waitMs / 1000)
        except TooManyWait as many:
            raise UnavailableException(str(many)) from many

    def _behind(self, agent: str, known: int) -> None:
        """Say once of each agent that it has heard of plans that this cluster does not know of."""
        number = self._book.number(agent)
        if known > number and self._ahead.get(agent) != known:
            if len(self._ahead) >= WAITING_MAX:
                self._ahead.clear()
            self._ahead[agent] = known
            self._ledger.events.record("agent.ahead", agent, _ahead(known, number))

    async def restored(self, who: str, current: Current | None = None) -> int:
        try:
            added = await self._writing.restored()
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable
        self._ledger.events.record("plans.restored", who[:WORDS_CHARACTERS_MAX], f"numbered from {added}")
        return added

    async def _hear(self) -> None:
        """The caller knows of a change that has not been told here."""
        try:
            await self._ledger.catch_up()
        except StateUnavailable as unable:
            raise UnavailableException(str(unable)) from unable

    async def report(
        self, agent: str, epoch: int, servers: Sequence[ServerState], current: Current | None = None
    ) -> None:
        self.is_for(current, agent)
        try:
            self._reports.told(agent, epoch, servers)
        except StaleReport as stale:
            raise UnavailableException(str(stale)) from stale

    async def servers(self, current: Current | None = None) -> list[ServerState]:
        return [self._marked(state) for state in self._reports.states()]

    def _marked(self, state: ServerState) -> ServerState:
        """With a word on its agent where that does not follow the plans of this registry."""
        known = self._ahead.get(state.agent, 0)
        if not known or known <= (number := self._book.number(state.agent)):
            return state
        reason = f"agent {state.agent}: {_ahead(known, number)}"
        return attrs.evolve(state, reason=reason, resources={**state.resources, AHEAD: float(known)})

    async def scaling(self, current: Current | None = None) -> list[ScaleState]:
        return self._stewarding.states()


def _anybody(current: Current | None, agent: str) -> None:
    """Where agents cannot be told from each other."""


def _ahead(known: int, number: int) -> str:
    return f"it goes by plan {known}, newer than {number}: {RESTORED}"
