"""Each role is restarted in order under load: nothing is lost or shown twice, and no REST call fails."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.faults import Profile
from pushnet.sim.scenario import Scenario

QUIET = Profile(kinds=("cut",), pause_s=1e9)
PHONES = 12
BEGIN_S = 3.0
"""By then pushes of every kind are on their way."""


class RestartTests(SynchronousTestCase):
    def tearDown(self) -> None:
        self.flushLoggedErrors()

    def restart(self, name: str, down_s: float, seed: int = 1) -> None:
        """Play a run in which `name` ends in order and comes back after `down_s`."""
        scenario = Scenario(seed, phones=PHONES, profile=QUIET)
        simulation, cluster = scenario.simulation, scenario.cluster
        restarted: list[str] = []

        def begin() -> None:
            stopping = ensureDeferred(cluster.stop(name))
            stopping.addCallback(lambda _: simulation.later(down_s, come_back))

        def come_back() -> None:
            cluster.boot(name)
            restarted.append(name)

        simulation.later(BEGIN_S + simulation.rng("restart").random(), begin)
        outcome = scenario.play()
        self.assertEqual((outcome.wrong, restarted), ([], [name]))
        self.assertEqual(scenario.app_server.unanswered, [], name)
        self.assertEqual(outcome.replayed, 0, "a push was parked")

    def test_a_queue_comes_back_after_five_seconds(self) -> None:
        self.restart("queue-1", 5.0)

    def test_a_queue_comes_back_after_one_second(self) -> None:
        self.restart("queue-1", 1.0, seed=2)

    def test_each_shard_comes_back_after_five_seconds(self) -> None:
        self.restart("dbagent-0", 5.0)
        self.restart("dbagent-1", 5.0, seed=2)

    def test_a_registry_comes_back_after_five_seconds(self) -> None:
        self.restart("registry-1", 5.0)

    def test_what_comes_in_numbers_is_not_missed(self) -> None:
        for seed, name in enumerate(("tagalias-1", "broker-1", "pusher-1"), 1):
            self.restart(name, 3.0, seed)
