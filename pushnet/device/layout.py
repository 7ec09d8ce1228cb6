"""The layout of frames: lengths, kinds and numbers. `reading` and `writing` are its two directions.

A frame is a length (a varint: seven bits a byte, lowest first, at most three bytes), a kind byte, and what
the kind says. The length counts what follows it, so the length 0 is a whole frame: the heartbeat. Bit 7 of
the kind is the stream. Numbers in a stream are varints of at most nine bytes; other numbers are big-endian.
Bytes after the last member of a known kind are ignored, and so are unknown kinds: that is how later
versions add to this one.
"""

from __future__ import annotations

from struct import Struct

from pushnet.device.errors import PeerBrokeProtocol

REGISTER = 0x01
LOGIN = 0x02
RESUME = 0x03
GET = 0x04
ACK = 0x05
CLOSE = 0x06
REGISTERED = 0x10
WELCOME_SHORT = 0x11
WELCOME = 0x12
NOTIFY = 0x13
GAP = 0x14
PUSH = 0x18
WITH_ID = 0x01
"""Added to `PUSH`: the message id follows the time to live."""
WITH_PREV = 0x02
"""Added to `PUSH`: the distance to `prev` follows `seq`."""
GROUP = 0x80
"""Added to any kind that has a stream: it is the app's group log."""

LENGTH_BYTES_MAX = 3
TTL = Struct(">BH")
TTL_ID = Struct(">BHQ")

_SHIFT_MAX = 56
"""Nine bytes of seven bits: 63 bits, as much as Slice's `long` can count."""


def write_varint(out: bytearray, value: int) -> None:
    """Append `value` (0 to 2**63-1), seven bits a byte, the lowest first."""
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def read_varint(buf: bytes, pos: int) -> tuple[int, int]:
    """The number at `pos` and the position behind it. Raises `IndexError` when `buf` ends in it."""
    byte = buf[pos]
    pos += 1
    if byte < 0x80:
        return byte, pos
    value = byte & 0x7F
    shift = 7
    while True:
        byte = buf[pos]
        pos += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, pos
        shift += 7
        if shift > _SHIFT_MAX:
            raise PeerBrokeProtocol("a number is longer than nine bytes")
