"""From stored messages to frames: what both streams of a device have in common."""

from __future__ import annotations

from pushnet.device.frames import Gap, GapReason, Stream
from pushnet.device.outflow import Outflow
from pushnet.device.writing import encode, push_frame
from pushnet.gen.pushnet.push import Message

PAGE_MESSAGES = 32
"""Messages in the answer to one `Get`: the window of failure-model 6.2."""
PAGE_BYTES = 32 * 1024
"""A page is full when it has this much; its last message may be longer."""


def ttl_s(message: Message, now_ms: int) -> int:
    """Whole seconds the message is still worth something, rounded up; 0 when it has expired."""
    return max(0, -((now_ms - message.expiresMs) // 1000))


class Page:
    """The answer to one `Get`, or what follows a login. Moves `flow` along with what it takes in.

    Every message says its `prev`: that is how the device knows the answer from what was in flight before.
    """

    def __init__(self, stream: Stream, flow: Outflow, now_ms: int) -> None:
        self._stream = stream
        self._flow = flow
        self._now_ms = now_ms
        self._frames: list[bytes] = []
        self._bytes = 0
        self.messages = 0
        self.expired = 0

    @property
    def full(self) -> bool:
        return self.messages >= PAGE_MESSAGES or self._bytes >= PAGE_BYTES

    @property
    def empty(self) -> bool:
        return not self._frames

    def message(self, seq: int, message: Message) -> None:
        """The next message of the stream; a gap if it has expired."""
        flow = self._flow
        left_s = ttl_s(message, self._now_ms)
        if not left_s:
            self.expired += 1
            self.gap(seq, GapReason.EXPIRED)
            return
        self._add(push_frame(self._stream, seq, left_s, message.body, flow.sent, message.id))
        self.messages += 1
        flow.passed(seq)

    def gap(self, up_to: int, reason: GapReason) -> None:
        """There is nothing from where the device is up to `up_to`."""
        self._add(encode(Gap(self._stream, self._flow.sent, up_to, reason)))
        self._flow.passed(up_to)

    def _add(self, frame: bytes) -> None:
        self._frames.append(frame)
        self._bytes += len(frame)

    def bytes(self) -> bytes:
        """All frames, for one write."""
        return b"".join(self._frames)
