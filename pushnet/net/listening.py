"""Listening for many connections: on the hub where the world has epoll, on Twisted streams elsewhere."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort, IProtocolFactory

from pushnet.net.hub import Hub
from pushnet.net.hubport import HubPort
from pushnet.world import World


class DeviceDoor:
    """One listening port and whatever carries it. `open` once, `close` once."""

    def __init__(self, world: World, factory: IProtocolFactory, connections_max: int) -> None:
        self._world = world
        self._factory = factory
        self._connections_max = connections_max
        self._hub: Hub | None = None
        self._port: IListeningPort | None = None

    async def open(self, host: str, port: int) -> None:
        """Listen. Raises `CannotListenError` when the port is taken."""
        streams = self._world.epoll_streams()
        if streams is None:
            self._port = await self._world.server_endpoint(host, port).listen(self._factory)
            return
        self._hub = Hub(streams, self._world.call_later)
        try:
            hub_port = HubPort(self._hub, host, port, self._factory, self._connections_max)
        except CannotListenError:
            self.close()
            raise
        hub_port.startListening()
        self._port = hub_port

    @property
    def port(self) -> int:
        """The port it listens on; 0 when closed."""
        return int(getattr(self._port.getHost(), "port", 0)) if self._port is not None else 0

    async def stop_listening(self) -> None:
        """No new connections; those that are there stay."""
        if self._port is not None:
            port, self._port = self._port, None
            stopped = port.stopListening()
            if isinstance(stopped, Deferred):
                await stopped

    def close(self) -> None:
        """Close what is still connected, where the hub carries it."""
        if self._hub is not None:
            self._hub.close()
            self._hub = None
