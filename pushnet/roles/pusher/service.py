"""The pusher as a service: it joins the grid to be seen, and works through the queue until it is stopped."""

from __future__ import annotations

from pushnet.gen.pushnet.registry import RegistryPrx
from pushnet.roles.backends import find_backends
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.pusher.brokers import CALL_LIMIT_MS, Brokers
from pushnet.roles.pusher.counts import Counts
from pushnet.roles.pusher.delivery import Delivery
from pushnet.roles.pusher.intake import Intake

REPLICA_GROUP = "Pusher"


class PusherService(RoleService):
    """Carries accepted pushes to the Brokers."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.intake: Intake | None = None
        self._delivery: Delivery | None = None

    async def open(self) -> None:
        parts, settings = self.parts, self.parts.node.pusher
        cluster = parts.settings.cluster
        backends = find_backends(parts.communicator, cluster.shards)
        registry = RegistryPrx.uncheckedCast(
            parts.communicator.stringToProxy(":".join(["PushNet/Registry", *parts.settings.doors]))
        )
        assert registry is not None
        brokers = Brokers(parts.world, registry.ice_invocationTimeout(CALL_LIMIT_MS), parts.log)
        counts = Counts(parts.metrics)
        self._delivery = Delivery(
            parts.world, backends, brokers, counts, parts.log, page_max=settings.unicast_max
        )
        self.intake = Intake(
            parts.world, backends.queue, self._delivery.carry, settings.parallel, counts, parts.log
        )
        adapter = parts.communicator.createObjectAdapterWithEndpoints(parts.node.name, parts.endpoint())
        await adapter.activate()
        parts.membership.offer(adapter, REPLICA_GROUP)
        await parts.membership.start()
        self.intake.start()

    async def close(self) -> None:
        await self.parts.membership.stop()
        if self.intake is not None:
            await self.intake.stop()
        if self._delivery is not None:
            self._delivery.stop()

    def gauges(self) -> dict[str, float]:
        running = float(self.intake.running) if self.intake else 0.0
        return {"load": running / self.parts.node.pusher.parallel, "pushes_running": running}


def make_service(parts: Parts) -> RoleService:
    return PusherService(parts)
