"""The role `tagalias`: one replica of the index, in the group `TagAlias`."""

from __future__ import annotations

from twisted.internet.defer import Deferred, gatherResults

from pushnet.gen.pushnet.dbagent import ShardPrx
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.tagalias.follower import CALL_LIMIT_MS, Follower
from pushnet.roles.tagalias.index import Index
from pushnet.roles.tagalias.keeper import Keeper
from pushnet.roles.tagalias.metrics import TagAliasMetrics
from pushnet.roles.tagalias.progress import Progress
from pushnet.roles.tagalias.servant import TagAliasI
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.wire.identity import Identity

CATCH_UP_S = 5.0
"""A replica that starts joins the grid when it has caught up with the shards, or after this long: one that
lacks a shard still answers for the others, and says that it lags when asked for more."""


class TagAliasService(RoleService):
    """Loads its snapshot, catches up, joins; leaves, and keeps a last snapshot."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._metrics = TagAliasMetrics(parts.metrics)
        self._keeper = Keeper(parts.world, parts.node.tagalias.snapshot_every_s)
        self._index = Index()
        self._progress = Progress({})
        self._followers: list[Follower] = []
        self._servant: TagAliasI | None = None
        self._adapter: ObjectAdapter | None = None
        self._load = (parts.world.monotonic(), 0)

    async def open(self) -> None:
        parts = self.parts
        self._index = await self._keeper.load()
        self._progress.moved(self._index.positions)
        self._servant = TagAliasI(parts.world, self._index, self._progress, self._metrics)
        self._followers = [self._follower(number) for number in range(parts.settings.cluster.shards)]
        self._watch()
        for follower in self._followers:
            follower.start()
        await self._catch_up()
        self._keeper.start(self._index)
        await self._serve(self._servant)
        await parts.membership.start()

    def _follower(self, number: int) -> Follower:
        """Follows the shard, found by name."""
        proxy = ShardPrx.uncheckedCast(self.parts.communicator.stringToProxy(f"shard/{number}"))
        assert proxy is not None
        shard = proxy.ice_invocationTimeout(CALL_LIMIT_MS)
        return Follower(self.parts.world, number, shard, self._index, self._moved)

    def _moved(self) -> None:
        self._progress.moved(self._index.positions)

    async def _catch_up(self) -> None:
        """Wait until every follower has caught up, but not for long."""
        over: Deferred[None] = Deferred()
        timer = self.parts.world.call_later(CATCH_UP_S, over.callback, None)
        all_there = gatherResults([follower.caught_up for follower in self._followers])
        all_there.addCallback(lambda _: None if over.called else over.callback(None))
        try:
            await over
        finally:
            if timer.active():
                timer.cancel()

    async def _serve(self, servant: TagAliasI) -> None:
        parts = self.parts
        identity = Identity("TagAlias", "")
        adapter = parts.communicator.createObjectAdapterWithEndpoints(parts.node.name, parts.endpoint())
        self._adapter = adapter
        adapter.add(servant, identity)
        await adapter.activate()
        parts.membership.offer(
            adapter, group="TagAlias", objects=[WellKnown(identity, "::PushNet::TagAlias")]
        )

    def _watch(self) -> None:
        index, keeper = self._index, self._keeper
        self._metrics.watch(
            {
                "devices": lambda: index.counts()["devices"],
                "tags": lambda: index.counts()["tags"],
                "aliases": lambda: index.counts()["aliases"],
                "queries_waiting": lambda: len(self._progress),
                "snapshot_bytes": lambda: keeper.size,
            }
        )
        for number, follower in enumerate(self._followers):
            self._metrics.watch_lag(number, follower.lag)

    async def close(self) -> None:
        await self.parts.membership.stop()
        self._progress.stop()
        if self._adapter is not None:
            await self._adapter.deactivate()
        for follower in self._followers:
            follower.stop()
        self._keeper.stop()
        try:
            await self._keeper.save(self._index)
        except OSError as error:
            self.parts.log.error("no last snapshot could be written: {error}", error=str(error))

    def health(self) -> dict[str, object]:
        away = [number for number, follower in enumerate(self._followers) if follower.away]
        return {**super().health(), "followed": self._index.positions, "shards_away": away}

    def gauges(self) -> dict[str, float]:
        """`load` is queries a second since it was last asked for."""
        now_s, answered = self.parts.world.monotonic(), self._servant.answered if self._servant else 0
        since_s, before = self._load
        self._load = (now_s, answered)
        lag = sum(follower.lag() for follower in self._followers)
        return {"load": (answered - before) / max(now_s - since_s, 0.001), "lag": lag, **self._index.counts()}


def make_service(parts: Parts) -> RoleService:
    """The role from its parts."""
    return TagAliasService(parts)
