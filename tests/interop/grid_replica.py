"""A replica of `TagAlias` on pushnet's runtime, in a process of its own so that it can be killed.

    grid_replica.py REGISTRY_PORT NUMBER

Joins the registry in group `TagAlias` and region `region-NUMBER`, answers `followed` with its number, prints
`ready`.
"""

from __future__ import annotations

import sys
import tempfile

from twisted.internet import reactor
from twisted.internet.defer import ensureDeferred
from twisted.python.failure import Failure

from pushnet.app.realworld import RealWorld
from pushnet.gen.pushnet.tagalias import TagAliasServant
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity


class TagAliasI(TagAliasServant):
    def __init__(self, number: int) -> None:
        self.number = number

    def followed(self, current: Current | None = None) -> dict[int, int]:
        return {self.number: 0}


async def serve(port: int, number: int) -> None:
    cluster = ClusterSettings(secret="x" * 16, registry_port=port, lease_s=1.0)
    node = NodeSettings(name=f"tagalias-{number}", role="tagalias", region=f"region-{number}")
    settings = Settings(cluster=cluster, node=[node])
    world = RealWorld(reactor, tempfile.mkdtemp())
    communicator = Communicator(world, properties={"Ice.Default.Locator": settings.locator})
    adapter = communicator.createObjectAdapterWithEndpoints("TagAlias", "tcp -h 127.0.0.1 -p 0")
    identity = Identity("TagAlias", "")
    adapter.add(TagAliasI(number), identity)
    await adapter.activate()
    membership = Membership(world, communicator, settings, node)
    membership.offer(adapter, "TagAlias", [WellKnown(identity, "::PushNet::TagAlias")])
    await membership.start()
    print("ready", flush=True)


def give_up(failure: Failure) -> None:
    failure.printTraceback()
    reactor.stop()


reactor.callWhenRunning(lambda: ensureDeferred(serve(int(sys.argv[1]), int(sys.argv[2]))).addErrback(give_up))
reactor.run()
