"""Registries under faults: two over one etcd, two nodes that want the same place, a client that needs it.


The place is an adapter id that only one node may have at a time. In some runs there is a copy of one of the
nodes, too: it has the same name, on a machine of its own. While registries, etcd, nodes and their
connections are killed, stopped and cut off, and wall clocks jump, it must hold at every moment that at most
one node believes that it has the place. After everything is healed one has it, every registry knows so and
what else etcd knows, and the client, which keeps what the locator told it, reaches it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

import attrs
from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.defer import TimeoutError as Expired
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.gen.pushnet.registry import NodeStatus, RegistryPrx
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.membership import JoinFailedException, Membership
from pushnet.roles.registry.service import make_service
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException, ObjectNotExistException
from pushnet.rpc.servant import Servant
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.sim.etcd import SimEtcd
from pushnet.sim.simulation import Simulation, SimulationFailed
from pushnet.sim.world import SimWorld
from pushnet.wire.identity import Identity
from pushnet.world import World

REGISTRIES: Final = ("registry-1", "registry-2")
OWNERS: Final = ("owner-3", "owner-4")
"""Whose first registries differ: they ask different ones at the same time."""
COPY: Final = "copy"
"""The machine of a second node that is called as the first owner."""
COPIED: Final = 0.25
"""The part of the runs that have one."""
CLIENT: Final = "client"
PLACE: Final = "place"
THING: Final = WellKnown(Identity("thing", ""), "::Ice::Object")
LEASE_S: Final = 3.0
LOOK_S: Final = 0.05
FAULTS_S: Final = 25.0
HEAL_S: Final = 20.0
"""Two leases, and the pauses between tries that a node may have grown to meanwhile."""
CALL_LIMIT_MS: Final = 1000
WANTED_S: Final = 1.0
"""Who does not get the place asks anew after so long."""
DOWN_S: Final = (0.1, 8.0)
PAUSED_S: Final = (0.5, 9.0)
KINDS: Final = (
    "kill", "kill both", "power off", "pause", "cut", "lose", "partition", "etcd", "stale", "cancel", "clock",
)  # fmt: skip


class _Thing(Servant):
    """Is there as long as its node has the place."""

    def __init__(self, holds: Callable[[], bool]) -> None:
        self._holds = holds

    def ice_ping(self, current: Current | None = None) -> None:
        if not self._holds():
            raise ObjectNotExistException


@attrs.frozen
class Makers:
    """What the scenario is made of; a planted bug puts something else in a place."""

    service: Callable[[Parts], RoleService] = make_service
    membership: Callable[[World, Communicator, Settings, NodeSettings], Membership] = Membership
    client: Callable[[World, dict[str, str]], Communicator] = Communicator


@attrs.frozen
class Verdict:
    """What became of a run."""

    seed: int
    wrong: list[str]
    faults: list[str]
    calls: int
    """Of the client that were answered."""
    handovers: int
    """How often the place went to another node."""
    trace_hash: str


class RegistryScenario:
    """Builds and plays one run."""

    def __init__(self, seed: int, makers: Makers | None = None) -> None:
        self.simulation = Simulation(f"registries/{seed}")
        self.etcd = SimEtcd(self.simulation)
        self._makers = makers or Makers()
        self._seed = seed
        cluster = ClusterSettings(
            secret="simulated secret", host=REGISTRIES[0], etcd=[self.etcd.url], lease_s=LEASE_S
        )
        nodes = [NodeSettings(name=name, role="registry", host=name) for name in REGISTRIES]
        self._settings = Settings(cluster=cluster, node=nodes)
        self._rng = self.simulation.rng("faults")
        self._kinds = [kind for kind in KINDS if self._rng.random() < 0.6] or ["kill"]
        copied = self.simulation.rng("copy").random() < COPIED
        self._wanting: tuple[str, ...] = (*OWNERS, COPY) if copied else OWNERS
        self._pause_s = self._rng.choice((0.5, 1.5, 4.0))
        self._members: dict[str, tuple[SimWorld, Membership]] = {}
        self._partitions: list[tuple[str, str]] = []
        self._wrong: list[str] = []
        self._faults: list[str] = []
        self._striking = True
        self._calls = 0
        self._called_at = 0.0
        self._had_it = ""
        self._handovers = 0

    def play(self) -> Verdict:
        """Run it to its end."""
        try:
            self.simulation.run_until(self.etcd.boot())
            for name in (*REGISTRIES, *self._wanting):
                self._boot(name)
            ensureDeferred(self._call_on(self.simulation.host(CLIENT).boot()))
            self._look()
            self.simulation.run_for(4.0)
            self._strike_later()
            self.simulation.run_for(FAULTS_S)
            self._heal()
            self.simulation.run_for(HEAL_S)
            self._judge()
        except SimulationFailed as failed:
            self._wrong.append(str(failed).splitlines()[0])
        self._wrong += self.simulation.failures
        verdict = Verdict(
            self._seed, self._wrong, self._faults, self._calls, self._handovers, self.simulation.trace_hash
        )
        self.simulation.close()
        return verdict

    # What takes part.

    def _boot(self, name: str) -> None:
        if self.simulation.host(name).is_up:
            return
        world = self.simulation.host(name).boot()
        if name in REGISTRIES:
            self._boot_registry(world, name)
        else:
            ensureDeferred(self._own(world, name))

    def _boot_registry(self, world: SimWorld, name: str) -> None:
        node, communicator = self._settings.named(name), Communicator(world, self._properties())
        membership = Membership(world, communicator, self._settings, node)
        log = Logger(namespace="pushnet.registry")
        parts = Parts(world, communicator, self._settings, node, membership, CollectorRegistry(), log)
        service = self._makers.service(parts)
        service.startService()
        service.started.addErrback(lambda failure: None)

    async def _own(self, world: SimWorld, name: str) -> None:
        """Want the place for ever."""
        communicator = Communicator(world, self._properties())
        node = NodeSettings(name=OWNERS[0] if name == COPY else name, role="queue", host=name)
        adapter = communicator.createObjectAdapterWithEndpoints("Place", f"tcp -h {name} -p 7000")
        adapter.add(_Thing(lambda: self._members[name][1].holds_lease), THING.identity)
        await adapter.activate()
        while True:
            membership = self._makers.membership(world, communicator, self._settings, node)
            membership.offer(adapter, "", [THING], PLACE)
            self._members[name] = (world, membership)
            try:
                await ensureDeferred(membership.start()).addTimeout(WANTED_S, world.clock)
                return
            except (JoinFailedException, Expired):
                """Another has it: ask again, without the growing pauses."""

    async def _call_on(self, world: SimWorld) -> None:
        """The client calls the thing again and again, by name, and keeps what it learns."""
        proxy = self._makers.client(world, self._properties()).stringToProxy("thing")
        assert proxy is not None
        thing: ObjectPrx = proxy.ice_invocationTimeout(CALL_LIMIT_MS)
        while True:
            try:
                await thing.ice_ping()
                self._calls += 1
                self._called_at = self.simulation.now_s
            except LocalException:
                """Somebody is away: tried again."""
            await deferLater(world.clock, 0.2)

    def _properties(self) -> dict[str, str]:
        return inner_properties(self._settings)

    # What must hold.

    def _look(self) -> None:
        """At most one node believes that it has the place. Who is stopped believes nothing."""
        having = [name for name in self._members if self._runs(name) and self._members[name][1].holds_lease]
        if len(having) > 1 and len(self._wrong) < 5:
            epochs = {name: self._members[name][1].epoch for name in having}
            self._wrong.append(f"{self.simulation.now_s:.3f}: the place has two owners: {epochs}")
        if len(having) == 1 and having[0] != self._had_it:
            self._handovers += bool(self._had_it)
            self._had_it = having[0]
        self.simulation.later(LOOK_S, self._look)

    def _runs(self, name: str) -> bool:
        host = self.simulation.host(name)
        return host.is_up and not host.is_paused and host.world is self._members[name][0]

    def _judge(self) -> None:
        """Everything has been whole for a while."""
        having = [name for name in self._members if self._runs(name) and self._members[name][1].holds_lease]
        if len(having) != 1:
            self._wrong.append(f"at the end the place has {len(having)} owners")
        if self.simulation.now_s - self._called_at > 2.0:
            self._wrong.append(f"the client has reached nobody since {self._called_at:.1f} s")
        entries = self.etcd.data.now
        known = sorted(key.decode().rpartition("/r/node/")[2] for key in entries if b"/r/node/" in key)
        world = self.simulation.host("judge").boot()
        for name in REGISTRIES:
            told = self._told_by(name, Communicator(world))
            if told != known:
                self._wrong.append(f"{name} knows {told}, etcd {known}")

    def _told_by(self, registry: str, communicator: Communicator) -> list[str]:
        text = f"PushNet/Registry:tcp -h {registry} -p {self._settings.cluster.registry_port}"
        proxy = RegistryPrx.uncheckedCast(communicator.stringToProxy(text))
        assert proxy is not None
        asking: Deferred[list[NodeStatus]] = proxy.ice_invocationTimeout(CALL_LIMIT_MS).nodes()
        try:
            statuses = self.simulation.run_until(asking, 5.0)
        except (LocalException, SimulationFailed):
            return ["nothing: it does not answer"]
        return [status.info.name for status in statuses]

    # What goes wrong.

    def _strike_later(self) -> None:
        self.simulation.later(self._rng.expovariate(1 / self._pause_s), self._strike)

    def _strike(self) -> None:
        if not self._striking:
            return
        kind = self._rng.choice(self._kinds)
        what = self._cause(kind, self._rng)
        self._faults.append(f"{self.simulation.now_s:.3f} {kind}: {what}")
        self._strike_later()

    def _cause(self, kind: str, rng: random.Random) -> str:
        name = rng.choice((*REGISTRIES, *self._wanting, *OWNERS))
        host = self.simulation.host(name)
        later = self.simulation.later
        if kind in ("kill", "power off") and host.is_up:
            (host.kill if kind == "kill" else host.power_off)()
            later(rng.uniform(*DOWN_S), self._boot, name)
        elif kind == "pause" and host.is_up and not host.is_paused:
            host.pause()
            later(rng.uniform(*PAUSED_S), host.resume)
        elif kind == "kill both":
            for owner in self._wanting:
                if self.simulation.host(owner).is_up:
                    self.simulation.host(owner).kill()
                later(DOWN_S[0], self._boot, owner)
            return "owners"
        elif kind in ("cut", "lose"):
            for connection in self.simulation.network.connections(name):
                (connection.reset if kind == "cut" else connection.vanish)()
        elif kind == "partition":
            other = rng.choice([other for other in (*REGISTRIES, self.etcd.name) if other != name])
            self.simulation.paths.partition(name, other)
            self._partitions.append((name, other))
            later(rng.uniform(*PAUSED_S), self._mend, name, other)
            return f"{name} and {other}"
        elif kind == "etcd" and self.etcd.process is not None:
            self.etcd.kill()
            later(rng.uniform(0.1, 5.0), self._boot_etcd)
            return self.etcd.name
        elif kind == "stale" and self.etcd.process is not None:
            self.etcd.process.stale_s = rng.choice((0.0, 1.0, 4.0))
            return f"{self.etcd.process.stale_s} s"
        elif kind == "cancel" and self.etcd.process is not None:
            self.etcd.process.store.compact()
            self.etcd.process.cancel_watches()
            return "watches"
        elif kind == "clock" and host.is_up:
            host.world.wall_offset_s += rng.choice((-86_400.0, -5.0, 5.0, 86_400.0))
        return name

    def _boot_etcd(self) -> None:
        if self.etcd.process is None:
            self.etcd.boot()

    def _mend(self, one: str, other: str) -> None:
        if (one, other) in self._partitions:
            self._partitions.remove((one, other))
            self.simulation.paths.heal(one, other)

    def _heal(self) -> None:
        """No more faults; everything is whole again."""
        self._striking = False
        for one, other in list(self._partitions):
            self._mend(one, other)
        self._boot_etcd()
        if self.etcd.process is not None:
            self.etcd.process.stale_s = 0.0
        for name in (*REGISTRIES, *self._wanting):
            self.simulation.host(name).resume()
            self._boot(name)
