"""Child processes of the real world. Their output comes line by line, whatever the pipes made of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ProcessExitedAlready
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

LINE_BYTES_MAX = 64 * 1024
"""A longer line arrives in pieces: a child that never ends its line must not fill our memory."""


class ChildProcess(ProcessProtocol):
    """One child. Implements `SpawnedProcess`."""

    def __init__(self, output: Callable[[bytes], None]) -> None:
        self.pid = 0
        self.exited: Deferred[int] = Deferred(lambda exited: None)
        self._output = output
        self._partial: dict[int, bytes] = {}

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.pid = self.transport.pid or 0

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        whole, newline, rest = (self._partial.get(childFD, b"") + data).rpartition(b"\n")
        if len(rest) > LINE_BYTES_MAX:
            whole, newline, rest = whole + newline + rest, b"", b""
        self._partial[childFD] = rest
        if whole or newline:
            self._output(whole + newline)

    def childConnectionLost(self, childFD: int) -> None:
        rest = self._partial.pop(childFD, b"")
        if rest:
            self._output(rest)

    def processEnded(self, reason: Failure) -> None:
        ended: Any = reason.value
        if not self.exited.called:
            self.exited.callback(-ended.signal if ended.signal else ended.exitCode)

    def signal(self, number: int) -> None:
        """Send a signal; to one that has ended it is no error."""
        assert self.transport is not None
        try:
            self.transport.signalProcess(number)
        except ProcessExitedAlready:
            return


class ChildProcesses:
    """Implements `Processes` on the reactor, which collects the exit status."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor

    def spawn(
        self, argv: Sequence[str], *, env: Mapping[str, str], output: Callable[[bytes], None]
    ) -> ChildProcess:
        """Start `argv` with nothing to read on stdin. Its working directory is ours."""
        child = ChildProcess(output)
        nothing = os.open(os.devnull, os.O_RDONLY)
        try:
            pipes = {0: nothing, 1: "r", 2: "r"}
            self._reactor.spawnProcess(child, argv[0], list(argv), env=dict(env), childFDs=pipes)
        finally:
            os.close(nothing)
        return child
