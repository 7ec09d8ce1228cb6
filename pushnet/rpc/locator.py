"""Finds where objects are that a proxy only names, and keeps what the locator answered.

`id@adapter` asks for the adapter's endpoints; `id` alone asks for the object, whose proxy may itself name an
adapter. Answers are kept until they turn out wrong, or for as long as the proxy or the property
`Ice.Default.LocatorCacheTimeout` allows. Who asks what is being asked already waits for that answer. With
`Ice.BackgroundLocatorCacheUpdates` an answer that is too old is used nevertheless, and asked for meanwhile.

While the locator cannot be asked, an answer that is too old or turned out wrong is used again, unless answers
are not to be kept at all: what runs goes on, and what comes back where it was is found.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
from twisted.internet.defer import Deferred, ensureDeferred

from pushnet.rpc.exceptions import (
    CommunicatorDestroyedException,
    LocalException,
    NoEndpointException,
    NotRegisteredException,
)
from pushnet.rpc.locator_stubs import AdapterNotFound, LocatorPrx, ObjectNotFound
from pushnet.rpc.proxy import ObjectPrx
from pushnet.wire.endpoints import Endpoint
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import ProxyData
from pushnet.wire.proxy_text import proxy_text
from pushnet.world import World

Key = str | Identity
"""An adapter's id or a well-known object's identity."""
_KEPT_MAX = 65_536


@attrs.frozen
class Found:
    """Where an object is, and whether that was asked just now."""

    endpoints: tuple[Endpoint, ...]
    cached: bool


@attrs.frozen
class _Entry:
    proxy: ObjectPrx | None
    since: float


def _nothing(message: str) -> None:
    """Nobody wants to know."""


class LocatorClient:
    """Asks one locator, in one encoding."""

    def __init__(
        self,
        world: World,
        locator: LocatorPrx,
        background: bool = False,
        trace: Callable[[str], object] = _nothing,
    ) -> None:
        """`background`: old answers are used, and asked for anew meanwhile. `trace` is told what is asked."""
        self._trace = trace
        self._world = world
        self._background = background
        self._locator = locator
        self._entries: dict[Key, _Entry] = {}
        self._doubted: dict[Key, _Entry] = {}
        """What turned out wrong, until the locator has been asked again."""
        self._asking: dict[Key, list[Deferred[_Entry]]] = {}

    async def find(self, data: ProxyData, cache_s: float) -> Found:
        """The endpoints of an indirect proxy.

        Args:
            cache_s: how old an answer may be, in seconds; below zero any age will do.

        Raises:
            NotRegisteredException: the locator does not know it.
            NoEndpointException: what the locator knows leads nowhere.
        """
        if data.adapter_id:
            return await self._adapter(data.adapter_id, cache_s)
        try:
            return await self._object(data.identity, cache_s)
        except (NotRegisteredException, NoEndpointException):
            self._entries.pop(data.identity, None)
            raise

    def forget(self, data: ProxyData) -> bool:
        """Ask again about a proxy; whether anything was known."""
        if data.adapter_id:
            return self._doubt(data.adapter_id) is not None
        entry = self._doubt(data.identity)
        if entry is None:
            return False
        if entry.proxy is not None:
            self._doubt(entry.proxy.ice_getAdapterId())
        return True

    def _drop(self, key: Key) -> None:
        self._entries.pop(key, None)
        self._doubted.pop(key, None)

    def _doubt(self, key: Key) -> _Entry | None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            if len(self._doubted) >= _KEPT_MAX:
                self._doubted.clear()
            self._doubted[key] = entry
        return entry

    async def _object(self, identity: Identity, cache_s: float) -> Found:
        entry, cached = await self._entry(identity, cache_s)
        if entry.proxy is None:
            raise NoEndpointException(f"the locator has no proxy of `{identity}'", str(identity))
        found = entry.proxy.ice_reference.data
        if found.endpoints:
            return Found(found.endpoints, cached)
        if not found.adapter_id:
            raise NoEndpointException(f"the locator knows `{identity}' by its name only", str(identity))
        adapter = await self._adapter(found.adapter_id, cache_s)
        return Found(adapter.endpoints, cached or adapter.cached)

    async def _adapter(self, adapter_id: str, cache_s: float) -> Found:
        entry, cached = await self._entry(adapter_id, cache_s)
        endpoints = entry.proxy.ice_getEndpoints() if entry.proxy is not None else ()
        if not endpoints:
            self._entries.pop(adapter_id, None)
            told = f"the locator has no endpoints of adapter `{adapter_id}'"
            raise NoEndpointException(told, f"@ {adapter_id}")
        return Found(endpoints, cached)

    async def _entry(self, key: Key, cache_s: float) -> tuple[_Entry, bool]:
        entry = self._entries.get(key)
        if entry is not None and cache_s:
            fresh = cache_s < 0 or self._world.monotonic() - entry.since < cache_s
            if not fresh and self._background and key not in self._asking:
                self._world.background("asking the locator again", ensureDeferred(self._refresh(key)))
            if fresh or self._background:
                return entry, True
        try:
            return await self._fetched(key), False
        except (NotRegisteredException, CommunicatorDestroyedException):
            raise
        except LocalException:
            known = self._entries.get(key) or self._doubted.get(key)
            if known is None or not cache_s:
                raise
            return known, False

    async def _refresh(self, key: Key) -> None:
        try:
            await self._fetched(key)
        except NotRegisteredException:
            self._entries.pop(key, None)
        except LocalException:
            """The locator cannot be asked now: the old answer is as good as any."""

    async def _fetched(self, key: Key) -> _Entry:
        asking = self._asking.get(key)
        if asking is not None:
            answer: Deferred[_Entry] = Deferred()
            asking.append(answer)
            return await answer
        self._asking[key] = []
        try:
            entry = await self._ask(key)
        except Exception as error:
            for waiting in self._asking.pop(key):
                waiting.errback(error)
            raise
        for waiting in self._asking.pop(key):
            waiting.callback(entry)
        return entry

    async def _ask(self, key: Key) -> _Entry:
        asked_at = self._world.monotonic()
        kind = "object" if isinstance(key, Identity) else "adapter"
        self._trace(f"searching for {kind} `{key}'")
        try:
            if isinstance(key, Identity):
                proxy = await self._locator.findObjectById(key)
            else:
                proxy = await self._locator.findAdapterById(key)
        except ObjectNotFound:
            self._trace(f"object `{key}' is not known")
            self._drop(key)
            told = f"the locator does not know object `{key}'"
            raise NotRegisteredException("object", str(key), told) from None
        except AdapterNotFound:
            self._trace(f"adapter `{key}' is not known")
            self._drop(key)
            told = f"the locator does not know object adapter `{key}'"
            raise NotRegisteredException("object adapter", str(key), told) from None
        self._trace(f"{kind} `{key}' is {proxy or 'nowhere'}")
        if len(self._entries) >= _KEPT_MAX:
            self._entries.clear()
        self._doubted.pop(key, None)
        self._entries[key] = _Entry(proxy, asked_at)
        return self._entries[key]


class Locators:
    """The locator clients of a communicator, one for each locator in use."""

    def __init__(
        self, world: World, background: bool = False, trace: Callable[[str], object] = _nothing
    ) -> None:
        self._world = world
        self._trace = trace
        self._background = background
        self._clients: dict[tuple[ObjectPrx, bool], LocatorClient] = {}

    async def find(self, locator: ObjectPrx | None, data: ProxyData, cache_s: float) -> Found:
        if locator is None:
            told = f"`{data.identity}' is indirect and there is no locator"
            raise NoEndpointException(told, proxy_text(data))
        if not locator.ice_getEndpoints():
            raise LocalException(f"the locator `{locator}' has no endpoints itself")
        return await self._client(locator, data).find(data, cache_s)

    def forget(self, locator: ObjectPrx | None, data: ProxyData) -> bool:
        return locator is not None and self._client(locator, data).forget(data)

    def _client(self, locator: ObjectPrx, data: ProxyData) -> LocatorClient:
        """Who asks that locator about proxies of that encoding: its answer may depend on it."""
        old = data.encoding == (1, 0)
        client = self._clients.get((locator, old))
        if client is None:
            cast = LocatorPrx(locator.ice_reference).ice_encodingVersion((1, 0 if old else 1))
            client = self._clients[locator, old] = LocatorClient(
                self._world, cast, self._background, self._trace
            )
        return client
