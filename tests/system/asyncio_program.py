"""A program of asyncio's, on Twisted's asyncio reactor: serves an object, and calls it from coroutines.

Prints one line with what came back.
"""

import asyncio
import tempfile
from typing import Any

from twisted.internet import asyncioreactor

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
asyncioreactor.install(loop)

from twisted.internet import reactor  # noqa: E402
from twisted.internet.defer import Deferred  # noqa: E402

from pushnet.app.realworld import RealWorld  # noqa: E402
from pushnet.rpc.aio import for_asyncio  # noqa: E402
from pushnet.rpc.communicator import Communicator  # noqa: E402
from pushnet.rpc.stubs import Current  # noqa: E402
from pushnet.wire.identity import Identity  # noqa: E402
from tests.golden.calls import EverythingPrx, EverythingServant  # noqa: E402


async def slow_sum(a: int, b: int) -> int:
    await asyncio.sleep(0)
    return a + b


class EverythingI(EverythingServant):
    """Adds with the help of a coroutine of asyncio's."""

    async def add(self, a: int, b: int, current: Current | None = None) -> int:
        return await Deferred.fromFuture(asyncio.ensure_future(slow_sum(a, b)))

    def nothing(self, current: Current | None = None) -> Any:
        return Deferred()


async def main() -> None:
    world = RealWorld(reactor, tempfile.mkdtemp())
    communicator = Communicator(
        world, {"Ice.Default.CollocationOptimized": "0", "Ice.Override.CloseTimeout": "100"}
    )
    adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h 127.0.0.1 -p 0")
    proxy = adapter.add(EverythingI(), Identity("object"))
    await adapter.activate().asFuture(loop)
    calc = for_asyncio(EverythingPrx(proxy.ice_reference), loop)
    sums = await asyncio.gather(*(calc.add(number, number) for number in range(5)))
    try:
        await asyncio.wait_for(calc.nothing(), 0.05)
    except TimeoutError:
        print(sums, "given up", flush=True)
    await Deferred.fromCoroutine(communicator.destroy()).asFuture(loop)


def begin() -> None:
    task = loop.create_task(main())
    task.add_done_callback(lambda done: (reactor.stop(), done.result()))


reactor.callWhenRunning(begin)
reactor.run()
