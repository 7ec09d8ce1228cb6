"""A whole cluster on simulated hosts: each node of a settings file, booted, killed, stopped, booted again.

Each node lives on the host of its own name and is made of its role's `make_service`, as a real process is;
`makers` puts another maker in a role's place, which is how bugs are planted. A node whose start fails, or
that cannot go on, is started again after a second, as the supervisor of a real cluster does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

import attrs
from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults
from twisted.logger import Logger
from twisted.python.failure import Failure

from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import (
    AppSettings,
    BrokerSettings,
    ClusterSettings,
    DBAgentSettings,
    GatewaySettings,
    NodeSettings,
    Settings,
    TagAliasSettings,
)
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation
from pushnet.world import World

Maker = Callable[[Parts], RoleService]

APP = AppSettings(key="a1" * 12, secret="s2" * 12, name="scenario")
DEVICE_PORT = 7001
RESTART_PAUSE_S = 1.0
STOP_LIMIT_S = 15.0


def small_cluster() -> Settings:
    """Every role; two of each that comes in numbers."""
    nodes = [
        NodeSettings(name="registry-1", role="registry", host="registry-1"),
        NodeSettings(name="queue-1", role="queue", host="queue-1"),
        *[
            NodeSettings(
                name=f"dbagent-{shard}", role="dbagent", host=f"dbagent-{shard}", dbagent=_shard(shard)
            )
            for shard in (0, 1)
        ],
        *[_node(f"tagalias-{number}", "tagalias") for number in (1, 2)],
        *[_node(f"broker-{number}", "broker") for number in (1, 2)],
        _node("gateway-1", "gateway"),
        _node("pusher-1", "pusher"),
    ]
    cluster = ClusterSettings(host="registry-1", secret="simulated secret", shards=2, lease_s=3.0)
    return Settings(cluster=cluster, app=[APP], node=nodes)


def _shard(number: int) -> DBAgentSettings:
    return DBAgentSettings(shards=[number])


def _node(name: str, role: str) -> NodeSettings:
    return NodeSettings(
        name=name,
        role=role,
        host=name,
        broker=BrokerSettings(host=name, port=DEVICE_PORT, heartbeat_s=5, inline_bytes_max=256),
        gateway=GatewaySettings(host=name, port=8080, push_per_minute=1_000_000, device_per_minute=1_000_000),
        tagalias=TagAliasSettings(snapshot_every_s=5.0),
    )


@attrs.frozen
class Running:
    """One process of a node."""

    service: RoleService
    communicator: Communicator


class SimCluster:
    """The nodes of `settings` in one simulation."""

    def __init__(
        self, simulation: Simulation, settings: Settings, makers: Mapping[str, Maker] | None = None
    ) -> None:
        self.simulation = simulation
        self.settings = settings
        self.running: dict[str, Running] = {}
        self.start_failures: list[str] = []
        self.doomed: list[str] = []
        """Of each process that could not go on, when and why."""
        self._makers = dict(makers or {})
        self._log = Logger(namespace="pushnet.sim")

    def names(self, role: str = "") -> list[str]:
        return [node.name for node in self.settings.node if not role or node.role == role]

    def start(self) -> Deferred[None]:
        """Boot everything; fires when all nodes serve."""
        return gatherResults([self.boot(name) for name in self.names()]).addCallback(lambda _: None)

    def boot(self, name: str) -> Deferred[None]:
        """Start a node's process; fires when it serves. One that cannot start is tried again."""
        world = self.simulation.host(name).boot()
        node = self.settings.named(name)
        communicator = Communicator(world, inner_properties(self.settings, node.role, name))

        def gauges() -> dict[str, float]:
            return self.running[name].service.gauges()

        membership = Membership(world, communicator, self.settings, node, "simulated", gauges)
        log = Logger(namespace=f"pushnet.{node.role}")
        parts = Parts(world, communicator, self.settings, node, membership, CollectorRegistry(), log)
        maker = (
            self._makers.get(node.role) or import_module(f"pushnet.roles.{node.role}.service").make_service
        )
        service: RoleService = maker(parts)
        self.running[name] = Running(service, communicator)
        service.doomed.addCallback(self._ended, name, world)
        service.startService()
        serving: Deferred[None] = Deferred()
        service.started.addCallbacks(serving.callback, self._not_started, errbackArgs=(name, serving))
        return serving

    def is_up(self, name: str) -> bool:
        return self.simulation.host(name).is_up

    def serves(self, name: str) -> bool:
        """Whether it is up, has started, and is not being stopped."""
        service = self.running[name].service
        return self.is_up(name) and service.started.called and bool(service.running)

    def kill(self, name: str) -> None:
        """As kill -9."""
        self.simulation.host(name).kill()

    def power_off(self, name: str) -> None:
        """The machine loses its power."""
        self.simulation.host(name).power_off()

    async def stop(self, name: str) -> None:
        """As SIGTERM: closes what is open, then ends; killed when that takes too long."""
        stopping = ensureDeferred(self._close(self.running[name]))
        stopping.addTimeout(STOP_LIMIT_S, self.simulation.host(name).world.clock)
        stopped: Deferred[None] = Deferred()
        give_up = self.simulation.later(STOP_LIMIT_S + 1, _fire, stopped)
        stopping.addErrback(self._not_stopped, name).addBoth(lambda _: _fire(stopped))
        await stopped
        if give_up.active():
            give_up.cancel()
        if self.is_up(name):
            self.kill(name)

    async def _close(self, process: Running) -> None:
        await process.service.stopService()
        await process.communicator.destroy()

    def _not_started(self, failure: Failure, name: str, serving: Deferred[None]) -> None:
        self.start_failures.append(f"{self.simulation.now_s:.3f} {name}: {failure.getErrorMessage()}")
        self._log.failure("{name} did not start", failure, name=name)
        if self.is_up(name):
            self.kill(name)
            self.simulation.later(RESTART_PAUSE_S, self._boot_again, name, serving)

    def _ended(self, reason: str, name: str, world: World) -> None:
        self.doomed.append(f"{self.simulation.now_s:.3f} {name}: {reason}")
        if self.is_up(name) and self.simulation.host(name).world is world:
            self.kill(name)
            self.simulation.later(RESTART_PAUSE_S, self._boot_again, name, Deferred())

    def _boot_again(self, name: str, serving: Deferred[None]) -> None:
        if not self.is_up(name):
            self.boot(name).addCallback(serving.callback)

    def _not_stopped(self, failure: Failure, name: str) -> None:
        self._log.failure("{name} did not stop well", failure, name=name)


def _fire(waiting: Deferred[None]) -> None:
    if not waiting.called:
        waiting.callback(None)
