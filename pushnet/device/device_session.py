"""The device's side of a connection: bytes in, events and bytes out.

A driver feeds `receive`, handles each event before it asks for the next, and then writes `to_send()`. Every
event means that `memory` has changed: save it, then show. Because events come one at a time, what a crash
between the two can cost is the one message that was being shown, and it is never shown twice.

A connection begins with one frame: `Register` for a device that has no registration, `Resume` with a session
token, `Login` otherwise. The server answers `Welcome` or `Close`; after `Close` the driver connects again
when it may, and `memory` has changed so that the next first frame is the right one.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import (
    SERVER_FRAME_BYTES_MAX,
    Ack,
    Close,
    Frame,
    Gap,
    Get,
    Heartbeat,
    Login,
    Move,
    Notify,
    Push,
    Reason,
    Register,
    Registered,
    Resume,
    Stream,
    Unknown,
    Welcome,
)
from pushnet.device.inflow import Inflow, Verdict
from pushnet.device.reading import split
from pushnet.device.writing import encode


@attrs.frozen
class Memory:
    """What a device must not forget."""

    registration_id: str = ""
    secret: bytes = b""
    token: bytes = b""
    own: int = 0
    group: int = 0


@attrs.frozen
class Known:
    """The device has a registration now."""

    registration_id: str


@attrs.frozen
class Welcomed:
    """The login is done: send a heartbeat after every `heartbeat_s` seconds of silence."""

    heartbeat_s: int


@attrs.frozen
class Message:
    """A message for the application, seen for the first and only time."""

    stream: Stream
    seq: int
    id: int | None
    ttl_s: int
    body: bytes


@attrs.frozen
class Missed:
    """Messages of the stream after `since` up to `up_to` are gone; see `GapReason`."""

    stream: Stream
    since: int
    up_to: int
    reason: int


@attrs.frozen
class Closed:
    """The server closes the connection; see `Reason`."""

    reason: int
    retry_after_s: int
    text: str


@attrs.frozen
class Directed:
    """The server gives the device away: after the `Closed` that follows, connect there first."""

    host: str
    port: int


Event = Known | Welcomed | Message | Missed | Directed | Closed


class DeviceSession:
    """The machine of one device, over all its connections."""

    def __init__(self, app: str, device_key: str, platform: str, memory: Memory) -> None:
        self._app = app
        self._device_key = device_key
        self._platform = platform
        self._memory = memory
        self._flows = (Inflow(memory.own), Inflow(memory.group))
        self._rest = b""
        self._out = bytearray()
        self._acks: list[Stream] = []

    @property
    def memory(self) -> Memory:
        """What to save, as of the last event taken from `receive`."""
        own, group = self._flows
        return attrs.evolve(self._memory, own=own.last, group=group.last)

    def connected(self) -> bytes:
        """A connection is there: the first bytes to write."""
        self._rest = b""
        self._out.clear()
        self._acks.clear()
        for flow in self._flows:
            flow.connected()
        memory = self.memory
        if not memory.registration_id:
            return encode(Register(self._app, self._device_key, self._platform))
        if memory.token:
            return encode(Resume(memory.token, memory.own, memory.group))
        return encode(Login(self._app, memory.registration_id, memory.secret, memory.own, memory.group))

    def receive(self, data: bytes) -> Iterator[Event]:
        """What `data` brings, one event at a time; the state moves as the events are taken.

        Raises:
            PeerBrokeProtocol: close the connection.
        """
        frames, self._rest = split(self._rest + data, SERVER_FRAME_BYTES_MAX)
        for frame in frames:
            event = self._receive_frame(frame)
            if event is not None:
                yield event

    def to_send(self) -> bytes:
        """The answers to what was received, for one write: acknowledgements, then questions."""
        out = b"".join(encode(Ack(stream, self._flows[stream].last)) for stream in self._acks)
        out += bytes(self._out)
        self._acks.clear()
        self._out.clear()
        return out

    def _receive_frame(self, frame: Frame) -> Event | None:
        match frame:
            case Push():
                return self._pushed(frame)
            case Notify(stream=stream):
                self._follow(stream, self._flows[stream].notify(frame))
                return None
            case Gap(stream=stream):
                since = self._flows[stream].last
                if not self._follow(stream, self._flows[stream].gap(frame)):
                    return None
                return Missed(stream, since, frame.up_to, frame.reason)
            case Heartbeat() | Unknown():
                return None
            case Registered():
                self._memory = attrs.evolve(
                    self._memory, registration_id=frame.registration_id, secret=frame.secret
                )
                return Known(frame.registration_id)
            case Welcome():
                return self._welcomed(frame)
            case Move(host, port):
                return Directed(host, port)
            case Close():
                return self._closed(frame)
        raise PeerBrokeProtocol(f"a server does not send {type(frame).__name__}")

    def _pushed(self, frame: Push) -> Event | None:
        stream = frame.stream
        if not self._follow(stream, self._flows[stream].push(frame)):
            return None
        return Message(stream, frame.seq, frame.id, frame.ttl_s, frame.body)

    def _follow(self, stream: Stream, verdict: Verdict) -> bool:
        """Queue the answer that `verdict` asks for; whether there is something to show."""
        if verdict is Verdict.ASK:
            self._out += encode(Get(stream, self._flows[stream].last))
        elif verdict is Verdict.ACCEPT and stream not in self._acks:
            self._acks.append(stream)
        return verdict is Verdict.ACCEPT

    def _welcomed(self, frame: Welcome) -> Event:
        if frame.cursors is not None:
            own, group = frame.cursors
            self._flows = (Inflow(own), Inflow(group))
        if frame.token:
            self._memory = attrs.evolve(self._memory, token=frame.token)
        return Welcomed(frame.heartbeat_s)

    def _closed(self, frame: Close) -> Event:
        if frame.reason == Reason.LOGIN_AGAIN:
            self._memory = attrs.evolve(self._memory, token=b"")
        elif frame.reason == Reason.REFUSED:
            self._memory = Memory(own=self.memory.own, group=self.memory.group)
        return Closed(frame.reason, frame.retry_after_s, frame.text)
