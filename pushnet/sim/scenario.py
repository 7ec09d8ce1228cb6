"""One run of a whole cluster under a seed: fifty devices, pushes of every kind, faults, and the verdict.

The phases: everything boots and the devices register; tags and aliases are set; pushes go out while faults
happen; everything heals, what was parked meanwhile is put back in line, and all that was accepted has to
arrive. The run ends when nothing is missing and has been quiet for a while, or with what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import attrs
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults

from pushnet.client.store import MemoryStore, Store
from pushnet.sim.app_server import AppServer
from pushnet.sim.cluster import APP, DEVICE_PORT, Maker, SimCluster, small_cluster
from pushnet.sim.faults import Faults, Profile
from pushnet.sim.ledger import Ledger
from pushnet.sim.operator import Operator
from pushnet.sim.phones import Phone
from pushnet.sim.simulation import Simulation, SimulationFailed

Flow = Coroutine[Deferred[Any], Any, None]

PHONES = 50
TAGS = 6
START_LIMIT_S = 90.0
FAULTS_S = 12.0
HEAL_LIMIT_S = 240.0
"""A device that met many failures rests for up to a minute before it tries again."""
QUIET_S = 3.0
"""Long enough for a second copy of anything to show up."""


@attrs.frozen
class Outcome:
    """What became of a run."""

    seed: int
    trace_hash: str
    wrong: list[str]
    faults: dict[str, int]
    pushes: int
    deliveries: int
    replayed: int
    """Pushes that had been parked and were put back in line."""
    virtual_s: float
    steps: int
    log: list[str]


class Scenario:
    """Builds and plays one run."""

    def __init__(
        self,
        seed: int,
        *,
        makers: Mapping[str, Maker] | None = None,
        store: Callable[[], Store] = MemoryStore,
        phones: int = PHONES,
        profile: Profile | None = None,
    ) -> None:
        self.simulation = Simulation(seed)
        self.ledger = Ledger()
        self.cluster = SimCluster(self.simulation, small_cluster(), makers)
        brokers = [(name, DEVICE_PORT) for name in self.cluster.names("broker")]
        self.phones = [
            Phone(self.simulation, self.ledger, number, APP.key, brokers, store) for number in range(phones)
        ]
        self.app_server = AppServer(self.cluster, self.ledger)
        self.faults = Faults(self.cluster, self.phones, self.simulation.rng("faults"), profile)
        self._operator: Operator | None = None
        self._seed = seed
        self._rng = self.simulation.rng("workload")
        self._calm = self._rng.choice((1, 4))
        """In a calm scenario a message that is stuck is not set free by the next."""
        self._tagged: dict[str, list[Phone]] = {}

    def play(self) -> Outcome:
        """Run it to its end."""
        wrong: list[str] = []
        try:
            self.simulation.run_until(self._prepare(), START_LIMIT_S)
            working = gatherResults([ensureDeferred(flow) for flow in self._flows()], consumeErrors=True)
            self.faults.begin()
            self.simulation.run_for(FAULTS_S)
            self.faults.end()
            self._operator = Operator(self.cluster)
            ensureDeferred(self._operator.look_after())
            self.simulation.run_until(self._settled(working), HEAL_LIMIT_S)
            self.simulation.run_for(QUIET_S)
        except SimulationFailed as failed:
            wrong.append(str(failed).splitlines()[0])
        wrong += self.ledger.verdict() + self.simulation.failures
        self.simulation.close()
        return self._outcome(wrong)

    def _outcome(self, wrong: list[str]) -> Outcome:
        records = self.ledger.pushes.values()
        return Outcome(
            self._seed,
            self.simulation.trace_hash,
            wrong,
            self.faults.caused,
            len(records),
            sum(sum(record.arrived.values()) for record in records),
            self._operator.replayed if self._operator else 0,
            round(self.simulation.now_s, 3),
            self.simulation.steps,
            self.faults.log + (self._operator.reasons if self._operator else []),
        )

    async def _prepare(self) -> None:
        """Boot everything; every device registers, has tags, and every fifth an alias."""
        await self.cluster.start()
        await gatherResults([phone.boot().when_online() for phone in self.phones])
        for number in range(TAGS):
            tag = f"tag_{number}"
            self._tagged[tag] = self._rng.sample(self.phones, max(1, len(self.phones) // (number + 2)))
            await self.app_server.tag(tag, self._tagged[tag])
        for phone in self.phones[::5]:
            await self.app_server.set_alias(phone, f"alias_{phone.number}")

    def _flows(self) -> list[Flow]:
        """What goes on side by side."""
        tags = list(self._tagged)
        return [
            self._push_each(8, self._push_to_all),
            self._push_each(20, self._push_to_one),
            self._push_each(20, self._push_to_one),
            self._push_each(16, self._push_to_alias),
            self._push_each(8, self._push_to_two_tags),
            *[self._retag_and_push(tag) for tag in tags[3:]],
        ]

    async def _push_each(self, busy: int, push: Callable[[], Flow]) -> None:
        count = max(1, busy // self._calm)
        for _ in range(count):
            await self.simulation.sleep(self._rng.uniform(0.0, 2 * FAULTS_S / count))
            await push()

    async def _push_to_all(self) -> None:
        await self.app_server.push("all", "all", self.phones, self._size())

    async def _push_to_one(self) -> None:
        phone = self._rng.choice(self.phones)
        audience = {"registration_id": [phone.registration_id]}
        await self.app_server.push("registration_id", audience, [phone], self._size())

    async def _push_to_alias(self) -> None:
        phone = self._rng.choice(self.phones[::5])
        await self.app_server.push("alias", {"alias": [f"alias_{phone.number}"]}, [phone], self._size())

    async def _push_to_two_tags(self) -> None:
        """The first three tags stay as they are, so both of an expression mean what they meant."""
        one, other = self._rng.sample(list(self._tagged)[:3], 2)
        first, second = self._tagged[one], self._tagged[other]
        if self._rng.random() < 0.5:
            audience = {"tag_and": [one, other]}
            targets = [phone for phone in self.phones if phone in first and phone in second]
        else:
            audience = {"tag": [one], "tag_not": [other]}
            targets = [phone for phone in self.phones if phone in first and phone not in second]
        await self.app_server.push("tags", audience, targets, self._size())

    async def _retag_and_push(self, tag: str) -> None:
        """A push that is sent after an acknowledged change selects with the change."""
        await self.simulation.sleep(self._rng.uniform(0.0, FAULTS_S))
        before = self._tagged[tag]
        gone = before[: len(before) // 2]
        come = [phone for phone in self.phones if phone not in before][:3]
        await self.app_server.tag(tag, come, gone)
        now = [phone for phone in before if phone not in gone] + come
        await self.app_server.push("changed tag", {"tag": [tag]}, now, self._size())

    def _size(self) -> int:
        """Some messages are too large to go inline."""
        return self._rng.choice((0, 20, 600))

    async def _settled(self, working: Deferred[list[None]]) -> None:
        await working
        while self.ledger.missing() or not self._whole():
            await self.simulation.sleep(0.25)

    def _whole(self) -> bool:
        """Every node serves and every device is online."""
        nodes = all(self.cluster.serves(name) for name in self.cluster.names())
        return nodes and all(phone.is_online for phone in self.phones)
