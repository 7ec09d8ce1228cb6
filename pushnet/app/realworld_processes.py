"""Child processes of the real world. Their output comes line by line, whatever the pipes made of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ProcessExitedAlready
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

from pushnet.app.realworld_apart import ApartProcess, RealHeldSocket, adopt, began_of, spawn_apart, usage_of
from pushnet.app.realworld_machine import machine_of
from pushnet.app.realworld_network import BACKLOG
from pushnet.world import HeldSocket, Usage

LINE_BYTES_MAX = 64 * 1024
"""A longer line arrives in pieces: a child that never ends its line must not fill our memory."""


class ChildProcess(ProcessProtocol):
    """One child. Implements `SpawnedProcess`."""

    def __init__(self, output: Callable[[bytes], None]) -> None:
        self.pid = 0
        self.began = ""
        self.exited: Deferred[int] = Deferred(lambda exited: None)
        self._output = output
        self._partial: dict[int, bytes] = {}

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.pid = self.transport.pid or 0
        self.began = began_of(self.pid)

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

    def hurry(self) -> None:
        """Nothing: it was not started gently."""


class ChildProcesses:
    """Implements `Processes` on the reactor.

    Args:
        path: of a name in the storage: where logs of processes are.
    """

    def __init__(self, reactor: Any, path: Callable[[str], str]) -> None:
        self._reactor = reactor
        self._path = path

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

    def spawn_apart(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        log: str,
        folder: str = "",
        sockets: Sequence[HeldSocket] = (),
        gently: bool = False,
    ) -> ApartProcess:
        return spawn_apart(self._reactor, argv, env, self._path(log), folder, sockets, gently)

    def adopt(self, pid: int, began: str) -> ApartProcess | None:
        return adopt(self._reactor, pid, began)

    def usage(self, pid: int) -> Usage | None:
        return usage_of(pid)

    def machine(self) -> dict[str, float]:
        return machine_of(self._path("logs"))

    def hold(self, host: str, port: int, backlog: int = 0, *, shared: bool = False) -> RealHeldSocket:
        return RealHeldSocket(host, port, backlog or BACKLOG, shared)
