"""Who waits is answered when it changes, when the time is over, and when nobody is to wait any longer."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.registry.waiters import WAIT_S_MAX, Waiters
from pushnet.sim.simulation import Simulation


class WaitersTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("h").boot()
        self.waiters = Waiters(self.world, "news", 2)

    def test_all_are_answered_when_it_changes(self) -> None:
        both = [ensureDeferred(self.waiters.wait(20_000)) for _ in "ab"]
        self.simulation.run_for(1.0)
        self.assertEqual([each.called for each in both], [False, False])
        self.waiters.answer()
        self.assertEqual([each.called for each in both], [True, True])
        self.assertEqual(self.world.leftovers(), [])

    def test_nobody_waits_longer_than_asked_nor_than_is_allowed(self) -> None:
        brief, long = ensureDeferred(self.waiters.wait(1000)), ensureDeferred(self.waiters.wait(10**9))
        self.simulation.run_for(1.1)
        self.assertEqual((brief.called, long.called), (True, False))
        self.simulation.run_for(WAIT_S_MAX)
        self.assertTrue(long.called)

    def test_too_many_are_told_so(self) -> None:
        waiting = [ensureDeferred(self.waiters.wait(1000)) for _ in "abc"]
        failure = self.failureResultOf(waiting[2], UnavailableException)
        self.assertIn("2 wait for news already", failure.value.reason)
        self.waiters.answer()
