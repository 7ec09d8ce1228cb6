"""A grid of real processes that are killed and stopped, and callers who note what became of each call."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import randrange
from typing import Any, Final

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.protocol import ProcessProtocol
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from pushnet.app.realworld import RealWorld
from pushnet.gen.pushnet.registry import LeaseLostException, NodeInfo, RegistryPrx
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import Settings, load_settings
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from tests.golden.calls import EverythingPrx
from tests.system.cluster import reactor

LEASE_S: Final = 2.0
"""The least that etcd grants."""
CALLERS: Final = 4
PAUSE_S: Final = 0.004
"""Between two calls of one caller."""
LIMIT_S: Final = 30.0
LOOK_S: Final = 0.02
ROOT: Final = Path(__file__).parent.parent.parent


def quiet_port(count: int = 1) -> int:
    """A free port that no outgoing connection takes while its process is away: below those of Linux.

    The first of `count` in a row: a registry with certificates has the next one, too.
    """
    while True:
        port = randrange(20_000, 32_000)
        if not any(_is_taken(port + more) for more in range(count)):
            return port


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Spawner(ProcessProtocol):
    """See `tests.system.spawner`."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: dict[str, Deferred[int]] = {}
        self.ended: Deferred[None] = Deferred()
        self.errors = b""
        argv = [sys.executable, "-m", "tests.system.spawner"]
        self._process: Any = reactor.spawnProcess(self, sys.executable, argv, env=os.environ, path=str(ROOT))

    def start(self, name: str, **asked: str) -> Deferred[int]:
        """Fires with the process's number when it serves."""
        started = self._waiting[name] = Deferred()
        self._process.write(json.dumps({"name": name, **asked}).encode() + b"\n")
        return started.addTimeout(LIMIT_S, reactor)

    async def stop(self) -> None:
        self._process.closeStdin()
        await self.ended

    def outReceived(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            told = json.loads(line)
            waiting = self._waiting.pop(told["name"])
            if "pid" in told:
                waiting.callback(told["pid"])
            else:
                waiting.errback(AssertionError(told["failed"]))

    def errReceived(self, data: bytes) -> None:
        self.errors = (self.errors + data)[-10_000:]

    def processEnded(self, reason: Failure) -> None:
        self.ended.callback(None)


class Callers:
    """Call the counters without end: every second call may run once at most, the others again and again."""

    def __init__(self, communicator: Communicator) -> None:
        proxy = EverythingPrx.uncheckedCast(communicator.stringToProxy("Counter@Counters"))
        assert proxy is not None
        self._proxy = proxy.ice_invocationTimeout(10_000)
        self._goes_on = True
        self._token = 0
        self.answered: list[int] = []
        self.failed: dict[int, str] = {}
        self.repeatable_failed: list[str] = []
        self._callers = [ensureDeferred(self._call()) for _ in range(CALLERS)]

    async def stop(self) -> None:
        self._goes_on = False
        for caller in self._callers:
            await caller

    async def _call(self) -> None:
        while self._goes_on:
            self._token += 1
            token = self._token
            try:
                if token % 2:
                    await self._proxy.add(token, 0)
                    self.answered.append(token)
                else:
                    await self._proxy.one()
            except LocalException as error:
                told = f"{type(error).__name__}: {error}"
                if token % 2:
                    self.failed[token] = told
                else:
                    self.repeatable_failed.append(told)
            await deferLater(reactor, PAUSE_S)


class Yard:
    """One grid, over SQLite with one registry or over etcd with two, and its callers."""

    def __init__(self, folder: str, registries: list[str], etcd: str = "") -> None:
        self.folder = Path(folder).resolve()
        self.folder.mkdir(parents=True)
        self.file = self.folder / "cluster.toml"
        ports = [quiet_port() for _ in registries]
        lines = ["[cluster]", 'secret = "0123456789abcdef"', f"lease_s = {LEASE_S}", 'data = "data"']
        lines += [f'etcd = ["{etcd}"]'] if etcd else []
        lines.append(f"registry_port = {ports[0]}")
        for name, port in zip(registries, ports, strict=True):
            lines += ["[[node]]", f'name = "{name}"', 'role = "registry"', f"port = {port}"]
        lines += ["[[node]]", 'name = "m1"', 'role = "node"']
        self.file.write_text("\n".join(lines) + "\n")
        self.settings: Settings = load_settings(self.file.read_text(), "yard")
        self.registries = registries
        self.spawner = Spawner()
        self.pids: dict[str, int] = {}
        world: Any = RealWorld(reactor, self.folder / "test")
        self.communicator = Communicator(world, inner_properties(self.settings))
        self.callers: Callers | None = None
        self.epochs: list[int] = []

    async def start(self, names: list[str]) -> None:
        for name in names:
            await self.boot(name)
        self.callers = Callers(self.communicator)
        await self.answered(10 * CALLERS)  # they know where everybody is

    async def stop(self) -> None:
        """End everything, also what is stopped."""
        for name in list(self.pids):
            self.kill(name)
        if self.callers is not None:
            self.callers._goes_on = False
        await self.spawner.stop()
        await self.communicator.destroy()

    async def boot(self, name: str) -> None:
        asked = {"file": str(self.file)}
        if name.startswith("counter"):
            asked["log"] = str(self.folder / "tokens")
        self.pids[name] = await self.spawner.start(name, **asked)

    def data(self, name: str) -> Path:
        """Where a node keeps what is its own."""
        return self.folder / "data" / name

    def kill(self, name: str) -> None:
        os.kill(self.pids.pop(name), signal.SIGKILL)

    async def kill_and_boot(self, name: str) -> None:
        """Kill it, and start it again as soon as the system has taken back its port."""
        pid = self.pids[name]
        self.kill(name)
        await self.until(lambda: not Path(f"/proc/{pid}").exists(), f"{name} is gone")
        await self.boot(name)

    async def pause(self, name: str, seconds: float) -> None:
        """Stop a process for a while."""
        os.kill(self.pids[name], signal.SIGSTOP)
        await deferLater(reactor, seconds)
        os.kill(self.pids[name], signal.SIGCONT)

    async def answered(self, more: int) -> None:
        """Wait until so many more calls were answered: that it goes on."""
        callers = self.callers
        assert callers is not None
        wanted = len(callers.answered) + more
        await self.until(lambda: len(callers.answered) >= wanted, "callers go on")

    async def until(self, true: Callable[[], bool], what: str) -> None:
        until = reactor.seconds() + LIMIT_S
        while not true():
            assert reactor.seconds() < until, f"not in time: {what}\n{self.spawner.errors.decode()}"
            await deferLater(reactor, LOOK_S)

    def registry(self, at: int | None = None) -> RegistryPrx:
        """One registry, or all of them."""
        places = self.settings.registries if at is None else [self.settings.registries[at]]
        proxy = RegistryPrx.uncheckedCast(
            self.communicator.stringToProxy(":".join(["PushNet/Registry", *places]))
        )
        assert proxy is not None
        return proxy.ice_invocationTimeout(5000)

    async def fence(self) -> None:
        """Take a name over: the epoch grows, and whoever had it before can neither keep it nor give it up."""
        until = reactor.seconds() + LIMIT_S
        while True:
            try:
                lease = await self.registry().join(NodeInfo("fenced", "test"), [], [])
                break
            except LocalException:
                assert reactor.seconds() < until, "nobody is taken in"
        assert not self.epochs or lease.epoch > self.epochs[-1], (self.epochs[-3:], lease.epoch)
        self.epochs.append(lease.epoch)
        for stale in self.epochs[-4:-1]:
            try:
                await self.registry().renew("fenced", stale, {})
            except LeaseLostException:
                continue
            raise AssertionError(f"epoch {stale} was accepted after {lease.epoch}")
        if len(self.epochs) > 1:
            await self.registry().leave("fenced", self.epochs[-2])
        await self.registry().renew("fenced", lease.epoch, {})

    async def reckoned(self) -> tuple[int, list[int], list[int], dict[int, str], list[str]]:
        """Stop calling: calls answered, tokens run twice, answered but not run, failed, repeatable failed."""
        callers = self.callers
        assert callers is not None
        await callers.stop()
        ran = Counter(int(line) for line in (self.folder / "tokens").read_text().splitlines())
        twice = [token for token, times in ran.items() if times > 1]
        never = [token for token in callers.answered if token not in ran]
        return len(callers.answered), twice, never, callers.failed, callers.repeatable_failed
