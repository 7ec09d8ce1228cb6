"""One connection of the hub: a descriptor, what waits to be written, and the protocol it serves.

To its protocol it is an ordinary Twisted transport (`ITransport`, `IPushProducer`, `IConsumer` for push
producers). `write` only queues; the hub calls `flush` at the end of its pass. What the system does not take
stays queued and pauses the producer: the system's own buffer (hundreds of KB) is the high-water mark. Closing
and aborting happen at the end of the pass too, so a protocol is never told of its end while it is talking.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterable

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionAborted, ConnectionDone, ConnectionLost
from twisted.internet.interfaces import IConsumer, IProducer, IProtocol, IPushProducer, ITransport
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.net.hub import Hub

READ_BYTES = 16 * 1024
CLOSING_LIMIT_S = 5.0
"""How long a peer that does not read may delay the end of its connection."""

_OPEN, _CLOSING, _ABORTED, _CLOSED = range(4)


@implementer(ITransport, IPushProducer, IConsumer)
class HubConnection:
    """A transport without a socket object. Made by `HubPort`."""

    __slots__ = (
        "_blocked",
        "_fd",
        "_host",
        "_hub",
        "_out",
        "_paused",
        "_port",
        "_producer",
        "_protocol",
        "_queued",
        "_reading",
        "_state",
    )

    disconnecting = property(lambda self: self._state != _OPEN)

    def __init__(self, hub: Hub, fd: int, host: str, port: int, protocol: IProtocol) -> None:
        self._hub = hub
        self._fd = fd
        self._host = sys.intern(host)
        self._port = port
        self._protocol = protocol
        self._out: list[bytes] | None = None
        """What waits; None when nothing does: most connections, most of the time."""
        self._queued = False
        self._blocked = False
        self._reading = True
        self._paused = False
        self._producer: IPushProducer | None = None
        self._state = _OPEN
        hub.connections += 1
        hub.watch(fd, self, select.EPOLLIN)

    # To the protocol: a transport.

    def write(self, data: bytes) -> None:
        if self._state != _OPEN or not data:
            return
        if self._out is None:
            self._out = [data]
        else:
            self._out.append(data)
        self._flush_later()

    def writeSequence(self, data: Iterable[bytes]) -> None:
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        if self._state == _OPEN:
            self._state = _CLOSING
            self._flush_later()

    def abortConnection(self) -> None:
        if self._state < _ABORTED:
            self._state = _ABORTED
            self._blocked = False
            self._flush_later()

    def getPeer(self) -> IPv4Address:
        return IPv4Address("TCP", self._host, self._port)

    def getHost(self) -> IPv4Address:
        return IPv4Address("TCP", "", 0)

    def registerProducer(self, producer: IProducer, streaming: bool) -> None:
        assert streaming and IPushProducer.providedBy(producer), "pull producers are not served"
        self._producer = producer

    def unregisterProducer(self) -> None:
        self._producer = None

    def pauseProducing(self) -> None:
        self._read(False)

    def resumeProducing(self) -> None:
        self._read(True)

    def stopProducing(self) -> None:
        self.loseConnection()

    # To the hub.

    def ready(self, events: int) -> None:
        if self._state == _CLOSED:
            return
        if events & select.EPOLLOUT and self._blocked:
            self._blocked = False
            self._interest()
            self._flush_later()
        if events & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
            self._receive()

    def broken(self, failure: Failure) -> None:
        self._hub.log.failure("a protocol failed on what it received", failure)
        self.abortConnection()

    def shut(self) -> None:
        self._end(ConnectionAborted())

    def flush(self) -> None:
        self._queued = False
        if self._state == _CLOSED:
            return
        if self._state == _ABORTED:
            self._end(ConnectionAborted())
            return
        if self._out is not None and not self._blocked and not self._send(self._out):
            return
        if self._state == _CLOSING and self._out is None:
            self._end(ConnectionDone())

    def _flush_later(self) -> None:
        if not self._queued and not self._blocked:
            self._queued = True
            self._hub.later(self)

    def _send(self, out: list[bytes]) -> bool:
        """Write what the system takes. False when the connection has ended."""
        data = out[0] if len(out) == 1 else b"".join(out)
        try:
            sent = os.write(self._fd, data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self._end(ConnectionLost(str(error)))
            return False
        if sent == len(data):
            self._out = None
            self._unpause()
            return True
        self._out = [data[sent:]]
        self._blocked = True
        self._interest()
        self._pause()
        if self._state == _CLOSING:
            self._hub.call_later(CLOSING_LIMIT_S, self.abortConnection)
        return True

    def _pause(self) -> None:
        if self._producer is not None and not self._paused:
            self._paused = True
            self._producer.pauseProducing()

    def _unpause(self) -> None:
        if self._paused and self._producer is not None:
            self._paused = False
            self._producer.resumeProducing()

    def _receive(self) -> None:
        try:
            data = os.read(self._fd, READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(ConnectionLost(str(error)))
            return
        if not data:
            self._end(ConnectionDone())
        elif self._state == _OPEN:
            self._protocol.dataReceived(data)

    def _read(self, reading: bool) -> None:
        if self._state == _OPEN and reading != self._reading:
            self._reading = reading
            self._interest()

    def _interest(self) -> None:
        events = select.EPOLLIN if self._reading else 0
        self._hub.change(self._fd, events | (select.EPOLLOUT if self._blocked else 0))

    def _end(self, reason: Exception) -> None:
        """The one way out: give the descriptor back, then tell the protocol."""
        self._state = _CLOSED
        self._out = None
        self._producer = None
        self._hub.unwatch(self._fd)
        os.close(self._fd)
        self._hub.connections -= 1
        try:
            self._protocol.connectionLost(Failure(reason))  # type: ignore[no-untyped-call]
        except Exception:
            self._hub.log.failure("a protocol failed when its connection ended")
