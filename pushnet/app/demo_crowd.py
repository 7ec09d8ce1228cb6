"""The demonstration's devices as it sees them: processes that hold them, and their news for the ledger."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from twisted.internet.defer import Deferred, DeferredList

from pushnet.app.demo_devices import Orders
from pushnet.app.demo_ledger import Ledger
from pushnet.app.demo_people import Person
from pushnet.world import SpawnedProcess, World

PROCESSES = 2


class News(msgspec.Struct, frozen=True):
    """One line of a process full of devices."""

    online: list[tuple[int, str, int]] = []
    got: list[tuple[int, str, float]] = []
    missed: list[int] = []


class Crowd:
    """All devices.

    Args:
        complain: told what a process wrote that is no news, such as a trace.
    """

    def __init__(
        self, world: World, people: Sequence[Person], ledger: Ledger, complain: Callable[[str], None]
    ) -> None:
        self._world = world
        self._people = people
        self._ledger = ledger
        self._complain = complain
        self._processes: list[SpawnedProcess] = []
        self._waiters: list[tuple[Callable[[], bool], Deferred[None]]] = []
        self.ids = [""] * len(people)
        """The devices' registration ids; empty before they are registered."""
        self.connections = [0] * len(people)
        """How often each device has logged in."""
        self.missed = 0
        """Messages that devices were told are gone for good."""

    def start(self, folder: Path, app: str, brokers: list[tuple[str, int]]) -> None:
        """Spread the devices over processes, and have them connect."""
        for part in range(PROCESSES):
            devices = [(n, p.key) for n, p in enumerate(self._people) if n % PROCESSES == part]
            orders = folder / f"devices-{part}.json"
            orders.write_bytes(msgspec.json.encode(Orders(app, brokers, devices)))
            argv = [sys.executable, "-m", "pushnet.app.demo_devices", str(orders)]
            self._processes.append(
                self._world.processes.spawn(argv, env=dict(os.environ), output=self._heard)
            )

    async def stop(self) -> None:
        """Send everybody home."""
        for process in self._processes:
            process.signal(signal.SIGTERM)
        late = self._world.call_later(5.0, self._kill)
        await DeferredList([process.exited for process in self._processes])
        late.cancel() if late.active() else None

    @property
    def online(self) -> int:
        """How many devices have logged in at least once."""
        return sum(1 for count in self.connections if count)

    async def until(self, true: Callable[[], bool], limit_s: float) -> bool:
        """Wait for news after which `true()` holds, at most `limit_s`. Returns whether it does."""
        if true():
            return True
        waiter: Deferred[None] = Deferred()
        self._waiters.append((true, waiter))
        late = self._world.call_later(limit_s, waiter.callback, None)
        await waiter
        if late.active():
            late.cancel()
        return true()

    def _kill(self) -> None:
        for process in self._processes:
            process.signal(signal.SIGKILL)

    def _heard(self, data: bytes) -> None:
        for line in data.splitlines():
            try:
                news = msgspec.json.decode(line, type=News)
            except msgspec.DecodeError:
                self._complain(line.decode("utf-8", "replace"))
                continue
            for number, rid, connections in news.online:
                self.ids[number] = rid
                self.connections[number] = connections
            for number, mark, at in news.got:
                self._ledger.arrived(number, mark, at)
            self.missed += len(news.missed)
        self._look()

    def _look(self) -> None:
        """Wake those whose wish has come true."""
        waiting, self._waiters = self._waiters, []
        for true, waiter in waiting:
            if waiter.called:
                continue
            if true():
                waiter.callback(None)
            else:
                self._waiters.append((true, waiter))
