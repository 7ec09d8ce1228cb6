"""The device, tag and alias calls, answered by the shards, which hold the truth, and the tag index.

What one call has changed, the next one sees: queries of the tag index name the shards' log positions of
this moment. Registration ids that no shard knows are told as `illegal_rids`; the others have been served.

An alias has at most ten devices, whichever shards they are in: before one is set, the tag index is asked who
has it. Nothing is locked between the question and the change, so calls under way at the same moment, at this
gateway or several, may exceed the limit by at most the number of those calls less one. (A shard never lets an
alias have more than ten of its own.)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from pyroaring import BitMap

from pushnet.gen.pushnet.dbagent import (
    DeviceRuleException,
    DeviceView,
    NoSuchDeviceException,
    Shard,
    TagReply,
)
from pushnet.gen.pushnet.push import Audience
from pushnet.grid.placement import by_shard, ordinal_in, shard_of_ordinal
from pushnet.roles.backends import Backends
from pushnet.roles.gateway.answer import ACCEPTED_EMPTY, Answer, success
from pushnet.roles.gateway.device_bodies import (
    Members,
    check_alias,
    check_tag,
    parse_members,
    parse_platforms,
    parse_status,
    parse_update,
)
from pushnet.roles.gateway.errors import (
    DEVICE_ALIAS_FULL,
    DEVICE_PART_ILLEGAL,
    STATUS,
    ApiError,
    bad_device_value,
)
from pushnet.roles.together import together
from pushnet.world import World

T = TypeVar("T")

WAIT_MS = 5000
"""How long the tag index may take to catch up with the shards before the call is answered "busy"."""
TAGS_LISTED_MAX = 500
"""JPush lists up to 100 tags for each of five platforms."""
ALIAS_DEVICES_MAX = 10
"""JPush's limit for setting an alias."""
ALIAS_DEVICES_LISTED_MAX = 1000
ONLINE_WITHIN_MS = 10 * 60 * 1000
FORGOTTEN_AFTER_MS = 2 * 24 * 3600 * 1000
"""JPush tells the last time online of the last two days only."""
BEIJING = timezone(timedelta(hours=8))
"""JPush's times are Beijing's."""


class Devices:
    """The device, tag and alias API of every app."""

    def __init__(self, world: World, backends: Backends) -> None:
        self._world = world
        self._tag_alias = backends.tag_alias
        self._shards = backends.shards

    async def show(self, app: str, registration_id: str) -> Answer:
        """`GET /v3/devices/{registration_id}`. Raises `ApiError`."""
        view = await self._view(app, registration_id)
        told = {"tags": sorted(view.tags) or None, "alias": view.alias or None, "mobile": view.mobile or None}
        return success(told)

    async def update(self, app: str, registration_id: str, body: bytes) -> Answer:
        """`POST /v3/devices/{registration_id}`. Raises `ApiError`."""
        change = parse_update(body)
        shard = self._shard_of(registration_id)
        if change.setAlias and change.alias:
            await self._check_room(app, change.alias, registration_id)
        await _ruled(shard.update(app, registration_id, change), registration_id)
        return Answer(200, ACCEPTED_EMPTY)

    async def status(self, app: str, body: bytes) -> Answer:
        """`POST /v3/devices/status`. Raises `ApiError`."""
        ids = parse_status(body)
        parts, _ = self._by_shard(ids)
        pages = await together([self._shards[number].status(app, part) for number, part in parts.items()])
        known = {view.registrationId: view for page in pages for view in page}
        now_ms = int(self._world.wall() * 1000)
        return success({name: _status(known.get(name), now_ms) for name in ids})

    async def alias(self, app: str, alias: str, query: Mapping[str, str]) -> Answer:
        """`GET /v3/aliases/{alias}`; `new_format=true` tells platforms and dates too. Raises `ApiError`."""
        wanted = Audience(alias=[check_alias(alias)], platforms=parse_platforms(query.get("platform", "")))
        chosen = await self._tag_alias.resolve(app, wanted, await self._positions(), WAIT_MS)
        parts = by_shard(list(BitMap.deserialize(chosen.bitmap)[:ALIAS_DEVICES_LISTED_MAX]))
        pages = await together([self._shards[number].describe(app, part) for number, part in parts.items()])
        views = [view for page in pages for view in page]
        if query.get("new_format") == "true":
            return success({"data": [_aliased(view) for view in views]})
        return success({"registration_ids": [view.registrationId for view in views]})

    async def delete_alias(self, app: str, alias: str, query: Mapping[str, str]) -> Answer:
        """`DELETE /v3/aliases/{alias}`. Raises `ApiError`."""
        check_alias(alias)
        platforms = parse_platforms(query.get("platform", ""))
        await together([shard.deleteAlias(app, alias, platforms) for shard in self._shards])
        return Answer(200, ACCEPTED_EMPTY)

    async def remove_alias(self, app: str, alias: str, body: bytes) -> Answer:
        """`POST /v3/aliases/{alias}`. Raises `ApiError`."""
        check_alias(alias)
        members = parse_members(body, may_add=False)
        return await self._change(members, lambda shard, part: shard.removeAlias(app, alias, part.remove))

    async def tags(self, app: str) -> Answer:
        """`GET /v3/tags`. Raises `ApiError`."""
        found = await self._tag_alias.tags(app, await self._positions(), WAIT_MS)
        return success({"tags": list(found[:TAGS_LISTED_MAX])})

    async def update_tag(self, app: str, tag: str, body: bytes) -> Answer:
        """`POST /v3/tags/{tag}`. Raises `ApiError`."""
        check_tag(tag)
        members = parse_members(body, may_add=True)
        return await self._change(
            members, lambda shard, part: shard.updateTag(app, tag, part.add, part.remove)
        )

    async def delete_tag(self, app: str, tag: str, query: Mapping[str, str]) -> Answer:
        """`DELETE /v3/tags/{tag}`. Raises `ApiError`."""
        check_tag(tag)
        platforms = parse_platforms(query.get("platform", ""))
        await together([shard.deleteTag(app, tag, platforms) for shard in self._shards])
        return Answer(200, ACCEPTED_EMPTY)

    async def membership(self, app: str, tag: str, registration_id: str) -> Answer:
        """`GET /v3/tags/{tag}/registration_ids/{registration_id}`. Raises `ApiError`."""
        view = await self._view(app, registration_id)
        return success({"result": check_tag(tag) in view.tags})

    async def _view(self, app: str, registration_id: str) -> DeviceView:
        return await _ruled(self._shard_of(registration_id).device(app, registration_id), registration_id)

    async def _check_room(self, app: str, alias: str, registration_id: str) -> None:
        """Raises `ApiError` when as many devices as may have the alias already, this one not among them."""
        wanted = Audience(alias=[alias])
        chosen = await self._tag_alias.resolve(app, wanted, await self._positions(), WAIT_MS)
        holders = BitMap.deserialize(chosen.bitmap)
        ordinal = ordinal_in(registration_id)
        if chosen.count >= ALIAS_DEVICES_MAX and (ordinal is None or ordinal not in holders):
            raise ApiError(DEVICE_ALIAS_FULL, f"the alias has {ALIAS_DEVICES_MAX} devices already")

    async def _positions(self) -> dict[int, int]:
        """The end of every shard's change log now: what is written has been seen by whoever is that far."""
        return dict(enumerate(await together([shard.position() for shard in self._shards])))

    async def _change(
        self, members: Members, call: Callable[[Shard, Members], Awaitable[TagReply]]
    ) -> Answer:
        """Give each shard its part; ids that are no devices are told in the error."""
        adds, illegal_adds = self._by_shard(members.add)
        removes, illegal_removes = self._by_shard(members.remove)
        numbers = sorted(adds.keys() | removes.keys())
        works = [
            call(self._shards[number], Members(adds.get(number, []), removes.get(number, [])))
            for number in numbers
        ]
        replies = await together([_ruled(work, "") for work in works])
        illegal = [*illegal_adds, *illegal_removes, *(name for reply in replies for name in reply.illegal)]
        if illegal:
            raise ApiError(
                DEVICE_PART_ILLEGAL,
                f"{len(illegal)} of the registration ids are no devices of this app; the others are done",
                illegal=tuple(dict.fromkeys(illegal)),
            )
        return Answer(200, ACCEPTED_EMPTY)

    def _shard_of(self, registration_id: str) -> Shard:
        ordinal = ordinal_in(registration_id)
        if ordinal is None or shard_of_ordinal(ordinal) >= len(self._shards):
            raise _no_device(registration_id)
        return self._shards[shard_of_ordinal(ordinal)]

    def _by_shard(self, ids: list[str]) -> tuple[dict[int, list[str]], list[str]]:
        """The ids by the shard that would know them, shards ascending, and those that none can."""
        parts: dict[int, list[str]] = {}
        illegal: list[str] = []
        for name in ids:
            ordinal = ordinal_in(name)
            if ordinal is None or shard_of_ordinal(ordinal) >= len(self._shards):
                illegal.append(name)
            else:
                parts.setdefault(shard_of_ordinal(ordinal), []).append(name)
        return dict(sorted(parts.items())), illegal


async def _ruled(work: Awaitable[T], registration_id: str) -> T:
    """What the shard says, with its refusals told as the API tells them."""
    try:
        return await work
    except NoSuchDeviceException:
        raise _no_device(registration_id) from None
    except DeviceRuleException as rule:
        code = rule.code if rule.code in STATUS else bad_device_value("", "").code
        raise ApiError(code, rule.reason) from rule


def _no_device(registration_id: str) -> ApiError:
    return bad_device_value("registration_id", f"{registration_id[:60]!r} is no device of this app")


def _status(view: DeviceView | None, now_ms: int) -> dict[str, object]:
    if view is None:
        return {}
    age_ms = now_ms - view.lastOnlineMs
    if view.online or age_ms <= ONLINE_WITHIN_MS:
        return {"online": True}
    if age_ms > FORGOTTEN_AFTER_MS:
        return {"online": False}
    return {"online": False, "last_online_time": _time(view).strftime("%Y-%m-%d %H:%M:%S")}


def _aliased(view: DeviceView) -> dict[str, object]:
    date = _time(view).strftime("%Y-%m-%d") if view.lastOnlineMs else ""
    return {"registration_id": view.registrationId, "platform": view.platform, "last_online_date": date}


def _time(view: DeviceView) -> datetime:
    return datetime.fromtimestamp(view.lastOnlineMs / 1000, BEIJING)
