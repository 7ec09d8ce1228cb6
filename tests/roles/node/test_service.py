"""A registry and an agent in simulation: settings are applied, servers follow, and what runs is told."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.agent import AgentPrx, NoServerException, ServerRefusedException
from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.installations import VARIABLE
from pushnet.grid.settings import load_settings
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.membership import Membership, NameTakenException
from pushnet.roles.node.service import make_service, program_of
from pushnet.roles.registry.service import make_service as make_registry
from pushnet.rpc.communicator import Communicator
from pushnet.sim.programs import Run
from pushnet.sim.simulation import Simulation

FILE = """
[cluster]
secret = "simulated secret"
host = "registry"
registry_port = 4061

[[node]]
name = "registry"
role = "registry"

[[node]]
name = "m1"
role = "node"
host = "m1"

[[server]]
name = "s-1"
agent = "m1"
command = ["server", "{argument}"]

[[server]]
name = "s-2"
agent = "m1"
command = ["server", "${{data}}"]
activation = "on-demand"
adapters = ["S2"]
"""


class ServiceTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.runs: list[Run] = []
        self.simulation.programs["server"] = self.runs.append
        self.services: dict[str, RoleService] = {}
        self.boot("registry", make_registry)
        self.boot("m1", make_service)
        world = self.simulation.host("operator").boot()
        self.operator = Communicator(
            world, {"Ice.Default.Locator": "IceGrid/Locator:tcp -h registry -p 4061"}
        )
        self.cluster = self.proxy(ClusterPrx, "PushNet/Cluster:tcp -h registry -p 4061")
        self.agent = self.proxy(AgentPrx, "Agent/m1")

    def proxy(self, kind: Any, text: str) -> Any:
        return kind.uncheckedCast(self.operator.stringToProxy(text)).ice_invocationTimeout(60_000)

    def boot(self, name: str, maker: Any) -> None:
        self.begin(name, maker)
        self.simulation.run_until(self.services[name].started)

    def begin(self, name: str, maker: Any, host: str = "") -> None:
        """`host`: the machine, when it has not the node's own name."""
        text = FILE.format(argument="1").replace(f'host = "{name}"', f'host = "{host or name}"')
        settings = load_settings(text, "test.toml")
        node = settings.named(name)
        world = self.simulation.host(host or name).boot()
        communicator = Communicator(world, inner_properties(settings, node.role))
        membership = Membership(world, communicator, settings, node, "1.0")
        parts = Parts(
            world, communicator, settings, node, membership, CollectorRegistry(), Logger(namespace=name)
        )
        service = self.services[host or name] = maker(parts)
        service.startService()

    def apply(self, argument: str, expected: int) -> None:
        text = FILE.format(argument=argument)
        self.simulation.run_until(self.cluster.apply(text, expected, "test", ""))

    def states(self) -> dict[str, ServerState]:
        return {state.id: state for state in self.simulation.run_until(self.cluster.servers())}

    def test_what_is_applied_runs_and_is_told(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        self.assertEqual([run.argv for run in self.runs], [("server", "1")])
        told = self.states()["s-1"]
        self.assertEqual((told.phase, told.agent, told.pid), (ServerPhase.Serving, "m1", self.runs[0].pid))
        self.assertIn("memory_bytes", told.resources)
        self.assertEqual(self.states()["s-2"].phase, ServerPhase.Resting)

    def test_a_change_arrives_at_once_and_touches_nothing_else(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        self.apply("2", 1)
        self.simulation.run_for(2.0)
        self.assertEqual([run.argv[1] for run in self.runs], ["1", "2"])
        self.assertEqual([run.alive for run in self.runs], [False, True])

    def test_operators_stop_start_and_read(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        self.runs[0].write("hello")
        part = self.simulation.run_until(self.agent.log("s-1", 0, 1000, 0))
        self.assertEqual((part.offset, bytes(part.data)), (0, b"hello\n"))
        self.simulation.run_until(self.agent.stop("s-1"))
        self.assertFalse(self.runs[0].alive)
        with self.assertRaises(ServerRefusedException):
            self.simulation.run_until(self.agent.signal("s-1", 15))
        self.simulation.run_until(self.agent.start("s-1"))
        self.simulation.run_until(self.agent.restart("s-1"))
        self.assertEqual([run.alive for run in self.runs], [False, False, True])
        with self.assertRaisesRegex(
            NoServerException, "no server of this agent is called 'x'; there are: s-1"
        ):
            self.simulation.run_until(self.agent.start("x"))

    def test_a_server_on_demand_is_woken_unless_it_was_stopped(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        waking = self.agent.activate("s-2")
        self.simulation.run_for(1.0)
        self.assertEqual(len(self.runs), 2)
        self.assertFalse(waking.called, "it has not registered its adapter")
        waking.addErrback(lambda _: None)
        self.simulation.run_until(self.agent.stop("s-2"))
        with self.assertRaisesRegex(ServerRefusedException, "was stopped by hand"):
            self.simulation.run_until(self.agent.activate("s-2"))

    def test_without_a_registry_the_next_agent_goes_by_the_last_plan(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        self.simulation.host("registry").kill()
        self.simulation.host("m1").kill()
        self.runs[0].exit(1)
        self.boot("m1", make_service)
        self.simulation.run_for(3.0)
        self.assertEqual([run.alive for run in self.runs], [False, True])
        self.boot("registry", make_registry)
        self.simulation.run_for(10.0)
        self.assertEqual(self.states()["s-1"].phase, ServerPhase.Serving)
        self.assertEqual(len(self.runs), 2)

    def copied(self) -> RoleService:
        """The agent's folder on another machine, and an agent that is started with it."""
        disk = self.simulation.host("copy").disk
        for name in ("agent.json", "installation.json"):
            disk.replace(name, self.simulation.host("m1").disk.read(name))
        self.begin("m1", make_service, "copy")
        return self.services["copy"]

    def test_a_copy_of_it_on_another_machine_ends_and_has_started_nothing(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        copy = self.copied()
        with self.assertRaisesRegex(NameTakenException, r"m1 is process 0 at 10\.0\.0\.\d"):
            self.simulation.run_until(copy.started, 20.0)
        self.assertEqual(len(self.runs), 1)
        self.simulation.host("copy").kill()
        self.begin("m1", make_service, "copy")
        with self.assertRaises(NameTakenException):  # and so on, as often as systemd starts it
            self.simulation.run_until(self.services["copy"].started, 20.0)
        self.assertEqual(len(self.runs), 1)
        self.simulation.run_for(5.0)
        self.assertEqual(self.states()["s-1"].phase, ServerPhase.Serving)

    def test_its_folder_on_another_machine_takes_its_place_when_the_first_is_gone(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        self.simulation.host("m1").power_off()
        copy = self.copied()
        self.simulation.run_until(copy.started, 20.0)
        self.simulation.run_for(3.0)
        self.assertEqual([run.alive for run in self.runs], [False, True])
        self.assertEqual(self.states()["s-1"].pid, self.runs[1].pid)

    def test_after_a_start_of_its_machine_it_goes_by_the_last_plan_without_a_registry(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        for name in ("registry", "m1"):
            self.simulation.host(name).power_off()
        self.boot("m1", make_service)
        self.simulation.run_for(3.0)
        self.assertEqual([run.alive for run in self.runs], [False, True])

    def test_one_with_servers_whose_name_was_taken_meanwhile_stays_with_them(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        self.simulation.host("m1").kill()
        self.simulation.run_for(5.0)
        self.begin("m1", make_service, "copy")
        self.simulation.run_until(self.services["copy"].started)
        self.simulation.run_for(3.0)
        self.boot("m1", make_service)
        self.simulation.run_for(30.0)
        self.assertFalse(self.services["m1"].doomed.called)
        self.assertTrue(self.runs[0].alive)
        self.simulation.host("copy").power_off()
        self.simulation.run_for(10.0)
        self.assertEqual(self.states()["s-1"].pid, self.runs[0].pid)

    def test_what_it_starts_belongs_to_its_installation(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        id = self.services["m1"].parts.membership.installation
        self.assertTrue(id)
        self.assertEqual(self.runs[0].env[VARIABLE], id)

    def test_it_ends_and_its_servers_go_on(self) -> None:
        self.apply("1", 0)
        self.simulation.run_for(3.0)
        stopped: Deferred[None] = self.services["m1"].stopService()
        self.simulation.run_until(stopped)
        self.simulation.run_until(self.services["m1"].parts.communicator.destroy())
        self.simulation.run_for(1.0)
        self.assertTrue(self.runs[0].alive)
        left = [line for line in self.simulation.host("m1").world.leftovers() if "network" not in line]
        self.assertEqual(left, [])

    def test_what_a_machine_is_can_be_asked(self) -> None:
        facts = self.simulation.run_until(self.agent.facts())
        self.assertEqual((facts.name, facts.version, facts.resources["cpus"]), ("m1", "1.0", 1.0))

    def test_our_own_programs_are_those_beside_our_python(self) -> None:
        self.assertTrue(program_of("twistd").startswith("/"))
        self.assertEqual(program_of("sleep"), "sleep")
