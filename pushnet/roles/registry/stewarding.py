"""What the registry that leads looks after: how many of each set run, and where those run that may move.

Each second it looks at what servers tell and which agents are there, and writes what is to change in one
commit that only a leader can make: `scale/<set>`, `place/<server>`. Agents hear of it with their plans.

An agent whose lease ran out is away at once: it has been silent for a lease. One that left, or that nobody
listens for any more, may just be started again, and has some seconds for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.gen.pushnet.cluster import ScaleState
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.plans import kind_of
from pushnet.grid.scaling import Scaler
from pushnet.grid.spreading import Site, Wanderer, levelled, spread
from pushnet.grid.tables import ANY, ScalingSettings, Settings
from pushnet.roles.registry.books import Event, What
from pushnet.roles.registry.cluster_book import ClusterBook, Scale
from pushnet.roles.registry.cluster_reports import Reports
from pushnet.roles.registry.leading import Leading, NotLeading
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import PLACE, SCALE, VERSION
from pushnet.roles.registry.writing import NotSaved
from pushnet.stores.registry.state import Change, Delete, Put
from pushnet.world import World

LOOK_EVERY_S: Final = 1.0
RETURN_S: Final = 3.0
"""For an agent that ended, to come back before others take over."""
LEVEL_PAUSE_S: Final = 30.0
"""Between two moves that only make the load even."""
JOURNAL_LINES_MAX: Final = 20


class Stewarding:
    """Of one registry; does something while it leads."""

    def __init__(
        self, world: World, ledger: Ledger, leading: Leading, book: ClusterBook, reports: Reports
    ) -> None:
        self._world = world
        self._ledger = ledger
        self._leading = leading
        self._book = book
        self._reports = reports
        self._scalers: dict[str, Scaler] = {}
        self._seen: dict[str, float] = {}
        """Agent to when it was there last, or to the past once its lease ran out."""
        self._looked_at = 0.0
        self._levelled_at = world.monotonic()
        self._led = False
        self._busy = False
        self._log = Logger(namespace="pushnet.registry")
        ledger.books.followers.append(self._follow)

    def tick(self) -> None:
        """Several times a lease."""
        now = self._world.monotonic()
        if self._busy or now - self._looked_at < LOOK_EVERY_S:
            return
        self._looked_at = now
        if not self._leading.leads or self._book.settings is None:
            self._led = False
            return
        if not self._led:
            self._begin(now)
        changes = self._changes(self._book.settings, now)
        if changes:
            self._busy = True
            work = Deferred.fromCoroutine(self._write(changes, self._book.generation))
            self._world.background("registry.stewarding", work.addBoth(self._written))

    def states(self) -> list[ScaleState]:
        """Each set as it is now; any registry knows."""
        settings = self._book.settings
        if settings is None:
            return []
        told = self._told(settings)
        return [self._state(each, told) for each in settings.scaling]

    def _begin(self, now: float) -> None:
        """This registry leads from now on: what it saw before it did not look at."""
        self._led = True
        self._scalers.clear()
        agents = self._book.settings.agents if self._book.settings is not None else []
        self._seen = {agent.name: now for agent in agents}
        self._levelled_at = now

    def _changes(self, settings: Settings, now: float) -> list[Change]:
        changes: list[Change] = []
        told = self._told(settings)
        for scaling in settings.scaling:
            changes += self._scaled(scaling, told, now)
        return changes or self._placed(settings, now)

    # How many.

    def _scaled(self, scaling: ScalingSettings, told: Mapping[str, ServerState], now: float) -> list[Change]:
        scale = self._book.scale(scaling.name)
        count = max(scale.count, scaling.min)
        scaler = self._scalers.setdefault(scaling.name, Scaler(now))
        decision = scaler.look(scaling, count, self._readings(scaling, told, count), now)
        if decision is None:
            return []
        when = datetime.fromtimestamp(self._world.wall(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = f"{when} {count} -> {decision.count}: {decision.why}"
        self._log.info("{name}: {line}", name=scaling.name, line=line)
        journal = (*scale.journal, line)[-JOURNAL_LINES_MAX:]
        value = msgspec.json.encode(Scale(decision.count, journal)).decode()
        return [Put(SCALE + scaling.name, value), *self._versions(scaling, count, decision.count)]

    def _versions(self, scaling: ScalingSettings, before: int, count: int) -> list[Change]:
        """Who starts now starts with the version that the first one has."""
        version = self._book.versions.get(scaling.members[0], "")
        return [Put(VERSION + name, version) for name in scaling.members[before:count] if version]

    def _told(self, settings: Settings) -> dict[str, ServerState]:
        """How servers are, where it matters for some set."""
        return {state.id: state for state in self._reports.states()} if settings.scaling else {}

    def _readings(self, scaling: ScalingSettings, told: Mapping[str, ServerState], count: int) -> list[float]:
        """What those tell that serve: as nodes to the registry, or their agents of their processes."""
        found: list[float] = []
        books = self._ledger.books
        for member in scaling.members[:count]:
            state = told.get(member)
            gauges = books.readings.gauges(member) if member in books.nodes else {}
            if state is not None and state.phase is ServerPhase.Serving:
                gauges = {**state.resources, **gauges}
            if scaling.load_gauge in gauges:
                found.append(gauges[scaling.load_gauge])
        return found

    def _state(self, scaling: ScalingSettings, told: Mapping[str, ServerState]) -> ScaleState:
        scale = self._book.scale(scaling.name)
        count = max(scale.count, scaling.min)
        readings = self._readings(scaling, told, count)
        return ScaleState(
            scaling.name,
            count,
            scaling.min,
            len(scaling.members),
            scaling.target_load,
            scaling.load_gauge,
            sum(readings) / len(readings) if readings else -1.0,
            len(readings),
            list(scale.journal),
        )

    # Where.

    def _placed(self, settings: Settings, now: float) -> list[Change]:
        resting = self._book.resting
        wanderers = [
            Wanderer(process.name, kind_of(process))
            for process in settings.processes
            if process.agent == ANY and process.name not in resting
        ]
        places = self._book.places
        if not wanderers and not places:
            return []
        sites = self._sites(settings)
        wanted = spread(wanderers, places, sites, self._awaited(sites, now))
        if wanted == places and now - self._levelled_at >= LEVEL_PAUSE_S:
            wanted = levelled(wanderers, places, sites)
            self._levelled_at = now
        for name, agent in wanted.items():
            if places.get(name) != agent:
                before = places.get(name, "")
                self._log.info(
                    "{name} runs at {agent} now, not {before!r}", name=name, agent=agent, before=before
                )
        return [*self._gone(wanted, sites), *self._put(wanted)]

    def _put(self, wanted: dict[str, str]) -> list[Change]:
        places = self._book.places
        return [Put(PLACE + name, agent) for name, agent in wanted.items() if places.get(name) != agent]

    def _gone(self, wanted: dict[str, str], sites: Sequence[Site]) -> list[Change]:
        """The places of those that are needed no more. Without any agent all stay where they were."""
        under = self._book.papers.under(PLACE)
        left = [entry for name, entry in under.items() if name not in wanted]
        return [Delete(entry.key, entry.revision) for entry in left] if sites else []

    def _sites(self, settings: Settings) -> list[Site]:
        """The agents that are there."""
        nodes = self._ledger.books.nodes
        here = [agent for agent in settings.agents if agent.name in nodes]
        return [Site(agent.name, agent.region, agent.zone, self._settled(agent.name)) for agent in here]

    def _settled(self, agent: str) -> int:
        places = self._book.places
        return sum(process.name not in places for process in self._book.of_agent(agent))

    def _awaited(self, sites: Sequence[Site], now: float) -> list[str]:
        """Agents that were there a moment ago."""
        self._seen.update({site.name: now for site in sites})
        return [name for name, seen in self._seen.items() if now - seen < RETURN_S]

    def _follow(self, event: Event) -> None:
        if event.what is What.node_down and event.lapsed:
            self._seen.pop(event.name, None)

    # Writing.

    async def _write(self, changes: Sequence[Change], generation: int) -> None:
        def decide() -> Sequence[Change]:
            return changes if self._book.generation == generation else []

        try:
            await self._leading.submit(decide, [change.key for change in changes])
        except (NotLeading, NotSaved) as unable:
            self._log.info("nothing is moved or scaled now: {reason}", reason=str(unable))

    def _written(self, result: object) -> object:
        self._busy = False
        return result
