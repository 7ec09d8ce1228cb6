"""Plans come in by long polls, states go out with every change, and a silent registry stops nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.logger import formatEvent, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.cluster import AgentPlan, ClusterPrx, ClusterServant
from pushnet.gen.pushnet.server import ServerPlan, ServerState
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.node.following import REPORT_S, Following
from tests.rpc.given import PORT, Grid


class ClusterI(ClusterServant):  # type: ignore[misc]
    """A registry that tells one plan, and answers polls at its leisure."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.generation = 10
        self.asked: list[tuple[str, int, int]] = []
        self.reports: list[list[ServerState]] = []
        self.silent = False

    async def plan(self, agent: str, known: int, waitMs: int, current: Any = None) -> AgentPlan:
        self.asked.append((agent, known, waitMs))
        if self.silent:
            raise UnavailableException("not now")
        if known == self.generation:
            await self.grid.simulation.sleep(waitMs / 1000)
        return AgentPlan(self.generation, "text", [ServerPlan(id="s")])

    async def report(
        self, agent: str, epoch: int, servers: Sequence[ServerState], current: Any = None
    ) -> None:
        self.reports.append(list(servers))


class FollowingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.cluster = ClusterI(self.grid)
        self.grid.serve("registry", self.cluster)
        self.plans: list[int] = []
        self.on_disk = 0
        self.state = ServerState(id="s")
        self.epoch = 7
        world = self.grid.communicator("m").world
        proxy = ClusterPrx.uncheckedCast(self.grid.proxy("m", f"object:tcp -h registry -p {PORT}"))
        assert proxy is not None
        self.following = Following(
            world,
            "m",
            proxy,
            epoch=lambda: self.epoch,
            known=lambda: self.plans[-1] if self.plans else self.on_disk,
            took=lambda plan: self.plans.append(plan.generation),
            states=lambda: [self.state],
        )
        self.addCleanup(self.following.stop)
        self.lines: list[str] = []
        observer = lambda event: self.lines.append(formatEvent(event))  # noqa: E731
        globalLogPublisher.addObserver(observer)
        self.addCleanup(globalLogPublisher.removeObserver, observer)

    def pass_time(self, seconds: float) -> None:
        self.grid.simulation.run_for(seconds)

    def test_a_plan_is_taken_once_and_then_waited_for(self) -> None:
        self.following.start()
        self.pass_time(30.0)
        self.assertEqual(self.plans, [10])
        self.assertEqual(self.cluster.asked[:2], [("m", 0, 0), ("m", 10, 20_000)])
        self.assertLess(len(self.cluster.asked), 5)
        self.cluster.generation = 11
        self.pass_time(21.0)
        self.assertEqual(self.plans, [10, 11])

    def test_after_a_restart_it_asks_with_the_plan_it_has_and_takes_no_older_one(self) -> None:
        self.on_disk = 12
        self.following.start()
        self.pass_time(10.0)
        self.assertEqual(self.plans, [])
        self.assertEqual({known for _, known, _ in self.cluster.asked}, {12})
        self.assertLess(len(self.cluster.asked), 8)
        self.assertEqual(len(self.reports_of_older()), 1)
        self.cluster.generation = 13
        self.pass_time(3.0)
        self.assertEqual(self.plans, [13])

    def test_nor_does_it_when_a_registry_has_forgotten_everything(self) -> None:
        self.on_disk, self.cluster.generation = 12, 0
        self.following.start()
        self.pass_time(5.0)
        self.assertEqual(self.plans, [])
        self.assertEqual(len(self.reports_of_older()), 1)

    def reports_of_older(self) -> list[str]:
        """What an operator reads of it."""
        return [text for text in self.lines if "pushnet restored" in text]

    def test_where_nothing_was_ever_applied_nothing_changes(self) -> None:
        self.following.start()
        self.cluster.generation = 0
        self.pass_time(10.0)
        self.assertEqual([plan for plan in self.plans if plan == 0], [])

    def test_a_silent_registry_is_asked_again_with_pauses(self) -> None:
        self.following.start()
        self.cluster.silent = True
        self.pass_time(20.0)
        self.assertLess(len(self.cluster.asked), 20)
        self.assertEqual(self.plans, [])
        self.cluster.silent = False
        self.pass_time(3.0)
        self.assertEqual(self.plans, [10])

    def test_states_are_told_every_second_and_at_once_when_they_change(self) -> None:
        self.following.start()
        self.pass_time(10.0)
        self.assertTrue(9 <= len(self.cluster.reports) <= 12, len(self.cluster.reports))
        self.pass_time(REPORT_S / 2)
        before = len(self.cluster.reports)
        self.state = ServerState(id="s", pid=5)
        self.following.changed()
        self.pass_time(0.1)
        self.assertEqual(len(self.cluster.reports), before + 1)
        self.assertEqual(self.cluster.reports[-1], [self.state])

    def test_without_a_lease_nothing_is_told(self) -> None:
        self.following.start()
        self.epoch = 0
        self.pass_time(5.0)
        self.assertEqual(self.cluster.reports, [])
