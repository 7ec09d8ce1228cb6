"""What is shown again and again."""

from __future__ import annotations

import io

from twisted.internet.defer import Deferred, ensureDeferred, fail
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.live import Screen, until_stopped
from pushnet.app.running import Session
from pushnet.sim.simulation import Simulation


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class LiveTest(SynchronousTestCase):
    def setUp(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        self.session = Session(simulation.host("desk").boot(), None, Deferred())

    def test_off_a_terminal_one_picture_follows_the_other(self) -> None:
        out = io.StringIO()
        with Screen(out) as screen:
            screen.show("one")
            screen.show("two")
        self.assertEqual((screen.is_live, out.getvalue()), (False, "one\ntwo\n"))

    def test_on_a_terminal_one_takes_the_place_of_the_other(self) -> None:
        out = Terminal()
        with Screen(out) as screen:
            screen.show("one")
            screen.show("two")
        self.assertTrue(screen.is_live)
        self.assertIn("\x1b[2K", out.getvalue())

    def test_work_ends_by_itself_or_when_somebody_wants_us_to_end(self) -> None:
        never: Deferred[int] = Deferred()
        working = ensureDeferred(until_stopped(self.session, never))
        self.assertNoResult(working)
        self.session.stopping.callback(None)
        self.assertEqual(self.successResultOf(working), 0)

    def test_who_reads_no_more_is_no_failure(self) -> None:
        broken: Deferred[int] = fail(BrokenPipeError())
        self.assertEqual(self.successResultOf(ensureDeferred(until_stopped(self.session, broken))), 0)
