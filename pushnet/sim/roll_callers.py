"""Who calls the servers of a simulated roll all the time, and what became of each call.

Every request carries a number. A server notes the numbers of what it has done, so it is known of each whether
it was lost or done twice.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from typing import Final

import attrs
from twisted.internet.task import deferLater

from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException, OperationNotExistException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.sim.roll_servers import OBJECT, Executions
from pushnet.sim.world import SimWorld
from pushnet.wire.request import OperationMode, encapsulated

LIMIT_MS: Final = 8000
PAUSE_S: Final = 0.2
BATCH: Final = 3
STORM: Final = 20
STORM_PAUSE_S: Final = 0.0005
WAYS: Final = ("idempotent", "once", "one-way", "batch", "more")


@attrs.define
class Request:
    """One that was made."""

    number: int
    target: str
    way: str
    at_s: float
    outcome: str = ""
    """`ok`, or the name of what came instead; empty: nothing yet."""


class Callers:
    """One client process; a loop for each proxy."""

    def __init__(
        self, world: SimWorld, communicator: Communicator, rng: random.Random, now: Callable[[], float]
    ) -> None:
        self.requests: list[Request] = []
        self.answered_at: dict[str, float] = {}
        self.more = 0
        """Calls of the operation that only newer versions have that were answered."""
        self.calling = True
        self._number = 0
        self._world = world
        self._communicator = communicator
        self._rng = rng
        self._now = now

    async def call_on(self, name: str) -> None:
        """Call that adapter or group for ever."""
        proxy = self._communicator.stringToProxy(f"{OBJECT.identity.name}@{name}")
        assert proxy is not None
        both = proxy.ice_invocationTimeout(LIMIT_MS)
        one_way, batch = both.ice_oneway(), both.ice_batchOneway()
        while True:
            await deferLater(self._world.clock, PAUSE_S * self._rng.uniform(0.5, 1.5))
            if not self.calling:
                continue
            way = self._rng.choice(WAYS)
            if way == "one-way":
                await self._send(one_way, [self._made(name, way)])
            elif way == "batch":
                await self._send(batch, [self._made(name, way) for _ in range(BATCH)])
            elif way == "more":
                await self._call_more(name, both)
            else:
                await self._call(both, self._made(name, way))

    async def storm(self, name: str) -> None:
        """One-way calls to a server that has just been told to end, one right after the other."""
        proxy = self._communicator.stringToProxy(f"{OBJECT.identity.name}@{name}")
        assert proxy is not None
        one_way = proxy.ice_invocationTimeout(LIMIT_MS).ice_oneway()
        for _ in range(STORM):
            await self._send(one_way, [self._made(name, "one-way")])
            await deferLater(self._world.clock, STORM_PAUSE_S)

    def verdict(self, executions: Executions, *, well: Collection[str], none_lost: bool) -> list[str]:
        """What must not be; `well`: whom calls must reach."""
        wrong: list[str] = []
        for request in self.requests:
            count = executions.count(request.number)
            told = f"{request.at_s:.3f}: {request.way} {request.number} to {request.target}"
            if count > 1 and request.way != "idempotent":
                wrong.append(f"{told} was done {count} times: {executions.done[request.number]}")
            if request.outcome == "ok" and not count and (none_lost or request.way in ("idempotent", "once")):
                wrong.append(f"{told} is lost")
            if request.target in well and request.outcome not in ("", "ok"):
                wrong.append(f"{told} failed: {request.outcome}")
        return wrong

    def _made(self, target: str, way: str) -> Request:
        self._number += 1
        request = Request(self._number, target, way, self._now())
        self.requests.append(request)
        return request

    async def _call(self, proxy: ObjectPrx, request: Request) -> None:
        operation = "tell" if request.way == "idempotent" else "add"
        mode = OperationMode.Idempotent if operation == "tell" else OperationMode.Normal
        try:
            await proxy.ice_invoke(operation, mode, _params(request))
        except LocalException as error:
            request.outcome = f"{type(error).__name__}: {error}"
        else:
            request.outcome = "ok"
            self.answered_at[request.target] = self._now()

    async def _call_more(self, name: str, proxy: ObjectPrx) -> None:
        """An operation that old versions do not have: they say so, and nothing breaks."""
        request = self._made(name, "more")
        try:
            await proxy.ice_invoke("more", OperationMode.Normal, _params(request))
            request.outcome = "ok"
            self.more += 1
        except OperationNotExistException:
            self.requests.remove(request)
        except LocalException as error:
            request.outcome = f"{type(error).__name__}: {error}"

    async def _send(self, proxy: ObjectPrx, requests: list[Request]) -> None:
        """One-way, one by one or as a batch: it is known only whether they have left."""
        try:
            for request in requests:
                await proxy.ice_invoke("add", OperationMode.Normal, _params(request))
            if proxy.ice_isBatchOneway():
                await proxy.ice_flushBatchRequests()
        except LocalException as error:
            for request in requests:
                request.outcome = f"{type(error).__name__}: {error}"
        else:
            for request in requests:
                request.outcome = "ok"


def _params(request: Request) -> bytes:
    return encapsulated(request.number.to_bytes(4, "little"))
