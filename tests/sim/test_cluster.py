"""The whole cluster and fifty devices in one process: fifty seeds, replays, and planted bugs.

`PUSHNET_SEEDS=1-500` plays other seeds. One that fails is seen again with `scripts/simulate --seed N`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.utils import getProcessOutput
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.sim import Simulation
from pushnet.sim.cluster import SimCluster, small_cluster
from pushnet.sim.faults import KINDS

SEEDS = os.environ.get("PUSHNET_SEEDS", "1-50")
PROCESSES = "2"


def campaign(seeds: str, processes: str, hash_seed: str = "random") -> Deferred[list[dict]]:
    """Play seeds in processes of their own; what came of each."""
    env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    arguments = ["-m", "pushnet.sim.campaign", "--json", "--processes", processes, "--seeds", seeds]
    playing = getProcessOutput(
        sys.executable, arguments, env=env, path=str(Path.cwd()), reactor=reactor, errortoo=False
    )
    return playing.addCallback(lambda printed: [json.loads(line) for line in printed.splitlines()])


class WholeClusterTests(TestCase):
    timeout = 900

    async def test_every_accepted_push_is_shown_exactly_once_under_every_seed(self) -> None:
        outcomes = await campaign(SEEDS, PROCESSES)
        self.assertGreaterEqual(len(outcomes), 1)
        wrong = [
            f"seed {each['seed']}: {each['wrong'][:5]}; see it again: scripts/simulate --seed {each['seed']}"
            for each in outcomes
            if each["wrong"]
        ]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))
        if "PUSHNET_SEEDS" not in os.environ:
            self._check_strength(outcomes)

    def _check_strength(self, outcomes: list[dict]) -> None:
        """A harness that did too little has shown nothing."""
        self.assertEqual(len(outcomes), 50)
        caused = {kind: sum(each["faults"].get(kind, 0) for each in outcomes) for kind in KINDS}
        self.assertEqual([kind for kind, count in caused.items() if count < 20], [], caused)
        self.assertGreater(sum(each["pushes"] for each in outcomes), 1500)
        self.assertGreater(sum(each["deliveries"] for each in outcomes), 10_000)

    async def test_a_seed_gives_one_trace_in_every_process(self) -> None:
        for seed in ("3", "4"):
            first = await campaign(seed, "1", "0")
            second = await campaign(seed, "1", "4711")
            self.assertEqual(first[0]["trace_hash"], second[0]["trace_hash"])
            self.assertEqual(first[0]["steps"], second[0]["steps"])


class SimClusterTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.cluster = SimCluster(self.simulation, small_cluster())

    def test_every_node_starts_and_stops_and_leaves_nothing_running(self) -> None:
        self.simulation.run_until(self.cluster.start())
        self.assertEqual(self.cluster.start_failures, [])
        names = self.cluster.names()
        for name in reversed(names):
            self.simulation.run_until(self.cluster.stop(name))
        self.assertEqual([name for name in names if self.cluster.is_up(name)], [])
        self.assertEqual(self.simulation.failures, [])

    def test_nodes_wait_for_a_registry_that_comes_late(self) -> None:
        starting = self.cluster.boot("queue-1")
        self.simulation.run_for(5)
        self.assertNoResult(starting)
        self.cluster.boot("registry-1")
        self.simulation.run_until(starting, 30)

    def test_a_node_comes_back_after_a_kill_and_after_a_power_failure(self) -> None:
        self.simulation.run_until(self.cluster.start())
        for end in (self.cluster.kill, self.cluster.power_off):
            end("dbagent-0")
            self.simulation.run_for(1)
            self.assertFalse(self.cluster.is_up("dbagent-0"))
            self.simulation.run_until(self.cluster.boot("dbagent-0"), 30)
