"""Many cheap connections in one reader of the Twisted reactor.

The hub owns an epoll of its own, which the reactor sees as one readable descriptor. In one pass it takes
what is ready, lets each protocol answer, and then writes: what a pass queues for a connection leaves in one
write. Writes that come from elsewhere (an RPC, a timer) are flushed after the present turn of the reactor.

A connection (`pushnet.net.hubconnection`) is a small object with a descriptor, and an ordinary Twisted
transport to its protocol. `pushnet.net.hubport` accepts. The reactor never learns of either.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Protocol as Contract

from twisted.internet.interfaces import IDelayedCall, IReadDescriptor
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.world import EpollStreams

EVENTS_PER_PASS = 512
"""Then the reactor gets its turn: RPC must not wait for ten thousand devices."""


class Watched(Contract):
    """What has a descriptor in the hub."""

    def ready(self, events: int) -> None:
        """epoll reports `events`. What it raises is a bug in a protocol and costs it the connection."""
        ...

    def broken(self, failure: Failure) -> None:
        """`ready` has raised."""
        ...

    def shut(self) -> None:
        """The hub ends: close the descriptor now."""
        ...


class Flushed(Contract):
    """What has something to do at the end of a pass."""

    def flush(self) -> None: ...


@implementer(IReadDescriptor)
class Hub:
    """The one reader. Make one a process."""

    def __init__(self, streams: EpollStreams, call_later: Callable[..., IDelayedCall]) -> None:
        self.streams = streams
        self.call_later = call_later
        self.connections = 0
        self.log = Logger(namespace="pushnet.hub")
        self._epoll = select.epoll()
        self._watched: dict[int, Watched] = {}
        self._dirty: list[Flushed] = []
        self._in_pass = False
        self._flush_call: IDelayedCall | None = None
        streams.reactor.addReader(self)

    def close(self) -> None:
        """Write what is queued and can be written, then close everything."""
        self._in_pass = True
        self._flush()
        for watched in list(self._watched.values()):
            watched.shut()
        self.streams.reactor.removeReader(self)
        if self._flush_call is not None:
            self._flush_call.cancel()
            self._flush_call = None
        self._epoll.close()

    # For connections and ports.

    def watch(self, fd: int, watched: Watched, events: int) -> None:
        self._watched[fd] = watched
        self._epoll.register(fd, events)

    def change(self, fd: int, events: int) -> None:
        self._epoll.modify(fd, events)

    def unwatch(self, fd: int) -> None:
        """Forget `fd`; before it is closed."""
        del self._watched[fd]
        self._epoll.unregister(fd)

    def later(self, flushed: Flushed) -> None:
        """Call `flushed.flush()` at the end of this pass, or of this turn of the reactor."""
        self._dirty.append(flushed)
        if not self._in_pass and self._flush_call is None:
            self._flush_call = self.call_later(0, self._flush_turn)

    # For the reactor.

    def fileno(self) -> int:
        return self._epoll.fileno()

    def logPrefix(self) -> str:
        return "hub"

    def connectionLost(self, reason: Failure) -> None:
        """Called by the reactor when it ends; the descriptors go with the process."""

    def doRead(self) -> None:
        self._in_pass = True
        for fd, events in self._epoll.poll(0, EVENTS_PER_PASS):
            watched = self._watched.get(fd)
            if watched is None:
                continue
            try:
                watched.ready(events)
            except Exception:
                watched.broken(Failure())  # type: ignore[no-untyped-call]
        self._flush()
        self._in_pass = False

    def _flush_turn(self) -> None:
        self._flush_call = None
        self._in_pass = True
        self._flush()
        self._in_pass = False

    def _flush(self) -> None:
        """Flush until nothing new was queued: a protocol may write when it loses its connection."""
        while self._dirty:
            dirty, self._dirty = self._dirty, []
            for flushed in dirty:
                try:
                    flushed.flush()
                except Exception:
                    self.log.failure("flushing a connection failed")
