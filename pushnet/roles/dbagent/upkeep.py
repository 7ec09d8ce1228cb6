"""What a shard does without being asked.

Once a second it drops silent Brokers, writes its notebook, reminds of what was not acknowledged and takes
away what has expired; once a minute it audits its books.

The audit is failure-model's equation as far as a shard can tell it, for each app's own streams: what was
stored was delivered, is pending, has expired or has overflowed. (What was delivered of a group log nobody
counts: a device's cursor moves past entries that were not for it.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.dbagent.answers import from_store
from pushnet.roles.dbagent.metrics import ShardMetrics
from pushnet.roles.dbagent.notebook import Notebook
from pushnet.roles.dbagent.reminders import Reminders
from pushnet.roles.dbagent.routes import Routes
from pushnet.stores.shard.store import ShardStore
from pushnet.world import World

EVERY_S: Final = 1.0
AUDIT_EVERY_S: Final = 60.0
_ENDS: Final = ("delivered", "pending", "expired", "overflowed")

_log = Logger(namespace="pushnet.dbagent")


class Upkeep:
    """Keeps one shard. `start` once, `stop` at the end."""

    def __init__(
        self,
        world: World,
        store: ShardStore,
        routes: Routes,
        notebook: Notebook,
        reminders: Reminders,
        metrics: ShardMetrics,
        apps: Sequence[str],
    ) -> None:
        self._world = world
        self._store = store
        self._routes = routes
        self._notebook = notebook
        self._reminders = reminders
        self._metrics = metrics
        self._apps = list(apps)
        self._audited_s = world.monotonic()
        self._working: Deferred[None] | None = None
        self.trouble = ""
        """Why the last round could not be finished; empty when it was."""

    def start(self) -> None:
        self._working = Deferred.fromCoroutine(self._keep())
        self._world.background("upkeep of a shard", self._working)

    async def stop(self) -> None:
        """End the rounds and write what is noted, if it can be written."""
        if self._working is not None:
            self._working.cancel()
        try:
            await from_store(self._notebook.flush())
        except UnavailableException as error:
            _log.warn("the last notes are lost: {reason}", reason=error.reason)

    async def round(self) -> None:
        """One second's work. What the store refuses now is done in a later round."""
        for broker in self._routes.sweep(self._world.monotonic()):
            _log.warn("{broker} is silent, its routes are dropped", broker=broker)
        try:
            await from_store(self._notebook.flush())
            await self._reminders.remind(self._world.monotonic())
            while await from_store(self._store.expire()):
                pass
            self.trouble = ""
            if self._world.monotonic() - self._audited_s >= AUDIT_EVERY_S:
                self._audited_s = self._world.monotonic()
                await self.audit()
        except UnavailableException as error:
            self.trouble = error.reason
            _log.warn("upkeep put off: {reason}", reason=error.reason)

    async def audit(self) -> None:
        """Compare what was stored with what became of it."""
        for app in self._apps:
            told = await from_store(self._store.census(app))
            account = {what: told[what] for what in ("stored", "unregistered", *_ENDS)}
            self._metrics.show_account(app, account)
            if account["stored"] != sum(account[end] for end in _ENDS):
                self._metrics.out_of_balance.inc()
                _log.error("the account of {app} does not come out even: {account}", app=app, account=account)

    async def _keep(self) -> None:
        try:
            while True:
                await deferLater(self._world.clock, EVERY_S)
                await self.round()
        except CancelledError:
            return
