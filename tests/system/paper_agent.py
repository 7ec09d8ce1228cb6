"""An agent on paper: it says that its servers run whatever they are to run, and so rolls go on fast.

What it is said to run is published in the folder of a registry, as a roll demands.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from pushnet.app.realworld_storage import FileStorage
from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.deploy import DeployerPrx, DeployOptions, RollStatus
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from pushnet.sim.releases import publish
from tests.system.cluster import reactor

AGENT = "m1"
KIND = "worker"
SERVERS = tuple(f"worker-{number}" for number in range(1, 5))
TABLE = """
[[server]]
name = "{}"
kind = "worker"
agent = "m1"
command = ["true"]
release = "worker"
version = "1"
"""
LIMIT_MS = 3000
PAUSE_S = 0.1


class PaperAgent:
    """Reports at any registry that answers, until it is stopped; and an operator of its servers."""

    def __init__(self, communicator: Communicator, registries: list[str], folder: Path) -> None:
        """`folder`: the data of one of the registries."""
        self._storage = FileStorage(folder)

        def at(kind: Any, name: str) -> Any:
            proxy = kind.uncheckedCast(communicator.stringToProxy(":".join([f"PushNet/{name}", *registries])))
            return proxy.ice_invocationTimeout(LIMIT_MS)

        self._cluster = at(ClusterPrx, "Cluster")
        self._deployer = at(DeployerPrx, "Deployer")
        self._known = 0
        self._goes_on = True
        self._reporting: Deferred[None] | None = None
        self._heard: Deferred[None] = Deferred()

    async def start(self, text: str) -> None:
        """Apply settings with its servers, and begin."""
        await self._cluster.apply(text + "".join(map(TABLE.format, SERVERS)), 0, "test", "")
        self._reporting = Deferred.fromCoroutine(self._report())

    async def until_heard(self) -> None:
        """A registry knows how its servers are."""
        await self._heard

    async def stop(self) -> None:
        self._goes_on = False
        if self._reporting is not None:
            await self._reporting

    async def deploy(self, version: str) -> None:
        """Until a registry has taken it."""
        publish(self._storage, KIND, [version], time.time())
        while True:
            try:
                await self._deployer.deploy(KIND, version, DeployOptions(soakMs=300, older=True), "test")
                return
            except (LocalException, UnavailableException):
                await deferLater(reactor, PAUSE_S)

    async def status(self) -> RollStatus:
        while True:
            try:
                status: RollStatus = await self._deployer.watch(KIND, 0, 0)
                return status
            except LocalException:
                await deferLater(reactor, PAUSE_S)

    async def until(self, done: Any) -> RollStatus:
        """Wait until the roll is as `done` says."""
        until = reactor.seconds() + 60.0
        while not done(status := await self.status()):
            assert reactor.seconds() < until, status
            await deferLater(reactor, PAUSE_S)
        return status

    async def _report(self) -> None:
        while self._goes_on:
            try:
                plan = await self._cluster.plan(AGENT, self._known, 0)
                self._known = max(self._known, plan.generation)
                states = [
                    ServerState(each.id, KIND, AGENT, ServerPhase.Serving, each.version, each.version)
                    for each in plan.servers
                    if plan.generation == self._known
                ]
                if states:
                    await self._cluster.report(AGENT, 1, states)
                    if not self._heard.called:
                        self._heard.callback(None)
            except (LocalException, UnavailableException):
                pass
            await deferLater(reactor, PAUSE_S)
