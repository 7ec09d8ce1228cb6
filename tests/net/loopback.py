"""A hub on real loopback sockets, turned by hand: what has been written is there when the call returns."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall, IPushProducer, IReactorFDSet
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.net.hub import Hub


class LoopbackListening:
    """The real world's listening socket, as small as a test needs it."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.socket.setblocking(False)
        self.errors: list[OSError] = []

    def fileno(self) -> int:
        return self.socket.fileno()

    def address(self) -> tuple[str, int]:
        host, port = self.socket.getsockname()
        return host, port

    def accept(self) -> tuple[int, str, int]:
        if self.errors:
            raise self.errors.pop(0)
        accepted, (host, port) = self.socket.accept()
        accepted.setblocking(False)
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        return accepted.detach(), host, port

    def close(self) -> None:
        self.socket.close()


class LoopbackStreams:
    """`EpollStreams` without a reactor: it only notes its readers."""

    def __init__(self) -> None:
        self.readers: list[Any] = []
        self.reactor: IReactorFDSet = self  # type: ignore[assignment]
        self.listening: list[LoopbackListening] = []
        self.taken = False

    def addReader(self, reader: Any) -> None:
        self.readers.append(reader)

    def removeReader(self, reader: Any) -> None:
        self.readers.remove(reader)

    def listen(self, host: str, port: int, backlog: int) -> LoopbackListening:
        if self.taken:
            raise OSError(errno.EADDRINUSE, "in use")
        self.listening.append(LoopbackListening())
        return self.listening[-1]


@implementer(IPushProducer)
class Recorder(Protocol):
    """Keeps what it hears; `answer` may talk back."""

    def __init__(self, answer: Callable[[Recorder, bytes], None] | None = None) -> None:
        self.heard = b""
        self.lost: Failure | None = None
        self.answer = answer
        self.flow: list[str] = []

    def dataReceived(self, data: bytes) -> None:
        self.heard += data
        if self.answer is not None:
            self.answer(self, data)

    def connectionLost(self, reason: Failure = None) -> None:  # type: ignore[assignment]
        self.lost = reason

    def pauseProducing(self) -> None:
        self.flow.append("pause")

    def resumeProducing(self) -> None:
        self.flow.append("resume")

    def stopProducing(self) -> None:
        self.flow.append("stop")


class Bench:
    """A hub, a clock and the sockets of callers."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.streams = LoopbackStreams()
        self.hub = Hub(self.streams, self._call_later)
        self.callers: list[socket.socket] = []

    def _call_later(self, delay_s: float, function: Callable[..., object], *args: Any) -> IDelayedCall:
        return self.clock.callLater(delay_s, function, *args)

    def call(self, port: int) -> socket.socket:
        """A caller's connection, established when this returns."""
        caller = socket.create_connection(("127.0.0.1", port))
        caller.setblocking(False)
        self.callers.append(caller)
        return caller

    def turn(self, times: int = 1) -> None:
        """What one turn of a reactor does: timers, then readers."""
        for _ in range(times):
            self.clock.advance(0)
            self.hub.doRead()

    def hang_up(self) -> None:
        for caller in self.callers:
            caller.close()
        self.turn(2)


def hear(caller: socket.socket) -> bytes | None:
    """What has arrived; None when nothing has, b"" at the end."""
    with contextlib.suppress(BlockingIOError):
        return caller.recv(1 << 20)
    return None
