"""What callers make of the book of what was done."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.roll_callers import Callers, Request
from pushnet.sim.roll_servers import Executions
from pushnet.sim.simulation import Simulation


class CallersTest(SynchronousTestCase):
    def setUp(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        nobody: Any = None
        self.callers = Callers(simulation.host("c").boot(), nobody, simulation.rng("c"), lambda: 0.0)
        self.executions = Executions()

    def told(self, *, well: tuple[str, ...] = ("s",), none_lost: bool = True) -> list[str]:
        return self.callers.verdict(self.executions, well=well, none_lost=none_lost)

    def test_what_was_done_once_and_answered_is_right(self) -> None:
        self.callers.requests = [Request(1, "s", "once", 0.0, "ok"), Request(2, "s", "one-way", 0.0, "ok")]
        self.executions.note(1, "a")
        self.executions.note(2, "a")
        self.assertEqual(self.told(), [])

    def test_what_was_done_twice_is_wrong_unless_it_may_be(self) -> None:
        self.callers.requests = [Request(1, "s", "once", 0.0), Request(2, "s", "idempotent", 0.0)]
        for number in (1, 1, 2, 2):
            self.executions.note(number, "a")
        self.assertEqual(self.told(), ["0.000: once 1 to s was done 2 times: ['a', 'a']"])

    def test_what_is_lost_or_fails_is_wrong_where_nothing_explains_it(self) -> None:
        self.callers.requests = [
            Request(1, "s", "batch", 0.0, "ok"),
            Request(2, "s", "once", 0.0, "ConnectFailed"),
        ]
        self.assertEqual(
            self.told(), ["0.000: batch 1 to s is lost", "0.000: once 2 to s failed: ConnectFailed"]
        )
        self.assertEqual(self.told(well=(), none_lost=False), [])
