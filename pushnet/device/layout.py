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
MOVE = 0x15
PUSH = 0x18
WITH_ID = 0x01
"""Added to `PUSH`: the message id follows the time to live."""
WITH_PREV = 0x02
"""Added to `PUSH`: the distance to `prev` follows `seq`."""
GROUP = 0x80
"""Added to any kind that has a stream: it is the app's group log."""

LENGTH_BYTES_MAX = 3
TTL = Struct(">BBH")
"""Kind and time to live: three bytes are a byte and a short."""
TTL_ID = Struct(">BBHQ")

_LATER_SHIFTS = range(14, 63, 7)
"""Of the third byte of a number to the ninth: 63 bits, as much as Slice's `long` can count."""
_ONE_BYTE = tuple(bytes((value,)) for value in range(0x80))


def varint(value: int) -> bytes:
    """`value` (0 to 2**63-1), seven bits a byte, the lowest first. The usual lengths are written out."""
    if value < 0x80:
        return _ONE_BYTE[value]
    if value < 0x4000:
        return bytes((value & 0x7F | 0x80, value >> 7))
    if value < 0x20_0000:
        return bytes((value & 0x7F | 0x80, value >> 7 & 0x7F | 0x80, value >> 14))
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_varint(buf: bytes, pos: int) -> tuple[int, int]:
    """The number at `pos` and the position behind it. Raises `IndexError` when `buf` ends in it."""
    first = buf[pos]
    if first < 0x80:
        return first, pos + 1
    second = buf[pos + 1]
    if second < 0x80:
        return first & 0x7F | second << 7, pos + 2
    value = first & 0x7F | (second & 0x7F) << 7
    for shift in _LATER_SHIFTS:
        byte = buf[pos + shift // 7]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, pos + shift // 7 + 1
    raise PeerBrokeProtocol("a number is longer than nine bytes")
