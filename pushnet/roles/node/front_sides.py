"""The two ends of a front's line: one stream to the client, one to the server, each slowed by the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IDelayedCall, IPushProducer
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.net.eager import eager
from pushnet.roles.node.front_cutting import Cutter
from pushnet.wire.message import CLOSE_MESSAGE

CONGESTED: Final = 1
"""The other end does not read."""
FULL: Final = 2
"""Enough is held back for the server that comes."""


class Holder(Protocol):
    """The line."""

    def heard(self, side: Side, data: bytes) -> None: ...

    def lost(self, side: Side) -> None: ...


@implementer(IPushProducer)
class Side(TwistedProtocol):
    """One stream.

    Args:
        met: called when it can be used.
    """

    def __init__(self, line: Holder, met: Callable[[Side], object]) -> None:
        self.cutter = Cutter()
        self.other: Side | None = None
        """Where what arrives here goes."""
        self.alive = False
        self.validated = False
        """Of the server's: it has said that it can be used."""
        self.generation = 0
        """Of the server's: which of the servers it leads to."""
        self.limit: IDelayedCall | None = None
        """Until when the other end has to hang up."""
        self._line = line
        self._met = met
        self._reasons = 0
        self._full = False

    # What Twisted calls.

    def makeConnection(self, transport: Any) -> None:
        super().makeConnection(eager(transport))  # type: ignore[no-untyped-call]

    def connectionMade(self) -> None:
        transport: Any = self.transport
        if hasattr(transport, "setTcpNoDelay"):
            transport.setTcpNoDelay(True)
        self.alive = True
        transport.registerProducer(self, True)
        self._met(self)

    def dataReceived(self, data: bytes) -> None:
        if self.alive and not self.cutter.ended:
            self._line.heard(self, data)

    def connectionLost(self, reason: Failure = ConnectionDone) -> None:  # type: ignore[assignment]
        self.alive = False
        if self.limit is not None and self.limit.active():
            self.limit.cancel()
        self._line.lost(self)

    # What the transport says of what is written here: whoever it comes from is slowed.

    def pauseProducing(self) -> None:
        self._full = True
        if self.other is not None:
            self.other.hold(CONGESTED)

    def resumeProducing(self) -> None:
        self._full = False
        if self.other is not None:
            self.other.release(CONGESTED)

    def stopProducing(self) -> None:
        """The stream is gone; `connectionLost` tells it."""

    # What the line does.

    def join(self, other: Side) -> None:
        """From now on these two feed each other."""
        self.other, other.other = other, self
        if self._full:
            other.hold(CONGESTED)
        if other._full:
            self.hold(CONGESTED)

    def part(self) -> None:
        """Nobody is at the other end any more."""
        if self.other is not None:
            other, self.other = self.other, None
            other.other = None
            other.release(CONGESTED)
            self.release(CONGESTED)

    def hold(self, reason: int) -> None:
        """Read no more, for that reason."""
        if not self._reasons and self.alive:
            self._flow.pauseProducing()
        self._reasons |= reason

    def release(self, reason: int) -> None:
        """That reason is gone."""
        before, self._reasons = self._reasons, self._reasons & ~reason
        if before and not self._reasons and self.alive:
            self._flow.resumeProducing()

    def write(self, data: bytes) -> None:
        if self.alive:
            self._flow.write(data)

    def say_close(self) -> None:
        """Send CloseConnection; the stream is read until the other end has hung up."""
        self.write(CLOSE_MESSAGE)

    def hang_up(self) -> None:
        """End the stream when what is written has left."""
        if self.alive:
            self._flow.unregisterProducer()
            self._flow.loseConnection()

    def cut_off(self) -> None:
        """End the stream now."""
        if self.alive:
            self._flow.abortConnection()

    @property
    def _flow(self) -> Any:
        return self.transport
