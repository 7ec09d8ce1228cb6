"""The programs of simulated rolls: what their book says."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.roll_servers import Executions


class ExecutionsTest(SynchronousTestCase):
    def test_who_did_what_is_noted(self) -> None:
        executions = Executions()
        executions.note(1, "s 1")
        executions.note(1, "s 2")
        self.assertEqual((executions.count(1), executions.count(2)), (2, 0))
        self.assertEqual(executions.done[1], ["s 1", "s 2"])
