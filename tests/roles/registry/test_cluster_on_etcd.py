"""Settings where several registries share them: any answers, any may be away."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.cluster import AgentPlan, ClusterPrx, GenerationException
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.roles.base import Parts
from pushnet.roles.membership import Membership
from pushnet.roles.registry.service import make_service
from pushnet.rpc.communicator import Communicator
from pushnet.sim.etcd import SimEtcd
from pushnet.sim.simulation import Simulation
from tests.roles.registry.clusters import CLUSTER, cluster_at

T = TypeVar("T")
REGISTRIES = ("registry-1", "registry-2", "registry-3")
LATER = CLUSTER.replace('["./clock"]', '["./clock", "-v"]')
REACHES_ALL_WITHIN_S = 5.0


class ClusterOnEtcdTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(5)
        self.addCleanup(self.simulation.close)
        self.etcd = SimEtcd(self.simulation)
        self.simulation.run_until(self.etcd.boot())
        cluster = ClusterSettings(secret="x" * 16, host="nowhere", etcd=[self.etcd.url])
        nodes = [NodeSettings(name=name, role="registry", host=name) for name in REGISTRIES]
        self.settings = Settings(cluster=cluster, node=nodes)
        for name in REGISTRIES:
            self.start_registry(name)
        self.observer = Communicator(self.simulation.host("observer").boot(), inner_properties(self.settings))

    def start_registry(self, name: str) -> None:
        world, node = self.simulation.host(name).boot(), self.settings.named(name)
        communicator = Communicator(world, inner_properties(self.settings))
        membership = Membership(world, communicator, self.settings, node, "1.0")
        parts = Parts(world, communicator, self.settings, node, membership, CollectorRegistry(), Logger())
        service = make_service(parts)
        service.startService()
        self.simulation.run_until(service.started, 30.0)

    def at(self, *registries: str) -> ClusterPrx:
        return cluster_at(self.observer, *registries).ice_invocationTimeout(60_000)

    def get(self, call: Awaitable[T]) -> T:
        return self.simulation.run_until(call, 60.0)

    def apply(self, registry: str, text: str, expected: int) -> int:
        return self.get(self.at(registry).apply(text, expected, "ann", ""))

    def test_what_is_applied_at_one_reaches_who_waits_at_any(self) -> None:
        self.apply("registry-1", CLUSTER, 0)
        known = self.get(self.at("registry-2").plan("m2", 0, 10_000)).generation
        waiting: list[Deferred[AgentPlan]] = [
            ensureDeferred(self.at(name).plan("m2", known, 30_000)) for name in REGISTRIES
        ]
        self.simulation.run_for(1.0)
        since = self.simulation.now_s
        self.apply("registry-3", LATER, 1)
        plans = [self.get(each) for each in waiting]
        self.assertLess(self.simulation.now_s - since, REACHES_ALL_WITHIN_S)
        self.assertEqual({plan.servers[0].command[-1] for plan in plans}, {"-v"})
        self.assertEqual(len({plan.generation for plan in plans}), 1)

    def test_who_knows_more_than_a_registry_is_answered_when_that_knows_it_too(self) -> None:
        self.apply("registry-1", CLUSTER, 0)
        self.simulation.host("registry-2").pause()
        self.apply("registry-1", LATER, 1)
        newer = self.get(self.at("registry-1").plan("m2", 0, 0))
        self.simulation.host("registry-2").resume()
        self.assertEqual(self.get(self.at("registry-2").plan("m2", newer.generation, 100)), newer)

    def test_of_two_that_apply_at_two_registries_one_is_told_to_look_again(self) -> None:
        self.apply("registry-1", CLUSTER, 0)
        self.simulation.run_for(0.2)
        both = [
            ensureDeferred(self.at(name).apply(f"{CLUSTER}# {name}\n", 1, "", "")) for name in REGISTRIES[:2]
        ]
        outcomes: list[int | str] = []
        for each in both:
            try:
                outcomes.append(self.get(each))
            except GenerationException as other:
                outcomes.append(f"{other.current} holds")
        self.assertEqual(sorted(map(str, outcomes)), ["2", "2 holds"])

    def test_settings_are_applied_while_any_registry_is_away(self) -> None:
        for generation, name in enumerate(REGISTRIES):
            self.simulation.host(name).kill()
            others = [other for other in REGISTRIES if other != name]
            text = f"{CLUSTER}# without {name}\n"
            self.assertEqual(self.apply(others[0], text, generation), generation + 1)
            self.start_registry(name)
            self.assertEqual(self.get(self.at(name).settings(0)), text)

    def test_a_report_at_one_is_known_by_all(self) -> None:
        self.apply("registry-1", CLUSTER, 0)
        state = ServerState("clock", "clock", "m2", ServerPhase.Serving, "", "")
        self.get(self.at("registry-1").report("m2", 1, [state]))
        self.simulation.run_for(1.0)
        for name in REGISTRIES:
            states = {each.id: each.phase for each in self.get(self.at(name).servers())}
            self.assertEqual(states["clock"], ServerPhase.Serving)
