"""Machines and registries die in simulation: what may run anywhere runs elsewhere, and only there."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import Settings, load_settings
from pushnet.roles.base import Parts
from pushnet.roles.membership import Membership
from pushnet.roles.node.service import make_service
from pushnet.roles.registry.service import make_service as make_registry
from pushnet.rpc.communicator import Communicator
from pushnet.sim.etcd import SimEtcd
from pushnet.sim.programs import Run
from pushnet.sim.simulation import Simulation

REGISTRIES = ("registry-1", "registry-2", "registry-3")
AGENTS = ("m1", "m2", "m3")
MOVED_WITHIN_S = 5.0
MOVED_BY_ANOTHER_LEADER_WITHIN_S = 12.0
"""Its predecessor's lease has to run out first."""
FILE = """
[cluster]
secret = "simulated secret"
host = "nowhere"
etcd = ["{etcd}"]

[[node]]
name = "registry-${{n}}"
role = "registry"
host = "registry-${{n}}"
count = 3

[[node]]
name = "m${{n}}"
role = "node"
host = "m${{n}}"
count = 3

[[server]]
name = "web-${{n}}"
kind = "web"
agent = "any"
command = ["web", "${{id}}"]
count = 4
"""


class MovingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(11)
        self.addCleanup(self.simulation.close)
        self.runs: list[Run] = []
        self.simulation.programs["web"] = self.runs.append
        etcd = SimEtcd(self.simulation)
        self.simulation.run_until(etcd.boot())
        self.text = FILE.format(etcd=etcd.url)
        self.settings: Settings = load_settings(self.text, "test.toml")
        for name in (*REGISTRIES, *AGENTS):
            self.boot(name)
        operator = Communicator(self.simulation.host("operator").boot(), {})
        at = ":".join(["PushNet/Cluster", *self.settings.registries])
        cluster = ClusterPrx.uncheckedCast(operator.stringToProxy(at))
        assert cluster is not None
        self.cluster = cluster.ice_invocationTimeout(20_000)
        self.simulation.run_until(self.cluster.apply(self.text, 0, "test", ""))
        self.simulation.run_for(10.0)

    def boot(self, name: str) -> None:
        settings, node = self.settings, self.settings.named(name)
        world = self.simulation.host(name).boot()
        communicator = Communicator(world, inner_properties(settings, node.role))
        membership = Membership(world, communicator, settings, node, "1.0")
        log: Any = Logger(namespace=name)
        parts = Parts(world, communicator, settings, node, membership, CollectorRegistry(), log)
        service = make_registry(parts) if node.role == "registry" else make_service(parts)
        service.startService()
        self.simulation.run_until(service.started, 60.0)

    def states(self) -> dict[str, ServerState]:
        return {state.id: state for state in self.simulation.run_until(self.cluster.servers(), 60.0)}

    def serving_at(self) -> dict[str, str]:
        states = self.states()
        return {name: state.agent for name, state in states.items() if state.phase is ServerPhase.Serving}

    def alive(self) -> list[str]:
        return sorted(run.argv[1] for run in self.runs if run.alive)

    def test_all_run_once_and_spread(self) -> None:
        places = self.serving_at()
        self.assertEqual(self.alive(), ["web-1", "web-2", "web-3", "web-4"])
        self.assertEqual(sorted(list(places.values()).count(agent) for agent in AGENTS), [1, 1, 2])

    def test_when_a_machine_dies_its_servers_run_elsewhere_within_five_seconds(self) -> None:
        before = self.serving_at()
        self.simulation.host("m2").power_off()
        self.simulation.run_for(MOVED_WITHIN_S)
        after = self.serving_at()
        self.assertEqual(sorted(after), sorted(before))
        self.assertNotIn("m2", after.values())
        self.assertEqual(self.alive(), ["web-1", "web-2", "web-3", "web-4"])
        stayed = [name for name, agent in before.items() if agent != "m2"]
        self.assertEqual([after[name] for name in stayed], [before[name] for name in stayed])

    def test_when_two_registries_die_with_it_the_third_one_moves_them(self) -> None:
        self.simulation.host("m2").power_off()
        for name in REGISTRIES[:2]:
            self.simulation.host(name).kill()
        self.simulation.run_for(MOVED_BY_ANOTHER_LEADER_WITHIN_S)
        after = self.serving_at()
        self.assertEqual(len(after), 4)
        self.assertNotIn("m2", after.values())
        for name in REGISTRIES[:2]:
            self.boot(name)
        self.simulation.run_for(5.0)
        self.assertEqual(self.alive(), ["web-1", "web-2", "web-3", "web-4"])
        self.assertEqual(self.serving_at(), after)

    def test_an_agent_that_is_back_in_time_keeps_what_it_ran(self) -> None:
        before, runs = self.serving_at(), len(self.runs)
        self.simulation.host("m2").kill()
        self.simulation.run_for(1.0)
        self.boot("m2")
        self.simulation.run_for(10.0)
        self.assertEqual((self.serving_at(), len(self.runs)), (before, runs))
