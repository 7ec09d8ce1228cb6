"""The other Brokers, as the registry knows them: where devices may go that this one gives away."""

from __future__ import annotations

from typing import Final

from twisted.logger import Logger

from pushnet.gen.pushnet.registry import NodeStatus, RegistryPrx
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.moving import Place
from pushnet.grid.settings import NodeSettings, Settings, SettingsError
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException

CALL_LIMIT_MS: Final = 1000
ROLE: Final = "broker"
_ANYWHERE: Final = ("", "*", "0.0.0.0", "::")
_FULL: Final = 0.95
"""At this part of its limit a Broker lets nobody in any more (`pushnet.net.hubport`)."""

_log = Logger(namespace="pushnet.broker")


class Places:
    """Asks the registry. Where devices come through a balancer of somebody else's, it knows of no place."""

    def __init__(
        self, communicator: Communicator, settings: Settings, node: NodeSettings, membership: Membership
    ) -> None:
        proxy = communicator.stringToProxy(":".join(["PushNet/Registry", *settings.doors]))
        registry = RegistryPrx.uncheckedCast(proxy)
        assert registry is not None
        self._registry = registry.ice_invocationTimeout(CALL_LIMIT_MS)
        self._settings = settings
        self._node = node
        self._membership = membership

    async def others(self) -> list[Place]:
        """All but this process; a newer one of its name is another. None when no registry answers."""
        if not self._node.broker.moves_directed:
            return []
        try:
            standing = await self._registry.nodes()
        except (LocalException, UnavailableException) as error:
            _log.warn("nobody tells where devices may go: {error!r}", error=error)
            return []
        places = [self._place(status) for status in standing if status.info.role == ROLE]
        return [place for place in places if place is not None]

    def _place(self, status: NodeStatus) -> Place | None:
        """None for this process, and for what has no address that devices could use."""
        name = status.info.name
        if name == self._node.name and status.epoch <= self._membership.epoch:
            return None
        try:
            known = self._settings.named(name)
        except SettingsError:
            return None
        hosts = (known.broker.host, known.host, self._settings.cluster.host)
        host = next((host for host in hosts if host not in _ANYWHERE), "")
        port = known.broker.port or int(status.load.get("device_port", 0))
        if not host or not port:
            return None
        devices = int(status.load.get("devices", 0))
        room = int(known.broker.connections_max * _FULL)
        return Place(name, host, port, devices, room, status.info.region == self._node.region)
