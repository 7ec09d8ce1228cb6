"""The demonstration's cluster as a grid: a registry, and an agent that runs everything else.

The Brokers are run from a release that the demonstration publishes of its own programs, into the registry's
folder; a patch of it is published there, too, and rolled by the registry.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.task import deferLater

from pushnet.app import patching
from pushnet.app.config import data_folder
from pushnet.app.demo_config import MACHINE, RELEASE, VERSION, DemoCluster
from pushnet.app.demo_release import make_tree, patch_tree
from pushnet.app.patching import Keyring, Making
from pushnet.app.realworld import RealWorld
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.agent import AgentPrx
from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.deploy import DeployerPrx, DeployOptions, RollStatus
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import Settings
from pushnet.roles.releases.library import FOLDER
from pushnet.roles.releases.publisher import Lifetimes
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import ObjectPrx
from pushnet.world import SpawnedProcess, World

REGISTRY: Final = "registry-1"
START_LIMIT_S: Final = 120.0
STOP_LIMIT_S: Final = 30.0
LOOK_S: Final = 0.2
LAST_LINES: Final = 20
WATCH_MS: Final = 2000
SERVING: Final = b'"message":"serving"'
P = TypeVar("P", bound=ObjectPrx)


class Grid:
    """Everything that runs. `start` it, `stop` it."""

    def __init__(self, session: Session, cluster: DemoCluster, settings: Settings, folder: Path) -> None:
        self._session = session
        self._world = session.world
        self._cluster = cluster
        self._settings = settings
        self._folder = folder
        self._store = data_folder(settings, settings.named(REGISTRY)) / FOLDER
        self._processes: dict[str, SpawnedProcess] = {}
        self._lines: dict[str, deque[bytes]] = {}
        self._serving: dict[str, Deferred[None]] = {}
        self._communicator: Communicator | None = None
        self.count = len(settings.processes) - len(settings.agents)
        """Nodes that an agent or nobody runs."""

    async def start(self, reached: Callable[[int], object]) -> None:
        """All serve when this returns; `reached` is told how many. Raises `CommandError`."""
        await self._publishing(self._publish_first)
        for name, role in ((REGISTRY, "registry"), (MACHINE, "node")):
            self._spawn(name, role)
            await self._serving[name].addTimeout(START_LIMIT_S, self._world.clock)
        self._communicator = Communicator(
            self._world, properties={"Ice.Default.Locator": self._settings.locator}
        )
        text = self._cluster.file.read_text()
        await self._cluster_prx().apply(text, 0, "the demonstration", "it begins")
        until = self._world.monotonic() + START_LIMIT_S
        while True:
            serving = [state for state in await self.states() if state.phase is ServerPhase.Serving]
            reached(len(serving) + 1)
            if len(serving) + 1 >= self.count:
                return
            if self._world.monotonic() > until:
                raise CommandError(self._told(await self.states()))
            await deferLater(self._world.clock, LOOK_S)

    async def stop(self) -> None:
        """The agent ends its servers, then itself; then the registry ends."""
        if self._communicator is not None:
            await self._communicator.destroy()
        for name in reversed(list(self._processes)):
            process = self._processes[name]
            process.signal(signal.SIGTERM)
            late = self._world.call_later(STOP_LIMIT_S, process.signal, signal.SIGKILL)
            await DeferredList([process.exited])
            if late.active():
                late.cancel()

    async def states(self) -> list[ServerState]:
        """What the agent runs, as the registry was told."""
        return [state for state in await self._cluster_prx().servers() if state.agent == MACHINE]

    async def state(self, name: str) -> ServerState:
        return next(state for state in await self.states() if state.id == name)

    async def kill(self, name: str) -> None:
        """SIGKILL, by the agent's hand."""
        await self._prx(AgentPrx, f"Agent/{MACHINE}").signal(name, signal.SIGKILL)

    async def publish_patch(self, version: str) -> None:
        """Another version of what the Brokers are run from."""
        await self._publishing(lambda world: self._publish_next(world, version))

    async def roll(self, kind: str, version: str, soak_s: float, told: Callable[[str], object]) -> RollStatus:
        """Roll it, and tell the journal; returns when it is over."""
        deployer = self._prx(DeployerPrx, "PushNet/Deployer")
        await deployer.deploy(kind, version, DeployOptions(soakMs=int(soak_s * 1000)), "the demonstration")
        status, known = RollStatus(), 0
        while status.state not in ("done", "undone"):
            status = await deployer.watch(kind, status.change, WATCH_MS)
            for line in status.journal[known:]:
                told(line.partition("Z ")[2])
            known = len(status.journal)
        return status

    # Releases.

    async def _publishing(self, work: Callable[[World], object]) -> None:
        world = RealWorld(self._session.reactor, self._store)
        await self._world.run_blocking(work, world)

    def _publish_first(self, world: World) -> None:
        patching.make_store(world, self._keys, Making(), Lifetimes(), b"")
        make_tree(self._tree)
        self._publish(world, VERSION)

    def _publish_next(self, world: World, version: str) -> None:
        patch_tree(self._tree, version)
        self._publish(world, version)

    def _publish(self, world: World, version: str) -> None:
        ring = Keyring((self._keys,), lambda file: b"")
        patching.publish(world, self._tree, RELEASE, version, ring, Lifetimes())

    @property
    def _keys(self) -> Path:
        return self._folder / "keys"

    @property
    def _tree(self) -> Path:
        return self._folder / "programs"

    # Processes and proxies.

    def _spawn(self, name: str, role: str) -> None:
        twistd = Path(sys.executable).with_name("twistd")
        argv = [str(twistd), "--reactor=pushnet", "--nodaemon", "--no_save", "--pidfile=", f"pushnet-{role}"]
        argv += ["--config", str(self._cluster.file), "--node", name, "--with-parent"]
        self._lines[name] = deque(maxlen=LAST_LINES)
        self._serving[name] = Deferred()
        process = self._processes[name] = self._world.processes.spawn(
            argv, env=dict(os.environ), output=lambda data: self._heard(name, data)
        )
        process.exited.addCallback(lambda status: self._ended(name, status))

    def _heard(self, name: str, data: bytes) -> None:
        self._lines[name] += data.splitlines()
        if SERVING in data and not self._serving[name].called:
            self._serving[name].callback(None)

    def _ended(self, name: str, status: int) -> int:
        if not self._serving[name].called:
            words = b"\n".join(self._lines[name]).decode("utf-8", "replace")
            self._serving[name].errback(CommandError(f"{name} ended with status {status}: {words}"))
        return status

    def _told(self, states: list[ServerState]) -> str:
        waiting = [state for state in states if state.phase is not ServerPhase.Serving]
        told = "; ".join(f"{state.id} is {state.phase.name} {state.reason}".strip() for state in waiting)
        return f"not every node serves after {START_LIMIT_S:.0f} s: {told}"

    def _cluster_prx(self) -> ClusterPrx:
        return self._prx(ClusterPrx, "PushNet/Cluster")

    def _prx(self, kind: type[P], identity: str) -> P:
        assert self._communicator is not None, "it is started"
        at = "" if identity.startswith("Agent/") else f":{':'.join(self._settings.registries)}"
        proxy = kind.uncheckedCast(self._communicator.stringToProxy(f"{identity}{at}"))
        assert proxy is not None
        return proxy
