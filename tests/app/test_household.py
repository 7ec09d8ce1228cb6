"""The processes of one file, started in order, kept, and stopped in order: on a simulated machine."""

from __future__ import annotations

import os
import signal

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.board import Standing
from pushnet.app.household import SETTINGS, Household, StartFailed
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.installations import VARIABLE
from pushnet.grid.settings import load_settings
from pushnet.roles.base import Parts
from pushnet.roles.membership import Membership
from pushnet.roles.node.service import program_of
from pushnet.rpc.communicator import Communicator
from pushnet.sim.programs import Run
from pushnet.sim.simulation import Simulation
from tests.roles.registry.clusters import cluster_at
from tests.roles.simgrid import SimGrid

TEXT = """
[cluster]
secret = "0123456789abcdef"
host = "m"
[[node]]
name = "gateway-1"
role = "gateway"
[[node]]
name = "broker-1"
role = "broker"
[[node]]
name = "registry-1"
role = "registry"
"""
SERVING = '{"level":"info","message":"serving","http":"http://127.0.0.1:9"}'
TROUBLE = '{"level":"critical","message":"cannot start: the disk is full"}'
BROKER_2 = """
[[node]]
name = "broker-2"
role = "broker"
"""


class HouseholdTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(5)
        self.addCleanup(self.simulation.close)
        self.runs: list[tuple[str, Run]] = []
        self.broken = ""
        self.lines: list[tuple[str, bytes]] = []
        self.told: list[Standing] = []
        self.simulation.programs[program_of("twistd")] = self._twistd
        self.household = self.boot()

    def boot(self, text: str = TEXT) -> Household:
        """Begin, on a machine that is up."""
        world = self.simulation.host("m").boot()
        settings = load_settings(text, "test")
        communicator = Communicator(world, inner_properties(settings))
        membership = Membership(world, communicator, settings, SETTINGS, "1.0")
        parts = Parts(world, communicator, settings, SETTINGS, membership, CollectorRegistry(), Logger())
        return Household(parts, text, lambda name, line: self.lines.append((name, line)), self.told.append)

    def _twistd(self, run: Run) -> None:
        """A node as far as a supervisor sees it."""
        name = run.argv[run.argv.index("--node") + 1]
        self.runs.append((name, run))
        if name == self.broken:
            run.write(TROUBLE)
            run.exit(1)
            return
        run.on_signal = lambda number: run.exit(0)
        run.world.call_later(0.5, run.write, SERVING)

    def start(self) -> None:
        opening: Deferred[None] = Deferred.fromCoroutine(self.household.open())
        self.simulation.run_until(opening)

    def states(self, name: str) -> list[str]:
        return [standing.state for standing in self.told if standing.node == name]

    def test_the_registry_serves_before_the_others_start(self) -> None:
        self.start()
        names = [name for name, _ in self.runs]
        self.assertEqual((names[0], sorted(names[1:])), ("registry-1", ["broker-1", "gateway-1"]))
        for name in ("registry-1", "gateway-1", "broker-1"):
            self.assertEqual(self.states(name), ["starting", "serving"])
            self.assertIn((name, SERVING.encode()), self.lines)
        served = self.household.standings["broker-1"]
        self.assertEqual((served.role, served.http), ("broker", "http://127.0.0.1:9"))

    def test_nodes_end_with_us(self) -> None:
        self.start()
        self.assertTrue(all(run.argv[-1] == "--with-parent" for _, run in self.runs))

    def test_one_that_dies_is_started_again(self) -> None:
        self.start()
        self.assertTrue(self.household.kill("broker-1", signal.SIGKILL))
        self.simulation.run_for(5)
        self.assertEqual(self.states("broker-1"), ["starting", "serving", "pausing", "starting", "serving"])
        died = next(standing for standing in self.told if standing.state == "pausing")
        self.assertEqual((died.node, died.ended), ("broker-1", -signal.SIGKILL))
        self.assertEqual(self.household.standings["broker-1"].restarts, 1)
        self.assertFalse(self.household.kill("nobody", signal.SIGKILL))

    def test_one_that_cannot_start_is_told_with_its_last_words(self) -> None:
        self.broken = "broker-1"
        with self.assertRaises(StartFailed) as failed:
            self.start()
        told = "broker-1 ended with status 1: cannot start: the disk is full"
        self.assertEqual(str(failed.exception), told)
        self.assertIn(("broker-1", TROUBLE.encode()), self.lines)

    def test_work_flows_off_while_it_stops(self) -> None:
        self.start()
        self.told.clear()
        closing: Deferred[None] = Deferred.fromCoroutine(self.household.close())
        self.simulation.run_until(closing)
        rested = [standing.node for standing in self.told if standing.state == "resting"]
        self.assertEqual(rested, ["gateway-1", "broker-1", "registry-1"])
        self.assertFalse(any(run.alive for _, run in self.runs))

    def test_what_one_that_was_killed_has_left_ends_before_anything_starts(self) -> None:
        self.start()
        left = [run for _, run in self.runs]
        self.simulation.host("m").kill()
        self.assertTrue(all(run.alive for run in left))
        self.household = self.boot()
        self.start()
        self.assertFalse(any(run.alive for run in left))
        self.assertEqual(len(self.runs), 6)

    def test_other_settings_reach_the_processes_of_a_kind_one_after_the_other(self) -> None:
        grid = SimGrid(self)
        grid.start_registry()
        self.simulation = grid.simulation
        self.simulation.programs[program_of("twistd")] = self._twistd
        before = TEXT.replace('host = "m"', 'host = "registry-1"') + BROKER_2
        said: list[str] = []
        self.household = self.boot(before)
        self.household.said = said.append
        self.start()
        begun = len(self.runs)
        after = before.replace('role = "broker"', 'role = "broker"\nregion = "eu"')
        cluster = cluster_at(grid.observer(), "registry-1")
        self.simulation.run_until(cluster.apply(after, 1, "ann", ""))
        until = self.simulation.now_s + 60.0
        while not said:
            self.assertLess(self.simulation.now_s, until, self.household.standings)
            self.simulation.run_for(0.1)
            brokers = [run for name, run in self.runs if name.startswith("broker") and run.alive]
            self.assertLessEqual(len(brokers), 3, "the successor of one, beside both")
        self.assertEqual([name for name, _ in self.runs[begun:]], ["broker-1", "broker-2"])
        self.assertEqual(said, ["broker: other settings have reached every process"])

    def test_processes_inherit_our_environment(self) -> None:
        self.start()
        self.assertEqual(self.runs[0][1].env["PATH"], os.environ["PATH"])
        self.assertEqual(
            {run.env[VARIABLE] for _, run in self.runs}, {self.household.parts.membership.installation}
        )
