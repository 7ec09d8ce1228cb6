"""A lane: one object inside as some of the sessions call it. Which member of its group that is changes.

All requests of a lane go through one connection, so a server inside reads them in the order in which clients
sent them, as through Glacier2. Now and then, and when the connection closes, the locator is asked again and a
member is chosen of what it says, whether or not there is a connection to one already: so callers spread over
a group as the registry chooses, and reach members that are new.

Nothing overtakes anything at such a change: what the last member has read is known when it has answered the
last request, or else a ping that is sent behind it, for which the next requests wait. A member that does not
answer that in time is kept. Only when a connection breaks it is unknown what had been read.

While the locator does not answer, a lane stays with its member.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final, TypeVar

from twisted.internet.defer import Deferred, ensureDeferred

from pushnet.rpc.exceptions import InvocationTimeoutException, LocalException, NotRegisteredException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.world import World

T = TypeVar("T")

ANSWER_S: Final = 1.0
"""How old what the locator said may be when a member is chosen: lanes that choose at once ask once."""
PASSING_MS: Final = 1000
"""For the member that is left to answer the ping."""


class Lane:
    """One target's.

    Args:
        stay_s: how long a lane stays with a member, on average; 0: as long as the connection.
    """

    __slots__ = (
        "_choosing",
        "_confirmed",
        "_due",
        "_line",
        "_next",
        "_sent",
        "_stay_s",
        "_world",
        "proxy",
    )

    def __init__(self, world: World, proxy: ObjectPrx, stay_s: float) -> None:
        self.proxy = proxy
        """Calls through the connection of the lane, when it has one."""
        self._world = world
        self._stay_s = stay_s
        self._due = 0.0
        self._choosing = False
        self._next: Any = None
        """The connection that was chosen and is not used yet."""
        self._line: deque[Deferred[None]] | None = None
        """Requests that wait in order while the lane changes."""
        self._sent = self._confirmed = 0
        """How many requests were sent; how many of them are known to have been read."""

    async def call(self, send: Callable[[ObjectPrx], Deferred[T]], one_way: bool) -> T:
        """Have a request sent, by `send`, when it is its turn; returns what comes of it."""
        if self._line is not None or not self._is_settled():
            await self._settled()
        self._sent += 1
        number = self._sent
        result = await send(self.proxy)
        if not one_way:
            self._confirmed = max(self._confirmed, number)
        return result

    def _is_settled(self) -> bool:
        """Whether requests can be sent at once. Begins to choose when it is time."""
        if self._next is not None or not self._connected:
            return False
        if self._stay_s and not self._choosing and self._world.monotonic() >= self._due:
            self._choosing = True
            self._world.background("choosing a member", ensureDeferred(self._choose_meanwhile()))
        return True

    @property
    def _connected(self) -> bool:
        connection = self.proxy.ice_reference.connection
        return connection is not None and connection.active

    def _settled(self) -> Deferred[None]:
        """Fires, in order, when the lane has changed."""
        begin = self._line is None
        if self._line is None:
            self._line = deque()
        waiting: Deferred[None] = Deferred()
        self._line.append(waiting)
        if begin:
            self._world.background("changing a lane", ensureDeferred(self._change()))
        return waiting

    async def _change(self) -> None:
        try:
            if self._next is not None and self._connected:
                if self._next.active and await self._passed():
                    self._take(self._next, 0.5)
                else:
                    self._stay()
            if not self._connected:
                self._take(await self._chosen_now(), 0.0)
        finally:
            line, self._line = self._line, None
            for waiting in line or ():
                waiting.callback(None)

    async def _choose_meanwhile(self) -> None:
        try:
            connection = await self._chosen(ANSWER_S)
        except LocalException:
            connection = None
        self._choosing = False
        if connection is None or connection is self.proxy.ice_reference.connection:
            self._stay()
        else:
            self._next = connection

    async def _chosen_now(self) -> Any:
        """None when there is nobody: then the call itself finds out why."""
        cache_s = ANSWER_S if not self._sent else 0.0
        try:
            return await self._chosen(cache_s)
        except NotRegisteredException:
            return None
        except LocalException:
            """The locator does not answer, or what it says leads nowhere."""
        try:
            return await self._chosen(-1)
        except LocalException:
            return None

    def _chosen(self, cache_s: float) -> Deferred[Any]:
        """A connection to a member, as the locator and the rules of Ice choose one for a single call."""
        single = self.proxy.ice_connectionCached(False).ice_locatorCacheTimeout(cache_s)
        return single.ice_getConnection()

    async def _passed(self) -> bool:
        """Whether the member that is left has read all that was sent to it."""
        if self._confirmed == self._sent:
            return True
        try:
            await self.proxy.ice_invocationTimeout(PASSING_MS).ice_ping()
        except InvocationTimeoutException:
            return False
        except LocalException:
            """That there is no such object is an answer; and nothing more can be done for a broken one."""
        return True

    def _take(self, connection: Any, least: float) -> None:
        """`least`: of the time that it stays there. A new lane moves on soon, so that not all do at once."""
        if connection is not None:
            self.proxy.ice_reference.connection = connection
        self._confirmed = self._sent
        self._stay(least)

    def _stay(self, least: float = 0.5) -> None:
        self._next = None
        spread = self._world.rng("relay.lanes").random()
        self._due = self._world.monotonic() + self._stay_s * (least + spread)
