"""Whether those who are in still live: stock servers are pinged, and a connection that breaks is looked into.

Stock servers know nothing of leases, so the registry renews for them: it pings each place once a lease, any
answer at all being a sign of life. A node renews for itself; but when the connection it renews through
breaks, there is no need to wait for its lease: if nobody listens any more where it was, it is dead, and its
place is given up at once. The same goes for the connection a stock server registered through. Who was given
up for silence and answers again is entered again (`lost`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.logger import Logger

from pushnet.roles.registry.books import Process, Stranger
from pushnet.roles.registry.ledger import Ledger, Refused
from pushnet.roles.registry.lookups import DUMMY
from pushnet.roles.registry.lost import Lost
from pushnet.roles.registry.proxies import Proxies
from pushnet.roles.registry.records import AdapterRecord, ProcessRecord
from pushnet.roles.registry.writing import NotSaved
from pushnet.rpc.current import ConnectionContract
from pushnet.rpc.exceptions import ConnectionRefusedException, LocalException, RequestFailedException
from pushnet.rpc.stubs import Current
from pushnet.world import World

PLACES_MAX: Final = 4096
"""Places that are pinged: each costs a connection and a ping every lease. Beyond, they lapse."""
NODE: Final = "node"
PLACE: Final = "place"

Attended = tuple[str, str]
"""What is behind a connection: a node by name, or stock servers by their endpoints."""


class Probing:
    """Pings places; attends to connections. A ping ends within half a lease, so one a place is under way."""

    def __init__(self, world: World, ledger: Ledger, proxies: Proxies) -> None:
        self._world = world
        self._ledger = ledger
        self._proxies = proxies
        self._limit_ms = max(1, int(ledger.lease_s * 500))
        self._attended: dict[ConnectionContract, dict[Attended, None]] = {}
        self._lost = Lost()
        self.idlers: Callable[[], Collection[str]] = tuple
        """Adapters and servers of which somebody else says that they serve; a ping would keep them awake."""
        self._log = Logger(namespace="pushnet.registry")
        ledger.books.followers.append(lambda event: self._lost.follow(event, world.monotonic()))

    def round(self) -> None:
        """Ping every place where stock servers are, without waiting."""
        idlers = self.idlers()
        for endpoints in self._ledger.books.places()[:PLACES_MAX]:
            self._background(self._probe(endpoints, idlers))
        for endpoints in self._lost.round(self._world.monotonic()):
            self._background(self._look_again(endpoints))

    def attend(self, current: Current | None, name: str) -> None:
        """When the caller's connection breaks, see whether node `name` is still there."""
        self._attend(current, (NODE, name))

    def attend_place(self, current: Current | None, endpoints: str) -> None:
        """Likewise for stock servers at these endpoints."""
        self._attend(current, (PLACE, endpoints))

    def is_behind(self, current: Current, endpoints: str) -> bool:
        """Whether the caller's connection is the one through which these endpoints were registered."""
        return (PLACE, endpoints) in self._attended.get(current.con, {})

    def recall(self, adapter: AdapterRecord) -> None:
        """Somebody has taken it out of whom is not known whether it is theirs: see soon whether it answers.

        A server that ends has closed its port by then.
        """
        self._world.call_later(self._limit_ms / 1000, lambda: self._background(self._recall(adapter)))

    async def alive(self, adapter: AdapterRecord) -> bool:
        """Whether a server answers at the adapter's endpoints; also "no such object" is an answer."""
        return await self._pinged(adapter.endpoints) is None

    def _attend(self, current: Current | None, behind: Attended) -> None:
        if current is None or current.con is None:  # nobody else, or somebody in this process
            return
        known = self._attended.get(current.con)
        if known is None:
            known = self._attended[current.con] = {}
            current.con.setCloseCallback(self._closed)
        known[behind] = None

    def _closed(self, connection: ConnectionContract) -> None:
        for kind, name in self._attended.pop(connection, {}):
            look: Callable[[str], Coroutine[Deferred[Any], Any, None]]
            look = self._look_at_node if kind == NODE else self._look_at_place
            self._background(look(name))

    async def _look_at_node(self, name: str) -> None:
        """Drop a node when nobody listens at any of its adapters."""
        member = self._ledger.books.nodes.get(name)
        if member is None:
            return
        places = dict.fromkeys(adapter.endpoints for adapter in member.record.adapters)
        for endpoints in places:
            if not isinstance(await self._pinged(endpoints), ConnectionRefusedException):
                return
        if places:
            await self._ledger.found_dead(name, member.epoch)

    async def _look_at_place(self, endpoints: str) -> None:
        if isinstance(await self._pinged(endpoints), ConnectionRefusedException):
            await self._ledger.found_gone(endpoints)

    async def _probe(self, endpoints: str, idlers: Collection[str]) -> None:
        books = self._ledger.books
        strangers, processes = books.strangers_at(endpoints), books.processes_at(endpoints)
        entries: list[Stranger | Process] = [*strangers, *processes]
        ids = [*(each.adapter.id for each in strangers), *(each.record.id for each in processes)]
        vouched = bool(ids) and all(id in idlers for id in ids)
        failure = None if vouched else await self._pinged(endpoints)
        if failure is None:
            await self._ledger.answered(entries)
        grouped = [stranger.adapter for stranger in books.strangers_at(endpoints) if stranger.adapter.group]
        for adapter in grouped:
            (self._ledger.lookups.failed if failure else self._ledger.lookups.answered)(adapter.id)

    async def _look_again(self, endpoints: str) -> None:
        """Whoever was lost there: is it back, or gone for good?"""
        failure = await self._pinged(endpoints)
        if isinstance(failure, ConnectionRefusedException):
            self._lost.forget(endpoints)
        if failure is not None:
            return
        for record in self._lost.at(endpoints):
            try:
                if isinstance(record, ProcessRecord):
                    await self._ledger.enter_process(record)
                else:
                    await self._ledger.enter_stranger(record, self.alive)
            except Refused as refused:
                self._lost.forget(endpoints)
                self._log.info("{id} answers again, and is not wanted: {why}", id=record.id, why=str(refused))
                return
            self._log.info("{id} answers again and is entered again", id=record.id)

    async def _recall(self, adapter: AdapterRecord) -> None:
        answers = await self._pinged(adapter.endpoints) is None
        books = self._ledger.books
        if not answers or adapter.id in books.strangers or books.strangers_at(adapter.endpoints):
            return
        try:
            await self._ledger.enter_stranger(adapter, self.alive)
        except Refused:
            return
        self._log.info("{id} answers on after another of that id has ended", id=adapter.id)

    async def _pinged(self, endpoints: str) -> LocalException | None:
        """Ping whatever is there; why nothing answers, or None when something does."""
        proxy = self._proxies.fresh(f"{DUMMY}:{endpoints}")
        if proxy is None:
            return LocalException("no endpoints")
        try:
            await proxy.ice_invocationTimeout(self._limit_ms).ice_ping()
        except RequestFailedException:
            return None
        except LocalException as error:
            return error
        return None

    def _background(self, work: Coroutine[Deferred[Any], Any, None]) -> None:
        self._world.background("registry.probe", ensureDeferred(_unless_unsaved(work)))


async def _unless_unsaved(work: Coroutine[Deferred[Any], Any, None]) -> None:
    """What cannot be written now lapses by itself."""
    try:
        await work
    except NotSaved:
        return
