"""One shard in operation: opened from its file, served at an object adapter of its own, closed in order.

The adapter is known as `<node>.<number>` and is in the group `DBAgent.<number>`, so that several shards of
one node are found apart.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pushnet.gen.pushnet.broker import Target
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.base import Parts
from pushnet.roles.dbagent.courier import Courier, broker_named
from pushnet.roles.dbagent.desk import Desk
from pushnet.roles.dbagent.following import Following
from pushnet.roles.dbagent.metrics import ShardMetrics
from pushnet.roles.dbagent.notebook import Notebook
from pushnet.roles.dbagent.presence import Presence
from pushnet.roles.dbagent.reminders import Reminders
from pushnet.roles.dbagent.routes import Routes
from pushnet.roles.dbagent.servant import ShardI, ShardParts
from pushnet.roles.dbagent.upkeep import Upkeep
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.stores.shard.store import ShardStore
from pushnet.wire.identity import Identity


class ServedShard:
    """Shard `number` of the cluster, on this node."""

    def __init__(
        self,
        parts: Parts,
        number: int,
        port: int,
        metrics: ShardMetrics,
        on_failure: Callable[[str], object] = lambda reason: None,
    ) -> None:
        """`on_failure` is told when the file cannot be trusted any more and the process must end."""
        self.number = number
        self._parts = parts
        self._port = port
        self._metrics = metrics
        kept_max = parts.node.dbagent.stream_messages_max
        self._store = ShardStore(parts.world, f"shard-{number}.db", kept_max)
        self._store.on_failure(on_failure)
        self._courier = Courier(parts.world, partial(broker_named, parts.communicator), self._absent)
        self._following: Following | None = None
        self._upkeep: Upkeep | None = None
        self._adapter: ObjectAdapter | None = None
        self.routes = Routes(0)
        self._reminders = Reminders(self._store, self.routes, self._courier)

    async def open(self) -> None:
        """Open the file, serve, and be offered to the registry when the node joins."""
        parts = self._parts
        opening = await self._store.open()
        self.routes = Routes(opening.incarnation)
        notebook = Notebook(self._store)
        reminders = self._reminders = Reminders(self._store, self.routes, self._courier)
        presence = Presence(parts.world, self._store, self.routes, notebook, self._courier, reminders)
        self._following = Following(parts.world, self._store, opening.log)
        apps = [app.key for app in parts.settings.app]
        self._upkeep = Upkeep(parts.world, self._store, self.routes, notebook, reminders, self._metrics, apps)
        shard = ShardParts(
            number=self.number,
            shards=parts.settings.cluster.shards,
            apps=frozenset(apps),
            store=self._store,
            routes=self.routes,
            presence=presence,
            reminders=reminders,
            desk=Desk(self._store, self.routes),
            following=self._following,
            metrics=self._metrics,
            world=parts.world,
        )
        self._watch(self._following)
        await self._serve(ShardI(shard))
        self._upkeep.start()

    async def _serve(self, servant: ShardI) -> None:
        parts = self._parts
        name = f"{parts.node.name}.{self.number}"
        identity = Identity(str(self.number), "shard")
        adapter = parts.communicator.createObjectAdapterWithEndpoints(name, parts.endpoint(self._port))
        self._adapter = adapter
        adapter.add(servant, identity)
        await adapter.activate()
        known = WellKnown(identity, "::PushNet::Shard")
        parts.membership.offer(adapter, group=f"DBAgent.{self.number}", objects=[known], adapter_id=name)

    def _absent(self, app: str, broker: str, target: Target) -> None:
        """The Broker does not hold the device since the login we know of: its logout was lost."""
        self.routes.logout(app, target.ordinal, broker, target.epoch)

    def _watch(self, following: Following) -> None:
        self._metrics.watch(
            {
                "online": lambda: len(self.routes),
                "brokers": lambda: len(self.routes.brokers),
                "followers": lambda: len(following),
                "errands": lambda: len(self._courier),
                "expected": lambda: len(self._reminders),
                "waiting": lambda: self._store.waiting,
                "position": lambda: self._store.changed.value,
            }
        )

    async def close(self) -> None:
        """Finish what was accepted, then close the file. Also after a failed `open`."""
        if self._following is not None:
            self._following.stop()
        if self._adapter is not None:
            await self._adapter.deactivate()
        self._courier.close()
        if self._upkeep is not None:
            await self._upkeep.stop()
        await self._store.close()

    @property
    def trouble(self) -> str:
        """What keeps the shard from working; empty when nothing does."""
        return self._store.failure or self._upkeep.trouble if self._upkeep is not None else "it is not open"

    @property
    def waiting(self) -> int:
        """Writes not yet on disk."""
        return self._store.waiting
