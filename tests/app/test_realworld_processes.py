"""Child processes: output by the line, exit status, signals."""

import os
import signal
import sys

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from pushnet.app.realworld_processes import LINE_BYTES_MAX, ChildProcess, ChildProcesses


class ChildProcessTests(TestCase):
    def _spawn(self, program: str) -> ChildProcess:
        self.heard: list[bytes] = []
        self.first: Deferred[None] = Deferred()
        argv = [sys.executable, "-S", "-c", program]
        return ChildProcesses(reactor, str).spawn(argv, env=dict(os.environ), output=self._hear)

    def _hear(self, data: bytes) -> None:
        self.heard.append(data)
        if not self.first.called:
            self.first.callback(None)

    async def test_the_exit_status_comes_after_all_output(self) -> None:
        child = self._spawn("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
        self.assertGreater(child.pid, 0)
        self.assertEqual(await child.exited, 3)
        self.assertEqual(sorted(b"".join(self.heard).split()), [b"err", b"out"])

    async def test_a_line_comes_whole_and_the_last_needs_no_end(self) -> None:
        child = self._spawn("import os; os.write(1, b'a'); os.write(2, b'x\\n'); os.write(1, b'b\\nrest')")
        await child.exited
        self.assertEqual(sorted(self.heard), [b"ab\n", b"rest", b"x\n"])

    async def test_a_signal_is_told_as_a_negative_status(self) -> None:
        child = self._spawn("import sys, signal; print('up', flush=True); signal.pause()")
        await self.first
        child.signal(signal.SIGKILL)
        self.assertEqual(await child.exited, -signal.SIGKILL)
        child.signal(signal.SIGTERM)

    def test_a_line_without_end_arrives_in_pieces(self) -> None:
        heard: list[bytes] = []
        child = ChildProcess(heard.append)
        child.childDataReceived(1, b"x" * (LINE_BYTES_MAX + 1))
        child.childDataReceived(1, b"y\n")
        self.assertEqual([len(data) for data in heard], [LINE_BYTES_MAX + 1, 2])
