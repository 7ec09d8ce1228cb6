"""Processes of `pushnet up` come to other settings one after the other."""

from __future__ import annotations

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.turns import Turns
from pushnet.gen.pushnet.server import ServerPhase, ServerPlan, ServerState
from pushnet.grid.waves import MARGIN_S


def planned(name: str, remark: str = "", version: str = "", kind: str = "broker") -> ServerPlan:
    release = "broker" if version else ""
    return ServerPlan(
        id=name,
        kind=kind,
        release=release,
        version=version,
        environment={"REMARK": remark},
        startLimitMs=5000,
        stopLimitMs=0,
    )


@attrs.define
class Process:
    """A server as far as turns see it."""

    plan: ServerPlan
    pid: int = 1
    phase: ServerPhase = ServerPhase.Serving

    def state(self, agent: str) -> ServerState:
        return ServerState(id=self.plan.id, phase=self.phase, pid=self.pid)


class TurnsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.processes: dict[str, Process] = {}
        self.turns = Turns(self.processes)  # type: ignore[arg-type]
        self.news: list[str] = []

    def follow(self, now: float = 0.0) -> list[str]:
        """One look: whoever is given another plan begins to start with it. Returns who that is."""
        self.news = self.turns.step(now)
        begun = []
        for plan in self.turns.plans():
            known = self.processes.get(plan.id)
            if known is None:
                self.processes[plan.id] = Process(plan)
            elif known.plan != plan:
                known.plan, known.phase = plan, ServerPhase.Starting
                begun.append(plan.id)
        return begun

    def serves(self, name: str) -> None:
        process = self.processes[name]
        process.pid, process.phase = process.pid + 1, ServerPhase.Serving

    def begin(self, *plans: ServerPlan) -> None:
        self.turns.want(plans)
        self.assertEqual(self.follow(), [])
        self.assertTrue(self.turns.over)

    def test_what_is_new_starts_at_once(self) -> None:
        self.begin(planned("a"), planned("b"), planned("c"))
        self.assertEqual(list(self.processes), ["a", "b", "c"])

    def test_one_of_a_kind_is_out_and_the_next_follows_when_it_is_back(self) -> None:
        self.begin(planned("a"), planned("b"), planned("x", kind="gateway"))
        self.turns.want([planned("a", "new"), planned("b", "new"), planned("x", "new", kind="gateway")])
        self.assertEqual(self.follow(), ["a", "x"])
        self.assertEqual(self.follow(), [])
        self.serves("a")
        self.assertEqual(self.follow(), ["b"])
        self.serves("b")
        self.assertEqual(self.follow(), [])
        self.assertTrue(self.turns.over)
        self.assertEqual(self.news, ["broker: other settings have reached every process"])

    def test_versions_are_the_business_of_a_roll(self) -> None:
        self.begin(planned("a", version="1"), planned("b", version="1"))
        self.turns.want([planned("a", "new", "1"), planned("b", "new", "1")])
        self.assertEqual(self.follow(), ["a"])
        self.turns.want([planned("a", "new", "1"), planned("b", "new", "2")])
        self.assertEqual(self.follow(), ["b"])
        self.assertEqual(self.processes["b"].plan, planned("b", "", "2"))

    def test_one_that_does_not_come_back_halts_the_rest_until_it_does(self) -> None:
        self.begin(planned("a"), planned("b"))
        self.turns.want([planned("a", "bad"), planned("b", "bad")])
        self.assertEqual(self.follow(), ["a"])
        self.assertEqual(self.follow(), [])
        self.assertEqual(self.follow(MARGIN_S + 6.0), [])
        told = "broker: a did not come back with the settings; 1 of the kind go on with the settings before"
        self.assertEqual(self.news, [told])
        self.assertEqual(self.follow(MARGIN_S + 7.0), [])
        self.assertEqual(self.news, [])
        self.turns.want([planned("a", "cured"), planned("b", "cured")])
        self.assertEqual(self.follow(MARGIN_S + 8.0), [])
        self.assertEqual(self.follow(MARGIN_S + 9.0), ["a"])
        self.serves("a")
        self.assertEqual(self.follow(MARGIN_S + 10.0), ["b"])

    def test_who_is_gone_from_the_file_is_not_waited_for(self) -> None:
        self.begin(planned("a"), planned("b"))
        self.turns.want([planned("a", "new"), planned("b", "new")])
        self.assertEqual(self.follow(), ["a"])
        self.turns.want([planned("b", "new")])
        self.assertEqual(self.follow(), ["b"])

    def test_one_that_rests_gets_them_at_once(self) -> None:
        self.begin(planned("a"), planned("b"))
        self.processes["a"].phase = ServerPhase.Resting
        self.turns.want([planned("a", "new"), planned("b", "new")])
        self.turns.step(0.0)
        self.assertEqual(self.turns.plans(), [planned("a", "new"), planned("b", "new")])
