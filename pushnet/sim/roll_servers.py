"""The programs that a simulated roll rolls: servers of this runtime, in versions that differ, and their book.

Each is a process that its agent starts with a listening socket. It serves one object, joins the registry by a
membership, says `serving`, and drains when it is told to end. From version 2 on there is an operation more. A
version can be bad, in one of the ways of `BAD`.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import attrs
from twisted.internet.defer import TimeoutError as Expired
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import deferLater

from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.installations import VARIABLE
from pushnet.grid.settings import NodeSettings, Settings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.membership import JoinFailedException, Membership
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.current import Current
from pushnet.rpc.exceptions import OperationNotExistException, UnknownException
from pushnet.rpc.servant import Blobject
from pushnet.sim.programs import Run
from pushnet.sim.world import SimWorld
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated

OBJECT: Final = WellKnown(Identity("sums", ""), "::Sim::Sums")
GROUP: Final = "Sums"
START_S: Final = 0.3
CRASH_S: Final = 5.0
"""A version that fails after a while serves so long."""
SLOW_S: Final = 0.05
BAD: Final = ("does not start", "hangs", "crashes", "wrong", "slow")
CLOSE_S: Final = 3.0
"""For the connections that it has made; as nodes do."""
CALLS_COUNT_AS: Final = 50
"""So that the gates have enough to judge by without a call for each request that they see."""
HEAD_BYTES: Final = 6


@attrs.define
class Executions:
    """Who did what: the number of each request to the processes that have done it."""

    done: dict[int, list[str]] = attrs.Factory(dict)

    def note(self, number: int, who: str) -> None:
        self.done.setdefault(number, []).append(who)

    def count(self, number: int) -> int:
        return len(self.done.get(number, ()))


class Sums(Blobject):
    """Notes each number that it is given, in the book."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        process = self._process
        process.calls += 1
        if current.operation not in process.operations:
            raise OperationNotExistException(current.id, current.facet, current.operation)
        if process.bad == "slow":
            await deferLater(process.run.world.clock, SLOW_S)
        if process.bad == "wrong" and process.calls % 2:
            process.failures += 1
            raise UnknownException("ValueError: this version is wrong")
        if current.operation != "version":
            number = int.from_bytes(params[HEAD_BYTES:], "little")
            process.executions.note(number, f"{process.id} {process.version}")
        return True, encapsulated(process.version.encode())


Drain = Callable[[ObjectAdapter], Any]


@attrs.frozen
class ProgramParts:
    """What processes are made of; a planted bug puts something else in a place."""

    membership: Callable[..., Membership] = Membership
    drain: Drain = ObjectAdapter.deactivate
    serves_at_once: bool = False
    """It opens its door before it has anything behind it."""


class Process:
    """One process of a server."""

    def __init__(
        self,
        run: Run,
        settings: Settings,
        executions: Executions,
        bad: str,
        parts: ProgramParts,
        began_at: float,
        drains: Callable[[Process], object],
    ) -> None:
        """`drains`: told when it begins to."""
        self.run = run
        self.id = run.argv[run.argv.index("--node") + 1]
        self.version = run.env["PUSHNET_VERSION"]
        self.executions = executions
        self.bad = bad
        self.operations = ("tell", "add", "version", *(("more",) if self.version != "1" else ()))
        self.calls = self.failures = 0
        self.began_at = began_at
        self.serving = False
        self.draining = False
        self.crashed = False
        """It was ended by something else than its agent, or by itself."""
        self._drains = drains
        self._settings = settings
        self._parts = parts
        self._communicator: Communicator | None = None
        self._adapter: ObjectAdapter | None = None
        self._membership: Membership | None = None
        run.on_signal = self._signal

    @property
    def world(self) -> SimWorld:
        return self.run.world

    @property
    def accepts(self) -> bool:
        return self.run.alive and self.serving and not self.draining

    @property
    def holds_lease(self) -> bool:
        """It believes so, and is not stopped."""
        known = self._membership is not None and self._membership.holds_lease
        return known and self.run.world.life.held is None

    def start(self) -> None:
        if self._parts.serves_at_once:
            self._open_door()
        if self.bad != "hangs":
            self.world.call_later(START_S, self._begin)

    def crash(self) -> None:
        """End as by a fault."""
        self.crashed = True
        self.run.exit(1)

    def _begin(self) -> None:
        if self.draining:
            return
        if self.bad == "does not start":
            self.crash()
            return
        self.world.background("serving", ensureDeferred(self._serve()))

    def _open_door(self) -> ObjectAdapter:
        (host, port), *_ = self.run.sockets
        self._communicator = Communicator(self.world, inner_properties(self._settings))
        self._adapter = self._communicator.createObjectAdapterWithEndpoints(
            "Sums", f"tcp -h {host} -p {port}"
        )
        self._adapter.activate()
        return self._adapter

    async def _serve(self) -> None:
        adapter = self._adapter or self._open_door()
        adapter.add(Sums(self), OBJECT.identity)
        node = NodeSettings(name=self.id, role=self.run.argv[-5].removeprefix("pushnet-"))
        assert self._communicator is not None
        self._membership = self._parts.membership(
            self.world, self._communicator, self._settings, node, self.version, self._gauges
        )
        self._membership.installation = self.run.env[VARIABLE]
        self._membership.offer(adapter, GROUP, [OBJECT])
        try:
            await self._membership.start()
        except JoinFailedException:
            self.crash()
            return
        self.serving = True
        self.run.write(json.dumps({"message": "serving", "http": ""}))
        if self.bad == "crashes":
            self.world.call_later(CRASH_S, self.crash)

    def _gauges(self) -> dict[str, float]:
        return {
            "requests": float(self.calls * CALLS_COUNT_AS),
            "failures": float(self.failures * CALLS_COUNT_AS),
            "p99_ms": 1000 * SLOW_S if self.bad == "slow" else 2.0,
            "memory_bytes": 1e8,
        }

    def _signal(self, number: int) -> None:
        if number == signal.SIGTERM and not self.draining:
            self.draining = True
            self._drains(self)
            self.world.background("draining", ensureDeferred(self._drain()))

    async def _drain(self) -> None:
        if self._membership is not None:
            await self._membership.stop()
        if self._adapter is not None:
            await self._parts.drain(self._adapter)
        if self._communicator is not None:
            closing = ensureDeferred(self._communicator.destroy()).addTimeout(CLOSE_S, self.world.clock)
            with suppress(Expired):
                await closing
        self.run.exit(0)
