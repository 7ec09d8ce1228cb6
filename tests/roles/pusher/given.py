"""A pusher in a simulated world, with everything around it in memory."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.push import Audience, Message, Push, write_Push
from pushnet.roles.pusher.brokers import Brokers
from pushnet.roles.pusher.counts import Counts
from pushnet.roles.pusher.delivery import Delivery
from pushnet.sim import Simulation
from tests.roles.memory import Grid, MemoryBroker

APP = "a" * 24
LOG = Logger(namespace="test")


class PusherGiven(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("pusher").boot()
        self.grid = Grid(self.world)
        self.metrics = CollectorRegistry()
        self.counts = Counts(self.metrics)
        self.brokers = Brokers(self.world, self.grid.registry_contract, LOG, self.grid.registry.connect)
        self.delivery = Delivery(self.world, self.grid.backends, self.brokers, self.counts, LOG, page_max=3)
        self.one = self.grid.registry.brokers["broker-1"] = MemoryBroker()
        self.two = self.grid.registry.brokers["broker-2"] = MemoryBroker()

    def push(self, number: int = 1, ttl_s: float = 60.0, **audience: object) -> Push:
        now_ms = int(self.world.wall() * 1000)
        message = Message(number, now_ms + int(ttl_s * 1000), b"{}")
        return Push(APP, Audience(**audience), message, now_ms)  # type: ignore[arg-type]

    def carry(self, push: Push, attempt: int = 1) -> str:
        return self.simulation.run_until(self.delivery.carry(push, attempt))

    def counted(self, name: str, **labels: str) -> float:
        return self.metrics.get_sample_value(f"pushnet_pusher_{name}_total", labels) or 0.0


def packed(push: Push) -> bytes:
    out = bytearray()
    write_Push(out, push)
    return bytes(out)
