"""The bar is silent where nobody watches."""

from __future__ import annotations

import contextlib
import io

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.patch_bar import Bar
from pushnet.roles.releases.library import Progress


class BarTests(SynchronousTestCase):
    def test_nothing_is_written_for_programs_and_into_files(self) -> None:
        for machine in (False, True):
            output = io.StringIO()
            with contextlib.redirect_stderr(output), Bar(machine) as bar:
                bar.files(10)("a", 5)
                bar.step(Progress("fetch", 1, 2))
                bar.step(Progress("done"))
            self.assertEqual(output.getvalue(), "")
