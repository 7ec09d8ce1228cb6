"""One direction of a simulated TCP connection: bytes on their way, in order, cut up anew.

A segment leaves when it is written and arrives after the latency of its path, never before the one ahead of
it. On arrival it may be split, so that no reader comes to rely on where a writer stopped. The pipe holds at
most `CAPACITY_BYTES`, on the way or unread; what is more waits in the writer's own buffer.

A blocked path (a partition) holds segments until it is open again, as TCP would send them again. A pipe that
has vanished swallows everything, and neither side ever hears of it.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol
from zlib import crc32

from pushnet.sim.paths import Paths
from pushnet.sim.timeline import Happening, Life, Timeline
from pushnet.sim.trace import Trace

CAPACITY_BYTES = 128 * 1024
"""About what the two kernel buffers of a loopback connection hold."""


class Receiver(Protocol):
    """The side of a connection where a pipe ends."""

    def segment_arrived(self, data: bytes) -> None: ...

    def end_arrived(self) -> None: ...

    def reset_arrived(self) -> None: ...


class Sender(Protocol):
    """The side of a connection where a pipe begins."""

    def room_made(self) -> None: ...


class _Segment:
    __slots__ = ("data", "kind", "turn")

    def __init__(self, kind: str, turn: int) -> None:
        self.kind = kind
        self.turn = turn
        self.data = bytearray()


class Pipe:
    """From one host to another, for one connection."""

    def __init__(
        self,
        name: str,
        source: str,
        target: str,
        network: Life,
        timeline: Timeline,
        paths: Paths,
        trace: Trace,
    ) -> None:
        self.name = name
        self.sender: Sender
        self.receiver: Receiver
        self.unread_bytes = 0
        """On the way, or arrived and not taken by the receiver's protocol."""
        self._source = source
        self._target = target
        self._network = network
        self._timeline = timeline
        self._paths = paths
        self._trace = trace
        self._salt = crc32(name.encode()) | 1
        self._segments: deque[_Segment] = deque()
        self._last_due_us = timeline.now_us
        self._vanished = False

    def room(self) -> int:
        return CAPACITY_BYTES - self.unread_bytes

    def reserve(self) -> int:
        """Let the answer to the connection request travel first: the time of its arrival."""
        latency_us = self._paths.latency_us(self._source, self._target)
        self._last_due_us = self._timeline.now_us + latency_us
        return self._last_due_us

    def send(self, data: bytes) -> None:
        """Put bytes on their way; those of one turn travel together."""
        turn = self._timeline.turn
        last = self._segments[-1] if self._segments else None
        if last is None or last.kind != "data" or last.turn != turn:
            last = self._leave("data")
        last.data += data
        self.unread_bytes += len(data)

    def end(self) -> None:
        """No more will follow."""
        self._leave("end")

    def reset(self) -> None:
        """The sender's side is gone, and knows nothing of this connection any more."""
        self._leave("reset")

    def vanish(self, vanished: bool = True) -> None:
        """From now on nothing arrives; or does again."""
        self._vanished = vanished

    def taken(self, size: int) -> None:
        """The receiver's protocol has read `size` bytes."""
        was_full = self.unread_bytes >= CAPACITY_BYTES
        self.unread_bytes -= size
        if was_full:
            self._at(self._timeline.now_us + 1, self.sender.room_made)

    def _leave(self, kind: str) -> _Segment:
        segment = _Segment(kind, self._timeline.turn)
        if self._vanished:
            return segment
        latency_us = self._paths.latency_us(self._source, self._target)
        self._last_due_us = max(self._timeline.now_us + latency_us, self._last_due_us + 1)
        self._segments.append(segment)
        self._at(self._last_due_us, self._arrive)
        return segment

    def _arrive(self) -> None:
        if self._vanished:
            self._segments.clear()
        elif self._paths.is_blocked(self._source, self._target):
            self._paths.when_open(self._source, self._target, self._arrive_late)
        else:
            self._hand_over(self._segments.popleft())

    def _arrive_late(self) -> None:
        self._last_due_us = max(self._timeline.now_us, self._last_due_us) + 1
        self._at(self._last_due_us, self._arrive)

    def _hand_over(self, segment: _Segment) -> None:
        if segment.kind == "data":
            data = bytes(segment.data)
            cut = self._paths.split_at(len(data))
            if cut:
                segment.data = bytearray(data[cut:])
                segment.turn = 0
                self._segments.appendleft(segment)
                self._at(self._timeline.now_us, self._arrive)
                data = data[:cut]
            self._trace.add(f"{self._timeline.now_us} data {self.name} {len(data)} {crc32(data):08x}")
            if self._target in self._paths.awaited:
                self._paths.awaited.pop(self._target)()
            self.receiver.segment_arrived(data)
        else:
            self._trace.add(f"{self._timeline.now_us} {segment.kind} {self.name}")
            if segment.kind == "end":
                self.receiver.end_arrived()
            else:
                self.receiver.reset_arrived()

    def _at(self, due_us: int, function: object) -> None:
        happening = Happening(self._timeline, self._network, "", function, ())  # type: ignore[arg-type]
        self._timeline.put(happening, due_us, self._salt)
