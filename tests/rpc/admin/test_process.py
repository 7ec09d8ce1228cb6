"""An administrator ends a process, or writes where it writes."""

from __future__ import annotations

import contextlib
import io

from pushnet.gen.ice.process import ProcessPrx
from tests.rpc.admin.test_object import AdminCase


class ProcessTest(AdminCase):
    def test_it_begins_to_end_and_answers_first(self) -> None:
        communicator = self.server()
        ended = communicator.waitForShutdown()
        self.grid.wait(ProcessPrx(self.facet("Process").ice_reference).shutdown())
        self.grid.wait(ended)
        self.assertTrue(communicator.isShutdown())

    def test_what_is_to_be_written_is_written_and_to_others_nothing(self) -> None:
        self.server()
        process = ProcessPrx(self.facet("Process").ice_reference)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            self.grid.wait(process.writeMessage("to one", 1))
            self.grid.wait(process.writeMessage("to two", 2))
            self.grid.wait(process.writeMessage("to three", 3))
        self.assertEqual((out.getvalue(), err.getvalue()), ("to one\n", "to two\n"))
