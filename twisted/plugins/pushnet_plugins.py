"""The nodes as twistd sees them: `twistd pushnet-broker --config cluster.toml --node broker-1`.

twistd reads every plugin on every start, so nothing of pushnet is imported before a node is asked for.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from twisted.application.service import IService, IServiceMaker
from twisted.plugin import IPlugin
from twisted.python.reflect import namedAny
from zope.interface import implementer


@implementer(IPlugin, IServiceMaker)
class NodeMaker:
    """Makes the node of one role."""

    def __init__(self, role: str, description: str) -> None:
        self.role = role
        self.tapname = f"pushnet-{role}"
        self.description = description

    @property
    def options(self) -> Any:
        return partial(namedAny("pushnet.app.taps.NodeOptions"), self.role)  # type: ignore[no-untyped-call]

    def makeService(self, options: Any) -> IService:
        made: IService = namedAny("pushnet.app.taps.make_service")(options)  # type: ignore[no-untyped-call]
        return made


registry = NodeMaker("registry", "Tells who is alive and where: Ice locator, leases, balancing.")
queue = NodeMaker("queue", "Durable topics with consumer groups.")
dbagent = NodeMaker("dbagent", "Devices, tags, messages and streams, by shard.")
tagalias = NodeMaker("tagalias", "Turns audiences into devices.")
broker = NodeMaker("broker", "Holds the connections of devices.")
relay = NodeMaker("relay", "One public port for Ice programs outside.")
gateway = NodeMaker("gateway", "The REST API for app servers.")
pusher = NodeMaker("pusher", "Takes accepted pushes to their audience.")
node = NodeMaker("node", "Starts, watches and stops the servers of one machine.")
