"""Starting gently. Who may do what is up to the system; here it is tried with a process of our own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld_priority import GENTLE, NICE_MAX, Calm, may_hurry


class CalmTest(SynchronousTestCase):
    def setUp(self) -> None:
        waits = [sys.executable, "-c", "import sys; sys.stdin.read()"]
        self.process = subprocess.Popen(waits, stdin=subprocess.PIPE, start_new_session=True)
        self.addCleanup(self.process.communicate)

    def niceness(self) -> int:
        return os.getpriority(os.PRIO_PROCESS, self.process.pid)

    def session(self) -> str:
        """Where the system groups sessions; else as if nothing had been said."""
        path = Path(f"/proc/{self.process.pid}/autogroup")
        return path.read_text().split()[-1] if path.exists() else "0"

    def test_it_waits_behind_others_until_it_is_hurried(self) -> None:
        before = self.niceness(), self.session()
        calm = Calm(self.process.pid)
        calm.begin()
        if may_hurry(before[0]):
            self.assertGreaterEqual(self.niceness(), min(before[0] + GENTLE, NICE_MAX))
        self.assertIn(self.session(), ("0", str(GENTLE)))
        while not calm.end():
            continue  # the system allows ten changes a second
        self.assertEqual((self.niceness(), self.session()), before)

    def test_who_was_not_calmed_keeps_what_it_has(self) -> None:
        before = self.niceness(), self.session()
        self.assertTrue(Calm(self.process.pid).end())
        self.assertEqual((self.niceness(), self.session()), before)

    def test_one_that_has_ended_is_no_error(self) -> None:
        self.process.communicate()
        calm = Calm(self.process.pid)
        calm.begin()
        self.assertTrue(calm.end())
