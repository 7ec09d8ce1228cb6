"""Which endpoints can be listened at and dialled here, and what stands between them and Ice's messages."""

from __future__ import annotations

from pushnet.net.handshakes import Layer
from pushnet.net.websockets import client_layer, server_layer
from pushnet.rpc.properties import Properties
from pushnet.rpc.security import Security
from pushnet.wire.endpoints import SSL, TCP, UDP, WS, WSS, Endpoint, StreamEndpoint
from pushnet.world import World


class Transports:
    """One communicator's."""

    def __init__(self, world: World, properties: Properties) -> None:
        self._world = world
        self._properties = properties
        self._security = Security(world, properties)

    def knows(self, endpoint: Endpoint) -> bool:
        """Whether one can listen there, or connect to it."""
        return endpoint.type in (TCP, UDP, WS) or (self._security.configured and endpoint.type in (SSL, WSS))

    def client_layers(self, endpoint: StreamEndpoint) -> list[Layer]:
        """What a connection to `endpoint` needs on top of TCP, lowest first."""
        layers: list[Layer] = []
        host, port = endpoint.host or "127.0.0.1", endpoint.port
        if endpoint.secure:
            layers.append(self._security.client_layer(host))
        if endpoint.type in (WS, WSS):
            layers.append(client_layer(self._world.entropy, host, port, endpoint.resource))
        return layers

    def server_layers(self, endpoint: StreamEndpoint, adapter: str) -> list[Layer]:
        """What a port of that adapter needs on top of TCP, lowest first."""
        layers: list[Layer] = []
        if endpoint.secure:
            layers.append(self._security.server_layer(adapter))
        if endpoint.type in (WS, WSS):
            origins = self._properties.getProperty(f"{adapter}.AllowedOrigins")
            layers.append(server_layer(origins.replace(",", " ").split()))
        return layers
