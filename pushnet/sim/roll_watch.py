"""What must hold at every moment of a simulated roll, and who is asked for it.

Three things are looked at: what registries write (only who leads gives versions to servers, and only those
that the roll in the state says), what agents run (nothing twice, nothing again without need, no plan that is
older than one before), and how many servers serve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs
from twisted.internet.defer import Deferred

from pushnet.grid.roll import State
from pushnet.grid.waves import read_wave
from pushnet.roles.node.service import NodeService
from pushnet.roles.registry.papers import LEADING, ROLL, VERSION, WAVE
from pushnet.roles.registry.rolling_record import RollRecord, read_record
from pushnet.roles.registry.service import RegistryService
from pushnet.sim.etcd import SimEtcd
from pushnet.sim.roll_servers import Process
from pushnet.stores.registry.state import Change, Put, RegistryState

ROLLS_KEY: Final = LEADING + "rolls"
WRONG_MAX: Final = 8
"""One mistake shows at many moments."""


class Recorded:
    """A registry's state, of which somebody hears what was written. Implements `RegistryState`."""

    def __init__(self, inner: RegistryState, told: Callable[[Sequence[Change], int], object]) -> None:
        """`told`: with 0 for the revision before it is written."""
        self._inner = inner
        self._told = told

    def commit(self, changes: Sequence[Change]) -> Deferred[int]:
        def written(revision: int) -> int:
            self._told(changes, revision)
            return revision

        self._told(changes, 0)
        return self._inner.commit(changes).addCallback(written)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class WatchedRegistry(RegistryService):
    """A registry of which is heard what it writes."""

    heard: Callable[[WatchedRegistry, Sequence[Change], int], object]

    def make_state(self) -> RegistryState:
        state: Any = Recorded(
            super().make_state(), lambda changes, revision: self.heard(self, changes, revision)
        )
        made: RegistryState = state
        return made

    @property
    def leads(self) -> bool:
        """Whether it believes that it leads the rolls."""
        return self._deploying is not None and self._deploying.leading.leads

    @property
    def epoch(self) -> int:
        return self._deploying.leading.epoch if self._deploying is not None else 0


@attrs.frozen
class Kind:
    """Servers that are deployed together."""

    name: str
    servers: tuple[str, ...]
    stop_first: bool


class RollWatch:
    """Collects what is wrong."""

    def __init__(self, now: Callable[[], float], kinds: Sequence[Kind], etcd: SimEtcd | None) -> None:
        self.wrong: list[str] = []
        self.processes: list[Process] = []
        self.orders: dict[str, list[float]] = {}
        """When each server was given a version, or other settings."""
        self.begun: dict[str, set[str]] = {}
        """Version to the servers that have ever begun it."""
        self.steps = 0
        """Orders that registries have written."""
        self._now = now
        self._kinds = kinds
        self._etcd = etcd
        self._written: dict[str, tuple[str, int]] = {}
        self._generations: dict[str, int] = {}

    def say(self, what: str) -> None:
        if len(self.wrong) < WRONG_MAX:
            self.wrong.append(f"{self._now():.3f}: {what}")

    # What registries write.

    def wrote(self, registry: WatchedRegistry, changes: Sequence[Change], revision: int) -> None:
        name = registry.parts.node.name
        puts = [change for change in changes if isinstance(change, Put)]
        orders = [put for put in puts if put.key.startswith(VERSION)]
        if not revision:
            for put in orders:
                self.ordered(put.key.removeprefix(VERSION))
            for put in puts:
                if put.key.startswith(WAVE):
                    self._settings_reach(put.value)
            return
        self._written.update({put.key: (put.value, revision) for put in puts})
        for put in orders:
            server = put.key.removeprefix(VERSION)
            self.steps += 1
            self._authorised(server, put.value, revision)
        leader = self._entry(ROLLS_KEY, revision)
        if orders and leader is not None and leader != (name, registry.epoch):
            self.say(f"{name} gives out versions under epoch {registry.epoch}, but {leader} leads")

    def _settings_reach(self, wave: str) -> None:
        for server in read_wave(wave).told:
            self.ordered(server)

    def ordered(self, server: str) -> None:
        """It may be about to get another plan."""
        self.orders.setdefault(server, []).append(self._now())

    def _authorised(self, server: str, version: str, revision: int) -> None:
        """The roll in the state says so, written before this or with it."""
        kind = next(kind for kind in self._kinds if server in kind.servers)
        entry = self._entry(ROLL + kind.name, revision)
        if entry is None:
            return
        record = read_record(entry[0]) if entry[0] else None
        if record is None or not _says(record, server, version):
            how = record.state.value if record is not None else "no roll"
            self.say(f"{server} is given {version} without the roll: {how}")

    def _entry(self, key: str, revision: int) -> tuple[str, int] | None:
        """Value and revision of an entry as it stood then; None: nobody knows any more."""
        if self._etcd is None:
            return self._written.get(key, ("", 0))
        data = self._etcd.data
        if revision < data.compacted:
            return None
        suffix = f"/r/{key}".encode()
        then = [kv for kv in data.history if kv.revision <= revision and kv.key.endswith(suffix)]
        if not then or then[-1].value is None:
            return ("", 0)
        return then[-1].value.decode(), then[-1].revision

    # What agents run.

    def started(self, process: Process) -> None:
        """An agent has started a process."""
        host = process.run.world.host
        before = [each for each in self.processes if each.id == process.id and each.world.host == host]
        self.begun.setdefault(process.version, set()).add(process.id)
        self.processes.append(process)
        last = before[-1] if before else None
        if last is None:
            return
        alive = [each for each in before if each.run.alive]
        if alive and self._kind_of(process.id).stop_first:
            self.say(f"{process.id} runs twice: {[each.version for each in alive]} and {process.version}")
        ordered = [at for at in self.orders.get(process.id, ()) if at >= last.began_at]
        failed = last.crashed or not (last.serving or last.draining)
        if last.version == process.version and not failed and not ordered:
            self.say(f"{process.id} is started again with {process.version} without need")

    def follows(self, agent: NodeService) -> None:
        """An agent goes by a plan."""
        name, generation = agent.parts.node.name, agent.fleet.generation
        if 0 < generation < self._generations.get(name, 0):
            self.say(f"{name} goes back from plan {self._generations[name]} to {generation}")
        self._generations[name] = generation

    # How many serve.

    def found(self) -> None:
        """Who holds a lease is in the state."""
        if self._etcd is None:
            return
        names = [key.decode().rpartition("/r/node/")[2] for key in self._etcd.data.now if b"/r/node/" in key]
        for process in self.processes:
            if process.accepts and process.holds_lease and process.id not in names:
                self.say(f"{process.id} {process.version} holds its lease, and nobody finds it")

    def leading(self, registries: Sequence[WatchedRegistry]) -> None:
        """Of those that run."""
        leaders = [each.parts.node.name for each in registries if each.leads]
        if len(leaders) > 1:
            self.say(f"two lead: {leaders}")

    def out(self, most: int) -> None:
        """No kind has more servers out than that."""
        for kind in self._kinds:
            serving = {each.id for each in self.processes if each.accepts}
            out = [server for server in kind.servers if server not in serving]
            if len(out) > most:
                self.say(f"{', '.join(out)} are out at a time")

    def alive(self, server: str) -> list[Process]:
        """Its processes that run and were not asked to end."""
        return [each for each in self.processes if each.id == server and each.run.alive]

    def _kind_of(self, server: str) -> Kind:
        return next(kind for kind in self._kinds if server in kind.servers)


def _says(record: RollRecord, server: str, version: str) -> bool:
    if server not in record.touched:
        return False
    if record.state is State.undoing:
        return version == record.before[server]
    return record.state is State.rolling and version == record.version
