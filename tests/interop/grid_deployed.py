"""A server on pushnet's runtime, as a stock IceGrid node starts it: all it knows comes from its command line.

    grid_deployed.py --Ice.Config=FILE

Serves object `hello` on the adapter `Hello` until its administrator ends it; then it prints `ended`.
"""

from __future__ import annotations

import sys
import tempfile

from twisted.internet import reactor
from twisted.internet.defer import ensureDeferred
from twisted.python.failure import Failure

from pushnet.app.realworld import RealWorld
from pushnet.rpc.initialization import initialize
from pushnet.rpc.stubs import Blobject, Current
from pushnet.wire.identity import Identity


class EchoI(Blobject):
    def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        return True, params


async def serve() -> None:
    communicator = initialize(RealWorld(reactor, tempfile.mkdtemp()), sys.argv)
    adapter = communicator.createObjectAdapter("Hello")
    adapter.add(EchoI(), Identity("hello"))
    await adapter.activate()
    await communicator.waitForShutdown()
    await communicator.destroy()
    print("ended", flush=True)
    reactor.stop()


def give_up(failure: Failure) -> None:
    failure.printTraceback()
    reactor.stop()


reactor.callWhenRunning(lambda: ensureDeferred(serve()).addErrback(give_up))
reactor.run()
