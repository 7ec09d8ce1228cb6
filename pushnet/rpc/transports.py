"""Which endpoints can be listened at and dialled here, and what stands between them and Ice's messages."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

import attrs
from twisted.internet.interfaces import IStreamClientEndpoint, IStreamServerEndpoint

from pushnet.net.handshakes import Layer
from pushnet.net.proxies import http_layer, socks_layer
from pushnet.net.websockets import client_layer, server_layer
from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.properties import Properties
from pushnet.rpc.security import Security
from pushnet.wire.endpoint_text import EndpointDefaults
from pushnet.wire.endpoints import (
    SSL,
    TCP,
    TIMEOUT_MS,
    UDP,
    WS,
    WSS,
    Endpoint,
    StreamEndpoint,
    UdpEndpoint,
)
from pushnet.world import Families, World

PROXY_PORT = 1080
"""Ice's default, for both kinds."""
_SOCKS, _HTTP = "SOCKS", "HTTP"
_ANY = ("", "0.0.0.0", "::")
"""Hosts of endpoints that mean all interfaces."""


class Transports:
    """One communicator's."""

    def __init__(self, world: World, properties: Properties) -> None:
        self._world = world
        self._properties = properties
        self.security = Security(world, properties)
        read = properties.getPropertyAsIntWithDefault
        self.families = Families(
            read("Ice.IPv4", 1) > 0, read("Ice.IPv6", 1) > 0, read("Ice.PreferIPv6Address", 0) > 0
        )
        """Which addresses of a name are dialled."""
        if not (self.families.ipv4 or self.families.ipv6):
            raise InitializationException("Ice.IPv4 and Ice.IPv6 cannot both be 0")
        source = properties.getProperty("Ice.Default.SourceAddress")
        if source and not is_address(source):
            raise InitializationException(f"Ice.Default.SourceAddress is {source}, which is no IP address")
        self._backlog = max(0, read("Ice.TCP.Backlog", 0))
        self._buffers = max(0, read("Ice.TCP.RcvSize", 0)), max(0, read("Ice.TCP.SndSize", 0))
        self._proxy = _proxy(properties, self.families)
        self._published_host = properties.getProperty("Ice.Default.Host")

    def defaults(self, adapter: bool = False) -> EndpointDefaults:
        """What an endpoint's text may leave out: that of a proxy, or of an adapter."""
        properties = self._properties
        timeout_ms = properties.getPropertyAsIntWithDefault("Ice.Default.Timeout", TIMEOUT_MS)
        return EndpointDefaults(
            properties.getPropertyWithDefault("Ice.Default.Protocol", "tcp"),
            self._published_host,
            timeout_ms if timeout_ms > 0 or timeout_ms == -1 else TIMEOUT_MS,
            "" if adapter else properties.getProperty("Ice.Default.SourceAddress"),
            any_host=adapter,
        )

    def knows(self, endpoint: Endpoint) -> bool:
        """Whether one can listen there, or connect to it."""
        return endpoint.type in (TCP, UDP, WS) or (self.security.configured and endpoint.type in (SSL, WSS))

    def any_host(self) -> str:
        """All interfaces, of IPv6 too where there is any."""
        six = self.families.ipv6 and self._world.local_addresses(Families(ipv4=False))
        return "::" if six and ":" in six[0] else ""

    def server_endpoint(self, endpoint: StreamEndpoint) -> IStreamServerEndpoint:
        """Where to listen for it."""
        host = endpoint.host or self.any_host()
        return self._world.server_endpoint(host, endpoint.port, backlog=self._backlog)

    def client_endpoint(self, endpoint: StreamEndpoint, timeout_s: float) -> IStreamClientEndpoint:
        """Where to connect to for it: there, or to the proxy server."""
        host, port = endpoint.host or "127.0.0.1", endpoint.port
        if self._proxy is not None:
            _, host, port = self._proxy
        return self._world.client_endpoint(
            host,
            port,
            timeout_s=timeout_s,
            source=endpoint.source,
            families=self.families,
        )

    def tune(self, transport: Any) -> None:
        """Give a new connection the buffers that the properties ask for."""
        if self._buffers != (0, 0):
            self._world.set_stream_buffers(transport, *self._buffers)

    def published(self, endpoints: Sequence[Endpoint], host: str) -> tuple[Endpoint, ...]:
        """What others are told of where an adapter listens: all interfaces are listed one by one.

        `host`, or else `Ice.Default.Host` for all interfaces, stands instead if there is one.
        """
        found: list[Endpoint] = []
        for endpoint in endpoints:
            hosts = [host]
            if not isinstance(endpoint, StreamEndpoint | UdpEndpoint) or is_group(endpoint.host):
                found.append(endpoint)
                continue
            if not host:
                hosts = self._reachable(endpoint.host) or [endpoint.host]
            found += [attrs.evolve(endpoint, host=each) for each in hosts]
        return tuple(found)

    def _reachable(self, host: str) -> list[str]:
        if host not in _ANY:
            return []
        if self._published_host:
            return [self._published_host]
        families = Families(ipv6=False) if host == "0.0.0.0" else self.families
        return self._world.local_addresses(families)

    def client_layers(self, endpoint: StreamEndpoint) -> list[Layer]:
        """What a connection to `endpoint` needs on top of TCP, lowest first."""
        layers: list[Layer] = []
        host, port = endpoint.host or "127.0.0.1", endpoint.port
        if self._proxy is not None:
            layers.append(self._through_proxy(host, port))
        if endpoint.secure:
            layers.append(self.security.client_layer(host))
        if endpoint.type in (WS, WSS):
            layers.append(client_layer(self._world.entropy, host, port, endpoint.resource, ice=True))
        return layers

    def _through_proxy(self, host: str, port: int) -> Layer:
        assert self._proxy is not None
        if self._proxy[0] == _HTTP:
            return http_layer(host, port)
        return socks_layer(host, port, lambda name: self._world.resolve(name, Families(ipv6=False)))

    def server_layers(self, endpoint: StreamEndpoint, adapter: str) -> list[Layer]:
        """What a port of that adapter needs on top of TCP, lowest first."""
        layers: list[Layer] = []
        if endpoint.secure:
            layers.append(self.security.server_layer(adapter))
        if endpoint.type in (WS, WSS):
            origins = self._properties.getProperty(f"{adapter}.AllowedOrigins")
            layers.append(server_layer(origins.replace(",", " ").split()))
        return layers


def _proxy(properties: Properties, families: Families) -> tuple[str, str, int] | None:
    """Which proxy server outgoing streams go through: its kind, host and port."""
    for kind in (_SOCKS, _HTTP):
        if host := properties.getProperty(f"Ice.{kind}ProxyHost").strip():
            if kind == _SOCKS and not families.ipv4:
                raise InitializationException("SOCKS 4 proxies cannot be used without IPv4")
            port = properties.getPropertyAsIntWithDefault(f"Ice.{kind}ProxyPort", PROXY_PORT)
            return kind, host, port
    return None


def is_address(text: str) -> bool:
    """Whether it is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_group(address: str) -> bool:
    """Whether it is the address of a group of receivers of datagrams."""
    try:
        return ip_address(address).is_multicast
    except ValueError:
        return False
