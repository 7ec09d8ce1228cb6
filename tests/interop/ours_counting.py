"""A server of ours that counts, for `stock_counting.py`'s clients and ours; and such a client.

    ours_counting.py server --Counting.Record=FILE --Counting.Endpoints=… ...
    ours_counting.py client --Counting.Proxy=… --Counting.Name=… ...

It listens on a socket that it was started with, where there is one, and drains after SIGTERM. The client
keeps several calls of each kind under way until its input ends.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred, gatherResults
from twisted.internet.protocol import Protocol
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure

from pushnet.app.reactor import install
from pushnet.app.running import Session, run
from pushnet.rpc.current import Current
from pushnet.rpc.initialization import InitializationData, createProperties, initialize
from pushnet.rpc.servant import Blobject
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity

FLOWS = 8
MANY = 500
"""With the so-manieth request a server says that it is busy."""
NOTHING = b"\x06\x00\x00\x00\x01\x01"


class CountingI(Blobject):
    """Notes the names of the objects that are called."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def ice_invoke(self, params: bytes, current: Current) -> Any:
        if current.operation != "ice_ping":
            self.names.append(current.id.name)
            if len(self.names) == MANY:
                print("busy", flush=True)
        return True, NOTHING


async def serve(session: Session, communicator: Any) -> None:
    servant = CountingI()
    adapter = communicator.createObjectAdapter("Counting")
    adapter.addDefaultServant(servant, "counting")
    await adapter.activate()
    print("serving", flush=True)
    session.stopping.addCallback(lambda _: communicator.shutdown())
    await communicator.waitForShutdown()
    await communicator.destroy()
    record = communicator.getProperties().getProperty("Counting.Record")
    with open(record, "w") as file:
        file.writelines(f"{name}\n" for name in servant.names)


class Flow:
    """Calls one after the other, of each kind in turn."""

    def __init__(self, base: ObjectPrx, name: str) -> None:
        self.begun = 0
        self.failed: list[str] = []
        self.over = False
        self._base = base
        self._name = name

    async def run(self) -> None:
        while not self.over:
            kind, self.begun = self.begun % 4, self.begun + 1
            target = self._base.ice_identity(Identity(f"{self._name}.{self.begun}", "counting"))
            try:
                await self._call(target, kind)
            except Exception as error:
                self.failed.append(f"{self._name}.{self.begun} {kind} {type(error).__name__}")

    def _call(self, target: Any, kind: int) -> Awaitable[Any]:
        if kind < 2:
            called: Awaitable[Any] = target.ice_invoke("count", 2 * kind, NOTHING)
            return called
        if kind == 2:
            left: Awaitable[Any] = target.ice_oneway().ice_invoke("count", 0, NOTHING)
            return left
        batch = target.ice_batchOneway()
        batch.ice_invoke("count", 0, NOTHING)
        flushed: Awaitable[Any] = batch.ice_flushBatchRequests()
        return flushed


class Input(Protocol):
    """Told when nobody writes to us any more."""

    def __init__(self) -> None:
        self.ended: Deferred[None] = Deferred()

    def connectionLost(self, reason: Failure = None) -> None:  # type: ignore[assignment]
        self.ended.callback(None)


async def call(session: Session, communicator: Any) -> None:
    base = communicator.propertyToProxy("Counting.Proxy")
    name = communicator.getProperties().getProperty("Counting.Name")
    flows = [Flow(base, f"{name}.{number}") for number in range(FLOWS)]
    running = [ensureDeferred(flow.run()) for flow in flows]
    given = Input()
    StandardIO(given, reactor=session.reactor)
    print("calling", flush=True)
    await given.ended
    for flow in flows:
        flow.over = True
    await gatherResults(running)
    await base.ice_identity(Identity("end", "counting")).ice_ping()
    told = " ".join(str(flow.begun) for flow in flows)
    failed = " ".join(each for flow in flows for each in flow.failed)
    print(told, failed, sep="\n", flush=True)


async def main(session: Session) -> int:
    properties = createProperties(sys.argv, world=session.world)
    properties.parseCommandLineOptions("Counting", sys.argv)
    async with initialize(session.world, InitializationData(properties=properties)) as communicator:
        await (serve if sys.argv[1] == "server" else call)(session, communicator)
    return 0


install()
sys.exit(run(main))
