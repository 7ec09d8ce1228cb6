"""A busy connection is read when several messages have come, not at each one: interrupt moderation.

A peer that writes each of its pipelined requests by itself, as C++ Ice does, wakes a server that keeps up
with it once for every one or two of them, and a wake-up costs more than a request. The kernel can wait:
with `SO_RCVLOWAT` a socket is readable only when so many bytes are there (measured with a stock C++ client
and 1,024 calls under way: 4.6 microseconds of CPU a request where 7.6 were needed, at the same rate).

A peer that waits for answers before it sends more would wait for us in turn. So the threshold is set only
after some time at a rate that lone calls cannot reach; a look once a millisecond takes it back when little
has come since the last; and each time that happens soon the evidence must be twice as long. A wrong guess
costs one or two milliseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.tcp import Connection as TcpConnection

MESSAGES_S_MIN = 60_000
"""More than one call at a time can make on any machine of today; some twenty thousand are usual."""
MESSAGES_A_READ_MIN = 4
"""Where that many come together by themselves nothing is to be gained."""
MESSAGES_TOGETHER = 8
BYTES_TOGETHER_MAX = 8192
LOOK_S = 0.001
MESSAGES_A_LOOK_MIN = 32
"""Half of that rate; whoever sends less is read at once."""
LOOKS_PROVED = 100
"""After so many the guess was right."""
EVIDENCE_READS_MIN = 256
EVIDENCE_READS_MAX = 1 << 20
READ_BYTES = TcpConnection.bufferSize
READ_BYTES_MAX = 1024 * 1024
"""Large messages are read in large pieces: the first one shows that the rest comes."""
_SOL_SOCKET, _SO_RCVLOWAT = 1, 18
"""As Linux has them."""


class Moderation:
    """How one stream is read. On other transports than plain TCP, and other systems than Linux, as ever."""

    __slots__ = (
        "_bytes",
        "_call",
        "_call_later",
        "_evidence",
        "_looks",
        "_messages",
        "_monotonic",
        "_reads",
        "_since",
        "_socket",
        "_transport",
        "_wide",
    )

    def __init__(
        self, transport: Any, monotonic: Callable[[], float], call_later: Callable[..., IDelayedCall]
    ) -> None:
        plain = isinstance(transport, TcpConnection) and not transport.TLS and sys.platform == "linux"
        self._socket: Any = transport.socket if plain else None
        self._transport = transport
        self._wide = False
        self._monotonic = monotonic
        self._call_later = call_later
        self._call: IDelayedCall | None = None
        self._evidence = EVIDENCE_READS_MIN
        self._since = 0.0
        self._reads = self._messages = self._bytes = self._looks = 0

    @property
    def waiting(self) -> bool:
        """Whether the kernel waits until several messages have come."""
        return self._call is not None

    def read(self, messages: int, size_bytes: int, missing_bytes: int) -> None:
        """One read has brought so much; a message that has begun wants so many bytes more."""
        if (missing_bytes > READ_BYTES) is not self._wide and self._socket is not None:
            self._wide = not self._wide
            self._transport.bufferSize = READ_BYTES_MAX if self._wide else READ_BYTES
        self._reads += 1
        self._messages += messages
        self._bytes += size_bytes
        if self._reads >= self._evidence and self._call is None and self._socket is not None:
            self._consider()

    def stop(self) -> None:
        """The connection is gone."""
        self._socket = None
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _consider(self) -> None:
        """There have been enough reads to judge by."""
        now = self._monotonic()
        elapsed_s, self._since = now - self._since, now
        reads, messages, size_bytes = self._reads, self._messages, self._bytes
        self._reads = self._messages = self._bytes = self._looks = 0
        if messages > elapsed_s * MESSAGES_S_MIN and messages < reads * MESSAGES_A_READ_MIN:
            self._set(min(MESSAGES_TOGETHER * size_bytes // messages, BYTES_TOGETHER_MAX))
            self._call = self._call_later(LOOK_S, self._look)

    def _look(self) -> None:
        """Whether the peer still sends as much."""
        self._call = None
        messages = self._messages
        self._reads = self._messages = self._bytes = 0
        if messages >= MESSAGES_A_LOOK_MIN:
            self._looks += 1
            self._call = self._call_later(LOOK_S, self._look)
            return
        soon = self._looks < LOOKS_PROVED
        self._evidence = min(2 * self._evidence, EVIDENCE_READS_MAX) if soon else EVIDENCE_READS_MIN
        self._since = self._monotonic()
        self._set(1)

    def _set(self, size_bytes: int) -> None:
        try:
            self._socket.setsockopt(_SOL_SOCKET, _SO_RCVLOWAT, size_bytes)
        except OSError:
            return  # the socket is in trouble; its transport finds out
