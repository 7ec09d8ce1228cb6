"""A Broker's sign of life to the shards, once a second; and how far the group logs go, in return.

A shard keeps routes in memory. When it has restarted it asks, by a new incarnation, for everybody's routes
anew; and when beats did not reach it for a while it has dropped ours. Both times they are reported.

And once in a while they are reported for no reason: a login that was held up on its way takes a route from
the Broker that really has the device, and the order to let the device go may be lost. The report mends it.
"""

from __future__ import annotations

from collections.abc import Iterator

from twisted.internet.defer import ensureDeferred
from twisted.logger import Logger

from pushnet.gen.pushnet.dbagent import Route
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import shard_of_ordinal
from pushnet.roles.broker.entrance import Identity
from pushnet.roles.broker.group_logs import GroupLogs
from pushnet.roles.broker.lines import Lines
from pushnet.roles.broker.shards import Shards
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

ROUTES_PER_CALL = 2000
DROPPED_AFTER_S = 2.5
"""A shard drops routes after 3 s without a beat; a beat that late reports everything."""
REPORT_EVERY_S = 30.0
"""Eighteen thousand devices are nine calls; a device that a shard has lost sight of is found so soon."""

_log = Logger(namespace="pushnet.broker")


class Beats:
    """Beats every shard; call `beat` once a second."""

    def __init__(self, world: World, lines: Lines, shards: Shards, logs: GroupLogs, broker: Identity) -> None:
        self._world = world
        self._lines = lines
        self._shards = shards
        self._logs = logs
        self._broker = broker
        self._incarnations: list[int | None] = [None] * shards.count
        self._answered_at = [0.0] * shards.count
        self._reported_at = [0.0] * shards.count
        self._under_way = [False] * shards.count

    def beat(self) -> None:
        """Beat every shard that has answered the last beat, or has failed to."""
        for app in self._logs.apps():
            if not self._lines.wants(app):
                self._logs.forget(app)
        for shard in range(self._shards.count):
            if not self._under_way[shard]:
                self._under_way[shard] = True
                self._world.background("a beat", ensureDeferred(self._beat(shard)))

    @property
    def silent(self) -> list[int]:
        """The shards that do not answer."""
        late = self._world.monotonic() - DROPPED_AFTER_S
        return [shard for shard, at in enumerate(self._answered_at) if at < late]

    async def _beat(self, shard: int) -> None:
        try:
            proxy = self._shards.shard(shard)
            apps = [app for app in self._logs.apps() if self._shards.home_number(app) == shard]
            reply = await proxy.beat(self._broker.name, self._broker.epoch(), apps)
            now = self._world.monotonic()
            late = now - self._answered_at[shard] > DROPPED_AFTER_S
            due = now - self._reported_at[shard] >= REPORT_EVERY_S
            self._logs.told(reply.heads)
            if late or due or reply.incarnation != self._incarnations[shard]:
                for page in self._routes(shard):
                    await proxy.report(self._broker.name, self._broker.epoch(), page)
                self._reported_at[shard] = now
            self._incarnations[shard] = reply.incarnation
            self._answered_at[shard] = now
        except (LocalException, UnavailableException) as error:
            _log.info("shard {shard} does not answer: {error!r}", shard=shard, error=error)
        finally:
            self._under_way[shard] = False

    def _routes(self, shard: int) -> Iterator[list[Route]]:
        """All routes to devices of the shard, in pages."""
        routes = [
            Route(line.app, line.ordinal, line.epoch)
            for line in self._lines
            if shard_of_ordinal(line.ordinal) == shard
        ]
        for start in range(0, len(routes), ROUTES_PER_CALL):
            yield routes[start : start + ROUTES_PER_CALL]
