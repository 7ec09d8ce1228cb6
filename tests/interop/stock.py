"""Stock Ice beside us: is it there, our Slice files compiled for it, its programs driven line by line.

The programs (`stock_*.py`) run under the system's Python, where Debian puts Ice. Where it is missing, these
tests fail and say what to install; `PUSHNET_WITHOUT_ICE=1` skips them instead.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.error import ProcessExitedAlready
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure
from twisted.trial.unittest import SkipTest, TestCase

SYSTEM_PYTHON = "/usr/bin/python3"
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CURE = (
    "stock Ice is missing: apt-get install python3-zeroc-ice zeroc-ice-compilers,"
    " or set PUSHNET_WITHOUT_ICE=1 to do without these tests"
)


def require_ice(test: TestCase) -> None:
    """Fail the test with the cure, or skip it if that is wanted, when stock Ice is not installed."""
    try:
        found = subprocess.run([SYSTEM_PYTHON, "-c", "import Ice, IceGrid, Glacier2"], capture_output=True)
        compiler = subprocess.run(["slice2py", "--version"], capture_output=True)
    except OSError:
        missing = True
    else:
        missing = bool(found.returncode or compiler.returncode)
    if missing and os.environ.get("PUSHNET_WITHOUT_ICE") == "1":
        raise SkipTest(CURE)
    if missing:
        test.fail(CURE)


def compile_slices(test: TestCase) -> str:
    """Let slice2py translate all of `idl/`; the folder of what it made."""
    folder = os.path.abspath(test.mktemp())
    Path(folder).mkdir(parents=True)
    for part in ("ice", "pushnet"):
        files = sorted(str(path) for path in (ROOT / "idl" / part).glob("*.ice"))
        command = ["slice2py", "-I", str(ROOT / "idl"), "--prefix", f"{part}_", "--output-dir", folder]
        subprocess.run([*command, *files], check=True, capture_output=True)
    return folder


def free_port() -> int:
    """A TCP port of the loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program(ProcessProtocol):
    """A child process that is talked to by lines. What it writes to stderr is kept for the failure's text."""

    def __init__(
        self,
        *argv: str,
        python: str = SYSTEM_PYTHON,
        command: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        files: Mapping[int, int] | None = None,
    ) -> None:
        """A script beside us and its arguments; or a command, which may be any program's.

        `env` is added to our environment; `files` are descriptors of ours, by its own numbers.
        """
        self.ended: Deferred[None] = Deferred()
        self.exit_code: int | None = None
        self._buffer = b""
        self._lines: deque[str] = deque()
        self._waiting: deque[Deferred[str]] = deque()
        self._errors = b""
        words = [*command, *argv] if command else [python, "-u", str(HERE / argv[0]), *argv[1:]]
        self._name = " ".join(words[:3])
        path = str(ROOT) if python == sys.executable else ""
        everything = {**os.environ, "PYTHONPATH": path, **(env or {})}
        descriptors = {0: "w", 1: "r", 2: "r", **(files or {})}
        self.transport = reactor.spawnProcess(
            self, words[0], words, env=everything, path=str(HERE), childFDs=descriptors
        )

    def line(self) -> Deferred[str]:
        """The next line it writes; fails when it ends before."""
        waiting: Deferred[str] = Deferred()
        self._waiting.append(waiting)
        self._hand_out()
        return waiting

    def say(self, command: str) -> None:
        """Write a line."""
        self.transport.write(command.encode() + b"\n")

    def ask(self, command: str) -> Deferred[str]:
        """Write a line, and wait for the next one."""
        self.say(command)
        return self.line()

    def kill(self) -> Deferred[None]:
        """SIGKILL; fires when the process is gone."""
        with suppress(ProcessExitedAlready):
            self.transport.signalProcess("KILL")
        return self.ended

    def finish(self) -> Deferred[None]:
        """Close its input; fires when it has ended by itself."""
        self.transport.closeStdin()
        return self.ended

    def outReceived(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        self._lines.extend(line.decode() for line in lines)
        self._hand_out()

    def errReceived(self, data: bytes) -> None:
        self._errors += data

    def processEnded(self, reason: Failure) -> None:
        self.exit_code = reason.value.exitCode or 0
        self._hand_out()
        self.ended.callback(None)

    def _ended_early(self) -> AssertionError:
        return AssertionError(f"{self._name} has ended: {self._errors.decode()[-4000:]}")

    def _hand_out(self) -> None:
        while self._lines and self._waiting:
            self._waiting.popleft().callback(self._lines.popleft())
        while self.exit_code is not None and self._waiting:
            self._waiting.popleft().errback(self._ended_early())
