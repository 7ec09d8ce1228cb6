"""`ObjectAdapter`: listens, and calls the servants of the objects it houses. Names are Ice's.

It is made, gets servants, is activated once and deactivated once. With the property `<name>.AdapterId` it
makes its endpoints known to the locator's registry when it is activated, in `<name>.ReplicaGroupId` if that
is set, and takes them away when it is deactivated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
from twisted.internet.defer import Deferred, DeferredList, maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IAddress, IListeningPort
from twisted.internet.protocol import Factory

from pushnet.net.handshakes import Accepting, StreamInfo
from pushnet.rpc.acm import server_settings
from pushnet.rpc.connection import Connection
from pushnet.rpc.datagrams import Datagrams
from pushnet.rpc.exceptions import (
    FeatureNotSupportedException,
    LocalException,
    NotRegisteredException,
    ObjectAdapterDeactivatedException,
    ObjectAdapterIdInUseException,
    SocketException,
)
from pushnet.rpc.locator_stubs import AdapterAlreadyActive, AdapterNotFound, InvalidReplicaGroupId, LocatorPrx
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.reference import Options, Reference
from pushnet.rpc.runtime import Runtime
from pushnet.rpc.servant import Servant
from pushnet.rpc.servants import Servants
from pushnet.wire.endpoint_text import EndpointDefaults
from pushnet.wire.endpoints import Endpoint, StreamEndpoint, UdpEndpoint
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import Mode, ProxyData
from pushnet.wire.proxy_text import parse_endpoints


class _IncomingFactory(Factory):
    """Makes a connection of each peer that comes."""

    noisy = False

    def __init__(self, adapter: ObjectAdapter, endpoint: StreamEndpoint) -> None:
        self.endpoint = endpoint
        """Where they come in."""
        self._adapter = adapter

    def build(self, stream: StreamInfo) -> Connection:
        return self._adapter.incoming(stream, self.endpoint)

    def buildProtocol(self, addr: IAddress | None) -> Connection:
        return self.build(StreamInfo())


class ObjectAdapter:
    """Made by `Communicator.createObjectAdapter...`. Owns its incoming connections."""

    def __init__(self, runtime: Runtime, name: str, endpoints: str, locator: ObjectPrx | None) -> None:
        """`endpoints` may be empty: then objects are reached through connections we make."""
        self.communicator: Any = runtime
        self.name = name
        self.servants = Servants()
        properties = runtime.properties
        self._runtime = runtime
        self._locator = locator
        self._adapter_id = properties.getProperty(f"{name}.AdapterId")
        self._group = properties.getProperty(f"{name}.ReplicaGroupId")
        self._settings = server_settings(properties, name)
        self._wanted = self._parse(endpoints, any_host=True)
        self._published = self._parse(properties.getProperty(f"{name}.PublishedEndpoints"))
        self._ports: list[IListeningPort] = []
        self._accepting: list[Accepting] = []
        self._datagrams: list[Datagrams] = []
        self._listening: tuple[Endpoint, ...] = ()
        self._connections: dict[Connection, None] = {}
        self._active = False
        self.on_connect: Callable[[Connection], object] | None = None
        """Told of each peer that connects, ahead of its first message. Not Ice's: for who limits visitors."""
        self._registered = False
        self._deactivating: list[Deferred[None]] | None = None
        self._deactivated = False

    # Servants.

    def add(self, servant: Servant, identity: Identity) -> ObjectPrx:
        """House an object; returns its proxy, whose port is known once the adapter is active."""
        return self.addFacet(servant, identity, "")

    def addFacet(self, servant: Servant, identity: Identity, facet: str) -> ObjectPrx:
        self._check()
        self.servants.add(servant, identity, facet)
        proxy = self.createProxy(identity)
        return proxy.ice_facet(facet) if facet else proxy

    def addWithUUID(self, servant: Servant) -> ObjectPrx:
        return self.add(servant, Identity(self._runtime.world.entropy.uuid()))

    def addDefaultServant(self, servant: Servant, category: str) -> None:
        """Serve every object of `category` that has no servant of its own; "": of every category."""
        self._check()
        self.servants.add_default(servant, category)

    def remove(self, identity: Identity, facet: str = "") -> Servant:
        return self.servants.remove(identity, facet)

    def removeDefaultServant(self, category: str) -> Servant:
        return self.servants.remove_default(category)

    def find(self, identity: Identity, facet: str = "") -> Servant | None:
        """The servant added for that object, not a default one."""
        return self.servants.facets(identity).get(facet)

    def findAllFacets(self, identity: Identity) -> dict[str, Servant]:
        return self.servants.facets(identity)

    def findDefaultServant(self, category: str) -> Servant | None:
        return self.servants.default(category)

    # Proxies.

    def getName(self) -> str:
        return self.name

    def getEndpoints(self) -> tuple[Endpoint, ...]:
        """Where the adapter listens; with real ports once it is active."""
        return self._listening or self._wanted

    def getPublishedEndpoints(self) -> tuple[Endpoint, ...]:
        """What goes into proxies: hosts that others can reach."""
        if self._published:
            return self._published
        host = self._runtime.properties.getProperty("Ice.Default.Host") or "127.0.0.1"
        return tuple(
            attrs.evolve(endpoint, host=host)
            if isinstance(endpoint, StreamEndpoint | UdpEndpoint) and endpoint.host in ("", "0.0.0.0", "::")
            else endpoint
            for endpoint in self.getEndpoints()
        )

    def createProxy(self, identity: Identity) -> ObjectPrx:
        """By the adapter's or its group's id when it has one, else with its endpoints."""
        name = self._group or self._adapter_id
        return self._proxy(ProxyData(identity, adapter_id=name)) if name else self.createDirectProxy(identity)

    def createDirectProxy(self, identity: Identity) -> ObjectPrx:
        return self._proxy(ProxyData(identity, endpoints=self.getPublishedEndpoints()))

    def createIndirectProxy(self, identity: Identity) -> ObjectPrx:
        return self._proxy(ProxyData(identity, adapter_id=self._adapter_id))

    # Its life.

    @property
    def connections(self) -> list[Connection]:
        return list(self._connections)

    def isDeactivated(self) -> bool:
        return self._deactivating is not None

    async def activate(self) -> None:
        """Listen and serve. Raises `SocketException` when an address cannot be had."""
        self._check()
        if self._active:
            return
        self._active = True
        try:
            self._listening = tuple([await self._listen(endpoint) for endpoint in self._wanted])
            await self._register()
        except BaseException:
            await self._stop_listening()
            raise

    async def deactivate(self) -> None:
        """End in an orderly way: no new connections; what is being served is answered; each peer is told,
        and what it sent before it knew is read to the end."""
        if self._deactivating is not None:
            if not self._deactivated:
                waiting: Deferred[None] = Deferred()
                self._deactivating.append(waiting)
                await waiting
            return
        self._deactivating = []
        await self._unregister()
        await self._stop_listening()
        end = ObjectAdapterDeactivatedException(f"object adapter {self.name} is deactivated")
        await DeferredList([connection.finish(end) for connection in self.connections])
        self.servants.clear()
        self._deactivated = True
        for other in self._deactivating:
            other.callback(None)

    def incoming(self, stream: StreamInfo, endpoint: StreamEndpoint) -> Connection:
        """A peer has connected to that endpoint."""
        connection = Connection(
            self._runtime, self, self, incoming=True, settings=self._settings, endpoint=endpoint
        )
        connection.stream = stream
        self._connections[connection] = None
        if self.on_connect is not None:
            self.on_connect(connection)
        return connection

    def connection_gone(self, connection: Connection) -> None:
        self._connections.pop(connection, None)

    async def _listen(self, endpoint: Endpoint) -> Endpoint:
        assert isinstance(endpoint, StreamEndpoint | UdpEndpoint)
        try:
            if isinstance(endpoint, UdpEndpoint):
                return self._listen_datagrams(endpoint)
            return await self._listen_streams(endpoint)
        except CannotListenError as error:
            raise SocketException(
                f"object adapter {self.name} cannot listen at {endpoint}: {error.socketError}"
            ) from None

    def _listen_datagrams(self, endpoint: UdpEndpoint) -> UdpEndpoint:
        datagrams = Datagrams(self._runtime, self)
        _, port = datagrams.listen(endpoint.host, endpoint.port)
        self._datagrams.append(datagrams)
        return attrs.evolve(endpoint, port=port)

    async def _listen_streams(self, endpoint: StreamEndpoint) -> StreamEndpoint:
        opening = self._runtime.world.server_endpoint(endpoint.host, endpoint.port)
        layers = self._runtime.transports.server_layers(endpoint, self.name)
        incoming = _IncomingFactory(self, endpoint)
        factory: Factory = incoming
        if layers:
            factory = Accepting(self._runtime.world.call_later, layers, incoming.build, self._refused)
            self._accepting.append(factory)
        port = await opening.listen(factory)
        self._ports.append(port)
        incoming.endpoint = attrs.evolve(endpoint, port=getattr(port.getHost(), "port", endpoint.port))
        return incoming.endpoint

    def _refused(self, address: IAddress | None, error: Exception) -> None:
        runtime = self._runtime
        runtime.counters.refused_peers += 1
        told = f"{type(error).__name__}: {error}"
        runtime.fault("{peer} did not get through the handshake: {told}", peer=str(address), told=told)

    async def _stop_listening(self) -> None:
        ports, self._ports = self._ports, []
        for port in ports:
            await maybeDeferred(port.stopListening)
        accepting, self._accepting = self._accepting, []
        for factory in accepting:
            factory.close()
        datagrams, self._datagrams = self._datagrams, []
        end = ObjectAdapterDeactivatedException(f"object adapter {self.name} is deactivated")
        await DeferredList([each.finish(end) for each in datagrams])

    async def _register(self) -> None:
        if self._adapter_id and self._locator is not None:
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
        locator = LocatorPrx.uncheckedCast(self._locator)
        assert locator is not None
        registry = await locator.getRegistry()
        if registry is None:
            return
        what = f"object adapter `{self._adapter_id}'"
        try:
            if self._group:
                await registry.setReplicatedAdapterDirectProxy(self._adapter_id, self._group, proxy)
            else:
                await registry.setAdapterDirectProxy(self._adapter_id, proxy)
        except AdapterNotFound:
            raise NotRegisteredException(f"the registry does not know {what}") from None
        except InvalidReplicaGroupId:
            raise NotRegisteredException(f"{what} may not join group `{self._group}'") from None
        except AdapterAlreadyActive:
            raise ObjectAdapterIdInUseException(f"{what} is active elsewhere") from None

    def _parse(self, text: str, any_host: bool = False) -> tuple[Endpoint, ...]:
        if not text.strip():
            return ()
        default = self._runtime.properties.getProperty("Ice.Default.Host")
        endpoints = parse_endpoints(text, EndpointDefaults(host=default, any_host=any_host))
        for endpoint in endpoints:
            if not self._runtime.transports.knows(endpoint):
                raise FeatureNotSupportedException(f"cannot listen at {endpoint}")
        return endpoints

    def _proxy(self, data: ProxyData) -> ObjectPrx:
        mode = Mode.twoway
        return ObjectPrx(Reference(self._runtime, attrs.evolve(data, mode=mode), Options()))

    def _check(self) -> None:
        if self._deactivating is not None:
            raise ObjectAdapterDeactivatedException(f"object adapter {self.name} is deactivated")
