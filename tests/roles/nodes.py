"""Whole roles on simulated hosts around a registry: each node on a host of its own name."""

from __future__ import annotations

from importlib import import_module

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import AppSettings, ClusterSettings, NodeSettings, Settings
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation
from pushnet.sim.world import SimWorld

APP = "a" * 24
SECRET = "s" * 24


class Nodes:
    """Starts, stops and kills nodes of one simulated cluster with two shards."""

    def __init__(self, test: SynchronousTestCase) -> None:
        self.simulation = Simulation(11)
        test.addCleanup(self.simulation.close)
        cluster = ClusterSettings(secret="x" * 16, host="registry-1", shards=2)
        self.settings = Settings(cluster=cluster, app=[AppSettings(key=APP, secret=SECRET)])
        self.running: dict[str, tuple[RoleService, Communicator]] = {}

    def start(self, node: NodeSettings) -> RoleService:
        """Boot the node's host and open its role; serving when it returns."""
        service = self.begin(node)
        self.simulation.run_until(service.started, limit_s=60)
        return service

    def begin(self, node: NodeSettings) -> RoleService:
        """Boot the node's host and begin to open its role."""
        world = self.simulation.host(node.name).boot()
        communicator = self.communicator(world)
        made: list[RoleService] = []
        membership = Membership(
            world, communicator, self.settings, node, "1.0", lambda: made[0].gauges() if made else {}
        )
        metrics, log = CollectorRegistry(), Logger(namespace="test")
        parts = Parts(world, communicator, self.settings, node, membership, metrics, log)
        service: RoleService = import_module(f"pushnet.roles.{node.role}.service").make_service(parts)
        made.append(service)
        self.running[node.name] = (service, communicator)
        service.startService()
        return service

    def stop(self, name: str) -> None:
        """An orderly end of the process: the role closes, then the communicator."""
        service, communicator = self.running.pop(name)
        closing: Deferred[None] = service.stopService()
        self.simulation.run_until(closing, limit_s=60)
        self.simulation.run_until(communicator.destroy(), limit_s=60)

    def stop_all(self) -> None:
        """In the opposite order of their start."""
        for name in reversed(list(self.running)):
            self.stop(name)

    def communicator(self, world: SimWorld) -> Communicator:
        return Communicator(world, inner_properties(self.settings))

    def observer(self) -> Communicator:
        """A client on a host of its own."""
        host = self.simulation.host("observer")
        return self.communicator(host.world if host.is_up else host.boot())
