"""The load on pushnet's runtime: ours_client.py --Roll.Client=N --Roll.Rate=N ... ."""

from __future__ import annotations

import sys
from typing import Any

from generated.roll import LedgerPrx
from load import TICK_S, Load, lanes_of
from twisted.internet.defer import Deferred
from twisted.internet.stdio import StandardIO
from twisted.internet.task import LoopingCall, deferLater
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure

from pushnet.app.reactor import install
from pushnet.app.running import Session, run
from pushnet.client.routed import RoutedSession
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.initialization import InitializationData, createProperties, initialize

LAST_S = 30.0
"""For what is under way when the load ends."""


class Lines(LineReceiver):
    """Standard input: the first line begins the load, the second ends it."""

    delimiter = b"\n"

    def __init__(self) -> None:
        self.waiting: list[Deferred[None]] = [Deferred(), Deferred()]
        self.begin, self.end = self.waiting

    def lineReceived(self, line: bytes) -> None:
        if self.waiting:
            self.waiting.pop(0).callback(None)

    def connectionLost(self, reason: Any = None) -> None:
        while self.waiting:
            self.waiting.pop(0).callback(None)


async def main(session: Session) -> int:
    properties = createProperties(sys.argv, world=session.world)
    properties.parseCommandLineOptions("Roll", sys.argv)
    async with initialize(session.world, InitializationData(properties=properties)) as communicator:
        await work(session, communicator, properties)
    return 0


async def work(session: Session, communicator: Any, properties: Any) -> None:
    client = int(properties.getProperty("Roll.Client"))
    routed = properties.getProperty("Ice.Default.Router") != ""
    if routed:
        await RoutedSession.begin(communicator, "bench", "bench")

    def proxy_of(name: str, text: str) -> Any:
        proxy = LedgerPrx.uncheckedCast(communicator.stringToProxy(text))
        assert proxy is not None
        return proxy if routed else proxy.ice_connectionId(name).ice_locatorCacheTimeout(0)

    def call(kind: str, lane: Any, request: Any) -> None:
        number = request[1]
        try:
            if kind == "gather":
                lane.batch.gather(client, number)
            elif kind == "note":
                lane.oneway.note(client, number).addCallbacks(
                    lambda none: load.told(request), lambda failure: load.told(request, named(failure))
                )
            else:
                getattr(lane.twoway, kind)(client, number).addCallbacks(
                    lambda answer: load.told(request, "" if answer == number else "WrongAnswer"),
                    lambda failure: load.told(request, named(failure)),
                )
        except LocalException as error:
            load.told(request, type(error).__name__)

    def flush(lane: Any, requests: Any) -> None:
        lane.batch.ice_flushBatchRequests().addCallbacks(
            lambda none: load.told_all(requests), lambda failure: load.told_all(requests, named(failure))
        )

    lanes = lanes_of(properties.getProperty("Roll.Lanes"), proxy_of)
    lines = Lines()
    StandardIO(lines)
    print("ready", flush=True)
    await lines.begin
    load = Load(
        float(properties.getProperty("Roll.Rate")), lanes, properties.getProperty("Roll.Out"), call, flush
    )
    ticks = LoopingCall(load.tick)
    ticks.start(TICK_S)
    await lines.end
    ticks.stop()
    load.end()
    left = int(LAST_S / TICK_S)
    while load.under_way and left:
        await deferLater(session.reactor, TICK_S)
        left -= 1
    load.write()


def named(failure: Failure) -> str:
    return type(failure.value).__name__


install()
sys.exit(run(main))
