"""Other settings for ten brokers: never is more than one out, whoever leads, and whoever is dead."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.deploy import DeployerPrx, DeployOptions, DeployRefusedException
from pushnet.gen.pushnet.event import EventFilter, EventsPrx
from pushnet.gen.pushnet.server import ServerPhase, ServerPlan, ServerState
from pushnet.sim.releases import publish
from pushnet.sim.world import STARTED_AT_S
from tests.roles.registry.clusters import cluster_at
from tests.roles.simgrid import SimGrid

T = TypeVar("T")
COUNT = 10
AT = "tcp -h registry-1 -p 4061"
START_S = 1.5
BAD = "bad"
"""With that nothing starts, and what ran before goes on."""
HEAD = """
[cluster]
name = "test"
secret = "0123456789abcdef"
host = "registry-1"
lease_s = 3.0
"""
TABLES = """
[[node]]
name = "m{n}"
role = "node"
host = "h{n}"

[[server]]
name = "b{n}"
kind = "edge"
agent = "m{n}"
command = ["./broker", "{word}"]
release = "broker"
version = "1"
start_limit_s = 5.0
stop_limit_s = 2.0
"""
REST = '\n[[server]]\nname = "clock"\nagent = "m0"\ncommand = ["./clock", "{word}"]\n'


def text(word: str) -> str:
    return (
        HEAD + "".join(TABLES.format(n=number, word=word) for number in range(COUNT)) + REST.format(word=word)
    )


class Agent:
    """Replaces what its plan changes; a server needs a while until it serves."""

    def __init__(self, play: WavingTest, number: int) -> None:
        self.play = play
        self.name = f"m{number}"
        self.plans: dict[str, ServerPlan] = {}
        self.pids: dict[str, int] = {}
        self.runs: dict[str, ServerPlan] = {}
        self.failed: dict[str, str] = {}
        self.since: dict[str, float] = {}
        self.known = 0
        self.alive = True

    def out(self) -> list[str]:
        now = self.play.simulation.now_s
        return [name for name, since in self.since.items() if now - since < START_S and self.pids[name] > 1]

    async def live(self) -> None:
        cluster = self.play.cluster
        while self.alive:
            plan = await cluster.plan(self.name, self.known, 0)
            self.known = plan.generation
            for each in plan.servers:
                if self.plans.get(each.id) != each:
                    before = self.plans.get(each.id)
                    self.plans[each.id] = each
                    self.failed.pop(each.id, None)
                    if each.command[-1] == BAD:
                        self.failed[each.id] = "ended with status 1"
                        continue
                    if before is not None and self.runs.get(each.id) == each:
                        continue
                    self.runs[each.id] = each
                    self.pids[each.id] = self.pids.get(each.id, 0) + 1
                    self.since[each.id] = self.play.simulation.now_s
            await cluster.report(self.name, 1, [self.state(each) for each in self.plans.values()])
            await self.play.simulation.sleep(0.5)

    def state(self, plan: ServerPlan) -> ServerState:
        phase = ServerPhase.Starting if plan.id in self.out() else ServerPhase.Serving
        why = self.failed.get(plan.id, "")
        return ServerState(plan.id, plan.kind, self.name, phase, "1", "1", pid=self.pids[plan.id], reason=why)


class WavingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.simulation = self.grid.simulation
        self.grid.start_registry()
        observer = self.grid.observer()
        self.cluster: ClusterPrx = cluster_at(observer, "registry-1")
        deployer = DeployerPrx.uncheckedCast(observer.stringToProxy(f"PushNet/Deployer:{AT}"))
        events = EventsPrx.uncheckedCast(observer.stringToProxy(f"PushNet/Events:{AT}"))
        assert deployer is not None and events is not None
        self.deployer, self.log = deployer, events
        self.get(self.cluster.apply(text("one"), 0, "ann", ""))
        self.agents = [Agent(self, number) for number in range(COUNT)]
        for agent in self.agents:
            Deferred.fromCoroutine(agent.live())
        self.simulation.run_for(5.0)
        self.out_most = 0

    def get(self, call: Awaitable[T]) -> T:
        return self.simulation.run_until(call, 60.0)

    def words(self) -> list[str]:
        """What each broker is started with."""
        return [agent.plans[f"b{number}"].command[-1] for number, agent in enumerate(self.agents)]

    def pass_time(self, seconds: float) -> None:
        for _ in range(int(seconds * 4)):
            self.simulation.run_for(0.25)
            out = [name for agent in self.agents for name in agent.out() if name.startswith("b")]
            self.out_most = max(self.out_most, len(out))

    def events(self, kind: str) -> list[str]:
        self.simulation.run_for(1.0)
        return [event.text for event in self.get(self.log.read(EventFilter(kinds=[kind]), 0, 100, 0)).events]

    def test_never_is_more_than_one_out_and_at_last_all_have_them(self) -> None:
        self.get(self.cluster.apply(text("two"), 1, "ann", ""))
        self.pass_time(1.0)
        self.assertEqual(self.words().count("two"), 1)
        self.assertEqual(self.agents[0].plans["clock"].command[-1], "two", "it is alone of its kind")
        self.pass_time(50.0)
        self.assertEqual((self.words(), self.out_most), (["two"] * COUNT, 1))
        self.assertEqual({agent.pids[f"b{number}"] for number, agent in enumerate(self.agents)}, {2})
        self.assertEqual(self.events("settings.reached"), ["every server goes by them"])

    def test_a_server_whose_agent_is_dead_halts_the_rest_and_that_is_told(self) -> None:
        self.agents[3].alive = False
        self.simulation.run_for(1.0)
        self.get(self.cluster.apply(text("two"), 1, "ann", ""))
        self.pass_time(60.0)
        self.assertEqual(self.out_most, 1)
        self.assertLess(self.words().count("two"), COUNT - 1)
        (told,) = self.events("settings.halted")
        self.assertIn("b3 did not come back", told)
        self.agents[3].alive = True
        Deferred.fromCoroutine(self.agents[3].live())
        self.pass_time(50.0)
        self.assertEqual((self.words(), self.out_most), (["two"] * COUNT, 1))

    def test_settings_that_cannot_be_started_with_touch_one_and_others_cure_it(self) -> None:
        for generation, cure in ((1, "one"), (3, "two")):
            self.get(self.cluster.apply(text(BAD), generation, "ann", ""))
            self.pass_time(40.0)
            self.assertEqual((self.words().count(BAD), self.out_most), (1, 0))
            self.assertIn("did not come back", self.events("settings.halted")[-1])
            self.get(self.cluster.apply(text(cure), generation + 1, "ann", "the cure"))
            self.pass_time(100.0)
            self.assertEqual(self.words(), [cure] * COUNT)
            self.assertEqual(self.out_most, 0 if cure == "one" else 1)

    def test_another_leader_goes_on_where_the_former_was(self) -> None:
        self.get(self.cluster.apply(text("two"), 1, "ann", ""))
        self.pass_time(8.0)
        self.assertIn("one", self.words())
        self.simulation.host("registry-1").kill()
        for agent in self.agents:
            agent.alive = False
        self.grid.start_registry()
        for agent in self.agents:
            agent.alive = True
            Deferred.fromCoroutine(agent.live())
        self.pass_time(60.0)
        self.assertEqual((self.words(), self.out_most), (["two"] * COUNT, 1))

    def test_settings_that_come_in_the_middle_hold_for_all_and_none_is_started_twice_for_nothing(
        self,
    ) -> None:
        self.get(self.cluster.apply(text("two"), 1, "ann", ""))
        self.pass_time(8.0)
        have = self.words().count("two")
        self.assertTrue(0 < have < COUNT)
        self.get(self.cluster.apply(text("one"), 2, "ann", "back again"))
        self.pass_time(50.0)
        self.assertEqual((self.words(), self.out_most), (["one"] * COUNT, 1))
        starts = [agent.pids[f"b{number}"] for number, agent in enumerate(self.agents)]
        self.assertEqual((starts.count(3), starts.count(1)), (have, COUNT - have))

    def test_meanwhile_the_kind_is_not_rolled(self) -> None:
        publish(self.simulation.host("registry-1").world.storage, "broker", ["2"], STARTED_AT_S)
        self.get(self.cluster.apply(text("two"), 1, "ann", ""))
        self.pass_time(3.0)
        with self.assertRaises(DeployRefusedException) as refused:
            self.get(self.deployer.deploy("edge", "2", DeployOptions(), "ann"))
        self.assertIn("other settings are on their way to edge", refused.exception.reason)
        self.pass_time(50.0)
        self.get(self.deployer.deploy("edge", "2", DeployOptions(), "ann"))
