"""One device connection of a Broker: a transport below, the protocol's machine inside, the desk above.

Ten thousand of these sit in a process: slots only, no timer of its own, no Deferred while idle. It is its
transport's protocol, its transport's producer (which only notes whether the way is full), and a spoke of the
timing wheel. Before the login the wheel enforces the total deadline, afterwards the silence allowed.
"""

from __future__ import annotations

from typing import Protocol as Contract

from twisted.internet.interfaces import IConsumer, IProtocol, IPushProducer, ITCPTransport, ITransport
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import Close, Frame, Move, Reason, Stream
from pushnet.device.outflow import Outflow
from pushnet.device.server_session import ServerSession, Stage, reason_for
from pushnet.device.writing import encode

LOGIN_LIMIT_S = 10
"""From accepted to logged in, whatever is said meanwhile: failure-model 3.3."""


class Desk(Contract):
    """Who works on what lines bring."""

    @property
    def second(self) -> int:
        """A clock of whole seconds."""
        ...

    @property
    def silence_s(self) -> int:
        """How long a logged-in line may be silent."""
        ...

    def arrived(self, line: Line) -> None: ...

    def said(self, line: Line, frame: Frame) -> None: ...

    def gone(self, line: Line) -> None:
        """The line is closed, by whichever side. Called once."""
        ...


@implementer(IProtocol, IPushProducer)
class Line:
    """See the module's text."""

    __slots__ = (
        "_desk",
        "_machine",
        "app",
        "closed",
        "epoch",
        "full",
        "heard",
        "ordinal",
        "transport",
        "wheel_slot",
    )

    transport: ITCPTransport

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._machine = ServerSession()
        self.app = ""
        self.ordinal = -1
        self.epoch = 0
        """Of the login; 0 before it."""
        self.closed = False
        self.full = False
        """The device does not read as fast as we write."""
        self.heard = 0
        """The second of the arrival; after the login, that of the last sign of life."""
        self.wheel_slot = 0

    @property
    def own(self) -> Outflow:
        return self._machine.flows[Stream.OWN]

    @property
    def group(self) -> Outflow:
        return self._machine.flows[Stream.GROUP]

    @property
    def is_open(self) -> bool:
        """Logged in and not closed."""
        return self._machine.stage is Stage.OPEN and not self.closed

    def enter(self, app: str, ordinal: int, epoch: int, own: int, group: int) -> None:
        """The login is done: the device stands at these places of its streams."""
        self.app = app
        self.ordinal = ordinal
        self.epoch = epoch
        self._machine.enter(own, group)

    def write(self, data: bytes) -> None:
        if not self.closed:
            self.transport.write(data)

    def close(self, reason: Reason, retry_after_s: int = 0, text: str = "") -> None:
        """Say why, and hang up."""
        if self.closed:
            return
        self.transport.write(encode(Close(reason, retry_after_s, text)))
        self.transport.loseConnection()
        self._end()

    def move(self, host: str, port: int) -> None:
        """Send the device to that Broker."""
        self.write(encode(Move(host, port)))
        self.close(Reason.GOING_AWAY)

    def abort(self) -> None:
        """Hang up without a word."""
        if not self.closed:
            self.transport.abortConnection()
            self._end()

    def _end(self) -> None:
        self.closed = True
        self._desk.gone(self)

    # For the wheel.

    def due(self, second: int) -> int:
        limit_s = self._desk.silence_s if self._machine.stage is Stage.OPEN else LOGIN_LIMIT_S
        left_s = self.heard + limit_s - second
        if left_s > 0:
            return left_s
        self.close(Reason.TOO_SLOW)
        return 0

    # For the transport.

    def makeConnection(self, transport: ITransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.heard = self._desk.second
        if IConsumer.providedBy(transport):
            transport.registerProducer(self, True)
        self._desk.arrived(self)

    def connectionMade(self) -> None:
        """Part of Twisted's contract; `makeConnection` does it all."""

    def dataReceived(self, data: bytes) -> None:
        if self.closed:
            return
        second = self._desk.second
        if self._machine.stage is Stage.OPEN:
            self.heard = second
        try:
            for frame in self._machine.receive(data, second):
                self._desk.said(self, frame)
        except PeerBrokeProtocol as error:
            self.close(reason_for(error), 0, str(error))

    def connectionLost(self, reason: Failure | None = None) -> None:
        if not self.closed:
            self._end()

    def pauseProducing(self) -> None:
        self.full = True

    def resumeProducing(self) -> None:
        self.full = False

    def stopProducing(self) -> None:
        self.full = True


class Lobby:
    """Lines that are not logged in: bounded, and the oldest has to go first."""

    def __init__(self, lines_max: int) -> None:
        self._lines_max = lines_max
        self._lines: dict[Line, None] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def enter(self, line: Line) -> None:
        """Take `line` in; when there are too many, the oldest is hung up on."""
        if len(self._lines) >= self._lines_max:
            next(iter(self._lines)).abort()
        self._lines[line] = None

    def leave(self, line: Line) -> None:
        self._lines.pop(line, None)

    def everybody(self) -> list[Line]:
        return list(self._lines)
