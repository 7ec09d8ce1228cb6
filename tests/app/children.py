"""Runs a Python program to its end, for tests of whole processes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred
from twisted.internet.error import ProcessExitedAlready
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

LIMIT_S = 60.0
reactor: Any = installed_reactor


@attrs.frozen
class Ended:
    """How a program ended, and what it said."""

    status: int
    """Exit status; negative: the signal it died of."""
    out: str
    err: str


class Child(ProcessProtocol):
    """A running program. `ended` fires once; one that hangs is killed after `limit_s`."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        limit_s: float | None = LIMIT_S,
    ) -> None:
        self.ended: Deferred[Ended] = Deferred()
        self._out = bytearray()
        self._err = bytearray()
        self._waiting: list[tuple[bytes, Deferred[None]]] = []
        self._alarm = None if limit_s is None else reactor.callLater(limit_s, self.signal, signal.SIGKILL)
        reactor.spawnProcess(self, argv[0], list(argv), env={**os.environ, **(env or {})}, path=cwd)

    def signal(self, number: int) -> None:
        assert self.transport is not None
        try:
            self.transport.signalProcess(number)
        except ProcessExitedAlready:
            return

    @property
    def pid(self) -> int:
        transport: Any = self.transport
        return int(transport.pid)

    def children(self) -> set[int]:
        """What it has started itself and what is still there; nothing where the system does not tell."""
        found: set[int] = set()
        for file in Path(f"/proc/{self.pid}/task").glob("*/children"):
            found.update(map(int, file.read_text().split()))
        return found

    def says(self, text: bytes) -> Deferred[None]:
        """Fires when `text` stands in what it wrote to stdout; when it ends first, `ended` tells why."""
        said: Deferred[None] = Deferred()
        self._waiting.append((text, said))
        self._look()
        return said

    def outReceived(self, data: bytes) -> None:
        self._out += data
        self._look()

    def errReceived(self, data: bytes) -> None:
        self._err += data

    def processEnded(self, reason: Failure) -> None:
        if self._alarm is not None and self._alarm.active():
            self._alarm.cancel()
        value: Any = reason.value
        status = -value.signal if value.signal else value.exitCode
        ended = Ended(status, self._out.decode("utf-8", "replace"), self._err.decode("utf-8", "replace"))
        for _, said in self._waiting:
            if not said.called:
                said.errback(AssertionError(f"it ended without saying so: {ended}"))
        self.ended.callback(ended)

    def _look(self) -> None:
        for text, said in self._waiting:
            if text in self._out and not said.called:
                said.callback(None)


def python(*arguments: str, env: Mapping[str, str] | None = None, cwd: str | None = None) -> Child:
    """Start this Python with `arguments`."""
    return Child([sys.executable, *arguments], env, cwd)
