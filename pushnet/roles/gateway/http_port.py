"""One listening port of the gateway: makes its channels, counts them, and ends them."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory

from pushnet.roles.gateway.framing import HttpLimits
from pushnet.roles.gateway.gateway import Gateway
from pushnet.roles.gateway.http import RestChannel
from pushnet.world import World


class RestFactory(Factory[RestChannel]):
    """Makes the channels of one listening port, and ends them."""

    noisy = False

    def __init__(self, world: World, gateway: Gateway, limits: HttpLimits) -> None:
        self._world = world
        self._gateway = gateway
        self._limits = limits
        self._channels: dict[RestChannel, None] = {}
        self._empty: Deferred[None] | None = None

    @property
    def connections(self) -> int:
        return len(self._channels)

    def buildProtocol(self, addr: IAddress | None) -> RestChannel | None:
        if len(self._channels) >= self._limits.connections_max:
            return None
        channel = RestChannel(self._world, self._gateway, self._limits, self._lost)
        self._channels[channel] = None
        return channel

    def _lost(self, channel: RestChannel) -> None:
        self._channels.pop(channel, None)
        if self._empty is not None and not self._channels:
            empty, self._empty = self._empty, None
            empty.callback(None)

    async def drain(self, limit_s: float) -> None:
        """Close all connections, busy ones after their answer; after `limit_s` those too."""
        if not self._channels:
            return
        self._empty = Deferred()
        late = self._world.call_later(limit_s, self._abort_all)
        empty = self._empty
        for channel in list(self._channels):
            channel.drain()
        await empty
        if late.active():
            late.cancel()

    def _abort_all(self) -> None:
        for channel in list(self._channels):
            channel.abort()
