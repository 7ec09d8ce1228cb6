"""The push calls: check, give an id, publish, answer. "Accepted" is said when the queue has it on disk.

A publish whose outcome is not known (the connection broke, the answer is late) is repeated with the same key,
so it counts once; the caller's own repetition with the same `cid` gets the first answer back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs
import msgspec
from twisted.internet.task import deferLater

from pushnet.gen.pushnet.push import Audience, Message, Push, write_Push
from pushnet.gen.pushnet.queue import Queue, QueueRefusedException, Receipt
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.lists import Lists
from pushnet.roles.gateway.answer import Answer, success
from pushnet.roles.gateway.cid import new_cids, publish_key
from pushnet.roles.gateway.errors import BUSY, NO_TARGET, TOO_BIG, TOO_MANY_BROADCASTS, ApiError
from pushnet.roles.gateway.json_text import encode
from pushnet.roles.gateway.limits import DAY_S, RateLimit
from pushnet.roles.gateway.message_id import MessageIds
from pushnet.roles.gateway.push import PushOrder, parse_batch, parse_push, parse_single
from pushnet.roles.together import together
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

TOPIC = "push"
PUBLISH_TRIES = 4
"""The first and three repeats (failure-model 6.1: at most three attempts beyond what RPC itself repeats)."""
PAUSE_FIRST_S = 0.1
PAUSE_FACTOR = 4
"""Two seconds in all, for what may have been done: it is asked again by its key."""
PUBLISH_S = 9.0
"""After that no repeat begins: a queue that stops and starts again answers by then."""
BATCH_PARALLEL = 64
"""Publishes of one batch under way at once: the queue commits them in groups."""


class Pushes:
    """Takes pushes for the queue."""

    def __init__(
        self,
        world: World,
        queue: Queue,
        ids: MessageIds,
        broadcasts_per_day: int = 0,
        lists: Callable[[], Lists] = Lists,
    ) -> None:
        """`broadcasts_per_day`: pushes of one app to everybody; 0 means no limit."""
        self._lists = lists
        self._broadcasts = RateLimit(broadcasts_per_day, DAY_S) if broadcasts_per_day else None
        self._world = world
        self._queue = queue
        self._ids = ids

    async def push(self, app: str, body: bytes) -> Answer:
        """`POST /v3/push`. Raises `ApiError`."""
        order = parse_push(body)
        if order.audience.all:
            self._count_broadcast(app)
        return Answer(200, await self._publish(app, order))

    async def validate(self, app: str, body: bytes) -> Answer:
        """`POST /v3/push/validate`: all checks, and nothing is sent. Raises `ApiError`."""
        order = parse_push(body)
        now_ms = self._now_ms()
        order.check_override(now_ms)
        return Answer(200, _accepted(order, self._ids.next(now_ms)))

    async def cids(self, app: str, query: Mapping[str, str]) -> Answer:
        """`GET /v3/push/cid`. Raises `ApiError`."""
        wanted = new_cids(app, query.get("count", ""), query.get("type", ""), self._world.entropy)
        return success({"cidlist": wanted})

    async def batch(self, app: str, body: bytes, kind: str) -> Answer:
        """`POST /v3/push/batch/{regid,alias}/single`: each entry stands alone. Raises `ApiError`."""
        entries = list(parse_batch(body).items())
        told: dict[str, object] = {}
        for first in range(0, len(entries), BATCH_PARALLEL):
            some = entries[first : first + BATCH_PARALLEL]
            results = await together([self._single(app, cid, entry, kind) for cid, entry in some])
            told.update({cid: result for (cid, _), result in zip(some, results, strict=True)})
        return success(told)

    async def _single(self, app: str, cid: str, entry: object, kind: str) -> dict[str, object]:
        try:
            order = parse_single(cid, entry, kind)
            accepted = msgspec.json.decode(await self._publish(app, order), type=dict[str, str])
        except ApiError as error:
            return {"error": {"code": error.code, "message": error.message}}
        return {"msg_id": accepted["msg_id"], "error": {"code": 0, "message": "Success"}}

    async def _publish(self, app: str, order: PushOrder) -> bytes:
        """Put the push into the queue; the body of the answer, which may be that of an earlier call."""
        now_ms = self._now_ms()
        order.check_override(now_ms)
        audience = self._permitted(app, order.audience)
        message_id = self._ids.next(now_ms)
        answer = _accepted(order, message_id)
        message = Message(message_id, order.expires_ms(now_ms), order.body(message_id))
        packed = bytearray()
        write_Push(packed, Push(app, audience, message, now_ms))
        receipt = await self._until_known(bytes(packed), publish_key(app, order.cid, message_id), answer)
        return receipt.answer if receipt.duplicate else answer

    def _permitted(self, app: str, audience: Audience) -> Audience:
        """Without the aliases that are not to be pushed to. Raises `ApiError` when those were all."""
        allowed = self._lists().aliases_allowed(app, audience.alias) if audience.alias else audience.alias
        if len(allowed) == len(audience.alias):
            return audience
        if not allowed:
            raise ApiError(NO_TARGET, "Cannot find user by this audience: its aliases are in black list")
        return attrs.evolve(audience, alias=allowed)

    async def _until_known(self, packed: bytes, key: str, answer: bytes) -> Receipt:
        pause_s = PAUSE_FIRST_S
        until = self._world.monotonic() + PUBLISH_S
        for left in reversed(range(PUBLISH_TRIES)):
            try:
                return await self._queue.publish(TOPIC, packed, key, answer)
            except QueueRefusedException as refused:
                raise ApiError(TOO_BIG, f"The push is refused: {refused.reason}") from refused
            except (UnavailableException, LocalException) as error:
                if not left or self._world.monotonic() >= until:
                    raise ApiError(BUSY, "The server is busy: try again, with the same cid") from error
            await deferLater(
                self._world.clock, pause_s * self._world.rng("gateway.publish").uniform(0.5, 1.0)
            )
            pause_s *= PAUSE_FACTOR
        raise AssertionError("the last try returns or raises")

    def _count_broadcast(self, app: str) -> None:
        """Raises `ApiError` when the app has had its broadcasts of the day. A repeated call counts again."""
        if self._broadcasts is None:
            return
        quota = self._broadcasts.take(app, self._world.monotonic())
        if not quota.allowed:
            told = f"{quota.limit} broadcasts a day; the next may be sent in {quota.reset_s} s"
            raise ApiError(TOO_MANY_BROADCASTS, told)

    def _now_ms(self) -> int:
        return int(self._world.wall() * 1000)


def _accepted(order: PushOrder, message_id: int) -> bytes:
    """Both values are strings, and there is no third key: SDKs insist on it."""
    return encode({"sendno": str(order.options.sendno), "msg_id": str(message_id)})
