"""Proxies for coroutines that asyncio runs, on Twisted's asyncio reactor.

    asyncioreactor.install(loop)                       # before anything imports the reactor
    ...
    calc = for_asyncio(CalcPrx.uncheckedCast(proxy), loop)
    print(await calc.add(1, 2))                        # in a coroutine of asyncio
    first, second = await asyncio.gather(calc.add(1, 2), calc.add(3, 4))

A proxy's calls return Deferreds, which asyncio cannot await. `for_asyncio` makes of each a future of the
loop; cancelling the future (or its task) gives the call up. Everything else about the proxy is as before. For
any other Deferred, `answer.asFuture(loop)` does the same; the other way round, in a coroutine of
Twisted's, `await Deferred.fromFuture(asyncio.ensure_future(coroutine))`.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

from pushnet.rpc.proxy import ObjectPrx


class AsyncioProxy:
    """Calls as `proxy` does, with futures instead of Deferreds. Made by `for_asyncio`."""

    __slots__ = ("_loop", "proxy")

    def __init__(self, proxy: ObjectPrx, loop: Any) -> None:
        self.proxy = proxy
        """The proxy as it is, to be given as an argument."""
        self._loop = loop

    def __repr__(self) -> str:
        return f"<for asyncio {self.proxy!r}>"

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.proxy, name)
        if not callable(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            result = found(*args, **named)
            if isinstance(result, Deferred):
                return result.asFuture(self._loop)
            return AsyncioProxy(result, self._loop) if isinstance(result, ObjectPrx) else result

        return call


def for_asyncio(proxy: ObjectPrx, loop: Any) -> Any:
    """The proxy for coroutines that `loop`, an `asyncio.AbstractEventLoop`, runs."""
    return AsyncioProxy(proxy, loop)
