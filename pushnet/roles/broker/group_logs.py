"""The group logs that a Broker follows: one for each app that has a device here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.logger import Logger

from pushnet.gen.pushnet.dbagent import GroupEntry
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.broker.group_log import GroupLog, Row
from pushnet.roles.broker.shards import Shards
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

ROWS_PER_CALL = 64

_log = Logger(namespace="pushnet.broker")


class GroupLogs:
    """Opens, follows and reads group logs. `on_row` gets each new row, in order, each once."""

    def __init__(
        self,
        world: World,
        shards: Shards,
        broker: str,
        epoch: Callable[[], int],
        on_row: Callable[[GroupLog, Row], None],
    ) -> None:
        self._world = world
        self._shards = shards
        self._broker = broker
        self._epoch = epoch
        self._on_row = on_row
        self._logs: dict[str, GroupLog] = {}
        self._filling: set[str] = set()
        self._opening: dict[str, list[Deferred[GroupLog]]] = {}
        self._reading: dict[tuple[str, int], list[Deferred[list[Row]]]] = {}

    def find(self, app: str) -> GroupLog | None:
        return self._logs.get(app)

    def apps(self) -> list[str]:
        return list(self._logs)

    def forget(self, app: str) -> None:
        """No device of the app is here any more."""
        self._logs.pop(app, None)

    async def open(self, app: str) -> GroupLog:
        """The app's log, followed from its present end on.

        Raises:
            LocalException, UnavailableException: its home shard does not answer.
        """
        log = self._logs.get(app)
        if log is not None:
            return log
        waiting = self._opening.get(app)
        if waiting is not None:
            turn: Deferred[GroupLog] = Deferred()
            waiting.append(turn)
            return await turn
        waiting = self._opening[app] = []
        try:
            reply = await self._shards.home(app).beat(self._broker, self._epoch(), [app])
        except Exception as error:
            del self._opening[app]
            for turn in waiting:
                turn.errback(error)
            raise
        del self._opening[app]
        log = self._logs[app] = GroupLog(app, reply.heads.get(app, 0))
        for turn in waiting:
            turn.callback(log)
        return log

    def take(self, app: str, seq: int, row: Callable[[], Row]) -> None:
        """A row was delivered. `row` makes it, if anybody here wants it."""
        log = self._logs.get(app)
        if log is None or seq <= log.head:
            return
        self._took(log, log.take(row()))

    def told(self, heads: Mapping[str, int]) -> None:
        """The shards say how far logs go."""
        for app, head in heads.items():
            log = self._logs.get(app)
            if log is not None and head > log.told:
                log.told = head
            if log is not None and log.behind:
                self._fill(log)

    async def after(self, log: GroupLog, since: int) -> list[Row]:
        """Rows after `since`, some or all; none at the end of the log.

        Raises:
            LocalException, UnavailableException: they had to be asked for, and the shard does not answer.
        """
        rows = log.after(since)
        if rows is not None:
            return rows
        key = (log.app, since)
        waiting = self._reading.get(key)
        if waiting is not None:
            turn: Deferred[list[Row]] = Deferred()
            waiting.append(turn)
            return await turn
        waiting = self._reading[key] = []
        try:
            rows = _rows(await self._shards.home(log.app).group(log.app, since, ROWS_PER_CALL))
        except Exception as error:
            del self._reading[key]
            for turn in waiting:
                turn.errback(error)
            raise
        del self._reading[key]
        for turn in waiting:
            turn.callback(rows)
        return rows

    def _took(self, log: GroupLog, rows: Sequence[Row]) -> None:
        for row in rows:
            self._on_row(log, row)
        if log.behind:
            self._fill(log)

    def _fill(self, log: GroupLog) -> None:
        """Ask for what is missing, unless somebody does already."""
        if log.app not in self._filling:
            self._filling.add(log.app)
            self._world.background("following a group log", ensureDeferred(self._read_missing(log)))

    async def _read_missing(self, log: GroupLog) -> None:
        """Read until nothing is missing. When the shard fails, the next beat begins again."""
        try:
            while log.behind and self._logs.get(log.app) is log:
                since = log.head
                entries = await self._shards.home(log.app).group(log.app, since, ROWS_PER_CALL)
                rows = _rows(entries)
                if not rows:
                    break
                if log.head == since and rows[0].seq > since + 1:
                    log.skip_to(rows[0].seq - 1)
                for row in rows:
                    for ready in log.take(row):
                        self._on_row(log, ready)
        except (LocalException, UnavailableException) as error:
            _log.info("a row of {app} is missing, and its shard fails: {error!r}", app=log.app, error=error)
        finally:
            self._filling.discard(log.app)


def _rows(entries: Sequence[GroupEntry]) -> list[Row]:
    return [Row(entry.seq, entry.message, entry.audience) for entry in entries]
