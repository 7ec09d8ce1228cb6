"""After standing still a registry hears what it missed before it answers."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.desk import Desk
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.state import StateUnavailable

LEASE_S = 3.0


class FakeLedger:
    """Catches up when it is told to."""

    lease_s = LEASE_S

    def __init__(self) -> None:
        self.hearing: list[Deferred[None]] = []

    def catch_up(self) -> Deferred[None]:
        self.hearing.append(Deferred())
        return self.hearing[-1]


class DeskTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.ledger = FakeLedger()
        parts: Any = self.ledger, None, None, None
        self.desk = Desk(self.simulation.host("r").boot(), *parts)

    def test_while_it_looks_around_it_is_not_stale(self) -> None:
        for _ in range(20):
            self.simulation.run_for(0.5)
            self.assertFalse(self.desk.stale)
            self.desk.look()
        self.assertEqual(self.ledger.hearing, [])

    def test_after_standing_still_answers_wait_until_it_has_heard(self) -> None:
        self.simulation.run_for(LEASE_S + 1)
        self.assertTrue(self.desk.stale)
        answers = [self.desk.later(lambda: "now"), self.desk.later(lambda: "too")]
        self.assertNoResult(answers[0])
        self.assertEqual(len(self.ledger.hearing), 1)
        self.ledger.hearing[0].callback(None)
        self.assertEqual([self.successResultOf(answer) for answer in answers], ["now", "too"])
        self.assertFalse(self.desk.stale)

    def test_looking_around_after_standing_still_begins_to_listen(self) -> None:
        self.simulation.run_for(LEASE_S + 1)
        self.desk.look()
        self.assertTrue(self.desk.stale)
        self.ledger.hearing[0].callback(None)
        self.assertFalse(self.desk.stale)

    def test_when_nothing_can_be_heard_what_was_known_is_answered(self) -> None:
        self.simulation.run_for(LEASE_S + 1)
        slow, failing = self.desk.later(lambda: "old"), self.desk.later(lambda: 1 // 0)
        self.simulation.run_for(LEASE_S / 3 + 0.1)
        self.assertEqual(self.successResultOf(slow), "old")
        self.failureResultOf(failing, ZeroDivisionError)
        self.simulation.run_for(LEASE_S + 1)
        refused = self.desk.later(lambda: "known")
        self.ledger.hearing[-1].errback(StateUnavailable("no etcd"))
        self.assertEqual(self.successResultOf(refused), "known")
