"""What the state says of the cluster's settings: which generation holds, and what each agent is to do.

    settings/<n>  ->  the text of generation n, who applied it, when and why
    settings/head ->  the n that holds

    wave/<kind>   ->  servers of the kind that other settings start anew: each goes by the generation before
                      until its turn comes (`waving`)

A plan's number is the highest revision of anything it is made of, so it grows with every change and is the
same at every registry. `settings/past` is added to it: a state that was restored from a backup has lower
revisions than agents have heard of, and the operator says that its plans are to count. Who waits for a plan
is answered in the turn after the change was told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs
import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from pushnet.gen.pushnet.cluster import AgentPlan
from pushnet.gen.pushnet.server import ServerPlan
from pushnet.grid.places import settled
from pushnet.grid.plans import by_agent, kind_of, server_plan
from pushnet.grid.settings import ProcessSettings, Settings, SettingsError, load_settings
from pushnet.grid.waves import Wave, read_wave
from pushnet.roles.registry.papers import PLACE, SCALE, SETTINGS, VERSION, WAVE, Papers
from pushnet.stores.registry.state import Entry
from pushnet.world import World

HEAD: Final = SETTINGS + "head"
PAST: Final = SETTINGS + "past"
SOURCE: Final = "settings"
"""What errors name as the file."""
WAIT_S_MAX: Final = 30.0
WAITING_MAX: Final = 4096
"""Agents that wait at one registry, and then some: more is no grid."""


@attrs.frozen
class Applied:
    """One generation as it is kept."""

    text: str
    who: str
    why: str
    at_s: int


@attrs.frozen
class Scale:
    """How many of a set are to run, and what was decided before, oldest first."""

    count: int
    journal: tuple[str, ...] = ()


class TooManyWait(Exception):
    """Nobody more can wait here; the text says how many do."""


class ClusterBook:
    """Reads the papers. `settings` is None as long as nothing was applied."""

    def __init__(self, world: World, papers: Papers) -> None:
        self.papers = papers
        self.generation = 0
        self.settings: Settings | None = None
        self.text = ""
        self.followers: list[Callable[[Settings], object]] = []
        """Told the settings that hold from now on."""
        self._world = world
        self._log = Logger(namespace="pushnet.registry")
        self._waiting: dict[Deferred[None], tuple[str, int]] = {}
        self._waking: IDelayedCall | None = None
        self._settled: Settings | None = None
        self._by_agent: dict[str, list[ProcessSettings]] = {}
        self._resting: frozenset[str] = frozenset()
        self._homes: dict[str, tuple[str, str]] = {}
        self._agents: dict[str, str] = {}
        self._adapters: dict[str, Sequence[str]] = {}
        self.waves: dict[str, Wave] = {}
        """Kind to how far the settings have come among its servers."""
        self._held: dict[str, int] = {}
        """Server to the generation that it goes by until its turn comes."""
        self._earlier: dict[int, Settings | None] = {}
        papers.followers.append(self._told)
        self._read()
        self._read_waves()

    # What holds.

    def applied(self, generation: int) -> Applied | None:
        """None: it is not kept."""
        value = self.papers.value(f"{SETTINGS}{generation}")
        try:
            return msgspec.json.decode(value, type=Applied) if value else None
        except msgspec.MsgspecError as error:
            self._log.error("generation {n} is not understood: {error}", n=generation, error=str(error))
            return None

    def generations(self) -> list[int]:
        """Those that are kept, the newest first."""
        return sorted((int(name) for name in self.papers.under(SETTINGS) if name.isdigit()), reverse=True)

    @property
    def versions(self) -> dict[str, str]:
        """Server to the version it is to have, for those that were deployed.

        An empty entry: as the settings say. It stays, or the plan's number would go back.
        """
        return {name: entry.value for name, entry in self.papers.under(VERSION).items() if entry.value}

    @property
    def places(self) -> dict[str, str]:
        """Server to agent, for those of any agent."""
        return {name: entry.value for name, entry in self.papers.under(PLACE).items()}

    def plan(self, agent: str) -> AgentPlan:
        """What an agent is to do now; number 0: nothing was ever applied, so it may go on as it does."""
        if self.settings is None:
            return AgentPlan()
        places, versions = self.places, self.versions
        servers = [self._plan_of(each, versions, places) for each in self.of_agent(agent)]
        return AgentPlan(self.number(agent), self.text, servers)

    def _plan_of(
        self, process: ProcessSettings, versions: Mapping[str, str], places: Mapping[str, str]
    ) -> ServerPlan:
        """By the settings that hold; or, until its turn comes, by those that it goes by."""
        generation = self._held.get(process.name)
        before = self._before(generation) if generation is not None else None
        for earlier in before.processes if before is not None else ():
            if before is not None and (earlier.name, earlier.agent) == (process.name, process.agent):
                return server_plan(before, earlier, versions, places)
        return server_plan(self._there(), process, versions, places)

    def _before(self, generation: int) -> Settings | None:
        """Earlier settings with everyone at home; None: they are kept no more, or cannot be used."""
        if generation not in self._earlier:
            applied = self.applied(generation)
            try:
                settings = load_settings(applied.text, SOURCE) if applied is not None else None
            except SettingsError:
                settings = None
            self._earlier[generation] = settled(settings, self.places) if settings is not None else None
        return self._earlier[generation]

    def waves_towards(self, settings: Settings) -> dict[str, Wave]:
        """Of each kind whose servers are to come to other settings one after the other: how that begins."""
        if self.settings is None:
            return {}
        places, versions = self.places, self.versions
        there = settled(settings, places)
        held: dict[str, dict[str, int]] = {}
        for agent, processes in by_agent(there).items():
            known = {process.name: process for process in self.of_agent(agent)} if agent else {}
            for process in processes:
                now = known.get(process.name)
                after = server_plan(there, process, versions, places)
                if now is not None and self._plan_of(now, versions, places) != after:
                    goes_by = self._held.get(process.name, self.generation)
                    held.setdefault(kind_of(process), {})[process.name] = goes_by
        made: dict[str, Wave] = {}
        for kind in [*self.waves, *held]:
            before, these = self.waves.get(kind, Wave({})), held.get(kind, {})
            wave = Wave(these if len(these) + len(before.told) > 1 else {}, before.told)
            if wave != before:
                made[kind] = wave
        return made

    def of_agent(self, agent: str) -> Sequence[ProcessSettings]:
        """What an agent is to run, in the order of the file."""
        self._there()
        return self._by_agent.get(agent, [])

    def number(self, agent: str) -> int:
        """Of the plan that `plan` makes."""
        if self.settings is None:
            return 0
        head = self.papers.entry(HEAD)
        assert head is not None
        moving = [*self.papers.under(PLACE).values(), *self.papers.under(SCALE).values()]
        mine = [self.papers.entry(VERSION + process.name) for process in self.of_agent(agent)]
        kinds = dict.fromkeys(kind_of(process) for process in self.of_agent(agent))
        mine += [self.papers.entry(WAVE + kind) for kind in kinds]
        newest = max(entry.revision for entry in [head, *moving, *mine] if entry is not None)
        return newest + self.past

    @property
    def past(self) -> int:
        """What is added to the number of every plan."""
        value = self.papers.value(PAST)
        return int(value) if value.isdigit() else 0

    def _there(self) -> Settings:
        """The settings with everyone at home; made anew when somebody was placed or settings were applied."""
        assert self.settings is not None
        if self._settled is None:
            self._settled = settled(self.settings, self.places)
            self._resting = frozenset(
                member
                for each in self.settings.scaling
                for member in each.members[max(each.min, self.scale(each.name).count) :]
            )
            self._by_agent = {
                agent: [process for process in processes if process.name not in self._resting]
                for agent, processes in by_agent(self._settled).items()
            }
            self._agents = {process.name: process.agent for process in self._settled.processes}
            self._adapters = {server.name: server.adapters for server in self._settled.server}
            self._homes = {
                adapter: (server.name, server.agent)
                for server in self._settled.server
                for adapter in server.adapters
            }
        return self._settled

    def process(self, name: str) -> ProcessSettings | None:
        """As the settings have it that hold."""
        processes = self.settings.processes if self.settings is not None else ()
        return next((process for process in processes if process.name == name), None)

    def agent_of(self, name: str) -> str:
        """Who is to run that server; empty when nobody is."""
        if self.settings is not None:
            self._there()
        return self._agents.get(name, "")

    def home(self, adapter: str) -> tuple[str, str]:
        """The server that has the adapter, and its agent; empty when no `[[server]]` has it."""
        if self.settings is not None:
            self._there()
        return self._homes.get(adapter, ("", ""))

    @property
    def adapters(self) -> Mapping[str, Sequence[str]]:
        """Of each `[[server]]` by name, the ids of its adapters."""
        if self.settings is not None:
            self._there()
        return self._adapters

    def scale(self, name: str) -> Scale:
        """How many of a set are to run; as few as may, before anything was decided."""
        value = self.papers.value(SCALE + name)
        try:
            return msgspec.json.decode(value, type=Scale) if value else Scale(0)
        except msgspec.MsgspecError as error:
            self._log.error("scale {name} is not understood: {error}", name=name, error=str(error))
            return Scale(0)

    @property
    def resting(self) -> frozenset[str]:
        """The members of sets that are not needed now."""
        self._there()
        return self._resting

    # Who waits.

    async def wait(self, agent: str, known: int, wait_s: float) -> AgentPlan:
        """The agent's plan, when its number is another than `known` or the time is over.

        Raises `TooManyWait`.
        """
        if self.number(agent) == known and wait_s > 0:
            if len(self._waiting) >= WAITING_MAX:
                raise TooManyWait(f"{WAITING_MAX} wait for their plans already")
            waiting: Deferred[None] = Deferred()
            self._waiting[waiting] = (agent, known)
            due = self._world.call_later(min(wait_s, WAIT_S_MAX), self._answer, waiting)
            await waiting
            if due.active():
                due.cancel()
        return self.plan(agent)

    def close(self) -> None:
        """Answer all who wait with what there is."""
        if self._waking is not None and self._waking.active():
            self._waking.cancel()
        for waiting in list(self._waiting):
            self._answer(waiting)

    def _answer(self, waiting: Deferred[None]) -> None:
        if self._waiting.pop(waiting, None) is not None:
            waiting.callback(None)

    def _told(self, key: str) -> None:
        if key.startswith(SETTINGS):
            self._read()
        if key.startswith((SETTINGS, PLACE, SCALE)):
            self._settled = None
            self._earlier.clear()
        if key.startswith(WAVE):
            self._read_waves()
        if key.startswith((SETTINGS, VERSION, PLACE, SCALE, WAVE)) and self._waking is None:
            self._waking = self._world.call_later(0, self._wake)

    def _wake(self) -> None:
        self._waking = None
        for waiting, (agent, known) in list(self._waiting.items()):
            if self.number(agent) != known:
                self._answer(waiting)

    def _read_waves(self) -> None:
        self.waves = {}
        for kind, entry in self.papers.under(WAVE).items():
            try:
                self.waves[kind] = read_wave(entry.value)
            except msgspec.MsgspecError as error:
                self._log.error("wave {kind} is not understood: {error}", kind=kind, error=str(error))
        self._held = {name: at for wave in self.waves.values() for name, at in wave.held.items()}

    def _read(self) -> None:
        """Take up the generation that holds, once both its text and the head have been told."""
        head = self.papers.value(HEAD)
        generation = int(head) if head.isdigit() else 0
        applied = self.applied(generation)
        if applied is None or (generation == self.generation and applied.text == self.text):
            return
        try:
            settings = load_settings(applied.text, SOURCE)
        except SettingsError as error:
            self._log.error("generation {n} cannot be used: {error}", n=generation, error=str(error))
            return
        self.generation, self.text, self.settings = generation, applied.text, settings
        for follower in list(self.followers):
            follower(settings)

    def entry(self, generation: int) -> Entry | None:
        """As it stands in the state."""
        return self.papers.entry(f"{SETTINGS}{generation}")
