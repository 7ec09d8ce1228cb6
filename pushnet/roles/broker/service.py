"""The role `broker`: a port for devices, an object adapter for nodes."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred

from pushnet.device.token import TokenSigner
from pushnet.grid.moving import surplus
from pushnet.grid.wellknown import WellKnown
from pushnet.net.listening import DeviceDoor
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.broker.entrance import Identity as BrokerIdentity
from pushnet.roles.broker.places import Places
from pushnet.roles.broker.servant import BrokerI
from pushnet.roles.broker.shards import shards_of
from pushnet.roles.broker.switchboard import Limits, LineFactory, Switchboard
from pushnet.roles.broker.tally import Tally
from pushnet.roles.gatekeeping import gatekeeper
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.wire.identity import Identity

MOVING_PART = 0.4
"""Of the time a node has to end: in it all devices are told to go, however many they are."""


class BrokerService(RoleService):
    """Opens the adapter, joins the grid, lets devices in; leaves the grid, then gives its devices away."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        settings, node = parts.settings, parts.node
        role = node.broker
        limits = Limits(role.heartbeat_s, role.connections_max, role.inline_bytes_max, role.moves_per_s)
        signer = TokenSigner(settings.cluster.secret.encode(), [app.key for app in settings.app])
        self._tally = Tally(parts.metrics)
        self._epoch = 0
        self._switchboard = Switchboard(
            parts.world,
            shards_of(parts.communicator, settings.cluster.shards),
            signer,
            self._tally,
            BrokerIdentity(node.name, lambda: self._epoch),
            limits,
        )
        factory = LineFactory(self._switchboard, role.connections_max)
        self._door = DeviceDoor(parts.world, factory, role.connections_max)
        self._places = Places(parts.communicator, settings, node, parts.membership)
        self._gatekeeper = gatekeeper(parts.world, parts.communicator, settings, self._lists_changed)
        self._adapter: ObjectAdapter | None = None

    async def open(self) -> None:
        parts, node = self.parts, self.parts.node
        host = node.host or parts.settings.cluster.host
        self._adapter = parts.communicator.createObjectAdapterWithEndpoints(node.name, parts.endpoint())
        identity = Identity(node.name, "broker")
        self._adapter.add(BrokerI(self._switchboard, self._tally, self._rebalance), identity)
        await self._adapter.activate()
        parts.membership.offer(self._adapter, objects=[WellKnown(identity, "::PushNet::Broker")])
        parts.membership.offer(self._adapter, group="Broker")
        await parts.membership.start()
        self._epoch = parts.membership.epoch
        await self._gatekeeper.start()
        self._switchboard.open()
        await self._door.open(node.broker.host or host, node.broker.port)
        parts.log.info("devices connect to port {port}", port=self._door.port)

    def _lists_changed(self) -> None:
        self._switchboard.go_by(self._gatekeeper.lists)

    async def close(self) -> None:
        await self.parts.membership.stop()
        self._gatekeeper.stop()
        await self._door.stop_listening()
        places = await self._places.others() if self._switchboard.lines.count else []
        await self._switchboard.close(places, self.parts.node.stop_limit_s * MOVING_PART)
        if self._adapter is not None:
            await self._adapter.deactivate()
        self._door.close()

    async def _rebalance(self) -> int:
        places = await self._places.others()
        count = surplus(self._switchboard.lines.count, places)
        moving = ensureDeferred(self._switchboard.move(count, places))
        self.parts.world.background("moving devices", moving)
        return count

    @property
    def device_port(self) -> int:
        """Where devices connect; 0 when closed."""
        return self._door.port

    def health(self) -> dict[str, object]:
        silent = self._switchboard.beats.silent
        return {**super().health(), "device_port": self.device_port, "silent_shards": silent}

    def gauges(self) -> dict[str, float]:
        lines = self._switchboard.lines.count
        connections = self._switchboard.connections
        return {
            "load": connections / self.parts.node.broker.connections_max,
            "connections": connections,
            "devices": lines,
            "device_port": self.device_port,
        }


def make_service(parts: Parts) -> RoleService:
    """The role from its parts."""
    return BrokerService(parts)
