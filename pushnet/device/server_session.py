"""The server's side of a connection: bytes in, checked frames out.

```
 LOBBY --Register | Login | Resume--> ENTERING --enter()--> OPEN
```
In the lobby only a first frame is taken; while the login is under way and afterwards, no other. An open
session takes `Get`, `Ack`, `Heartbeat` and `Close`. `receive` returns the frames that somebody has to act on,
after the streams have noted them. How often a device may send is bounded per second.
"""

from __future__ import annotations

from enum import Enum

from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import (
    DEVICE_FRAME_BYTES_MAX,
    VERSION,
    Ack,
    Close,
    Frame,
    Get,
    Heartbeat,
    Login,
    Reason,
    Register,
    Resume,
    Stream,
    Unknown,
)
from pushnet.device.outflow import Outflow
from pushnet.device.reading import split

FRAMES_PER_S_MAX = 100
"""Three windows' worth of single acknowledgements: a device that sends more in one second floods."""


class Stage(Enum):
    """How far a connection has come."""

    LOBBY = "no frame yet"
    ENTERING = "the login is under way"
    OPEN = "logged in"


class ServerSession:
    """The machine of one connection."""

    __slots__ = ("_frames", "_rest", "_second", "flows", "stage")

    def __init__(self) -> None:
        self.stage = Stage.LOBBY
        self.flows: tuple[Outflow, ...] = ()
        """By `Stream`; empty before the login."""
        self._rest = b""
        self._second = 0
        self._frames = 0

    def enter(self, own: int, group: int) -> None:
        """The login is done: the device stands at these places of its streams."""
        assert self.stage is Stage.ENTERING, self.stage
        self.stage = Stage.OPEN
        self.flows = (Outflow(own), Outflow(group))

    def receive(self, data: bytes, second: int) -> list[Frame]:
        """The frames to act on, in order. Acknowledgements that are no news are left out.

        Args:
            data: What has arrived.
            second: A clock of whole seconds, for the limit of frames a second.

        Raises:
            PeerBrokeProtocol: close the connection; see `reason_for`.
        """
        frames, self._rest = split(self._rest + data if self._rest else data, DEVICE_FRAME_BYTES_MAX)
        if second != self._second:
            self._second = second
            self._frames = 0
        self._frames += len(frames)
        if self._frames > FRAMES_PER_S_MAX:
            raise Flooded(f"more than {FRAMES_PER_S_MAX} frames in a second")
        return [frame for frame in frames if self._takes(frame)]

    def _takes(self, frame: Frame) -> bool:
        """Note the frame; whether somebody has to act on it."""
        match frame:
            case Heartbeat():
                return True
            case Ack(stream, seq):
                return self._flow(stream).acknowledged(seq)
            case Get(stream, since):
                self._flow(stream).asked(since)
                return True
            case Register() | Login() | Resume():
                self._first(frame)
                return True
            case Close():
                return True
            case Unknown(kind):
                if self.stage is Stage.LOBBY:
                    raise WrongVersion(f"no connection begins with a frame of kind {kind:#04x} here")
                return False
        raise PeerBrokeProtocol(f"a device does not send {type(frame).__name__}")

    def _flow(self, stream: Stream) -> Outflow:
        if self.stage is not Stage.OPEN:
            raise PeerBrokeProtocol("the login comes first")
        return self.flows[stream]

    def _first(self, frame: Register | Login | Resume) -> None:
        if frame.version != VERSION:
            raise WrongVersion(f"version {frame.version} is not spoken here; {VERSION} is")
        if self.stage is not Stage.LOBBY:
            raise PeerBrokeProtocol("a second login on one connection")
        self.stage = Stage.ENTERING


class Flooded(PeerBrokeProtocol):
    """The device sends more than it has reason to."""


class WrongVersion(PeerBrokeProtocol):
    """The device speaks another version of the protocol."""


def reason_for(error: PeerBrokeProtocol) -> Reason:
    """What to tell the device in the `Close` frame."""
    if isinstance(error, Flooded):
        return Reason.FLOOD
    if isinstance(error, WrongVersion):
        return Reason.VERSION
    return Reason.BROKE_PROTOCOL
