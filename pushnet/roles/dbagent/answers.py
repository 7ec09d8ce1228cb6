"""From what the store says to what the interface says."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import TypeVar

from pushnet.gen.pushnet.dbagent import DeviceView, Placement, StoreReply
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import ordinal_in
from pushnet.roles.dbagent.routes import Routes
from pushnet.stores.shard.devices import Portrait
from pushnet.stores.sqlite import StoreBusyException, StoreFailedException

T = TypeVar("T")


async def from_store(work: Awaitable[T]) -> T:
    """The store's answer. Raises `UnavailableException` when it cannot answer now: full, failed, closed."""
    try:
        return await work
    except (StoreFailedException, StoreBusyException, sqlite3.Error) as error:
        raise UnavailableException(str(error)) from error


def ordinals_in(registration_ids: Iterable[str]) -> dict[str, int]:
    """Those ids that have the form of one, to their ordinals."""
    found = {rid: ordinal_in(rid) for rid in registration_ids}
    return {rid: ordinal for rid, ordinal in found.items() if ordinal is not None}


def views(portraits: Iterable[Portrait], app: str, routes: Routes) -> list[DeviceView]:
    """Devices as the REST API shows them. Online is who has a route."""
    return [
        DeviceView(
            registrationId=one.registration_id,
            ordinal=one.ordinal,
            platform=one.platform,
            tags=one.tags,
            alias=one.alias,
            mobile=one.mobile,
            online=routes.find(app, one.ordinal) is not None,
            lastOnlineMs=one.last_online_ms,
        )
        for one in portraits
    ]


def store_reply(app: str, placed: Mapping[int, int], unknown: Sequence[int], routes: Routes) -> StoreReply:
    """Where a stored message has to go, as the routes are now."""
    placements: list[Placement] = []
    for ordinal, seq in placed.items():
        route = routes.find(app, ordinal)
        broker, epoch = (route.broker, route.epoch) if route else ("", 0)
        placements.append(Placement(ordinal, seq - 1, seq, broker, epoch))
    return StoreReply(placements, list(unknown))
