"""A cluster with devices and an app server, and the ledger of what each device must get."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults
from twisted.internet.task import deferLater

from pushnet.app.demo_crowd import Crowd
from pushnet.app.demo_ledger import Facts, Ledger
from pushnet.app.demo_load import AppServer
from pushnet.app.demo_people import draw
from pushnet.app.realworld import RealWorld
from pushnet.app.rest import RestClient
from tests.system.cluster import Cluster

KINDS = ("all", "tags", "alias", "single")
FLOW_PAUSE_S = 0.15


class Scene:
    """Everything a system test about deliveries needs. `open` it, `close` it."""

    def __init__(self, folder: Path | str, devices: int, *, lease_s: float = 3.0) -> None:
        self.cluster = Cluster(folder, lease_s=lease_s)
        world: Any = RealWorld(reactor, self.cluster.folder / "scene")
        self.world = world
        self.ledger = Ledger()
        self.people = draw(devices, 1)
        self.complaints: list[str] = []
        self.crowd = Crowd(world, self.people, self.ledger, self.complaints.append)
        demo = self.cluster.demo
        self.rest = RestClient(reactor, demo.rest, demo.key, demo.secret)
        self.server = AppServer(world, self.rest, self.people, self.crowd, self.ledger, 1)
        self._flows: list[Deferred[None]] = []
        self._flowing = False

    async def open(self) -> None:
        """Cluster up, devices online, tags and aliases given out."""
        await self.cluster.start()
        demo = self.cluster.demo
        self.crowd.start(self.cluster.folder, demo.key, demo.brokers)
        everybody = len(self.people)
        if not await self.crowd.until(lambda: self.crowd.online == everybody, 60):
            told = "\n".join([*self.complaints, *self.cluster.warnings()])
            raise AssertionError(f"only {self.crowd.online} of {everybody} devices are online\n{told}")
        await self.server.set_tags()
        await self.server.set_aliases(lambda: None)

    async def close(self) -> int:
        """Everything ends; returns the exit status of `pushnet up`."""
        await self.stop_flow()
        await self.rest.close()
        await self.crowd.stop()
        return await self.cluster.stop()

    async def round(self, column: str, limit_s: float) -> bool:
        """One push of every kind at once; whether all have arrived within the limit."""
        began_at = self.world.monotonic()
        await gatherResults([ensureDeferred(self.server.push(kind, column)) for kind in KINDS])
        left_s = limit_s - (self.world.monotonic() - began_at)
        return await self.crowd.until(lambda: not self.ledger.facts(column).lost, max(left_s, 0.0))

    def start_flow(self) -> None:
        """Pushes of every kind, on and on, until `stop_flow`."""
        self._flowing = True
        self._flows = [ensureDeferred(self._flow(kind)) for kind in KINDS]

    async def stop_flow(self) -> None:
        self._flowing = False
        flows, self._flows = self._flows, []
        await gatherResults(flows)

    async def settled(self, limit_s: float = 30.0) -> Facts:
        """Wait for everything to arrive, and a little longer for what should not."""
        await self.crowd.until(lambda: not self.ledger.missing, limit_s)
        await self.pause(1.0)
        return self.ledger.facts()

    async def pause(self, seconds: float) -> None:
        await deferLater(self.world.clock, seconds)

    async def until(self, true: Callable[[], bool], limit_s: float) -> bool:
        return await self.crowd.until(true, limit_s)

    async def _flow(self, kind: str) -> None:
        while self._flowing:
            await self.server.push(kind, f"flow-{kind}")
            await self.pause(FLOW_PAUSE_S)
