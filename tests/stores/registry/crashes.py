"""A registry state that is killed, and loses power, in the midst of its commits: what it told must hold.

Each commit is remembered as asked, and as answered. After a crash a key has the value that was answered last,
or one that was asked for after it; and nothing of what was told is ever older than what was told before.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from twisted.internet.defer import Deferred

from pushnet.sim.simulation import Simulation
from pushnet.stores.journal import Journal
from pushnet.stores.migration import TooNewError, migrate
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.embedded_rows import SCHEMA, remembered
from pushnet.stores.registry.state import Delete, Put
from pushnet.world import Storage, World
from tests.stores.registry.contract import Told

LIVES = 6
KEYS = 4
GONE = ""


def fault(
    seed: int, journal: Callable[[World, str], Journal], state: type[EmbeddedState] = EmbeddedState
) -> str:
    """What is wrong under that seed; empty: nothing."""
    simulation = Simulation(seed)
    try:
        return _Crashes(simulation, random.Random(seed), journal, state).run()
    finally:
        simulation.close()


class _Crashes:
    """One state, over several lives."""

    def __init__(
        self,
        simulation: Simulation,
        rng: random.Random,
        journal: Callable[[World, str], Journal],
        state: type[EmbeddedState],
    ) -> None:
        self._simulation = simulation
        self._rng = rng
        self._journal = journal
        self._state = state
        self._possible: dict[str, list[str]] = {}
        """Of each key: what was answered last, then what was asked for since."""
        self._revision = 0
        self._asked = 0

    def run(self) -> str:
        host = self._simulation.host("one")
        for life in range(LIVES):
            state, told = self._state(host.boot(), journal=self._journal), Told()
            self._simulation.run_until(state.open(told))
            values = told.values()
            if wrong := self._lost(values):
                return f"life {life}: {wrong}"
            if (
                newest := max((entry.revision for entry in told.entries.values()), default=0)
            ) > self._revision:
                self._revision = newest
            self._possible = {key: [values.get(key, GONE)] for key in map(str, range(KEYS))}
            if wrong := self._live(state, told):
                return f"life {life}: {wrong}"
            (host.kill if self._rng.random() < 0.3 else host.power_off)()
            if wrong := self._lost_to_older_programs(host.world.storage):
                return f"life {life}: {wrong}"
        return ""

    def _lost(self, values: Mapping[str, str]) -> str:
        for key, possible in self._possible.items():
            if values.get(key, GONE) not in possible:
                return f"{key} is {values.get(key)!r}, and not one of {possible}"
        return ""

    def _lost_to_older_programs(self, storage: Storage) -> str:
        """What is missing in the SQLite file alone, where a program of before the journal may open it."""
        connection = storage.connect_sqlite("registry.db")
        try:
            migrate(connection, SCHEMA[:1])
            _, rows = remembered(connection)
        except TooNewError:
            return ""
        finally:
            connection.close()
        wrong = self._lost({key: row[1] for key, row in rows.items()})
        return f"a program of before the journal is not refused: {wrong}" if wrong else ""

    def _live(self, state: EmbeddedState, told: Told) -> str:
        """Commit for a while. Returns what is wrong."""
        wrong: list[str] = []
        for _ in range(self._rng.randint(1, 12)):
            for _ in range(self._rng.randint(1, 3)):
                self._commit(state, told, wrong)
            longer = self._rng.random() < 0.15
            self._simulation.run_for(self._rng.uniform(0.5, 1.5) if longer else self._rng.uniform(0, 0.003))
        return "".join(wrong[:1])

    def _commit(self, state: EmbeddedState, told: Told, wrong: list[str]) -> None:
        key = str(self._rng.randrange(KEYS))
        self._asked += 1
        value = f"{self._asked} " + "x" * self._rng.randint(0, 60)
        if key in told.entries and self._rng.random() < 0.2:
            value = GONE
            work = state.commit([Delete(key, told.entries[key].revision)])
        else:
            work = state.commit([Put(key, value)])
        if value != GONE:
            self._possible[key].append(value)
            self._answered(work, key, value, wrong)
        else:
            self._possible[key].append(GONE)  # it may be void: what stood before is possible, too

    def _answered(self, work: Deferred[int], key: str, value: str, wrong: list[str]) -> None:
        def answered(revision: int) -> None:
            possible = self._possible[key]
            self._possible[key] = possible[possible.index(value) :]
            if revision <= self._revision:
                wrong.append(f"revision {revision} comes after {self._revision}")
            self._revision = revision

        work.addCallbacks(answered, lambda failure: wrong.append(str(failure.value)))
