"""A registry and an agent as real processes, and what the agent is asked in tests."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from twisted.internet.task import deferLater

from pushnet.app.agent_calls import Grid
from pushnet.app.realworld import RealWorld
from pushnet.gen.pushnet.agent import AgentPrx
from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import Settings, load_settings
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from tests.app.children import Child
from tests.interop.stock import SYSTEM_PYTHON, free_port
from tests.system.cluster import reactor

HERE = Path(__file__).parent
TWISTD = str(Path(sys.executable).with_name("twistd"))
WAIT_LIMIT_S = 60.0
SERVING = b'"message":"serving"'
HEAD = """
[cluster]
name = "agents"
secret = "0123456789abcdef"
registry_port = {port}
lease_s = 3.0

[[node]]
name = "registry-1"
role = "registry"

[[node]]
name = "m1"
role = "node"
"""


class Machine:
    """One registry, one agent `m1`, and the servers that a test adds."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder).resolve()
        self.folder.mkdir(parents=True)
        self.file = self.folder / "cluster.toml"
        self.text = HEAD.format(port=free_port())
        world: Any = RealWorld(reactor, self.folder / "test")
        self.settings: Settings = load_settings(self.text, "test")
        self.communicator = Communicator(world, {"Ice.Default.Locator": self.settings.locator})
        self.grid = Grid(self.communicator, self.settings.registries)
        self.running: dict[str, Child] = {}

    async def start(self, servers: str) -> None:
        """Start registry and agent, and apply a file with these servers."""
        self.file.write_text(self.text + servers)
        for name, role in (("registry-1", "registry"), ("m1", "node")):
            await self.start_node(name, role)
        await self.cluster().apply(self.file.read_text(), 0, "a test", "")

    async def start_node(self, name: str, role: str) -> None:
        twistd = ["--reactor=pushnet", "--nodaemon", "--no_save", "--pidfile=", f"pushnet-{role}"]
        child = Child([TWISTD, *twistd, "--config", str(self.file), "--node", name], limit_s=None)
        self.running[name] = child
        await child.says(SERVING)

    async def end_node(self, name: str, number: int = signal.SIGTERM) -> None:
        child = self.running.pop(name)
        child.signal(number)
        await child.ended

    async def stop(self) -> None:
        """End everything, the servers too, and those that are on their way out."""
        pids = set()
        if "m1" in self.running:
            pids = {state.pid for state in await self.states() if state.pid} | self.running["m1"].children()
        for name in list(self.running):
            await self.end_node(name, signal.SIGKILL if name == "m1" else signal.SIGTERM)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await self.communicator.destroy()

    def cluster(self) -> ClusterPrx:
        return self.grid.cluster()

    def agent(self) -> AgentPrx:
        return self.grid.agent("m1", 60_000)

    async def states(self) -> list[ServerState]:
        """As the agent tells; nothing when it cannot be asked."""
        try:
            return await self.agent().servers()
        except LocalException:
            return []

    async def serving(self, id: str, true: Callable[[ServerState], bool] = lambda state: True) -> ServerState:
        """Wait until that server serves, and `true` of it holds."""
        return await self.until(id, lambda state: state.phase is ServerPhase.Serving and true(state))

    async def until(self, id: str, true: Callable[[ServerState], bool]) -> ServerState:
        """Wait until `true` of that server holds."""
        until = reactor.seconds() + WAIT_LIMIT_S
        while True:
            for state in await self.states():
                if state.id == id and true(state):
                    return state
            assert reactor.seconds() < until, await self.states()
            await deferLater(reactor, 0.05)

    async def log(self, id: str) -> bytes:
        return (await self.agent().log(id, 0, 65536, 0)).data

    async def ping(self, proxy: str) -> str:
        """What a stock Ice client gets."""
        argv = [SYSTEM_PYTHON, str(HERE / "stock_ping.py"), proxy]
        return (await Child([*argv, f"--Ice.Default.Locator={self.settings.locator}"]).ended).out.strip()
