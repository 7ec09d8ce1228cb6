"""A registry and nodes around it in the simulated world, for tests of what takes part in a grid."""

from __future__ import annotations

import attrs
from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.registry import Member, NodeStatus, RegistryPrx
from pushnet.gen.pushnet.tagalias import TagAliasServant
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import ClusterSettings, GroupSettings, NodeSettings, RegistrySettings, Settings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.membership import Membership
from pushnet.roles.password import PasswordHash
from pushnet.roles.registry.service import make_service
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import Current
from pushnet.sim.simulation import Simulation
from pushnet.sim.world import SimWorld
from pushnet.wire.identity import Identity

CHEAP = PasswordHash(10, 8, 1, b"salt" * 4, b"")
"""Costs little, for tests only."""
HASH = str(attrs.evolve(CHEAP, key=CHEAP.derive("secret")))
TAGALIAS = WellKnown(Identity("TagAlias", ""), "::PushNet::TagAlias")


class TagAliasI(TagAliasServant):
    """Answers with its number."""

    def __init__(self, number: int) -> None:
        self.number = number

    def followed(self, current: Current | None = None) -> dict[int, int]:
        return {self.number: 0}


@attrs.define
class Node:
    """A node that takes part, from one boot to its end."""

    world: SimWorld
    communicator: Communicator
    adapter: ObjectAdapter
    membership: Membership
    load: float = 0.0


class SimGrid:
    """The registry on host `registry-1`; each node on a host of its own name."""

    def __init__(
        self, test: SynchronousTestCase, balance: dict[str, str] | None = None, *, administered: bool = False
    ) -> None:
        """`administered`: ann may administer it, bob have a client's session, both with password `secret`."""
        self.simulation = Simulation(7)
        test.addCleanup(self.simulation.close)
        cluster = ClusterSettings(secret="x" * 16, host="registry-1", lease_s=3.0)
        registry = RegistrySettings(admins={"ann": HASH}, users={"bob": HASH})
        self.own = NodeSettings(
            name="registry-1", role="registry", registry=registry if administered else RegistrySettings()
        )
        groups = [GroupSettings(id=group, choice=choice) for group, choice in (balance or {}).items()]
        self.settings = Settings(cluster=cluster, group=groups, node=[self.own])
        self.registry: RoleService | None = None

    def communicator(self, world: SimWorld) -> Communicator:
        return Communicator(world, inner_properties(self.settings))

    def start_registry(self) -> RoleService:
        world = self.simulation.host("registry-1").boot()
        communicator = self.communicator(world)
        membership = Membership(world, communicator, self.settings, self.own, "1.0")
        metrics = CollectorRegistry()
        parts = Parts(world, communicator, self.settings, self.own, membership, metrics, Logger())
        self.registry = make_service(parts)
        self.registry.startService()
        self.simulation.run_until(self.registry.started)
        return self.registry

    def kill(self, name: str) -> None:
        """As kill -9."""
        self.simulation.host(name).kill()

    def boot_node(self, name: str, number: int) -> Node:
        """A replica of TagAlias that has not joined yet."""
        world = self.simulation.host(name).boot()
        communicator = self.communicator(world)
        settings = NodeSettings(name=name, role="tagalias", region="eu")
        made: list[Node] = []
        membership = Membership(
            world, communicator, self.settings, settings, "1.0", lambda: {"load": made[0].load}
        )
        adapter = communicator.createObjectAdapterWithEndpoints("TagAlias", f"tcp -h {name} -p 0")
        adapter.add(TagAliasI(number), TAGALIAS.identity)
        self.simulation.run_until(adapter.activate())
        membership.offer(adapter, "TagAlias", [TAGALIAS])
        made.append(Node(world, communicator, adapter, membership))
        return made[0]

    def start_node(self, name: str, number: int) -> Node:
        """One that has joined."""
        node = self.boot_node(name, number)
        self.simulation.run_until(node.membership.start())
        return node

    def observer(self) -> Communicator:
        """A client on a host of its own."""
        host = self.simulation.host("observer")
        return self.communicator(host.world if host.is_up else host.boot())

    def ask(self) -> RegistryPrx:
        """`PushNet/Registry` as the observer calls it."""
        address = f"PushNet/Registry:tcp -h registry-1 -p {self.settings.cluster.registry_port}"
        registry = RegistryPrx.uncheckedCast(self.observer().stringToProxy(address))
        assert registry is not None
        return registry

    def nodes(self) -> list[NodeStatus]:
        return self.simulation.run_until(self.ask().nodes())

    def names(self) -> list[str]:
        return [status.info.name for status in self.nodes()]

    def replicas(self, group: str) -> list[Member]:
        found: Deferred[list[Member]] = self.ask().replicas(group)
        return self.simulation.run_until(found)
