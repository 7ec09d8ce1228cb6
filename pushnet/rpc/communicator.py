"""`Communicator`: where proxies and object adapters come from. Names are Ice's.

Made by `pushnet.rpc.initialization.initialize`, or directly of properties. Which of Ice's properties have an
effect stands in `docs/reference/properties.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twisted.internet.defer import Deferred, DeferredList, ensureDeferred
from twisted.logger import Logger as TwistedLogger

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.adapters import Adapters
from pushnet.rpc.admin.calls import watched_calls
from pushnet.rpc.admin.object import Admin
from pushnet.rpc.admin.watch import Watch
from pushnet.rpc.batch import CompressBatch, Interceptor
from pushnet.rpc.collocated import Collocation
from pushnet.rpc.connection import Connection
from pushnet.rpc.exceptions import (
    CommunicatorDestroyedException,
    InitializationException,
    LocalException,
    NoEndpointException,
    SecurityException,
)
from pushnet.rpc.implicit_context import ImplicitContext
from pushnet.rpc.locator import Locators
from pushnet.rpc.log_file import FileLog, LogFile, runtime_log
from pushnet.rpc.logger import Logger, TwistedLog
from pushnet.rpc.outgoing import Outgoing
from pushnet.rpc.properties import Properties
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.proxy_factory import ProxyFactory
from pushnet.rpc.reference import Reference, check_versions
from pushnet.rpc.routers import Routers
from pushnet.rpc.security import Judge
from pushnet.rpc.servant import Servant
from pushnet.rpc.servants import already
from pushnet.rpc.value_factories import ValueFactories
from pushnet.wire.identity import Identity
from pushnet.world import World

LOG_FILE = "Ice.LogFile"


class Communicator(ProxyFactory):
    """One for each node."""

    def __init__(
        self,
        world: World,
        properties: Mapping[str, str] | Properties | None = None,
        logger: Logger | None = None,
        batch_interceptor: Interceptor | None = None,
    ) -> None:
        if not isinstance(properties, Properties):
            properties = Properties(properties, world)
        super().__init__(world, properties)
        self._logger = logger or self._own_logger()
        self.batch_interceptor = getattr(batch_interceptor, "enqueue", batch_interceptor)
        self._outgoing = Outgoing(self)
        background = properties.getPropertyAsInt("Ice.BackgroundLocatorCacheUpdates") > 0
        self._trace_locators = properties.getPropertyAsInt("Ice.Trace.Locator") > 0
        self._locators = Locators(world, background, self._trace_locator)
        self._routers = Routers()
        self._collocation = Collocation(self)
        self._adapters = Adapters(self)
        self._shutting_down = self._is_shut_down = False
        self._waiting_for_end: list[Deferred[None]] = []
        self._admin = Admin(self)
        self._admin.begin()

    async def __aenter__(self) -> Communicator:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.destroy()

    def getLogger(self) -> Logger:
        return self._logger

    def _own_logger(self) -> Logger:
        """Twisted's log, or the file that `Ice.LogFile` names; then the runtime's own log goes there, too."""
        prefix, path = self.properties.getProperty("Ice.ProgramName"), self.properties.getProperty(LOG_FILE)
        if not path:
            return TwistedLog(prefix)
        file = LogFile(self.world, path, self.properties.getPropertyAsInt(f"{LOG_FILE}.SizeMax"))
        self.log = runtime_log(file, prefix, self.log.namespace)
        return FileLog(file, prefix)

    def record(self, logger: Logger, log: TwistedLogger) -> None:
        """Log with those from now on."""
        self._logger = logger
        self.log = log

    def watch_with(self, watch: Watch) -> None:
        """Have `watch` count what its views want to know, and nothing else."""
        calls = watched_calls(watch, self.world.monotonic)
        connects = watch.wants("ConnectionEstablishment") or watch.wants("EndpointLookup")
        self.watch_requests = watch.middleware if watch.wants("Dispatch") else None
        self.watch_call = calls if watch.wants("Invocation") else None
        self.watch_connection = watch.connected if watch.wants("Connection") else None
        self.watch_connect = watch.connecting if connects else None
        for adapter in self._adapters.all():
            adapter.servants.watch(self.watch_requests)
        watch.switched(self._connections())

    def adapters(self) -> list[ObjectAdapter]:
        """Those that are made and not over."""
        return [adapter for adapter in self._adapters.all() if not adapter.is_over()]

    # Administration.

    def createAdmin(self, adapter: ObjectAdapter | None, identity: Identity) -> ObjectPrx:
        """Make the admin object in `adapter`, or where `Ice.Admin.Endpoints` says."""
        self.check()
        return self._admin.create(adapter, identity)

    def getAdmin(self) -> ObjectPrx | None:
        """The admin object, which is made now if it is to be; see `pushnet.rpc.admin.object`."""
        self.check()
        return self._admin.get()

    def addAdminFacet(self, servant: Servant, facet: str) -> None:
        self.check()
        self._admin.add(servant, facet)

    def removeAdminFacet(self, facet: str) -> Servant:
        self.check()
        return self._admin.remove(facet)

    def findAdminFacet(self, facet: str) -> Servant | None:
        self.check()
        return self._admin.find(facet)

    def findAllAdminFacets(self) -> dict[str, Servant]:
        self.check()
        return self._admin.all()

    def getImplicitContext(self) -> ImplicitContext | None:
        """None unless the property `Ice.ImplicitContext` asks for one."""
        return self.implicit_context

    def getValueFactoryManager(self) -> ValueFactories:
        """Where programs register who makes instances of classes that arrive."""
        return ValueFactories(self.ice_values)

    # Adapters.

    def createObjectAdapter(self, name: str) -> ObjectAdapter:
        """An adapter that listens where the property `<name>.Endpoints` says; without a name, nowhere."""
        self._check_going()
        router = self.propertyToProxy(f"{name}.Router") if name else None
        if router is not None:
            return self._routed_adapter(name, router)
        return self._adapters.configured(name, self._locator_of(name), None)

    def createObjectAdapterWithEndpoints(self, name: str, endpoints: str) -> ObjectAdapter:
        """An adapter that listens there, which is also its property from now on.

        Not Ice's: nowhere, when no endpoints are given.
        """
        self._check_going()
        adapter = self._adapters.make(name, endpoints, self._locator_of(name))
        if name:
            self.properties.setProperty(f"{name}.Endpoints", endpoints)
            self.properties.getProperty(f"{name}.Endpoints")  # it is in use, not one that nobody reads
        return adapter

    async def createObjectAdapterWithRouter(self, name: str, router: ObjectPrx) -> ObjectAdapter:
        """An adapter whose objects are called through `router`, which is asked here where that is.

        Raises `InitializationException` without a router, `AlreadyRegisteredException` when the router has an
        adapter, and what calling it raises.
        """
        self._check_going()
        if router is None:
            raise InitializationException(f"object adapter `{name}' needs a router")
        adapter = self._routed_adapter(name or self.world.entropy.uuid(), router)
        try:
            await adapter.refreshPublishedEndpoints()
        except LocalException:
            await adapter.destroy()
            raise
        return adapter

    def _check_going(self) -> None:
        self.check()
        if self._shutting_down:
            raise CommunicatorDestroyedException("the communicator is shut down")

    def _routed_adapter(self, name: str, router: ObjectPrx) -> ObjectAdapter:
        """An adapter that learns at the latest when it is activated where it is called."""
        client = self._routers.of(router)
        if client.adapter is not None:
            raise already("object adapter with router", str(router.ice_getIdentity()))
        client.adapter = self._adapters.configured(name, self._locator_of(name), client.router)
        adapter: ObjectAdapter = client.adapter
        return adapter

    def _locator_of(self, adapter: str) -> ObjectPrx | None:
        named = self.propertyToProxy(f"{adapter}.Locator") if adapter else None
        return named or self.default_options.locator

    # Its end.

    def flushBatchRequests(self, compress: CompressBatch = CompressBatch.BasedOnProxy) -> Deferred[None]:
        """Send what fixed proxies have gathered for their connections; fires when all has left or failed."""
        self.check()
        flushing = [connection.flushBatchRequests(compress) for connection in self._connections()]
        return DeferredList(flushing, consumeErrors=True).addCallback(lambda _: None)

    def shutdown(self) -> None:
        """Deactivate the adapters; objects elsewhere can still be called."""
        if self._shutting_down:
            return
        self._shutting_down = True
        deactivating = [ensureDeferred(adapter.deactivate()) for adapter in self._adapters.all()]
        DeferredList(deactivating, consumeErrors=True).addCallback(self._shut_down)

    def isShutdown(self) -> bool:
        return self._shutting_down

    def waitForShutdown(self) -> Deferred[None]:
        """Fires when the adapters are deactivated because somebody called `shutdown` or `destroy`."""
        waiting: Deferred[None] = Deferred()
        self._waiting_for_end.append(waiting)
        if self._is_shut_down:
            self._shut_down(None)
        return waiting

    def _shut_down(self, _: object) -> None:
        self._is_shut_down = True
        waiting, self._waiting_for_end = self._waiting_for_end, []
        for deferred in waiting:
            deferred.callback(None)

    def reread_certificates(self) -> None:
        """Connections made from now on, in both directions, go by the files of `IceSSL.*` as they are now.

        Raises `InitializationException`; then they go by what was read before.
        """
        self.transports.security.reread()

    def turn_away(self, judge: Judge) -> list[str]:
        """Have no connection with whom `judge` finds something wrong with, in either direction.

        Connections that are there are looked at now, and cut; later ones when they have been made.
        Returns what was said of whom, for each that was cut.
        """
        security = self.transports.security
        security.judge = judge
        cut: list[str] = []
        for connection in self._connections():
            if wrong := security.judged(connection.stream.certs):
                cut.append(f"{' '.join(connection.toString().split())}: {wrong}")
                connection.abort(SecurityException(wrong))
        return cut

    async def destroy(self) -> None:
        """Deactivate the adapters, give up calls under way, close all connections in an orderly way.

        Cancelled, it no longer waits for the peers.
        """
        if self.destroyed:
            return
        self.shutdown()
        await DeferredList([adapter.destroy() for adapter in self._adapters.all()], consumeErrors=True)
        self.destroyed = True
        self._tell_unused()
        end = CommunicatorDestroyedException("the communicator is destroyed")
        for line in [*self.waiting, self.paused]:
            for call in list(line):
                call.fail(end)
        self.paused.clear()
        await DeferredList(self._outgoing.finish(end), consumeErrors=True)
        self.deadlines.stop()
        self.pulse.stop()

    def _tell_unused(self) -> None:
        unused = self.properties.getUnusedProperties()
        if unused and self.properties.getPropertyAsInt("Ice.Warn.UnusedProperties") > 0:
            told = ", ".join(unused)
            self._logger.warning(f"The following properties were set but never read: {told}")

    # What connections and calls ask of their runtime.

    def connection_for(self, reference: Reference) -> Deferred[Connection]:
        return ensureDeferred(self._connect(reference))

    def forget_endpoints(self, reference: Reference) -> None:
        if reference.options.router is not None:
            self._routers.of(reference.options.router).forget(reference.data.identity)
            return
        if not reference.data.adapter_id:
            self._locators.forget(reference.options.locator, reference.data)

    def forget_adapter(self, adapter: Any) -> None:
        self._routers.forget_adapter(adapter)
        self._collocation.forget(adapter)
        for connection in self._outgoing.connections:
            if connection.getAdapter() is adapter:
                connection.setAdapter(None)

    def sweep(self, tick: int) -> bool:
        busy = False
        taking: list[Any] = [*self._connections(), *self._collocation.all()]
        for connection in taking:
            busy = connection.sweep(tick) or busy
        for line in [*self.waiting, self.paused]:
            for call in list(line):
                busy = True
                if call.expires and call.expires <= tick:
                    call.timed_out()
        return busy

    async def _connect(self, reference: Reference) -> Any:
        data, options = reference.data, reference.options
        check_versions(data)
        here = self._collocation.find(reference, self._adapters.all())
        if here is not None:
            return here
        if options.router is not None:
            return await self._connect_by_router(reference)
        if data.endpoints:
            return await self._outgoing.connect(reference, data.endpoints)
        locator = options.locator
        found = await self._locators.find(locator, data, options.locator_cache_s)
        try:
            return await self._outgoing.connect(reference, found.endpoints)
        except NoEndpointException:
            raise
        except LocalException:
            self._locators.forget(locator, data)
            if not found.cached or self.destroyed:
                raise
        found = await self._locators.find(locator, data, options.locator_cache_s)
        return await self._outgoing.connect(reference, found.endpoints)

    async def _connect_by_router(self, reference: Reference) -> Any:
        router = self._routers.of(reference.options.router)
        connection = await self._outgoing.connect(reference, await router.endpoints())
        await router.announce(reference)
        if router.adapter is not None and connection.getAdapter() is not router.adapter:
            connection.setAdapter(router.adapter)
        return connection

    def _trace_locator(self, message: str) -> None:
        if self._trace_locators:
            self._logger.trace("Locator", message)

    def _connections(self) -> list[Connection]:
        return self._outgoing.connections + self._adapters.connections()
