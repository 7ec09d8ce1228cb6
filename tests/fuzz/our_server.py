"""A server of ours with the same object as `stock_server.py`: prints its port; ends with its input."""

from __future__ import annotations

import sys
from tempfile import TemporaryDirectory
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.internet.task import react
from twisted.python.failure import Failure

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator
from pushnet.wire.identity import Identity
from tests.interop.everything import EverythingI

OBJECT = Identity("o")


class Input(Protocol):
    """Fires when the input ends."""

    def __init__(self) -> None:
        self.ended: Deferred[None] = Deferred()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.ended.callback(None)


async def serve(folder: str) -> None:
    communicator = Communicator(RealWorld(reactor, folder))
    adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h 127.0.0.1 -p 0")
    adapter.add(EverythingI(), OBJECT)
    adapter.addFacet(EverythingI(), OBJECT, "f")
    await adapter.activate()
    endpoint: Any = adapter.getEndpoints()[0]
    print(endpoint.port, flush=True)
    until = Input()
    StandardIO(until)
    await until.ended
    await communicator.destroy()


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        react(lambda _: Deferred.fromCoroutine(serve(made)))
    sys.exit(0)
