"""Assembles a node: communicator, membership, telemetry and the role, as one service.

The order of opening is telemetry (so that the registry can be told where it is), then the role, which joins
the registry last. Closing goes the other way round: the role leaves and drains, the communicator closes
what connections are left, telemetry goes last, so that one can watch. Each step of closing has a limit;
a step that takes longer is given up and the next begins.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable
from importlib import import_module
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry
from twisted.application.service import Service
from twisted.internet.defer import CancelledError, Deferred, ensureDeferred
from twisted.internet.defer import TimeoutError as DeadlineMissed
from twisted.logger import Logger

from pushnet.app.pace import Pace
from pushnet.app.rpc_metrics import RpcCollector
from pushnet.app.telemetry import Telemetry
from pushnet.app.tending import Tending, tending
from pushnet.app.vitals import UNWELL, Vitals
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.installations import VARIABLE as INSTALLATION
from pushnet.grid.settings import Settings, SettingsError
from pushnet.grid.tables import BY_TOKEN
from pushnet.grid.tokens import VARIABLE, plain_fault
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.world import World

ROLE_CLOSE_PART: Final = 0.65
"""Of the time a node has to end (`stop_limit_s`); a role that has not drained by then is stuck."""
REST_CLOSE_PART: Final = 0.15
"""For each of the other two steps; the rest is for the process itself."""
CONNECTIONS_PART: Final = 0.4
"""For each connection: half of it for the requests being served, half for what its peer has still sent."""
VERSION: Final = "PUSHNET_VERSION"
"""In the environment, set by an agent."""


class NodeService(Service):
    """A node that can be started and stopped. `started` fires when it serves, and fails as its role does."""

    def __init__(self, parts: Parts, role: RoleService, certificates: Tending | None = None) -> None:
        self.parts = parts
        self._certificates = certificates or Tending()
        self.started: Deferred[None] = Deferred()
        self.role = role
        self.asked_to_drain: Deferred[None] = Deferred()
        """Fires when somebody wants this process to drain and end."""
        node = parts.node
        self.telemetry = Telemetry(
            parts.world,
            node.http_host,
            node.http_port,
            self.health,
            parts.metrics,
            self.role.gauges,
            self.drain,
        )

    def startService(self) -> None:
        super().startService()  # type: ignore[no-untyped-call]
        ensureDeferred(self._open()).addCallbacks(self.started.callback, self.started.errback)

    def stopService(self) -> Deferred[None]:
        super().stopService()  # type: ignore[no-untyped-call]
        return ensureDeferred(self._close())

    def drain(self) -> None:
        """Have whoever runs this process end it in order: `asked_to_drain` fires."""
        if not self.asked_to_drain.called:
            self.parts.log.info("asked to drain")
            self.asked_to_drain.callback(None)

    def health(self) -> dict[str, object]:
        """What `/health` answers."""
        role = self.role.health()
        node = self.parts.node
        return {
            **role,
            "ok": bool(role.get("ok")) and bool(self.running) and self.started.called,
            "node": node.name,
            "role": node.role,
            "version": own_version(),
            "lease": self.parts.membership.holds_lease,
        }

    def complaint(self) -> dict[str, float]:
        """A reading that tells everybody that `/health` says no, once it has said yes."""
        well = not self.running or not self.started.called or bool(self.role.health().get("ok"))
        return {} if well else {UNWELL: 1.0}

    async def _open(self) -> None:
        membership = self.parts.membership
        membership.http = await self.telemetry.open()
        self.role.startService()
        try:
            await self.role.started
        except CancelledError:
            if self.running:
                raise
            return
        self._certificates.start()
        self.parts.log.info("serving", http=membership.http, pid=os.getpid())

    async def _close(self) -> None:
        limit_s = self.parts.node.stop_limit_s
        self._certificates.stop()
        if self.role.running:
            await self._within(limit_s * ROLE_CLOSE_PART, "the role", self.role.stopService())
        rest_s = limit_s * REST_CLOSE_PART
        await self._within(rest_s, "the communicator", self.parts.communicator.destroy())
        await self._within(rest_s, "telemetry", self.telemetry.close())
        self.parts.log.info("stopped")

    async def _within(self, limit_s: float, what: str, work: Awaitable[None]) -> None:
        """Await `work`, but not for ever, and go on whatever comes of it."""
        try:
            await ensureDeferred(_awaited(work)).addTimeout(limit_s, self.parts.world.clock)
        except DeadlineMissed:
            self.parts.log.warn(
                "{what} did not close within {limit_s} s, going on", what=what, limit_s=limit_s
            )
        except Exception:
            self.parts.log.failure("{what} did not close well", what=what)


def make_node(world: World, settings: Settings, name: str) -> NodeService:
    """The node called `name` in `settings`, in this world. Nothing is opened before it is started."""
    node = settings.named(name)
    communicator = Communicator(
        world,
        {
            **inner_properties(settings, node.role, name),
            "Ice.Override.CloseTimeout": str(int(node.stop_limit_s * CONNECTIONS_PART * 1000)),
        },
    )
    made: list[NodeService] = []
    metrics = CollectorRegistry()
    metrics.register(RpcCollector(communicator))
    pace = Pace(world.monotonic, metrics, lambda: communicator.counters.requests)
    vitals = Vitals(world.monotonic, metrics, communicator)
    certificates = tending(world, communicator, settings, name, node.role)

    def gauges() -> dict[str, float]:
        measured = {**pace.readings(), **vitals.readings(), **certificates.readings()}
        return {**made[0].role.gauges(), **measured, **made[0].complaint()}

    membership = Membership(world, communicator, settings, node, own_version(), gauges, pid=os.getpid())
    membership.token = _token(settings)
    membership.installation = os.environ.get(INSTALLATION, "")
    log = Logger(namespace=f"pushnet.{node.role}")
    parts = Parts(world, communicator, settings, node, membership, metrics, log)
    made.append(NodeService(parts, _make_role(parts), certificates))
    membership.on_shutdown = made[0].drain
    return made[0]


def own_version() -> str:
    """Of the release that an agent runs us from; else of what is installed."""
    return os.environ.get(VERSION) or version("pushnet")


def _token(settings: Settings) -> str:
    """What is shown to registries. Raises `SettingsError` where anybody could read it on its way."""
    token = os.environ.get(VARIABLE, "") if settings.cluster.join == BY_TOKEN else ""
    wrong = plain_fault(settings.doors) if token else ""
    if wrong:
        raise SettingsError(wrong)
    return token


def _make_role(parts: Parts) -> RoleService:
    """Roles are found by name: a process loads the code of its own role only."""
    module = import_module(f"pushnet.roles.{parts.node.role}.service")
    role: RoleService = module.make_service(parts)
    return role


async def _awaited(work: Awaitable[None]) -> None:
    await work
