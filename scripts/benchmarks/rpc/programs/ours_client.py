"""Pushnet's client of the benchmark (see `measuring`). The driver generates the stubs."""

from __future__ import annotations

import tempfile
from functools import partial
from typing import Any

from deferreds import Flood, main
from generated.bench import EchoPrx, Item, Node
from measuring import CONNECTIONS, Arguments, Job, job
from twisted.internet import reactor

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator


async def prepare(given: Arguments) -> Job | Flood:
    communicator = Communicator(RealWorld(reactor, tempfile.gettempdir()), given.properties)
    protocol = "ssl" if given.tls else "tcp"
    base = communicator.stringToProxy(f"echo:{protocol} -h 127.0.0.1 -p {given.port}")
    echo = await EchoPrx.checkedCast(base)
    assert echo is not None
    if given.workload == "oneway":

        async def left(last: Any) -> None:
            await last

        return Flood(echo.ice_oneway().note, left, echo.noted)
    if given.workload == "batch":
        batch = echo.ice_batchOneway()

        async def flushed(last: Any) -> None:
            await batch.ice_flushBatchRequests()

        return Flood(batch.note, flushed, echo.noted)
    proxies = [echo]
    if given.workload == "connections":
        proxies = [echo.ice_connectionId(str(number)) for number in range(CONNECTIONS)]

    def call(name: str, *args: Any) -> list[Any]:
        return [partial(getattr(proxy, name), *args) for proxy in proxies]

    return job(given.workload, call, Item, Node)


main(prepare)
