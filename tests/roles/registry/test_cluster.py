"""The settings of a whole cluster, as operators and agents meet them at the registry."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TypeVar

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.locator import LocatorPrx
from pushnet.gen.pushnet.cluster import AgentPlan, BadSettingsException, Difference, GenerationException
from pushnet.gen.pushnet.event import EventFilter, EventsPrx, GridEvent
from pushnet.gen.pushnet.registry import GroupPolicy
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.registry.cluster_reports import AHEAD
from tests.roles.registry.clusters import CLUSTER, GROUP, cluster_at
from tests.roles.simgrid import SimGrid

T = TypeVar("T")
LATER = CLUSTER.replace('["./clock"]', '["./clock", "-v"]')


class ClusterTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.grid.start_registry()
        self.cluster = cluster_at(self.grid.observer(), "registry-1").ice_invocationTimeout(60_000)

    def get(self, call: Awaitable[T]) -> T:
        return self.grid.simulation.run_until(call, 60.0)

    def apply(self, text: str, expected: int = 0, why: str = "") -> int:
        return self.get(self.cluster.apply(text, expected, "ann", why))

    def refused(self, text: str, expected: int = 0) -> BadSettingsException:
        with self.assertRaises(BadSettingsException) as caught:
            self.apply(text, expected)
        return caught.exception

    def policies(self) -> dict[str, GroupPolicy]:
        return self.get(self.grid.ask().policies())

    # Applying.

    def test_before_anything_was_applied_there_is_nothing(self) -> None:
        self.assertEqual(self.get(self.cluster.settings(0)), "")
        self.assertEqual(self.get(self.cluster.history(10)), [])
        self.assertEqual(self.get(self.cluster.plan("m1", 0, 0)), AgentPlan())
        self.assertEqual(self.get(self.cluster.servers()), [])

    def test_what_was_applied_holds_and_is_remembered_with_who_and_why(self) -> None:
        self.assertEqual(self.apply(CLUSTER, 0, "the first"), 1)
        self.assertEqual(self.apply(LATER, 1, "more words"), 2)
        self.assertEqual(self.get(self.cluster.settings(0)), LATER)
        self.assertEqual(self.get(self.cluster.settings(1)), CLUSTER)
        history = self.get(self.cluster.history(10))
        self.assertEqual(
            [(each.number, each.who, each.why) for each in history],
            [(2, "ann", "more words"), (1, "ann", "the first")],
        )

    def test_a_wrong_text_changes_nothing(self) -> None:
        self.apply(CLUSTER)
        bad = self.refused(CLUSTER.replace('role = "broker"', 'role = "cook"'), 1)
        self.assertIn("node 'broker-1': role 'cook' is none of", bad.reason)
        self.refused("[[", 1)
        self.refused(CLUSTER + "#" * 600_000, 1)
        self.assertEqual(self.get(self.cluster.settings(0)), CLUSTER)
        self.assertEqual(len(self.get(self.cluster.history(10))), 1)

    def test_what_is_fixed_for_the_life_of_the_data_is_not_changed(self) -> None:
        self.apply(CLUSTER)
        bad = self.refused(CLUSTER.replace("lease_s = 3.0", "lease_s = 3.0\nshards = 3"), 1)
        self.assertIn("cluster.shards is 2 for the life of the data, not 3", bad.reason)
        bad = self.refused(CLUSTER.replace('name = "test"', 'name = "toast"'), 1)
        self.assertIn("cluster.name is 'test' for the life", bad.reason)

    def test_who_compared_with_an_older_generation_is_told_so(self) -> None:
        self.apply(CLUSTER)
        with self.assertRaises(GenerationException) as caught:
            self.apply(LATER, 0)
        self.assertEqual(caught.exception.current, 1)
        self.assertEqual(self.get(self.cluster.settings(0)), CLUSTER)

    def test_the_same_text_is_no_new_generation(self) -> None:
        self.apply(CLUSTER)
        self.assertEqual([self.apply(CLUSTER, 1), self.apply(CLUSTER, 0)], [1, 1])

    def test_a_generation_that_is_not_kept_is_answered_with_those_that_are(self) -> None:
        self.apply(CLUSTER)
        with self.assertRaises(BadSettingsException) as caught:
            self.get(self.cluster.settings(7))
        self.assertIn("generation 7 is not kept; there are: 1 to 1", caught.exception.reason)

    def test_the_difference_is_shown_and_nothing_changed_by_that(self) -> None:
        self.apply(CLUSTER)
        self.assertEqual(
            self.get(self.cluster.compare(LATER)),
            [Difference("server", "clock", "restarted", 'command: ["./clock"] -> ["./clock","-v"]')],
        )
        self.assertEqual(self.get(self.cluster.settings(0)), CLUSTER)
        with self.assertRaises(BadSettingsException):
            self.get(self.cluster.compare("x"))

    def test_settings_survive_the_registry(self) -> None:
        self.apply(CLUSTER + GROUP.format(n=1))
        number = self.get(self.cluster.plan("m1", 0, 0)).generation
        self.grid.kill("registry-1")
        self.grid.start_registry()
        self.assertEqual(self.get(self.cluster.settings(0)), CLUSTER + GROUP.format(n=1))
        self.assertEqual(self.get(self.cluster.plan("m1", 0, 0)).generation, number)
        self.assertEqual(self.policies()["TagAlias"].n, 1)

    # Groups.

    def test_groups_are_balanced_as_applied_at_once(self) -> None:
        for number in (1, 2, 3):
            self.grid.start_node(f"tagalias-{number}", number)
        self.apply(CLUSTER + GROUP.format(n=1))
        self.assertEqual((self.policies()["TagAlias"].choice, self.policies()["TagAlias"].n), ("ordered", 1))
        self.apply(CLUSTER + GROUP.format(n=2), 1)
        self.assertEqual(self.policies()["TagAlias"].n, 2)
        self.apply(CLUSTER, 2)
        self.assertEqual(self.policies(), {})

    def test_callers_get_the_replicas_that_the_applied_group_says(self) -> None:
        nodes = [self.grid.start_node(f"tagalias-{number}", number) for number in (1, 2)]
        locator = LocatorPrx.uncheckedCast(
            self.grid.observer().stringToProxy("IceGrid/Locator:tcp -h registry-1 -p 4061")
        )
        assert locator is not None
        for generation, (one, two) in enumerate([(1, 2), (2, 1), (1, 2)]):
            priorities = f"priorities = {{ tagalias-1 = {one}, tagalias-2 = {two} }}"
            node = nodes[0] if one < two else nodes[1]
            self.apply(CLUSTER + GROUP.format(n=1) + priorities, generation)
            for _ in range(3):
                found = self.get(locator.findAdapterById("TagAlias"))
                assert found is not None
                self.assertEqual(found.ice_getEndpoints(), node.adapter.getEndpoints())

    def test_what_was_set_live_stays_until_the_group_is_applied_otherwise(self) -> None:
        self.apply(CLUSTER + GROUP.format(n=1))
        self.get(self.grid.ask().setPolicy("TagAlias", GroupPolicy("random", 5)))
        self.apply(LATER + GROUP.format(n=1), 1)
        self.assertEqual(self.policies()["TagAlias"].n, 5)
        self.apply(LATER + GROUP.format(n=2), 2)
        self.assertEqual(self.policies()["TagAlias"].n, 2)

    # Plans.

    def test_each_agent_gets_its_own_plan(self) -> None:
        self.apply(CLUSTER)
        plans = [self.get(self.cluster.plan(agent, 0, 0)) for agent in ("m1", "m2", "m3")]
        self.assertEqual(
            [[server.id for server in plan.servers] for plan in plans], [["broker-1"], ["clock"], []]
        )
        self.assertEqual({plan.settings for plan in plans}, {CLUSTER})

    def test_who_waits_is_answered_when_something_changes_and_not_before(self) -> None:
        self.apply(CLUSTER)
        known = self.get(self.cluster.plan("m2", 0, 0)).generation
        waiting: Deferred[AgentPlan] = ensureDeferred(self.cluster.plan("m2", known, 20_000))
        self.grid.simulation.run_for(5.0)
        self.assertNoResult(waiting)
        before = self.grid.simulation.now_s
        self.apply(LATER, 1)
        plan = self.get(waiting)
        self.assertLess(self.grid.simulation.now_s - before, 0.5)
        self.assertEqual(plan.servers[0].command, ["./clock", "-v"])

    def test_who_waits_in_vain_is_answered_with_what_it_knows(self) -> None:
        self.apply(CLUSTER)
        plan = self.get(self.cluster.plan("m2", 0, 0))
        before = self.grid.simulation.now_s
        self.assertEqual(self.get(self.cluster.plan("m2", plan.generation, 2000)), plan)
        self.assertGreaterEqual(self.grid.simulation.now_s - before, 1.9)

    # Restored from a backup.

    def test_an_agent_that_knows_a_later_plan_is_told_in_the_log_of_events_once(self) -> None:
        self.apply(CLUSTER)
        plan = self.get(self.cluster.plan("m2", 0, 0))
        for _ in range(3):
            self.assertEqual(self.get(self.cluster.plan("m2", plan.generation + 50, 100)), plan)
        self.assertEqual([event.who for event in self.events("agent.ahead")], ["m2"])
        self.assertIn("pushnet restored", self.events("agent.ahead")[0].text)
        ahead = [state for state in self.get(self.cluster.servers()) if AHEAD in state.resources]
        self.assertEqual([state.agent for state in ahead], ["m2"])
        self.assertIn(f"newer than {plan.generation}", ahead[0].reason)
        self.get(self.cluster.restored("ann"))
        self.assertFalse([state for state in self.get(self.cluster.servers()) if AHEAD in state.resources])

    def test_when_the_operator_says_that_it_was_restored_its_plans_are_later_than_any(self) -> None:
        self.apply(CLUSTER)
        before = self.get(self.cluster.plan("m2", 0, 0))
        waiting = ensureDeferred(self.cluster.plan("m2", before.generation, 30_000))
        self.grid.simulation.run_for(0.5)
        self.get(self.cluster.restored("ann"))
        plan = self.get(waiting)
        self.assertGreater(plan.generation, before.generation + 10**9)
        self.assertEqual(plan.servers, before.servers)
        self.assertEqual([event.who for event in self.events("plans.restored")], ["ann"])
        self.get(self.cluster.restored("ann"))
        again = self.get(self.cluster.plan("m2", 0, 0)).generation
        self.assertGreater(again, plan.generation)
        self.grid.simulation.host("registry-1").kill()
        self.grid.start_registry()
        self.assertEqual(self.get(self.cluster.plan("m2", 0, 0)).generation, again)
        self.apply(LATER, 1)
        self.assertGreater(self.get(self.cluster.plan("m2", 0, 0)).generation, again)

    def events(self, kind: str) -> Sequence[GridEvent]:
        self.grid.simulation.run_for(1.0)
        log = EventsPrx.uncheckedCast(
            self.grid.observer().stringToProxy("PushNet/Events:tcp -h registry-1 -p 4061")
        )
        assert log is not None
        return self.get(log.read(EventFilter(kinds=[kind]), 0, 100, 0)).events

    # Reports.

    def state(self, phase: ServerPhase = ServerPhase.Serving) -> ServerState:
        return ServerState("broker-1", "broker", "m1", phase, "1.0", "1.0", pid=7)

    def servers(self) -> dict[str, ServerState]:
        return {state.id: state for state in self.get(self.cluster.servers())}

    def test_servers_are_as_their_agents_told(self) -> None:
        self.apply(CLUSTER)
        self.get(self.cluster.report("m1", 1, [self.state()]))
        servers = self.servers()
        self.assertEqual(list(servers), ["broker-1", "clock"])
        self.assertEqual((servers["broker-1"].phase, servers["broker-1"].pid), (ServerPhase.Serving, 7))
        self.assertEqual(servers["clock"].phase, ServerPhase.Resting)
        self.assertEqual(servers["clock"].reason, "agent m2 has not been heard")

    def test_an_agent_that_is_silent_is_told_of_its_servers(self) -> None:
        self.apply(CLUSTER)
        self.get(self.cluster.report("m1", 1, [self.state()]))
        self.grid.simulation.run_for(10.0)
        self.assertRegex(self.servers()["broker-1"].reason, r"^agent m1 has been silent for 1\d s$")

    def test_an_older_process_of_an_agent_is_not_believed(self) -> None:
        self.apply(CLUSTER)
        node = self.grid.start_node("m1", 1)
        self.get(self.cluster.report("m1", node.membership.epoch, [self.state()]))
        with self.assertRaises(UnavailableException):
            self.get(self.cluster.report("m1", node.membership.epoch - 1, []))
        self.assertEqual(self.servers()["broker-1"].phase, ServerPhase.Serving)
