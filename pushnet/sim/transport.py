"""One side of a simulated TCP connection, with the habits of Twisted's own (`abstract.FileDescriptor`).

* Writes are buffered without limit; a streaming producer is paused above 64 KiB and resumed when the buffer
  is empty. A pull producer is asked for more whenever it is.
* `loseConnection` sends what is buffered, then ends; `abortConnection` drops it and resets the peer.
* Both tell the protocol in a later turn. A protocol that raises in `dataReceived` loses its connection.
* What arrives for a side that is gone is answered with a reset, as is unread data when a side closes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionAborted, ConnectionDone, ConnectionLost
from twisted.internet.interfaces import (
    IConsumer,
    IHalfCloseableProtocol,
    IProducer,
    IProtocol,
    IPushProducer,
    ITCPTransport,
)
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.sim.pipe import Pipe

BUFFER_BYTES = 64 * 1024
"""`abstract.FileDescriptor.bufferSize`."""


class Turns(Protocol):
    """What a transport needs of the process it lives in."""

    def soon(self, function: Callable[..., object], *args: Any) -> None:
        """Call in a later turn of this process's reactor; never when the process has ended."""
        ...

    def now(self, function: Callable[..., object], *args: Any) -> None:
        """Call at once; later when the process stands still, and not when it has ended."""
        ...

    def failed(self, what: str, failure: Failure) -> None:
        """Code of this process raised where nobody can catch it."""
        ...

    @property
    def stopped(self) -> bool:
        """Whether the process stands still: the system takes in what is sent to it, and it sees it later."""
        ...

    def opened(self, transport: SimTransport) -> None:
        """The transport is in use, until `closed`."""
        ...

    def closed(self, transport: SimTransport) -> None:
        """The transport is no longer in use."""
        ...


@implementer(ITCPTransport, IConsumer, IPushProducer)
class SimTransport:
    """One side. `incoming` and `outgoing` are shared with the other."""

    def __init__(
        self, turns: Turns, incoming: Pipe, outgoing: Pipe, here: IPv4Address, there: IPv4Address
    ) -> None:
        self.connected = True
        self.disconnecting = False
        self.disconnected = False
        self.incoming = incoming
        self.outgoing = outgoing
        self.protocol: IProtocol | None = None
        self.producer: Any = None
        self.streamingProducer = False
        incoming.receiver = self
        outgoing.sender = self
        self._turns = turns
        self._here = here
        self._there = there
        self._buffer = bytearray()
        self._turn_bytes = 0
        self._draining = False
        self._paused_producer = False
        self._reading = True
        self._unread: list[bytes] = []
        self._peer_ended = False
        self._write_ended = False
        self._dark = False
        self._spoken_to = False
        self._no_delay = False
        self._keep_alive = False

    def wait(self) -> None:
        """Nobody has accepted it yet: what arrives is kept."""
        self._reading = False

    def accepted(self, turns: Turns) -> None:
        """A process has it from now on; `open` follows."""
        self._turns = turns
        turns.opened(self)
        if not self._reading:
            self.resumeProducing()

    def open(self, protocol: IProtocol | None) -> None:
        """Hand the connection to its protocol; without one it ends."""
        if protocol is None:
            self._close(ConnectionDone())
            return
        self.protocol = protocol
        self._guarded("connectionMade", protocol.makeConnection, self)

    # What a protocol calls.

    def write(self, data: bytes) -> None:
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data must be bytes, not {type(data)}")
        if not self.connected or self._write_ended or not data:
            return
        room = 0 if self._buffer else self.outgoing.room()
        if room > 0:
            self.outgoing.send(bytes(data[:room]))
        if room < len(data):
            self._buffer += data[max(0, room) :]
        if self.producer is not None:
            self._written(len(data))

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        self.write(b"".join(iovec))

    def loseConnection(self) -> None:
        if self.connected and not self.disconnecting:
            self.disconnecting = True
            self._reading = False
            self._drain_soon()

    def abortConnection(self) -> None:
        if self.connected and not self.disconnected:
            self.connected = False
            self._reading = False
            self._buffer.clear()
            self.outgoing.reset()
            self._turns.soon(self._lost, ConnectionAborted())

    def loseWriteConnection(self) -> None:
        self._write_ended = True
        if not self._buffer:
            self._end_writing()

    def pauseProducing(self) -> None:
        self._reading = False

    def resumeProducing(self) -> None:
        if self.connected and not self.disconnecting and not self._reading:
            self._reading = True
            self._turns.soon(self._read_on)

    def stopProducing(self) -> None:
        self.loseConnection()

    def registerProducer(self, producer: IProducer, streaming: bool) -> None:
        if self.producer is not None:
            raise RuntimeError(f"{self!r} has a producer already")
        if not self.connected:
            producer.stopProducing()
            return
        self.producer = producer
        self.streamingProducer = streaming
        self._turn_bytes = len(self._buffer)
        if not streaming:
            self.producer.resumeProducing()

    def unregisterProducer(self) -> None:
        self.producer = None
        if self.connected and self.disconnecting:
            self._drain_soon()

    def getPeer(self) -> IPv4Address:
        return self._there

    def getHost(self) -> IPv4Address:
        return self._here

    def getTcpNoDelay(self) -> bool:
        return self._no_delay

    def setTcpNoDelay(self, enabled: bool) -> None:
        self._no_delay = bool(enabled)

    def getTcpKeepAlive(self) -> bool:
        return self._keep_alive

    def setTcpKeepAlive(self, enabled: bool) -> None:
        self._keep_alive = bool(enabled)

    # What the pipes call.

    def segment_arrived(self, data: bytes) -> None:
        if not self.connected:
            self._spoken_to = True
            if not self._dark:
                self.incoming.taken(len(data))
                self.outgoing.reset()
        elif self._turns.stopped:
            self._unread.append(data)
            self._turns.soon(self._read_on)
        elif self._reading and not self._unread:
            self.incoming.taken(len(data))
            assert self.protocol is not None
            self._guarded("dataReceived", self.protocol.dataReceived, data)
        else:
            self._unread.append(data)

    def end_arrived(self) -> None:
        self._peer_ended = True
        if self._turns.stopped:
            self._turns.soon(self._read_on)
        elif self._reading and not self._unread:
            self._read_end()

    def reset_arrived(self) -> None:
        if self._turns.stopped:
            self._turns.soon(self.reset_arrived)
        elif self.connected:
            self.connected = False
            self._unread.clear()
            self._lost(ConnectionLost())

    def room_made(self) -> None:
        """The outgoing pipe takes more."""
        if not self.connected or not self._buffer:
            return
        room = self.outgoing.room()
        self.outgoing.send(bytes(self._buffer[:room]))
        del self._buffer[:room]
        if not self._buffer:
            self._drained()

    def power_lost(self) -> None:
        """The machine went dark: the peer hears nothing until it speaks to the machine come back."""
        self._dark = True
        self.connected = False
        self.outgoing.vanish()

    def power_back(self) -> None:
        """The machine runs again, knows nothing of this connection, and says so when spoken to."""
        self._dark = False
        self.outgoing.vanish(False)
        if self._spoken_to:
            self.outgoing.reset()

    def process_ended(self) -> None:
        """The process was killed: the system ends its connections; what was handed to it still arrives."""
        if self.connected:
            self.connected = False
            self._buffer.clear()
            self._say_goodbye()
            self._turns.closed(self)

    # Inside.

    def _written(self, size: int) -> None:
        """A producer is registered: pause it when much is buffered, and see to its being resumed."""
        self._turn_bytes += size
        if self.streamingProducer and self._turn_bytes > BUFFER_BYTES and not self._paused_producer:
            self._paused_producer = True
            self.producer.pauseProducing()
        self._drain_soon()

    def _drain_soon(self) -> None:
        if not self._draining:
            self._draining = True
            self._turns.soon(self._drain)

    def _drain(self) -> None:
        self._draining = False
        self._turn_bytes = len(self._buffer)
        if self.connected and not self._buffer:
            self._drained()

    def _drained(self) -> None:
        """Everything written has left."""
        self._turn_bytes = 0
        if self.producer is not None and (not self.streamingProducer or self._paused_producer):
            self._paused_producer = False
            self.producer.resumeProducing()
        elif self.disconnecting:
            self._close(ConnectionDone())
        elif self._write_ended:
            self._end_writing()

    def _end_writing(self) -> None:
        self.outgoing.end()
        half = IHalfCloseableProtocol(self.protocol, None)
        if half is not None:
            self._guarded("writeConnectionLost", half.writeConnectionLost)

    def _read_on(self) -> None:
        while self._reading and self.connected and self._unread:
            data = self._unread.pop(0)
            self.incoming.taken(len(data))
            assert self.protocol is not None
            self._guarded("dataReceived", self.protocol.dataReceived, data)
        if self._reading and self.connected and self._peer_ended:
            self._read_end()

    def _read_end(self) -> None:
        if not self.connected:
            return
        half = IHalfCloseableProtocol(self.protocol, None)
        if half is not None and not self._write_ended:
            self._reading = False
            self._guarded("readConnectionLost", half.readConnectionLost)
        else:
            self._close(ConnectionDone())

    def _close(self, reason: Exception) -> None:
        self.connected = False
        self._say_goodbye()
        self._lost(reason)

    def _say_goodbye(self) -> None:
        """An end after all was read; a reset when something was not."""
        if self._unread:
            self.outgoing.reset()
        else:
            self.outgoing.end()

    def _lost(self, reason: Exception) -> None:
        if self.disconnected:
            return
        self.disconnected = True
        self._turns.closed(self)
        producer, self.producer = self.producer, None
        if producer is not None:
            producer.stopProducing()
        if self.protocol is not None:
            self._guarded("connectionLost", self.protocol.connectionLost, _failure(reason))

    def _guarded(self, what: str, function: Callable[..., object], *args: Any) -> None:
        try:
            function(*args)
        except Exception as error:
            self._turns.failed(f"{what} of {type(self.protocol).__name__}", _failure(error))
            if self.connected:
                self._close(error)


def _failure(error: Exception) -> Failure:
    return Failure(error)  # type: ignore[no-untyped-call]
