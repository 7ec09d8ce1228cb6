"""The role `queue`: one object adapter, one store.

Closing: leave the grid, let waiting consumers go, finish what is being served, then close the store.
"""

from __future__ import annotations

from pushnet.grid.wellknown import WellKnown
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.queue.counts import Counts
from pushnet.roles.queue.servant import QueueI
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.stores.queue import Limits
from pushnet.stores.queue_log import EmbeddedQueue
from pushnet.wire.identity import Identity

GROUP = "Queue"
IDENTITY = Identity("Queue", "")


class QueueService(RoleService):
    """Serves the well-known object `Queue` on a store."""

    def __init__(self, parts: Parts, store: EmbeddedQueue) -> None:
        super().__init__(parts)
        self._store = store
        self._servant = QueueI(parts.world, self._store, Counts(parts.metrics))
        self._adapter: ObjectAdapter | None = None
        store.on_failure(self.give_up)

    async def open(self) -> None:
        parts, node = self.parts, self.parts.node
        await self._store.open()
        self._adapter = parts.communicator.createObjectAdapterWithEndpoints(node.name, parts.endpoint())
        self._adapter.add(self._servant, IDENTITY)
        await self._adapter.activate()
        parts.membership.offer(self._adapter, group=GROUP, objects=[WellKnown(IDENTITY, "::PushNet::Queue")])
        await parts.membership.start()

    async def close(self) -> None:
        await self.parts.membership.stop()
        self._servant.release_consumers()
        if self._adapter is not None:
            await self._adapter.deactivate()
        await self._store.close()

    def health(self) -> dict[str, object]:
        failure = self._store.failure
        known = super().health()
        return {**known, "ok": bool(known["ok"]) and not failure, "failure": failure}

    def gauges(self) -> dict[str, float]:
        return {
            "waiting_writes": float(self._store.waiting_writes),
            "consumers_waiting": float(self._servant.consumers_waiting),
        }


def make_service(parts: Parts) -> RoleService:
    """The role from its parts, on the embedded log."""
    return QueueService(parts, EmbeddedQueue(parts.world, limits_of(parts)))


def limits_of(parts: Parts) -> Limits:
    """What the node's settings allow."""
    settings = parts.node.queue
    return Limits(settings.attempts_max, settings.waiting_max, settings.body_bytes_max)
