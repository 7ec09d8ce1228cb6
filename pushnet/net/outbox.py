"""What a connection is about to write: all of one turn leaves in one write, and a lone message at once.

While the reactor calls into a connection (`Turn.enter` to `leave`), everything written to any connection of
the same owner is queued, and leaves when the call returns. Outside, the first message goes straight to the
socket; what follows in the same turn of the reactor is queued and leaves at its end. On a plain TCP
transport that has nothing buffered the socket is tried directly, which saves a pass of the reactor
(measured: a sequential call takes 90 instead of 106 microseconds); any other transport is just written to.

A long turn does not keep all it has until its end: every `FLUSH_MESSAGES` messages leave together, so that
the peer works on the first while the rest is made (measured with two cores: 64 calls under way, 160 thousand
calls a second without, 260 with it).

Back-pressure: above the transport's high-water mark the outbox keeps what it has, and tells its owner, who
stops reading from a peer that does not read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall, IPushProducer
from twisted.internet.tcp import Connection as TcpConnection
from zope.interface import implementer

FLUSH_MESSAGES = 16
"""More in one write saves little: a write costs about as much as three small messages."""
FLUSH_MESSAGES_MAX = 256
"""Each write of a turn takes twice as many as the one before, up to this: the peer has work by then (measured
with 1,024 calls under way: a fifth more calls a second)."""
FLUSH_BYTES = 4096
"""A message of this size leaves at once: it took long to make (measured with lists of structs of 5 kB and 8
calls under way: half as many calls again a second)."""
_BYTES_EACH = FLUSH_BYTES // FLUSH_MESSAGES
"""Of longer ones fewer leave together."""
LARGE_BYTES = 32 * 1024
"""From here on copying costs more than a write."""
_TOGETHER_BYTES = 512 * 1024
_PARTS_MAX = 64
"""How much is offered to the socket at once, and in how many pieces."""


class Turn:
    """One turn of the reactor, as far as one owner of connections is concerned."""

    __slots__ = ("_call_later", "_depth", "_dirty", "_open")

    def __init__(self, call_later: Callable[..., IDelayedCall]) -> None:
        self._call_later = call_later
        self._depth = 0
        self._open = False
        self._dirty: list[Outbox] = []

    def enter(self) -> None:
        """The reactor has called; what is written from now on waits for `leave`."""
        self._depth += 1

    def leave(self) -> None:
        self._depth -= 1
        if not self._depth and self._dirty:
            self._flush()

    def defers(self, outbox: Outbox) -> bool:
        """Whether `outbox` shall queue; then it is flushed in time. False: write at once."""
        if self._depth or self._open:
            self._dirty.append(outbox)
            return True
        self._open = True
        self._call_later(0, self._end)
        return False

    def _end(self) -> None:
        self._open = False
        self._flush()

    def _flush(self) -> None:
        while self._dirty:
            dirty, self._dirty = self._dirty, []
            for outbox in dirty:
                outbox.messages_together = FLUSH_MESSAGES
                outbox.flush()


@implementer(IPushProducer)
class Outbox:
    """The way out of one connection."""

    def __init__(self, turn: Turn, transport: Any, congested: Callable[[bool], None]) -> None:
        """`congested` is told True when the peer is too slow, and False when it has caught up."""
        self.flushes = 0
        """Goes up when what is queued is handed to the transport."""
        self.on_flush: Callable[[], None] | None = None
        """Called once, after the next flush."""
        self.messages_together = FLUSH_MESSAGES
        """So many leave before the end of this turn."""
        self._turn = turn
        self._transport: Any = transport
        self._plain: Any = None
        if isinstance(transport, TcpConnection) and not transport.TLS:
            self._plain = transport
        self._congested = congested
        self._full = False
        self._closed = False
        self._large = False
        self._queue: list[bytes | bytearray] = []
        transport.registerProducer(self, True)

    @property
    def queued(self) -> bool:
        """Whether something has not been handed to the transport yet."""
        return bool(self._queue)

    @property
    def full(self) -> bool:
        """Whether the peer is too slow."""
        return self._full

    def write_parts(self, start: bytes, rest: bytes | bytearray) -> None:
        """Send a large message, which is not copied to be in one piece. `rest` must not change any more."""
        if not self._closed:
            self._queue += (start, rest)
            self._large = True
            self.flush()

    def write(self, data: bytes) -> None:
        """Send `data` with what else this turn sends."""
        queue = self._queue
        if queue:
            queue.append(data)
            count, together = len(queue), self.messages_together
            size = len(data)
            if count >= together or (size > _BYTES_EACH and count * size >= together * _BYTES_EACH):
                if together < FLUSH_MESSAGES_MAX:
                    self.messages_together = 2 * together
                self.flush()
        elif self._full or self._turn.defers(self):
            if not self._closed:
                queue.append(data)
                if len(data) >= FLUSH_BYTES:
                    self.flush()
        else:
            self._send(data)

    def flush(self) -> None:
        """Hand what is queued to the transport, unless that has too much already."""
        queue = self._queue
        if queue and not self._full:
            if self._large:
                self._flush_large()
                return
            self._queue = []
            self._send(b"".join(queue) if len(queue) > 1 else queue[0])

    def drop(self) -> list[bytes | bytearray]:
        """Forget what is queued, which is returned, and write no more."""
        queue, self._queue = self._queue, []
        if not self._closed:
            self._closed = True
            self._transport.unregisterProducer()
        return queue

    def pauseProducing(self) -> None:
        if not self._full:
            self._full = True
            self._congested(True)

    def resumeProducing(self) -> None:
        if self._full:
            self._full = False
            self.flush()
            if not self._full:
                self._congested(False)

    def stopProducing(self) -> None:
        """The transport is gone; its protocol is told in its own way."""

    def _send(self, data: bytes | bytearray) -> None:
        if self._closed:
            return
        self.flushes += 1
        plain = self._plain
        rest = data
        if plain is not None and plain.connected and not (plain.dataBuffer or plain._tempDataBuffer):
            rest = _try_socket(plain, data)
        if rest:
            self._transport.write(rest)
        self._flushed()

    def _flush_large(self) -> None:
        """Offer the socket piece after piece until it has enough."""
        queue = self._queue
        self.flushes += 1
        while queue and not self._full and not self._closed:
            count = size = 0
            while count < len(queue) and count < _PARTS_MAX and size < _TOGETHER_BYTES:
                size += len(queue[count])
                count += 1
            parts = queue[:count]
            del queue[:count]
            self._send_parts(parts)
        if not queue:
            self._large = False
            self._flushed()

    def _send_parts(self, parts: list[bytes | bytearray]) -> None:
        plain = self._plain
        if plain is None:
            self._transport.write(b"".join(parts))
            return
        written = 0
        if plain.connected and not (plain.dataBuffer or plain._tempDataBuffer):
            written = _try_socket_with(plain, parts)
        for part in parts:
            if written < len(part):
                plain.write(bytes(memoryview(part)[written:]))
            written = max(0, written - len(part))

    def _flushed(self) -> None:
        if self.on_flush is not None:
            done, self.on_flush = self.on_flush, None
            done()


def _try_socket(transport: Any, data: bytes | bytearray) -> bytes | bytearray:
    """Write what the socket takes; returns the rest. A socket in trouble is left to its transport."""
    try:
        written = transport.socket.send(data)
    except OSError:
        return data
    return b"" if written == len(data) else data[written:]


def _try_socket_with(transport: Any, parts: list[bytes | bytearray]) -> int:
    """The same with several pieces; returns how many bytes are written."""
    try:
        written: int = transport.socket.sendmsg(parts)
    except OSError:
        return 0
    return written
