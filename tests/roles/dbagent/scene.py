"""One shard in a simulated process, called without a network; Brokers that note what they are told."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.broker import Target
from pushnet.gen.pushnet.dbagent import LoginReply, LoginRequest, Registration
from pushnet.gen.pushnet.push import Message
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import home_shard, shard_of_device
from pushnet.roles.dbagent.courier import Courier
from pushnet.roles.dbagent.desk import Desk
from pushnet.roles.dbagent.following import Following
from pushnet.roles.dbagent.metrics import DBAgentMetrics
from pushnet.roles.dbagent.notebook import Notebook
from pushnet.roles.dbagent.presence import Presence
from pushnet.roles.dbagent.reminders import Reminders
from pushnet.roles.dbagent.routes import Routes
from pushnet.roles.dbagent.servant import ShardI, ShardParts
from pushnet.roles.dbagent.upkeep import Upkeep
from pushnet.sim import Simulation
from pushnet.stores.shard.store import ShardStore

T = TypeVar("T")

APP = "7d431e42dfa6a6d693ac2d04"
OTHER_APP = "b" * 24
SHARDS = 2
NUMBER = home_shard(APP, SHARDS)
HOUR_MS = 3_600_000


class FakeBroker:
    """Notes what it is told. `failing` makes it fail; `held` makes it wait."""

    def __init__(self) -> None:
        self.evicted: list[tuple[int, int]] = []
        self.delivered: list[tuple[int, list[Target]]] = []
        self.failing = False
        self.without: list[int] = []
        """Ordinals that it does not hold."""
        self.held: list[Deferred[None]] | None = None
        self.calls = 0

    async def _called(self) -> None:
        self.calls += 1
        if self.held is not None:
            turn: Deferred[None] = Deferred()
            self.held.append(turn)
            await turn
        if self.failing:
            raise UnavailableException("gone")

    async def evict(self, app: str, ordinal: int, epoch: int) -> None:
        await self._called()
        self.evicted.append((ordinal, epoch))

    async def deliver(self, app: str, item: Message, devices: Sequence[Target]) -> list[int]:
        await self._called()
        self.delivered.append((item.id, list(devices)))
        return [target.ordinal for target in devices if target.ordinal in self.without]


def key_for(number: int, place: int) -> str:
    """The `place`-th key whose device registers at the shard."""
    keys = (f"phone-{count}" for count in range(10_000))
    fitting = [key for key in keys if shard_of_device(APP, key, SHARDS) == number]
    return fitting[place]


class ShardCase(SynchronousTestCase):
    """A test with one open shard."""

    def setUp(self) -> None:
        self.simulation = Simulation(3)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("dbagent-1")
        self.brokers: dict[str, FakeBroker] = {}
        self.boot()

    def boot(self) -> None:
        """Start the process, for the first time or again."""
        self.world = self.host.boot()
        self.store = ShardStore(self.world, "shard.db", 1000)
        self.opening = self.run_until(self.store.open())
        self.routes = Routes(self.opening.incarnation)
        self.notebook = Notebook(self.store)
        self.courier = Courier(self.world, self.broker, self._absent)  # type: ignore[arg-type]
        self.reminders = Reminders(self.store, self.routes, self.courier)
        self.presence = Presence(
            self.world, self.store, self.routes, self.notebook, self.courier, self.reminders
        )
        self.following = Following(self.world, self.store, self.opening.log)
        self.registry = CollectorRegistry()
        self.metrics = DBAgentMetrics(self.registry).of(NUMBER)
        self.upkeep = Upkeep(
            self.world, self.store, self.routes, self.notebook, self.reminders, self.metrics, [APP]
        )
        self.shard = ShardI(
            ShardParts(
                NUMBER,
                SHARDS,
                frozenset([APP, OTHER_APP]),
                self.store,
                self.routes,
                self.presence,
                self.reminders,
                Desk(self.store, self.routes),
                self.following,
                self.metrics,
                self.world,
            )
        )

    def _absent(self, app: str, broker: str, target: Target) -> None:
        self.routes.logout(app, target.ordinal, broker, target.epoch)

    def crash(self) -> None:
        """As kill -9, and start again."""
        self.host.kill()
        self.boot()

    def broker(self, name: str) -> FakeBroker:
        return self.brokers.setdefault(name, FakeBroker())

    def run_until(self, flow: Deferred[T] | Coroutine[Any, Any, T]) -> T:
        return self.simulation.run_until(flow)

    def register(self, place: int = 0, platform: str = "android") -> Registration:
        return self.run_until(self.shard.register(APP, key_for(NUMBER, place), platform))

    def login(
        self, made: Registration, broker: str = "broker-1", seen: int = 0, broker_epoch: int = 1
    ) -> LoginReply:
        request = LoginRequest(
            APP, made.ordinal, made.registrationId, made.secret, broker, broker_epoch, seen
        )
        return self.run_until(self.shard.login(request))

    def message(self, id: int, body: bytes = b"body") -> Message:
        return Message(id, int(self.world.wall() * 1000) + HOUR_MS, body)

    def counted(self, name: str) -> float | None:
        """A metric of this shard."""
        return self.registry.get_sample_value(f"pushnet_dbagent_{name}", {"shard": str(NUMBER)})

    def close(self) -> None:
        """End what the shard has begun, so that nothing is left over."""
        self.run_until(self.store.close())
