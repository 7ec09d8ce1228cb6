"""`ObjectAdapter`: listens, and calls the servants of the objects it houses. Names are Ice's.

Its life: made, and *held*; `activate` and `hold` change between *active* and *held*; in the end `deactivate`
and `destroy`. It listens from the beginning, so its ports are known, but whoever comes is let in and served
only while it is active. What Ice does in a blocking way returns a Deferred here, and begins at once.

With the property `<name>.AdapterId` it makes its endpoints known to the locator's registry when it is
activated, in `<name>.ReplicaGroupId` if that is set, and takes them away when it is deactivated. With a
router its proxies lead to the router, and it serves what the router sends through the connection we made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum, auto
from typing import Any

import attrs
from twisted.internet.defer import Deferred, DeferredList, maybeDeferred

from pushnet.rpc.adapter_settings import adapter_settings, unknown_properties
from pushnet.rpc.concurrency import concurrency_limit
from pushnet.rpc.connection import Connection
from pushnet.rpc.doors import Doors
from pushnet.rpc.exceptions import (
    FeatureNotSupportedException,
    LocalException,
    ObjectAdapterDeactivatedException,
)
from pushnet.rpc.once import OnceOnly, RecentReplies, Replies
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.registration import tell_registry
from pushnet.rpc.runtime import Runtime
from pushnet.rpc.servant import Servant
from pushnet.rpc.servant_locators import ServantLocator
from pushnet.rpc.servants import Middleware, Servants, check_identity
from pushnet.wire.endpoints import Endpoint
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import ProxyData
from pushnet.wire.proxy_text import parse_adapter_endpoints


class _Life(IntEnum):
    """In this order, but for the first two."""

    held = auto()
    active = auto()
    deactivating = auto()
    deactivated = auto()
    destroyed = auto()


class ObjectAdapter:
    """Made by `Communicator.createObjectAdapter...`."""

    def __init__(
        self,
        runtime: Runtime,
        name: str,
        endpoints: str,
        locator: ObjectPrx | None,
        router: Any = None,
    ) -> None:
        """Listens at `endpoints`; without any, objects are reached through connections we make.

        Raises `SocketException` when an address cannot be had.
        """
        self.communicator: Any = runtime
        self.name = name
        self._once = OnceOnly(RecentReplies(runtime.world.monotonic))
        self.servants = Servants(self._once)
        self.servants.watch(runtime.watch_requests)
        self.concurrency = concurrency_limit(runtime.properties, name, runtime.world.monotonic)
        """Not Ice's: how many requests may be served at once, where a property says."""
        if self.concurrency is not None:
            self.servants.use(self.concurrency.middleware)
        self.on_connect: Callable[[Connection], object] | None = None
        """Told of each peer that connects, ahead of its first message. Not Ice's: for who limits visitors."""
        self._runtime = runtime
        self._locator = locator
        self._router = router
        self._settings = settings = adapter_settings(runtime.properties, name, runtime.message_bytes_max)
        self._property = f"{name}.PublishedEndpoints" if name else ""
        self._life = _Life.held
        self._begun = self._registered = False
        self._ending: list[Deferred[None]] = []
        self._holding: list[Deferred[None]] = []
        self._warn_of_unknown()
        self._doors = Doors(runtime, self, settings.message_bytes_max, settings.connections_max)
        wanted = self._parse(endpoints, any_host=True)
        self._published = self._read_published()
        self._doors.open(wanted)
        runtime.trace.published(name, self.getPublishedEndpoints() if wanted else ())

    # Servants.

    def add(self, servant: Servant, identity: Identity) -> ObjectPrx:
        """House an object; returns its proxy."""
        return self.addFacet(servant, identity, "")

    def addFacet(self, servant: Servant, identity: Identity, facet: str) -> ObjectPrx:
        self._check()
        self.servants.add(servant, identity, facet)
        proxy = self.createProxy(identity)
        return proxy.ice_facet(facet) if facet else proxy

    def addWithUUID(self, servant: Servant) -> ObjectPrx:
        return self.add(servant, Identity(self._runtime.world.entropy.uuid()))

    def addFacetWithUUID(self, servant: Servant, facet: str) -> ObjectPrx:
        return self.addFacet(servant, Identity(self._runtime.world.entropy.uuid()), facet)

    def addDefaultServant(self, servant: Servant, category: str) -> None:
        """Serve every object of `category` that has no servant of its own; "": of every category."""
        self._check()
        self.servants.add_default(servant, category)

    def addServantLocator(self, locator: ServantLocator, category: str) -> None:
        """Have `locator` find servants for objects of `category` that have none; "": of every category."""
        self._check()
        self.servants.add_locator(locator, category)

    def remove(self, identity: Identity) -> Servant:
        return self.removeFacet(identity, "")

    def removeFacet(self, identity: Identity, facet: str) -> Servant:
        self._check()
        return self.servants.remove(identity, facet)

    def removeAllFacets(self, identity: Identity) -> dict[str, Servant]:
        self._check()
        return self.servants.remove_all(identity)

    def removeDefaultServant(self, category: str) -> Servant:
        self._check()
        return self.servants.remove_default(category)

    def removeServantLocator(self, category: str) -> ServantLocator:
        """It is not deactivated: that is for whoever takes it away."""
        self._check()
        return self.servants.remove_locator(category)

    def find(self, identity: Identity) -> Servant | None:
        """The servant added for that object, else the default one that would serve it."""
        return self.findFacet(identity, "")

    def findFacet(self, identity: Identity, facet: str) -> Servant | None:
        self._check()
        check_identity(identity)
        return self.servants.find(identity, facet)

    def findAllFacets(self, identity: Identity) -> dict[str, Servant]:
        """The servants added for that object, by facet; no default ones."""
        self._check()
        check_identity(identity)
        return self.servants.facets(identity)

    def findByProxy(self, proxy: ObjectPrx) -> Servant | None:
        """As `findFacet`, with the proxy's identity and facet."""
        return self.findFacet(proxy.ice_getIdentity(), proxy.ice_getFacet())

    def findDefaultServant(self, category: str) -> Servant | None:
        self._check()
        return self.servants.default(category)

    def findServantLocator(self, category: str) -> ServantLocator | None:
        self._check()
        return self.servants.locator(category)

    def use(self, middleware: Middleware) -> ObjectAdapter:
        """Put middleware before all servants, behind the middleware there is. As in Ice 3.8.

        `middleware(next)` returns a function that takes a `Request` and gives an `Answer` (or a coroutine or
        Deferred with it), as a rule `await next(request)`. It also sees requests for what does not exist.
        """
        self._check()
        self.servants.use(middleware)
        return self

    def keepReplies(self, replies: Replies) -> None:
        """Keep answers to requests with tokens there, not in memory. Not Ice's: see `pushnet.rpc.once`."""
        self._check()
        self._once.replies = replies

    # Proxies.

    def getName(self) -> str:
        return self.name

    def getCommunicator(self) -> Any:
        return self.communicator

    def getEndpoints(self) -> tuple[Endpoint, ...]:
        """Where the adapter listens, with real ports; nowhere once it is destroyed."""
        return () if self._life is _Life.destroyed else self._doors.listening

    def getPublishedEndpoints(self) -> tuple[Endpoint, ...]:
        """What goes into proxies: hosts that others can reach."""
        if self._life is _Life.destroyed:
            return ()
        if self._published is not None:
            return self._published
        return self._runtime.transports.published(self._doors.listening, self._settings.published_host)

    def setPublishedEndpoints(self, endpoints: Sequence[Endpoint]) -> Deferred[None]:
        """Put those into proxies from now on, and tell the registry."""
        self._check()
        if self._router is not None:
            raise ValueError("can't set published endpoints on object adapter associated with a router")
        return Deferred.fromCoroutine(self._publish(tuple(endpoints)))

    def refreshPublishedEndpoints(self) -> Deferred[None]:
        """Read them anew, from properties or from the router, and tell the registry."""
        self._check()
        return Deferred.fromCoroutine(self._publish(self._read_published()))

    def getLocator(self) -> ObjectPrx | None:
        return self._locator

    def setLocator(self, locator: ObjectPrx | None) -> None:
        """Whose registry is told from now on."""
        self._check()
        self._locator = locator

    def createProxy(self, identity: Identity) -> ObjectPrx:
        """By the adapter's or its group's id when it has one, else with its endpoints."""
        name = self._settings.group_id or self._settings.adapter_id
        return self._proxy(identity, adapter_id=name) if name else self.createDirectProxy(identity)

    def createDirectProxy(self, identity: Identity) -> ObjectPrx:
        return self._proxy(identity, endpoints=self.getPublishedEndpoints())

    def createIndirectProxy(self, identity: Identity) -> ObjectPrx:
        """By the adapter's own id, also when it is in a group."""
        return self._proxy(identity, adapter_id=self._settings.adapter_id)

    # Its life.

    def admit(self, caller: Any) -> None:
        """Let in who calls from within the communicator."""
        self._doors.admit(caller)

    @property
    def repeated(self) -> int:
        """Not Ice's: how many requests with tokens were answered without being done again."""
        return self._once.repeated

    @property
    def connections(self) -> list[Connection]:
        return list(self._doors.connections)

    def activate(self) -> Deferred[None]:
        """Serve. The first time, the registry is told, whose refusals are raised."""
        self._check()
        return Deferred.fromCoroutine(self._activate())

    def hold(self) -> None:
        """Serve what is being served, and nothing new until the next `activate`."""
        self._check()
        self._life = _Life.held
        self._doors.hold()
        self._tell_holding()

    def waitForHold(self) -> Deferred[None]:
        """Fires when the adapter is on hold and nothing is being served any more."""
        self._check()
        return Deferred.fromCoroutine(self._come_to_rest())

    def deactivate(self) -> Deferred[None]:
        """End in an orderly way: no new connections; what is being served is answered; each peer is told,
        and what it sent before it knew is read to the end. Fires when all that has happened."""
        if self._life < _Life.deactivating:
            self._life = _Life.deactivating
            self._tell_holding()
            self._runtime.world.background("ending an adapter", Deferred.fromCoroutine(self._end()))
        return self.waitForDeactivate()

    def waitForDeactivate(self) -> Deferred[None]:
        """Fires when somebody has deactivated the adapter and it has come to its end."""
        waiting: Deferred[None] = Deferred()
        if self._life >= _Life.deactivated:
            waiting.callback(None)
        else:
            self._ending.append(waiting)
        return waiting

    def isDeactivated(self) -> bool:
        """Whether its end has begun."""
        return self._life >= _Life.deactivating

    def is_over(self) -> bool:
        """Whether its end has come."""
        return self._life >= _Life.deactivated

    def destroy(self) -> Deferred[None]:
        """Deactivate it, and let its servant locators go. Its name can be used again."""
        return self.deactivate().addCallback(self._destroyed)

    def check_usable(self) -> None:
        """Raises `ObjectAdapterDeactivatedException` when its end has begun."""
        self._check()

    async def _activate(self) -> None:
        if self._life is _Life.active:
            return
        self._life = _Life.active
        try:
            await self._doors.opened()
            if self._life is _Life.active:
                self._doors.release()
            if not self._begun:
                await self._join_router()
                await self._register()
                self._begun = True
                if self._runtime.properties.getPropertyAsInt("Ice.PrintAdapterReady") > 0:
                    print(f"{self.name} ready", flush=True)
        except BaseException:
            if self._life is _Life.active:
                self.hold()
            raise

    async def _come_to_rest(self) -> None:
        while self._life < _Life.deactivating:
            if self._life is _Life.active:
                waiting: Deferred[None] = Deferred()
                self._holding.append(waiting)
                await waiting
            elif self._doors.serving:
                await self._doors.rested()
            else:
                return

    def _tell_holding(self) -> None:
        holding, self._holding = self._holding, []
        for waiting in holding:
            waiting.callback(None)

    async def _end(self) -> None:
        await self._unregister()
        end = self._deactivated_error()
        await self._doors.close(end)
        self._runtime.forget_adapter(self)
        await DeferredList([connection.finish(end) for connection in self.connections])
        self.servants.clear()
        self._life = _Life.deactivated
        ending, self._ending = self._ending, []
        for other in ending:
            other.callback(None)

    def _destroyed(self, nothing: None) -> None:
        self._life = _Life.destroyed
        for category, locator in self.servants.take_locators().items():
            done = maybeDeferred(locator.deactivate, category)
            self._runtime.world.background(f"deactivating the servant locator of `{category}'", done)

    # Who knows of it.

    async def _publish(self, endpoints: tuple[Endpoint, ...] | None) -> None:
        before, self._published = self._published, endpoints
        try:
            await self._join_router()
            if self._registered:
                await self._tell_registry(self.createDirectProxy(Identity("dummy")))
        except LocalException:
            self._published = before
            raise

    async def _join_router(self) -> None:
        """Publish the router's endpoints, and serve what comes from it."""
        if self._router is None:
            return
        server = await self._router.getServerProxy()
        self._published = () if server is None else tuple(server.ice_getEndpoints())
        connection = await self._router.ice_getConnection()
        connection.setAdapter(self)

    async def _register(self) -> None:
        if self._settings.adapter_id and self._locator is not None:
            await self._tell_registry(self.createDirectProxy(Identity("dummy")))
            self._registered = True

    async def _unregister(self) -> None:
        """A registry that is gone is no error."""
        if not self._registered:
            return
        self._registered = False
        try:
            await self._tell_registry(None)
        except LocalException as error:
            self._runtime.log.info("left without telling the locator: {error}", error=str(error))

    async def _tell_registry(self, proxy: ObjectPrx | None) -> None:
        await tell_registry(self._locator, self._settings.adapter_id, self._settings.group_id, proxy)

    def _read_published(self) -> tuple[Endpoint, ...] | None:
        text = self._runtime.properties.getProperty(self._property) if self._property else ""
        return self._parse(text) or None

    def _parse(self, text: str, any_host: bool = False) -> tuple[Endpoint, ...]:
        if not text.strip():
            return ()
        endpoints = parse_adapter_endpoints(text, self._runtime.transports.defaults(adapter=any_host))
        for endpoint in endpoints:
            if not self._runtime.transports.knows(endpoint):
                raise FeatureNotSupportedException(f"cannot listen at {endpoint}")
        return endpoints

    def _proxy(self, identity: Identity, **where: Any) -> ObjectPrx:
        self._check()
        check_identity(identity)
        data: ProxyData = attrs.evolve(self._settings.template, identity=identity, facet="", **where)
        return ObjectPrx(self._runtime.ice_reference(data))

    def _warn_of_unknown(self) -> None:
        properties = self._runtime.properties
        if properties.getPropertyAsIntWithDefault("Ice.Warn.UnknownProperties", 1) > 0:
            unknown = unknown_properties(properties, self.name)
            if unknown:
                told = "".join(f"\n    {key}" for key in unknown)
                logger = self.communicator.getLogger()
                logger.warning(f"found unknown properties for object adapter `{self.name}':{told}")

    def _check(self) -> None:
        if self._life >= _Life.deactivating:
            raise self._deactivated_error()

    def _deactivated_error(self) -> ObjectAdapterDeactivatedException:
        return ObjectAdapterDeactivatedException(self.name, f"object adapter {self.name} is deactivated")
