"""One push's way from the queue to the Brokers: find the devices, store, deliver.

Every step may be done again without harm: a shard stores a message id once for a device and once in a group
log, and a device takes each `seq` once. So any failure before the message is stored is simply raised, and
the queue brings the push again. After that nothing can be lost: a Broker that cannot be reached now is
tried once more in the background, and a device that misses both gets the message when it resumes.
"""

from __future__ import annotations

import attrs
from pyroaring import BitMap
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.gen.pushnet.broker import Broker, Target
from pushnet.gen.pushnet.dbagent import Placement
from pushnet.gen.pushnet.push import Message, Push
from pushnet.gen.pushnet.tagalias import Selection
from pushnet.grid.placement import by_shard, home_shard, ordinal_in, shard_of_ordinal
from pushnet.roles.backends import Backends
from pushnet.roles.pusher.brokers import Brokers
from pushnet.roles.pusher.counts import Counts
from pushnet.roles.pusher.plan import in_pages, names_devices, names_ids_only, names_nobody, targets_by_broker
from pushnet.roles.together import together
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import UserException
from pushnet.world import World

WAIT_MS = 5000
"""How long the tag index may take to catch up with the shards; then the push comes again later."""
SECOND_TRY_S = 1.0
SECOND_TRIES_MAX = 1000
"""Pushes waiting for their second try at once; further ones are left to the devices' resumption."""

DELIVERED = "delivered"
NO_TARGET = "no_target"
EXPIRED = "expired"


class ImpossiblePush(Exception):
    """No number of attempts can deliver this push: the text says why."""


@attrs.frozen
class _Chosen:
    """Devices named one by one, and how many of the names are no devices."""

    ordinals: list[int]
    unregistered: int = 0


class Delivery:
    """Carries pushes out. See the module's text."""

    def __init__(
        self,
        world: World,
        backends: Backends,
        brokers: Brokers,
        counts: Counts,
        log: Logger,
        page_max: int = 1000,
    ) -> None:
        self._world = world
        self._tag_alias = backends.tag_alias
        self._shards = backends.shards
        self._brokers = brokers
        self._counts = counts
        self._log = log
        self._page_max = page_max
        self._trying: dict[Deferred[None], None] = {}

    async def carry(self, push: Push, attempt: int) -> str:
        """One attempt. Returns the outcome; raises `ImpossiblePush`, or whatever a backend raised.

        Args:
            attempt: 1 for the first.
        """
        if self._world.wall() * 1000 >= push.message.expiresMs:
            return EXPIRED
        if names_nobody(push.audience):
            raise ImpossiblePush("the audience names nobody")
        if names_devices(push.audience):
            return await self._carry_singly(push)
        return await self._carry_as_group(push, attempt)

    def stop(self) -> None:
        """Give up the second tries: what they carry is stored."""
        for trying in list(self._trying):
            trying.cancel()

    async def _carry_singly(self, push: Push) -> str:
        chosen = await (self._named(push) if names_ids_only(push.audience) else self._resolved(push))
        placements, unknown = await self._store(push, chosen.ordinals)
        self._counts.unregistered.inc(chosen.unregistered + unknown)
        if not placements:
            return NO_TARGET
        self._counts.targets.labels("single").inc(len(placements))
        missed = await self._deliver(push, placements)
        if missed:
            self._try_later(push, missed)
        return DELIVERED

    async def _carry_as_group(self, push: Push, attempt: int) -> str:
        selection = await self._select(push)
        if not selection.count:
            return NO_TARGET
        home = self._shards[home_shard(push.app, len(self._shards))]
        seq = await home.append(push.app, push.message, selection.bitmap)
        audience = selection.bitmap
        if attempt > 1:
            stored = await home.group(push.app, seq - 1, 1)
            audience = stored[0].audience if stored else audience
        self._counts.targets.labels("group").inc(selection.count)
        brokers = await self._brokers.living()
        await together(
            [self._tell_group(broker, push.app, seq, push.message, audience) for broker in brokers.values()]
        )
        return DELIVERED

    async def _tell_group(
        self, broker: Broker, app: str, seq: int, message: Message, audience: bytes
    ) -> None:
        """A Broker that does not hear of the row now sees within a second that the log has grown."""
        try:
            await broker.deliverGroup(app, seq, message, audience)
        except (LocalException, UserException) as error:
            self._missed(error)

    async def _named(self, push: Push) -> _Chosen:
        """The devices behind registration ids: the shards know whole ids, so that none can be made up."""
        parts: dict[int, list[str]] = {}
        for name in push.audience.registrationId:
            ordinal = ordinal_in(name)
            if ordinal is not None and shard_of_ordinal(ordinal) < len(self._shards):
                parts.setdefault(shard_of_ordinal(ordinal), []).append(name)
        pages = await together(
            [self._shards[number].status(push.app, names) for number, names in sorted(parts.items())]
        )
        views = [view for page in pages for view in page]
        platforms = push.audience.platforms
        wanted = [view.ordinal for view in views if not platforms or view.platform in platforms]
        return _Chosen(wanted, len(push.audience.registrationId) - len(views))

    async def _resolved(self, push: Push) -> _Chosen:
        return _Chosen(list(BitMap.deserialize((await self._select(push)).bitmap)))

    async def _select(self, push: Push) -> Selection:
        """Ask the tag index, and let it first see all that was written before now."""
        positions = dict(enumerate(await together([shard.position() for shard in self._shards])))
        return await self._tag_alias.resolve(push.app, push.audience, positions, WAIT_MS)

    async def _store(self, push: Push, ordinals: list[int]) -> tuple[list[Placement], int]:
        """Put the message into the devices' streams: where each stands, and how many are no devices."""
        works = [
            self._shards[number].store(push.app, push.message, page)
            for number, part in by_shard(ordinals).items()
            for page in in_pages(part, self._page_max)
        ]
        replies = await together(works)
        placements = [place for reply in replies for place in reply.placements]
        return placements, sum(len(reply.unknown) for reply in replies)

    async def _deliver(self, push: Push, placements: list[Placement]) -> list[int]:
        """Hand the message to the Brokers; the ordinals of those that could not be reached."""
        living = await self._brokers.living()
        parts = targets_by_broker(placements)
        missed = await together(
            [self._hand(living.get(name), push, targets) for name, targets in parts.items()]
        )
        return [ordinal for part in missed for ordinal in part]

    async def _hand(self, broker: Broker | None, push: Push, targets: list[Target]) -> list[int]:
        """What a Broker no longer holds has moved or left, and was served when it came elsewhere."""
        if broker is not None:
            try:
                await broker.deliver(push.app, push.message, targets)
                return []
            except (LocalException, UserException) as error:
                self._missed(error)
        self._brokers.forget()
        return [target.ordinal for target in targets]

    def _missed(self, error: Exception) -> None:
        self._counts.broker_failures.inc()
        self._brokers.forget()
        self._log.info("a Broker did not take a delivery: {error}", error=f"{type(error).__name__}: {error}")

    def _try_later(self, push: Push, ordinals: list[int]) -> None:
        if len(self._trying) >= SECOND_TRIES_MAX:
            self._counts.second_tries.labels("dropped").inc()
            return
        trying = Deferred.fromCoroutine(self._try_again(push, ordinals))
        self._trying[trying] = None
        trying.addBoth(self._tried, trying)
        self._world.background("a second delivery", trying)

    def _tried(self, result: object, trying: Deferred[None]) -> object:
        del self._trying[trying]
        return result

    async def _try_again(self, push: Push, ordinals: list[int]) -> None:
        """Ask the shards anew where the devices are: a Broker that is gone has lost them by then, mostly."""
        try:
            await deferLater(self._world.clock, SECOND_TRY_S)
            placements, _ = await self._store(push, ordinals)
            missed = await self._deliver(push, placements)
        except CancelledError:
            return
        except (LocalException, UserException) as error:
            self._log.info("no second delivery: {error}", error=f"{type(error).__name__}: {error}")
            missed = ordinals
        self._counts.second_tries.labels("missed" if missed else "delivered").inc()
