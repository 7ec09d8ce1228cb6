"""The device API as a shard serves it: rules first, then the store, then who is online."""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.gen.pushnet.dbagent import DeviceUpdate, DeviceView, NoSuchDeviceException, TagReply
from pushnet.grid.placement import ordinal_in
from pushnet.roles.dbagent.answers import from_store, ordinals_in, views
from pushnet.roles.dbagent.routes import Routes
from pushnet.roles.dbagent.rules import check_devices, check_label, check_update
from pushnet.stores.shard.store import ShardStore


class Desk:
    """Shows and changes devices. Every method raises `UnavailableException` when the store cannot answer."""

    def __init__(self, store: ShardStore, routes: Routes) -> None:
        self._store = store
        self._routes = routes

    async def show(self, app: str, registration_id: str) -> DeviceView:
        """Raises `NoSuchDeviceException`."""
        ordinal = ordinal_in(registration_id)
        found = await self._views(app, [ordinal], with_tags=True) if ordinal is not None else []
        if not found or found[0].registrationId != registration_id:
            raise NoSuchDeviceException(registration_id)
        return found[0]

    async def describe(self, app: str, ordinals: Sequence[int]) -> list[DeviceView]:
        return await self._views(app, ordinals, with_tags=True)

    async def status(self, app: str, registration_ids: Sequence[str]) -> list[DeviceView]:
        claims = ordinals_in(registration_ids)
        found = await self._views(app, list(claims.values()), with_tags=False)
        return [view for view in found if view.registrationId in claims]

    async def update(self, app: str, registration_id: str, wanted: DeviceUpdate) -> int:
        """Raises `NoSuchDeviceException` or `DeviceRuleException`."""
        check_update(wanted)
        ordinal = ordinal_in(registration_id)
        if ordinal is None:
            raise NoSuchDeviceException(registration_id)
        position = await from_store(self._store.update(app, registration_id, ordinal, wanted))
        if position is None:
            raise NoSuchDeviceException(registration_id)
        return position

    async def update_tag(self, app: str, tag: str, add: Sequence[str], remove: Sequence[str]) -> TagReply:
        """Raises `DeviceRuleException`."""
        check_label("tag", tag)
        check_devices(add)
        check_devices(remove)
        adds, removes = ordinals_in(add), ordinals_in(remove)
        position, refused = await from_store(self._store.update_tag(app, tag, adds, removes))
        formless = [rid for rid in add if rid not in adds] + [rid for rid in remove if rid not in removes]
        return TagReply(position, formless + refused)

    async def delete_tag(self, app: str, tag: str, platforms: Sequence[str]) -> int:
        return await from_store(self._store.delete_tag(app, tag, platforms))

    async def delete_alias(self, app: str, alias: str, platforms: Sequence[str]) -> int:
        return await from_store(self._store.delete_alias(app, alias, platforms))

    async def remove_alias(self, app: str, alias: str, registration_ids: Sequence[str]) -> TagReply:
        claims = ordinals_in(registration_ids)
        position, refused = await from_store(self._store.remove_alias(app, alias, claims))
        return TagReply(position, [rid for rid in registration_ids if rid not in claims] + refused)

    async def _views(self, app: str, ordinals: Sequence[int], with_tags: bool) -> list[DeviceView]:
        portraits = await from_store(self._store.portraits(app, ordinals, with_tags))
        return views(portraits, app, self._routes)
