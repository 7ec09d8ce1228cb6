"""The role `dbagent`: the shards that the settings give this node."""

from __future__ import annotations

from pushnet.roles.base import Parts, RoleService
from pushnet.roles.dbagent.metrics import DBAgentMetrics
from pushnet.roles.dbagent.shard import ServedShard
from pushnet.stores.sqlite import WAITING_MAX


class DBAgentService(RoleService):
    """Opens its shards, then joins the grid with all of them; leaves it before it closes them.

    The node's port is the first shard's; the system chooses those of the others.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        metrics = DBAgentMetrics(parts.metrics)
        self._shards = [
            ServedShard(parts, number, 0 if place else parts.node.port, metrics.of(number), self.give_up)
            for place, number in enumerate(parts.node.dbagent.shards)
        ]

    async def open(self) -> None:
        for shard in self._shards:
            await shard.open()
        await self.parts.membership.start()

    async def close(self) -> None:
        await self.parts.membership.stop()
        for shard in self._shards:
            await shard.close()

    def health(self) -> dict[str, object]:
        trouble = {shard.number: shard.trouble for shard in self._shards if shard.trouble}
        well = super().health()
        return {**well, "ok": bool(well["ok"]) and not trouble, "trouble": trouble}

    def gauges(self) -> dict[str, float]:
        waiting = sum(shard.waiting for shard in self._shards)
        return {
            "load": waiting / (WAITING_MAX * max(1, len(self._shards))),
            "devices_online": sum(len(shard.routes) for shard in self._shards),
            "writes_waiting": waiting,
        }


def make_service(parts: Parts) -> RoleService:
    """The role from its parts."""
    return DBAgentService(parts)
