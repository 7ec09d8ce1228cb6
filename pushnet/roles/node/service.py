"""The agent as a service: it goes on where the last one ended, joins the registry, and follows its plan.

Its servers are not its own: they go on when it ends, and the next agent takes them over. With
`node.stop_servers` they are drained first.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import attrs
from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.internet.task import deferLater

from pushnet.gen.ice.icegrid import QueryPrx
from pushnet.gen.ice.locator import AdapterNotFoundException, LocatorPrx
from pushnet.gen.pushnet.agent import AgentFacts, AgentPrx
from pushnet.gen.pushnet.cluster import AgentPlan, ClusterPrx
from pushnet.gen.pushnet.release import ReleasesPrx
from pushnet.gen.pushnet.server import ServerPlan, ServerState
from pushnet.grid.installations import VARIABLE
from pushnet.grid.tables import BY_TLS
from pushnet.grid.wellknown import RELEASES, WellKnown
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.certificates import masters_only
from pushnet.roles.installing import Installation, settle
from pushnet.roles.membership import JoinFailedException, NameTakenException
from pushnet.roles.node.fleet import Fleet, Ways
from pushnet.roles.node.following import Following
from pushnet.roles.node.front import FrontOf
from pushnet.roles.node.meter import Meter
from pushnet.roles.node.peers import Peers
from pushnet.roles.node.servant import AgentI
from pushnet.roles.node.server import Server
from pushnet.roles.node.supply import Supply
from pushnet.roles.releases.library import Library
from pushnet.roles.releases.source import RpcSource, Source
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity

P = TypeVar("P", bound=ObjectPrx)
CATEGORY = "Agent"
ASK_LIMIT_MS = 2000
JOIN_PAUSE_S = 1.0
ASLEEP = {"_pn.asleep": "1"}
"""The context of lookups that are to wake nobody."""
GUARDED = ("start", "activate", "stop", "restart", "signal", "log")
"""What only operators and registries may, where nodes show certificates."""
LOADS = ("load1", "load5", "load15")
OUR_PROGRAMS = ("twistd", "python", "python3", "pushnet")


class NodeService(RoleService):
    """One machine's agent."""

    planned_as: str | None = None
    """Whose plan it follows, when not its own."""
    heard: Callable[[str, bytes], object] | None = None
    """Gets each line that a server writes."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        world = parts.world
        self._worker = world.worker("agent")
        self.library = Library(world)
        root = parts.settings.cluster.releases_root
        self._environment = dict(os.environ)
        self._supply = Supply(
            world, self._worker, self.library, self._sources, parts.node.node.versions_kept, self._used, root
        )
        ways = Ways(
            environment=self._environment,
            known={"locator": parts.settings.locator},
            prepare=self._prepare,
            registered=self._registered,
            fronts=FrontOf(parts.node.node.fronts),
            changed=self._changed,
            log_bytes_max=parts.node.node.log_bytes_max,
            program=program_of,
            heard=self.heard,
        )
        self.fleet = Fleet(world, ways, self._worker)
        self._peers = Peers(world, self._worker, self._others)
        self._chance = world.rng("node.peers")
        self._meter = Meter(world)
        self._following: Following | None = None
        self._joining: Deferred[None] | None = None

    async def open(self) -> None:
        await self.library.open()
        await self._supply.open()
        await self._peers.open()
        installation = await self.identify()
        await self.offer()
        if (
            installation.new
            and not self.parts.membership.take_over
            and await self.parts.membership.is_taken()
        ):
            await self.parts.membership.start()  # a copy starts none of the servers that the other one runs
        if installation.new:
            await self.parts.world.run_blocking(settle, self.parts.world, installation)
        await self.fleet.open()
        self.connect()

    async def identify(self) -> Installation:
        """Know whose processes this agent starts, and have them know it."""
        installation = await self.parts.membership.identify()
        self._environment[VARIABLE] = installation.id
        return installation

    async def offer(self) -> None:
        """What others find here."""
        parts = self.parts
        adapter = parts.communicator.createObjectAdapterWithEndpoints(
            f"{parts.node.name}.Agent", parts.endpoint()
        )
        identity = Identity(parts.node.name, CATEGORY)
        servant = AgentI(self.fleet, self.states, self.facts)
        if parts.settings.cluster.join == BY_TLS:
            masters_only(servant, GUARDED)
        adapter.add(servant, identity)
        adapter.add(self.library.servant(), RELEASES)
        await adapter.activate()
        known = WellKnown(identity, AgentPrx.ice_type)
        parts.membership.offer(adapter, objects=[known], adapter_id=f"{parts.node.name}.Agent")

    def connect(self) -> None:
        """Take part in the grid, for ever: registries may come and go."""
        parts = self.parts
        self._following = Following(
            parts.world,
            parts.node.name,
            parts.membership.introduced(
                self._at(ClusterPrx, ":".join(["PushNet/Cluster", *parts.settings.doors]))
            ),
            epoch=lambda: parts.membership.epoch,
            known=lambda: self.fleet.generation,
            took=self._took,
            states=self.states,
            planned_as=self.planned_as,
        )
        self._joining = Deferred.fromCoroutine(self._join())
        parts.world.background("joining", self._joining)

    async def close(self) -> None:
        if self._following is not None:
            self._following.stop()
        self._peers.stop()
        if self.parts.node.node.stop_servers:
            await self.fleet.stop()
        if self._joining is not None:
            self._joining.cancel()
        await self.fleet.leave()
        await self.parts.membership.stop()
        await self.library.close()
        await self._worker.close()

    def health(self) -> dict[str, object]:
        return {**super().health(), "servers": len(self.fleet.states()), "generation": self.fleet.generation}

    def gauges(self) -> dict[str, float]:
        """Also the load of its machine, which is that of the stock servers on it."""
        machine = self._meter.machine()
        told = {name: machine[name] for name in (*LOADS, "cpus") if name in machine}
        if LOADS[0] in told:
            told["load"] = told[LOADS[0]] / max(1.0, told.get("cpus", 1.0))
        return {"servers": float(len(self.fleet.states())), **told}

    def states(self) -> list[ServerState]:
        """How every server is, with what it takes."""
        name = self.parts.node.name
        told = [server.state(name) for server in self.fleet.states()]
        self._meter.look([state.pid for state in told])
        return [attrs.evolve(state, resources=self._resources(state)) for state in told]

    def _resources(self, state: ServerState) -> dict[str, float]:
        return {
            **state.resources,
            **self.fleet.standing.gauges(state.id),
            **self._meter.of(state.pid),
        }

    def facts(self) -> AgentFacts:
        node = self.parts.node
        system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
        return AgentFacts(
            node.name,
            self.parts.membership.version,
            node.region,
            node.zone,
            system,
            self.fleet.generation,
            self._meter.machine(),
        )

    # What the fleet asks for.

    def _prepare(self, plan: ServerPlan) -> Deferred[str]:
        return self._supply.prepare(plan) if plan.release else succeed("")

    def _used(self) -> list[tuple[str, str]]:
        """What runs, and what is to run."""
        states = self.fleet.states()
        plans = [run.plan for server in states for run in server.runs]
        plans += [server.plan for server in states if server.plan is not None]
        return [(plan.release, plan.version) for plan in plans]

    def _changed(self, server: Server) -> None:
        if server.serves_plan is not None:
            self._supply.serves(server.serves_plan)
        if self._following is not None:
            self._following.changed()

    def _registered(self, adapters: Sequence[str]) -> Deferred[bool]:
        return Deferred.fromCoroutine(self._all_registered(adapters))

    async def _all_registered(self, adapters: Sequence[str]) -> bool:
        locator = self._at_registries(LocatorPrx, "IceGrid/Locator")
        for id in adapters:
            try:
                if await locator.findAdapterById(id, ASLEEP) is None:
                    return False
            except (AdapterNotFoundException, LocalException):
                return False
        return True

    # Registries and other agents.

    def _took(self, plan: AgentPlan) -> None:
        self.parts.log.info(
            "generation {number}: {count} servers", number=plan.generation, count=len(plan.servers)
        )
        self.fleet.follow(plan.generation, plan.settings, plan.servers)

    async def _join(self) -> None:
        """For ever: an agent without a registry goes by its last plan.

        No other plan is asked for before the name is ours. Whose name is taken ends, unless it has servers.
        """
        try:
            while True:
                try:
                    if not self.parts.membership.epoch:
                        await self.parts.membership.start()
                    self._peers.start()
                    if self._following is not None:
                        self._following.start()
                    return
                except JoinFailedException as error:
                    if isinstance(error, NameTakenException) and not self.fleet.states():
                        self.give_up(str(error))
                        return
                    self.parts.log.warn("{error}; trying on", error=str(error))
                    await deferLater(self.parts.world.clock, JOIN_PAUSE_S)
                    while isinstance(error, NameTakenException) and await self.parts.membership.is_taken():
                        await deferLater(self.parts.world.clock, JOIN_PAUSE_S)
        except CancelledError:
            return

    async def _sources(self) -> list[Source]:
        """The registries, then other agents: any may lack a release, none is believed."""
        peers = await self._peers.learn()
        places = {endpoint: endpoint for endpoint in self.parts.settings.doors}
        places |= {f"agent {name}": endpoints for name, endpoints in peers.items()}
        releases = f"{RELEASES.category}/{RELEASES.name}"
        return [RpcSource(self._at(ReleasesPrx, f"{releases}:{at}"), name) for name, at in places.items()]

    async def _others(self, most: int) -> list[tuple[str, str]]:
        """Some of the other agents and their endpoints; nobody while no registry answers."""
        query = self._at_registries(QueryPrx, "IceGrid/Query")
        locator = self._at_registries(LocatorPrx, "IceGrid/Locator")
        try:
            agents = await query.findAllObjectsByType(AgentPrx.ice_type)
        except LocalException:
            return []
        named = {agent.ice_getIdentity().name: agent for agent in agents if agent is not None}
        named.pop(self.parts.node.name, None)
        found: list[tuple[str, str]] = []
        for name in self._chance.sample(sorted(named), min(most, len(named))):
            try:
                direct = await locator.findAdapterById(named[name].ice_getAdapterId(), ASLEEP)
            except (AdapterNotFoundException, LocalException):
                continue
            if direct is not None and direct.ice_getEndpoints():
                found.append((name, ":".join(map(str, direct.ice_getEndpoints()))))
        return sorted(found)

    def _at_registries(self, kind: type[P], identity: str) -> P:
        return self._at(kind, ":".join([identity, *self.parts.settings.doors]))

    def _at(self, kind: type[P], text: str) -> P:
        proxy = kind.uncheckedCast(self.parts.communicator.stringToProxy(text))
        assert proxy is not None, text
        return proxy.ice_invocationTimeout(ASK_LIMIT_MS)


def program_of(name: str) -> str:
    """Programs of our own environment are those beside the Python that runs us."""
    return str(Path(sys.executable).with_name(name)) if name in OUR_PROGRAMS else name


def make_service(parts: Parts) -> RoleService:
    return NodeService(parts)
