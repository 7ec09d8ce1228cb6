"""`Communicator`: where proxies and object adapters come from. Names are Ice's.

Properties it understands, as Ice does: `Ice.Default.Locator`, `.LocatorCacheTimeout` (s), `.Host`,
`.Protocol`, `.Timeout` (ms, of endpoints), `.InvocationTimeout` (ms), `.EndpointSelection`,
`.EncodingVersion`, `.SourceAddress`; `Ice.MessageSizeMax` (KB), `Ice.RetryIntervals` (ms),
`Ice.Override.CloseTimeout`, `.ConnectTimeout`, `.Timeout` (ms), `.Compress`, `.Secure`,
`Ice.Default.PreferSecure`, `Ice.Compression.Level`, `Ice.UDP.SndSize`, `Ice.ClassGraphDepthMax` (up to 100),
`Ice.ToStringMode`, `Ice.Connection.MaxDispatches`; those of TLS (`pushnet.rpc.security`); and of an adapter
`<name>.Endpoints`, `.PublishedEndpoints`, `.AdapterId`, `.ReplicaGroupId`, `.AllowedOrigins`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twisted.internet.defer import Deferred, DeferredList, ensureDeferred

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.connection import Connection
from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    CommunicatorDestroyedException,
    ConnectFailedException,
    InitializationException,
)
from pushnet.rpc.locator import Locators
from pushnet.rpc.outgoing import Outgoing
from pushnet.rpc.properties import Properties
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.reference import Options, Reference
from pushnet.rpc.runtime import Runtime
from pushnet.wire.endpoint_text import EndpointDefaults
from pushnet.wire.endpoints import TIMEOUT_MS
from pushnet.wire.escapes import ToStringMode
from pushnet.wire.identity import Identity, identityToString, stringToIdentity
from pushnet.wire.proxies import ProxyData
from pushnet.wire.proxy_text import parse_proxy, proxy_text
from pushnet.world import World


class Communicator(Runtime):
    """One for each node."""

    def __init__(self, world: World, properties: Mapping[str, str] | None = None) -> None:
        super().__init__(world, Properties(properties))
        read = self.properties
        self._defaults = EndpointDefaults(
            read.getPropertyWithDefault("Ice.Default.Protocol", "tcp"),
            read.getProperty("Ice.Default.Host"),
            read.getPropertyAsIntWithDefault("Ice.Default.Timeout", TIMEOUT_MS),
            read.getProperty("Ice.Default.SourceAddress"),
        )
        self._to_string = _to_string_mode(read.getPropertyWithDefault("Ice.ToStringMode", "Unicode"))
        self._outgoing = Outgoing(self)
        self._locators = Locators(world, read.seconds("Ice.Default.LocatorCacheTimeout", -1.0))
        self._adapters: dict[str, ObjectAdapter] = {}
        self._locator = self.propertyToProxy("Ice.Default.Locator")

    # Strings and proxies.

    def stringToProxy(self, text: str) -> ObjectPrx | None:
        """None for the empty string. Raises a `ParseException` that says what is wrong."""
        data = parse_proxy(text, self._defaults, ignored=self._ignored)
        return None if data is None else ObjectPrx(self.ice_reference(data))

    def proxyToString(self, proxy: ObjectPrx | None) -> str:
        return "" if proxy is None else proxy_text(proxy.ice_reference.data, self._to_string)

    def propertyToProxy(self, name: str) -> ObjectPrx | None:
        return self.stringToProxy(self.properties.getProperty(name))

    def stringToIdentity(self, text: str) -> Identity:
        return stringToIdentity(text)

    def identityToString(self, identity: Identity) -> str:
        return identityToString(identity, self._to_string)

    def getProperties(self) -> Properties:
        return self.properties

    def getDefaultLocator(self) -> ObjectPrx | None:
        return self._locator

    def setDefaultLocator(self, locator: ObjectPrx | None) -> None:
        self._locator = locator

    # Adapters.

    def createObjectAdapter(self, name: str) -> ObjectAdapter:
        """An adapter that listens where the property `<name>.Endpoints` says, or nowhere."""
        return self.createObjectAdapterWithEndpoints(name, self.properties.getProperty(f"{name}.Endpoints"))

    def createObjectAdapterWithEndpoints(self, name: str, endpoints: str) -> ObjectAdapter:
        if self.destroyed:
            raise CommunicatorDestroyedException("the communicator is destroyed")
        known = self._adapters.get(name)
        if known is not None and not known.isDeactivated():
            raise AlreadyRegisteredException(f"there is an object adapter {name}")
        locator = self.propertyToProxy(f"{name}.Locator") or self._locator
        adapter = self._adapters[name] = ObjectAdapter(self, name, endpoints, locator)
        return adapter

    # Its end.

    def isShutdown(self) -> bool:
        return self.destroyed

    async def destroy(self) -> None:
        """Deactivate the adapters, give up calls under way, close all connections in an orderly way."""
        if self.destroyed:
            return
        adapters = list(self._adapters.values())
        await DeferredList([ensureDeferred(adapter.deactivate()) for adapter in adapters])
        self.destroyed = True
        end = CommunicatorDestroyedException("the communicator is destroyed")
        for line in [*self.waiting, self.paused]:
            for call in list(line):
                call.fail(end)
        self.paused.clear()
        await DeferredList(self._outgoing.finish(end))
        self.deadlines.stop()
        self.pulse.stop()

    # What connections and calls ask of their runtime.

    def ice_reference(self, data: ProxyData) -> Reference:
        return Reference(self, data, Options())

    def fixed_proxy(self, connection: Connection, data: ProxyData) -> ObjectPrx:
        return ObjectPrx(Reference(self, data, Options(fixed=connection)))

    def connection_for(self, reference: Reference) -> Deferred[Connection]:
        return ensureDeferred(self._connect(reference))

    def forget_endpoints(self, reference: Reference) -> bool:
        return self._locators.forget(reference.options.locator or self._locator, reference.data)

    def sweep(self, tick: int) -> bool:
        busy = False
        for connection in self._connections():
            busy = connection.sweep(tick) or busy
        for line in [*self.waiting, self.paused]:
            for call in list(line):
                busy = True
                if call.expires and call.expires <= tick:
                    call.timed_out()
        return busy

    async def _connect(self, reference: Reference) -> Any:
        data, options = reference.data, reference.options
        if data.endpoints:
            return await self._outgoing.connect(reference, data.endpoints)
        locator = options.locator or self._locator
        found = await self._locators.find(locator, data, options.locator_cache_s)
        try:
            return await self._outgoing.connect(reference, found.endpoints)
        except ConnectFailedException:
            self._locators.forget(locator, data)
            if not found.cached:
                raise
        found = await self._locators.find(locator, data, options.locator_cache_s)
        return await self._outgoing.connect(reference, found.endpoints)

    def _connections(self) -> list[Connection]:
        incoming = [connection for adapter in self._adapters.values() for connection in adapter.connections]
        return self._outgoing.connections + incoming

    def _ignored(self, endpoint: str) -> None:
        self.log.warn("a proxy has an endpoint of an unknown kind, ignored: {endpoint}", endpoint=endpoint)


def _to_string_mode(name: str) -> ToStringMode:
    try:
        return ToStringMode(name)
    except ValueError:
        raise InitializationException(f"property Ice.ToStringMode has no value {name!r}") from None


def initialize(world: World, properties: Mapping[str, str] | None = None) -> Communicator:
    """Ice's name for making a communicator."""
    return Communicator(world, properties)


__all__: list[Any] = ["Communicator", "initialize"]
