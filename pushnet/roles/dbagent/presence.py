"""Who is where: logins, logouts, and the Brokers' beats and reports.

A login first notes the route and then reads the stream. A message stored before the read is in the answer;
one stored after it finds the route. The same for a report: it brings routes back, and then whatever waits
for these devices is handed over, since nobody knew where to while the routes were gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest
from typing import Final

from twisted.logger import Logger

from pushnet.gen.pushnet.dbagent import LoginRefusedException, LoginReply, LoginRequest, Route
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.dbagent.answers import from_store
from pushnet.roles.dbagent.courier import Courier
from pushnet.roles.dbagent.notebook import Notebook
from pushnet.roles.dbagent.reminders import Reminders
from pushnet.roles.dbagent.routes import Routes, StaleBroker
from pushnet.stores.shard.store import ShardStore
from pushnet.world import World

PAGE_MESSAGES: Final = 32
"""Of a device's stream in the answer to a login; the Broker sends no more at once."""
_UNKNOWN: Final = "no such device"

_log = Logger(namespace="pushnet.dbagent")


class Presence:
    """The devices of one shard as they come and go."""

    def __init__(
        self,
        world: World,
        store: ShardStore,
        routes: Routes,
        notebook: Notebook,
        courier: Courier,
        reminders: Reminders,
    ) -> None:
        self._world = world
        self._store = store
        self._routes = routes
        self._notebook = notebook
        self._courier = courier
        self._reminders = reminders

    async def login(self, request: LoginRequest) -> LoginReply:
        """Raises `LoginRefusedException` or `UnavailableException`."""
        app, ordinal = request.app, request.ordinal
        if request.registrationId:
            await self._check(request)
        epoch = self._place(request)
        try:
            found = await from_store(self._store.standing(app, ordinal, request.seen, PAGE_MESSAGES))
        except UnavailableException:
            self._routes.logout(app, ordinal, request.broker, epoch)
            raise
        if found is None:
            self._routes.logout(app, ordinal, request.broker, epoch)
            raise LoginRefusedException(_UNKNOWN)
        known, entries = found
        self._note_online(app, ordinal)
        if min(request.seen, known.head) > known.seen:
            self._notebook.note_seen(app, ordinal, min(request.seen, known.head))
        return LoginReply(known.registration_id, known.platform, epoch, known.head, entries, known.group_seen)

    def logout(self, app: str, ordinal: int, broker: str, epoch: int) -> None:
        if self._routes.logout(app, ordinal, broker, epoch):
            self._note_online(app, ordinal)

    def beat(self, broker: str, broker_epoch: int) -> int:
        """The Broker's mark; 0 for a process that has a successor."""
        try:
            return self._routes.beat(broker, broker_epoch, self._world.monotonic())
        except StaleBroker as stale:
            _log.warn("a beat of a Broker that is past: {stale}", stale=str(stale))
            return 0

    async def report(self, broker: str, broker_epoch: int, held: Sequence[Route]) -> None:
        now_s = self._world.monotonic()
        claims = [(route.app, route.ordinal, route.epoch) for route in held]
        try:
            reported = self._routes.report(broker, broker_epoch, claims, now_s)
        except StaleBroker as stale:
            _log.warn("a report of a Broker that is past: {stale}", stale=str(stale))
            return
        for app, ordinal, epoch in reported.outdated:
            self._courier.evict(broker, app, ordinal, epoch)
        apps: dict[str, list[int]] = {}
        for app, ordinal in reported.taken:
            apps.setdefault(app, []).append(ordinal)
        for app, ordinals in apps.items():
            await self._reminders.hand_over(broker, app, ordinals, now_s)

    async def _check(self, request: LoginRequest) -> None:
        """Raises `LoginRefusedException` unless the device is known by this id and secret."""
        known = await from_store(self._store.credentials(request.app, request.ordinal))
        if known is None or known.registration_id != request.registrationId:
            raise LoginRefusedException(_UNKNOWN)
        if not compare_digest(known.secret, request.secret):
            raise LoginRefusedException("the secret is wrong")

    def _place(self, request: LoginRequest) -> int:
        """Note the route, and tell the Broker that had the device. Returns the epoch of the login."""
        app, ordinal, broker = request.app, request.ordinal, request.broker
        now_s = self._world.monotonic()
        try:
            epoch, before = self._routes.login(app, ordinal, broker, request.brokerEpoch, now_s)
        except StaleBroker as stale:
            raise UnavailableException(str(stale)) from stale
        if before is not None and before.broker != broker:
            self._courier.evict(before.broker, app, ordinal, epoch)
        return epoch

    def _note_online(self, app: str, ordinal: int) -> None:
        self._notebook.note_online(app, ordinal, int(self._world.wall() * 1000))
