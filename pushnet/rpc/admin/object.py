"""`Admin`: the object `<instance>/admin` of a communicator, with a facet for each thing to administer.

It is there when `Ice.Admin.Endpoints` says where; without `Ice.Admin.InstanceName` the instance has a name
that nobody can guess. With `Ice.Admin.ServerId` and a locator, the locator's registry is told of its facet
`Process`.
`Ice.Admin.Facets` says which facets there are (default: all), `Ice.Admin.DelayCreation` that it is made when
it is first asked for, `Ice.Admin.Enabled` whether there is any of this at all.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

from pushnet.rpc.admin.logbook import KEEP_MAX, LogBook
from pushnet.rpc.admin.logger import LoggerFacet, Recorded, recorded_log
from pushnet.rpc.admin.metrics import MetricsFacet
from pushnet.rpc.admin.process import ProcessFacet
from pushnet.rpc.admin.properties import PropertiesFacet
from pushnet.rpc.admin.views import Views
from pushnet.rpc.admin.watch import Watch
from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.registration import tell_registry_of_process
from pushnet.rpc.servant import Servant
from pushnet.rpc.servants import already, check_servant, not_registered
from pushnet.wire.identity import Identity

ADAPTER = "Ice.Admin"


class Admin:
    """The administrative side of one communicator."""

    def __init__(self, communicator: Any) -> None:
        self._communicator = communicator
        self._properties = properties = communicator.properties
        endpoints = properties.getProperty(f"{ADAPTER}.Endpoints")
        default = 1 if endpoints else 0
        self.enabled = properties.getPropertyAsIntWithDefault(f"{ADAPTER}.Enabled", default) > 0
        self._endpoints = bool(endpoints)
        self._wanted = properties.getPropertyAsList(f"{ADAPTER}.Facets")
        self._facets: dict[str, Servant] = {}
        self._adapter: Any = None
        self._identity: Identity | None = None
        if self.enabled:
            self._make_facets()

    def begin(self) -> None:
        """The communicator is ready."""
        if self.enabled and self._properties.getPropertyAsInt(f"{ADAPTER}.DelayCreation") <= 0:
            self.get()

    def create(self, adapter: Any, identity: Identity) -> ObjectPrx:
        """Make the object, in `adapter` or in one of its own. Raises `InitializationException`."""
        if self._adapter is not None:
            raise InitializationException("Admin already created")
        if not self.enabled:
            raise InitializationException("Admin is disabled")
        own = adapter is None
        if own:
            if not self._endpoints:
                raise InitializationException("Ice.Admin.Endpoints is not set")
            adapter = self._communicator.createObjectAdapter(ADAPTER)
        self._adapter, self._identity = adapter, identity
        for name, servant in self._facets.items():
            if self._takes(name):
                adapter.addFacet(servant, identity, name)
        begun = adapter.activate() if own else None
        proxy: ObjectPrx = adapter.createProxy(identity)
        self._announce(proxy, begun)
        return proxy

    def get(self) -> ObjectPrx | None:
        """A proxy of the object, which is made if need be; None when there is to be none."""
        if self._adapter is not None:
            proxy: ObjectPrx = self._adapter.createProxy(self._identity)
            return proxy
        if not (self.enabled and self._endpoints):
            return None
        name = self._properties.getProperty(f"{ADAPTER}.InstanceName")
        return self.create(None, Identity("admin", name or self._communicator.world.entropy.uuid()))

    def add(self, servant: Servant, name: str) -> None:
        check_servant(servant)
        if name in self._facets:
            raise already("servant" if self._adapter else "facet", self._named(name))
        self._facets[name] = servant
        if self._adapter is not None and self._takes(name):
            self._adapter.addFacet(servant, self._identity, name)

    def remove(self, name: str) -> Servant:
        if name not in self._facets:
            raise not_registered("servant" if self._adapter else "facet", self._named(name))
        if self._adapter is not None and self._takes(name):
            self._adapter.removeFacet(self._identity, name)
        return self._facets.pop(name)

    def find(self, name: str) -> Servant | None:
        return self._facets.get(name)

    def all(self) -> dict[str, Servant]:
        return dict(self._facets)

    def _takes(self, name: str) -> bool:
        return not self._wanted or name in self._wanted

    def _named(self, facet: str) -> str:
        return f"{self._identity} -f {facet}" if self._identity is not None else facet

    def _make_facets(self) -> None:
        communicator, world = self._communicator, self._communicator.world
        properties = PropertiesFacet(self._properties)
        made: dict[str, Servant] = {
            "Process": ProcessFacet(communicator.shutdown),
            "Properties": properties,
        }
        if self._takes("Logger"):
            logs = self._properties.getPropertyAsIntWithDefault(f"{ADAPTER}.Logger.KeepLogs", KEEP_MAX)
            traces = self._properties.getPropertyAsIntWithDefault(f"{ADAPTER}.Logger.KeepTraces", KEEP_MAX)
            book = LogBook(world.wall, logs, traces)
            communicator.record(
                Recorded(communicator.getLogger(), book), recorded_log(book, communicator.log)
            )
            made["Logger"] = LoggerFacet(book, communicator.getLogger().getPrefix(), world.background)
        if self._takes("Metrics"):
            views = Views(self._properties)
            watch = Watch(views, world.monotonic)
            metrics = MetricsFacet(views, world.wall, lambda: communicator.watch_with(watch))
            properties.addUpdateCallback(metrics.updated)
            communicator.watch_with(watch)
            made["Metrics"] = metrics
        self._facets.update((name, facet) for name, facet in made.items() if self._takes(name))

    def _announce(self, proxy: ObjectPrx, begun: Any) -> None:
        """Tell the registry when the object can be called. What fails is an error of the program's log."""
        server_id = self._properties.getProperty(f"{ADAPTER}.ServerId")
        locator = self._communicator.getDefaultLocator()

        async def announce() -> None:
            try:
                if begun is not None:
                    await begun
                if server_id and locator is not None:
                    await tell_registry_of_process(locator, server_id, proxy.ice_facet("Process"))
            except Exception as error:
                self._communicator.getLogger().error(f"the admin object is not to be reached: {error}")

        self._communicator.world.background("announcing the admin object", Deferred.fromCoroutine(announce()))
