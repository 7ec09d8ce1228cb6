"""Where the hub's connections come from.

Three limits keep a storm from taking the process down. One pass accepts at most `ACCEPTS_PER_PASS`. At 95 %
of `connections_max` the port stops accepting and lets the system's queue hold the rest, until connections
have gone. And when the process is out of descriptors, the port waits as well: the one who waits would stay
"ready", and the loop would spin.
"""

from __future__ import annotations

import errno
import os
import select

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IDelayedCall, IListeningPort, IProtocolFactory
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.net.hub import Hub
from pushnet.net.hubconnection import HubConnection

ACCEPTS_PER_PASS = 64
BACKLOG = 4096
PAUSE_S = 0.5
"""How long a full port waits before it looks again."""


@implementer(IListeningPort)
class HubPort:
    """A listening port of the hub. Making one raises `CannotListenError` when the port is taken."""

    def __init__(
        self, hub: Hub, host: str, port: int, factory: IProtocolFactory, connections_max: int
    ) -> None:
        self._hub = hub
        self._factory = factory
        self._full = max(1, connections_max * 95 // 100)
        try:
            self._listening = hub.streams.listen(host, port, BACKLOG)
        except OSError as error:
            raise CannotListenError(host, port, error) from error  # type: ignore[no-untyped-call]
        self._pause: IDelayedCall | None = None
        self._open = False

    def startListening(self) -> None:
        self._open = True
        self._factory.doStart()
        self._hub.watch(self._listening.fileno(), self, select.EPOLLIN)

    def stopListening(self) -> Deferred[None]:
        if not self._open:
            return succeed(None)
        self._open = False
        if self._pause is not None:
            self._pause.cancel()
        self._hub.unwatch(self._listening.fileno())
        self._listening.close()
        self._factory.doStop()
        return succeed(None)

    def getHost(self) -> IPv4Address:
        host, port = self._listening.address()
        return IPv4Address("TCP", host, port)

    def ready(self, events: int) -> None:
        for _ in range(ACCEPTS_PER_PASS):
            if not self._open:
                return
            if self._hub.connections >= self._full:
                self._wait()
                return
            try:
                fd, host, port = self._listening.accept()
            except BlockingIOError:
                return
            except OSError as error:
                self._refused(error)
                return
            self._connect(fd, host, port)

    def broken(self, failure: Failure) -> None:
        self._hub.log.failure("accepting a connection failed", failure)

    def shut(self) -> None:
        self.stopListening()

    def _connect(self, fd: int, host: str, port: int) -> None:
        protocol = self._factory.buildProtocol(IPv4Address("TCP", host, port))
        if protocol is None:
            os.close(fd)
            return
        protocol.makeConnection(HubConnection(self._hub, fd, host, port, protocol))

    def _refused(self, error: OSError) -> None:
        """accept(2) has failed."""
        if error.errno in (errno.EMFILE, errno.ENFILE):
            self._hub.log.warn("out of descriptors: accepting nobody for a while")
            self._wait()
        else:
            self._hub.log.info("a connection was lost before it was accepted: {error}", error=error)

    def _wait(self) -> None:
        """Accept nobody for a while."""
        if self._pause is None:
            self._hub.change(self._listening.fileno(), 0)
            self._pause = self._hub.call_later(PAUSE_S, self._resume)

    def _resume(self) -> None:
        self._pause = None
        if self._hub.connections >= self._full:
            self._pause = self._hub.call_later(PAUSE_S, self._resume)
        else:
            self._hub.change(self._listening.fileno(), select.EPOLLIN)
