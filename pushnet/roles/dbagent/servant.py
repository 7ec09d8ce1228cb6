"""`PushNet::Shard` onto one shard's nouns."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from pushnet.gen.pushnet.dbagent import (
    Acknowledgement,
    BeatReply,
    ChangePage,
    DeviceUpdate,
    DeviceView,
    GroupEntry,
    LoginRefusedException,
    LoginReply,
    LoginRequest,
    Registration,
    Route,
    ShardServant,
    StoreReply,
    StreamEntry,
    TagReply,
)
from pushnet.gen.pushnet.push import Message
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import (
    COUNTER_END,
    RANDOM_BYTES,
    home_shard,
    ordinal_at,
    registration_id,
    shard_of_device,
)
from pushnet.roles.dbagent.answers import from_store, store_reply
from pushnet.roles.dbagent.desk import Desk
from pushnet.roles.dbagent.following import Following
from pushnet.roles.dbagent.metrics import ShardMetrics
from pushnet.roles.dbagent.presence import Presence
from pushnet.roles.dbagent.reminders import Reminders
from pushnet.roles.dbagent.routes import Routes
from pushnet.roles.dbagent.rules import why_not_register
from pushnet.rpc.stubs import Current
from pushnet.stores.shard.devices import Newcomer
from pushnet.stores.shard.store import ShardStore
from pushnet.world import World

PAGE_MESSAGES_MAX = 1000
"""Of a stream or a group log in one answer; the store bounds the bytes too."""
SECRET_BYTES = 16


@attrs.frozen
class ShardParts:
    """Which shard this is, and what it is made of."""

    number: int
    shards: int
    """How many there are in the cluster."""
    apps: frozenset[str]
    """The keys of the cluster's apps."""
    store: ShardStore
    routes: Routes
    presence: Presence
    reminders: Reminders
    desk: Desk
    following: Following
    metrics: ShardMetrics
    world: World


class ShardI(ShardServant):
    """One shard."""

    def __init__(self, shard: ShardParts) -> None:
        self._shard = shard
        self._store = shard.store
        self._desk = shard.desk

    async def register(
        self, app: str, deviceKey: str, platform: str, current: Current | None = None
    ) -> Registration:
        shard = self._shard
        try:
            self._check_app(app)
            reason = why_not_register(deviceKey, platform)
            if not reason and shard_of_device(app, deviceKey, shard.shards) != shard.number:
                reason = f"this device registers at another shard than {shard.number}"
            if reason:
                raise LoginRefusedException(reason)
        except LoginRefusedException:
            shard.metrics.refused.inc()
            raise
        random = shard.world.entropy.token(RANDOM_BYTES)

        def name(counter: int) -> tuple[int, str]:
            if counter >= COUNTER_END:
                raise UnavailableException("the shard has numbered all devices it can")
            ordinal = ordinal_at(counter, shard.number)
            return ordinal, registration_id(ordinal, random)

        new = Newcomer(app, deviceKey, platform, shard.world.entropy.token(SECRET_BYTES), name)
        made = await from_store(self._store.register(new))
        shard.metrics.registered.inc()
        return made

    async def login(self, request: LoginRequest, current: Current | None = None) -> LoginReply:
        try:
            self._check_app(request.app)
            reply = await self._shard.presence.login(request)
        except LoginRefusedException:
            self._shard.metrics.refused.inc()
            raise
        self._shard.metrics.logins.inc()
        return reply

    async def logout(
        self, app: str, ordinal: int, broker: str, epoch: int, current: Current | None = None
    ) -> None:
        self._shard.presence.logout(app, ordinal, broker, epoch)

    async def beat(
        self, broker: str, brokerEpoch: int, apps: Sequence[str], current: Current | None = None
    ) -> BeatReply:
        shard = self._shard
        home = [app for app in apps if home_shard(app, shard.shards) == shard.number]
        heads = {app: shard.store.group_head(app) for app in home}
        return BeatReply(shard.presence.beat(broker, brokerEpoch), heads)

    async def report(
        self, broker: str, brokerEpoch: int, held: Sequence[Route], current: Current | None = None
    ) -> None:
        await self._shard.presence.report(broker, brokerEpoch, held)

    async def fetch(
        self, app: str, ordinal: int, since: int, max: int, current: Current | None = None
    ) -> list[StreamEntry]:
        return await from_store(self._store.stream(app, ordinal, since, _page(max)))

    async def acknowledge(self, acks: Sequence[Acknowledgement], current: Current | None = None) -> None:
        await from_store(
            self._store.acknowledge([(ack.app, ack.ordinal, ack.group, ack.seq) for ack in acks])
        )
        for ack in acks:
            if not ack.group:
                self._shard.reminders.acknowledged(ack.app, ack.ordinal, ack.seq)
        self._shard.metrics.acknowledged.inc(len(acks))

    async def store(
        self, app: str, item: Message, ordinals: Sequence[int], current: Current | None = None
    ) -> StoreReply:
        placed, unknown = await from_store(self._store.store(app, item, ordinals))
        self._shard.metrics.stored.inc(len(placed))
        reply = store_reply(app, placed, unknown, self._shard.routes)
        now_s = self._shard.world.monotonic()
        for place in reply.placements:
            if place.broker:
                self._shard.reminders.expect(app, place.ordinal, place.seq, now_s)
        return reply

    async def append(self, app: str, item: Message, audience: bytes, current: Current | None = None) -> int:
        if home_shard(app, self._shard.shards) != self._shard.number:
            raise UnavailableException(f"the app's group log is not on shard {self._shard.number}")
        seq = await from_store(self._store.append(app, item, audience))
        self._shard.metrics.appended.inc()
        return seq

    async def group(self, app: str, since: int, max: int, current: Current | None = None) -> list[GroupEntry]:
        return await from_store(self._store.group(app, since, _page(max)))

    async def position(self, current: Current | None = None) -> int:
        return self._store.changed.value

    async def changes(self, since: int, max: int, waitMs: int, current: Current | None = None) -> ChangePage:
        page = await self._shard.following.changes(since, max, waitMs, current)
        self._shard.metrics.changes.inc(len(page.changes))
        return page

    async def device(self, app: str, registrationId: str, current: Current | None = None) -> DeviceView:
        return await self._desk.show(app, registrationId)

    async def update(
        self, app: str, registrationId: str, changes: DeviceUpdate, current: Current | None = None
    ) -> int:
        return await self._desk.update(app, registrationId, changes)

    async def updateTag(
        self,
        app: str,
        tag: str,
        add: Sequence[str],
        remove: Sequence[str],
        current: Current | None = None,
    ) -> TagReply:
        return await self._desk.update_tag(app, tag, add, remove)

    async def deleteTag(
        self, app: str, tag: str, platforms: Sequence[str], current: Current | None = None
    ) -> int:
        return await self._desk.delete_tag(app, tag, platforms)

    async def deleteAlias(
        self, app: str, alias: str, platforms: Sequence[str], current: Current | None = None
    ) -> int:
        return await self._desk.delete_alias(app, alias, platforms)

    async def removeAlias(
        self, app: str, alias: str, registrationIds: Sequence[str], current: Current | None = None
    ) -> TagReply:
        return await self._desk.remove_alias(app, alias, registrationIds)

    async def describe(
        self, app: str, ordinals: Sequence[int], current: Current | None = None
    ) -> list[DeviceView]:
        return await self._desk.describe(app, ordinals)

    async def status(
        self, app: str, registrationIds: Sequence[str], current: Current | None = None
    ) -> list[DeviceView]:
        return await self._desk.status(app, registrationIds)

    async def census(self, app: str, current: Current | None = None) -> dict[str, float]:
        return await from_store(self._store.census(app))

    def _check_app(self, app: str) -> None:
        if app not in self._shard.apps:
            raise LoginRefusedException(f"app {app[:40]!r} is not known")


def _page(wanted: int) -> int:
    return min(max(wanted, 1), PAGE_MESSAGES_MAX)
