"""DBAgent and TagAlias nodes of a simulated cluster, found through its registry."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import Registration, ShardPrx
from pushnet.gen.pushnet.push import Message
from pushnet.gen.pushnet.tagalias import TagAliasPrx
from pushnet.grid.placement import home_shard, shard_of_device
from pushnet.grid.settings import (
    AppSettings,
    ClusterSettings,
    DBAgentSettings,
    NodeSettings,
    Settings,
    TagAliasSettings,
)
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.membership import Membership
from pushnet.roles.registry.service import make_service as make_registry
from pushnet.rpc.communicator import Communicator
from pushnet.sim import Simulation

T = TypeVar("T")

APP = "7d431e42dfa6a6d693ac2d04"
SHARDS = 3
HOME = home_shard(APP, SHARDS)
HOUR_MS = 3_600_000

NODES = [
    NodeSettings(name="registry-1", role="registry", host="registry-1"),
    NodeSettings(name="dbagent-1", role="dbagent", host="dbagent-1", dbagent=DBAgentSettings(shards=[0, 2])),
    NodeSettings(name="dbagent-2", role="dbagent", host="dbagent-2", dbagent=DBAgentSettings(shards=[1])),
    NodeSettings(
        name="tagalias-1", role="tagalias", host="tagalias-1", tagalias=TagAliasSettings(snapshot_every_s=5)
    ),
    NodeSettings(
        name="tagalias-2", role="tagalias", host="tagalias-2", tagalias=TagAliasSettings(snapshot_every_s=5)
    ),
]
CLUSTER = ClusterSettings(secret="s" * 16, host="registry-1", shards=SHARDS, lease_s=3.0)
SETTINGS = Settings(cluster=CLUSTER, app=[AppSettings(key=APP, secret="s" * 24)], node=NODES)

Maker = Callable[[Parts], RoleService]


class TruthCase(SynchronousTestCase):
    """A registry, and what a test starts beside it."""

    def setUp(self) -> None:
        self.simulation = Simulation(11)
        self.addCleanup(self.simulation.close)
        self.roles: dict[str, RoleService] = {}
        self.metrics: dict[str, CollectorRegistry] = {}
        self.start("registry-1", make_registry)
        self.client = self._communicator(self.simulation.host("client").boot())

    def begin(self, name: str, make: Maker) -> RoleService:
        """Boot a host and let its role open."""
        node = SETTINGS.named(name)
        world = self.simulation.host(name).boot()
        communicator = self._communicator(world)
        made: list[RoleService] = []
        membership = Membership(
            world, communicator, SETTINGS, node, "1.0", lambda: made[0].gauges() if made else {}
        )
        registry = self.metrics[name] = CollectorRegistry()
        role = make(Parts(world, communicator, SETTINGS, node, membership, registry, Logger()))
        made.append(role)
        role.startService()
        self.roles[name] = role
        return role

    def start(self, name: str, make: Maker) -> RoleService:
        """As `begin`, until the role serves."""
        role = self.begin(name, make)
        self.run_until(role.started)
        return role

    def stop(self, name: str) -> None:
        """Stop the role in order, see that nothing is left, and end the process."""
        role = self.roles[name]
        self.run_until(role.stopService())
        self.run_until(role.parts.communicator.destroy())
        world = self.simulation.host(name).world
        self.assertEqual(world.leftovers(), [])
        self.kill(name)

    def kill(self, name: str) -> None:
        """As kill -9."""
        self.simulation.host(name).kill()

    def run_until(self, flow: Deferred[T] | Coroutine[Any, Any, T]) -> T:
        return self.simulation.run_until(flow)

    def shard(self, number: int) -> ShardPrx:
        proxy = ShardPrx.uncheckedCast(self.client.stringToProxy(f"shard/{number}"))
        assert proxy is not None
        return proxy

    def tag_alias(self, node: str = "") -> TagAliasPrx:
        """Any replica, or that of a node."""
        proxy = TagAliasPrx.uncheckedCast(
            self.client.stringToProxy(f"TagAlias @ {node}" if node else "TagAlias")
        )
        assert proxy is not None
        return proxy

    def register(self, key: str) -> Registration:
        """A device, at the shard that its key says."""
        shard = self.shard(shard_of_device(APP, key, SHARDS))
        return self.run_until(shard.register(APP, key, "android"))

    def message(self, id: int) -> Message:
        world = self.simulation.host("client").world
        return Message(id, int(world.wall() * 1000) + HOUR_MS, b"body")

    def _communicator(self, world: Any) -> Communicator:
        return Communicator(world, properties={"Ice.Default.Locator": SETTINGS.locator})
