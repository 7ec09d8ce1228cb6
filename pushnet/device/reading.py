"""From bytes to frames. The layout is told in `pushnet.device.layout`.

`split` checks a claimed length against the limit as soon as it can be read, so a connection never holds
more than one frame's limit. Only the peer's fault is raised: `PeerBrokeProtocol`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from struct import error as StructError

from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import (
    TEXT_BYTES_MAX,
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
    Register,
    Registered,
    Resume,
    Stream,
    Unknown,
    Welcome,
)
from pushnet.device.layout import (
    ACK,
    CLOSE,
    GAP,
    GET,
    GROUP,
    LENGTH_BYTES_MAX,
    LOGIN,
    MOVE,
    NOTIFY,
    PUSH,
    REGISTER,
    REGISTERED,
    RESUME,
    TTL,
    TTL_ID,
    WELCOME,
    WELCOME_SHORT,
    WITH_ID,
    WITH_PREV,
    read_varint,
)

_HEARTBEAT = Heartbeat()


def split(data: bytes, limit_bytes: int) -> tuple[list[Frame], bytes]:
    """The whole frames at the start of `data`, and the bytes of the frame that is not whole yet.

    Args:
        data: What was left last time, and what has arrived since.
        limit_bytes: The largest length a frame may claim.

    Raises:
        PeerBrokeProtocol: a length or the inside of a frame is wrong.
    """
    frames: list[Frame] = []
    pos, end = 0, len(data)
    while pos < end:
        length = data[pos]
        start = pos + 1
        if length >= 0x80:
            length, start = _long_length(data, pos, limit_bytes)
            if start < 0:
                break
        if length > limit_bytes:
            raise PeerBrokeProtocol(f"a frame claims {length} bytes; {limit_bytes} are allowed")
        stop = start + length
        if stop > end:
            break
        frames.append(decode(data[start:stop]) if length else _HEARTBEAT)
        pos = stop
    return frames, data[pos:]


def _long_length(data: bytes, pos: int, limit_bytes: int) -> tuple[int, int]:
    """A length of two or three bytes and the position behind it; (0, -1) when it has not arrived."""
    length = 0
    for index in range(LENGTH_BYTES_MAX):
        if pos + index >= len(data):
            return 0, -1
        byte = data[pos + index]
        length |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return length, pos + index + 1
    raise PeerBrokeProtocol(f"a frame claims more than {limit_bytes} bytes")


def decode(content: bytes) -> Frame:
    """The frame whose kind and members are `content` (not empty, without the length)."""
    kind = content[0]
    read = _READERS.get(kind)
    if read is None:
        return Unknown(kind)
    try:
        return read(content)
    except (IndexError, StructError):
        raise PeerBrokeProtocol(f"a frame of kind {kind:#04x} ends too early") from None
    except UnicodeDecodeError:
        raise PeerBrokeProtocol(f"a text in a frame of kind {kind:#04x} is not UTF-8") from None


# Readers: one a kind byte. `buf[0]` is the kind.


def _text(buf: bytes, pos: int) -> tuple[str, int]:
    length = buf[pos]
    if length > TEXT_BYTES_MAX:
        raise PeerBrokeProtocol(f"a text claims {length} bytes; {TEXT_BYTES_MAX} are allowed")
    end = pos + 1 + length
    if end > len(buf):
        raise IndexError
    return buf[pos + 1 : end].decode(), end


def _read_register(buf: bytes) -> Frame:
    app, pos = _text(buf, 2)
    key, pos = _text(buf, pos)
    platform, pos = _text(buf, pos)
    return Register(app, key, platform, buf[1])


def _read_login(buf: bytes) -> Frame:
    own, pos = read_varint(buf, 2)
    group, pos = read_varint(buf, pos)
    app, pos = _text(buf, pos)
    registration_id, pos = _text(buf, pos)
    return Login(app, registration_id, _short_rest(buf, pos), own, group, buf[1])


def _read_resume(buf: bytes) -> Frame:
    own, pos = read_varint(buf, 2)
    group, pos = read_varint(buf, pos)
    return Resume(_short_rest(buf, pos), own, group, buf[1])


def _short_rest(buf: bytes, pos: int) -> bytes:
    rest = buf[pos:]
    if len(rest) > TEXT_BYTES_MAX:
        raise PeerBrokeProtocol(f"a secret of {len(rest)} bytes; {TEXT_BYTES_MAX} are allowed")
    return rest


def _read_close(buf: bytes) -> Frame:
    reason = buf[1]
    retry_after_s, pos = read_varint(buf, 2)
    return Close(reason, retry_after_s, _short_rest(buf, pos).decode())


def _read_registered(buf: bytes) -> Frame:
    registration_id, pos = _text(buf, 1)
    return Registered(registration_id, _short_rest(buf, pos))


def _read_welcome_short(buf: bytes) -> Frame:
    return Welcome(read_varint(buf, 1)[0])


def _read_welcome(buf: bytes) -> Frame:
    heartbeat_s, pos = read_varint(buf, 1)
    own, pos = read_varint(buf, pos)
    group, pos = read_varint(buf, pos)
    return Welcome(heartbeat_s, (own, group), _short_rest(buf, pos))


def _read_move(buf: bytes) -> Frame:
    host = _short_rest(buf, 3)
    return Move(host.decode(), buf[1] << 8 | buf[2])


_Reader = Callable[[bytes], Frame]


def _stream_readers(stream: Stream) -> dict[int, _Reader]:
    """The readers of the kinds that have a stream, for one of the two."""
    bit = GROUP if stream else 0
    return {
        GET | bit: partial(_read_number, Get, stream),
        ACK | bit: partial(_read_number, Ack, stream),
        NOTIFY | bit: partial(_read_number, Notify, stream),
        GAP | bit: partial(_read_gap, stream),
        PUSH | bit: partial(_read_push, stream),
        PUSH | WITH_ID | bit: partial(_read_push_with_id, stream),
        PUSH | WITH_PREV | bit: partial(_read_push_with_prev, stream),
        PUSH | WITH_ID | WITH_PREV | bit: partial(_read_push_with_both, stream),
    }


def _read_number(kind: type[Get] | type[Ack] | type[Notify], stream: Stream, buf: bytes) -> Frame:
    return kind(stream, read_varint(buf, 1)[0])


def _read_gap(stream: Stream, buf: bytes) -> Frame:
    up_to, pos = read_varint(buf, 1)
    distance, pos = read_varint(buf, pos)
    return Gap(stream, _before(up_to, distance), up_to, buf[pos])


def _before(seq: int, distance: int) -> int:
    if distance > seq:
        raise PeerBrokeProtocol(f"{distance} before {seq} is no place in a stream")
    return seq - distance


def _read_push(stream: Stream, buf: bytes) -> Frame:
    _, high, low = TTL.unpack_from(buf)
    seq, pos = read_varint(buf, 4)
    return Push(stream, seq, high << 16 | low, buf[pos:])


def _read_push_with_id(stream: Stream, buf: bytes) -> Frame:
    _, high, low, message_id = TTL_ID.unpack_from(buf)
    seq, pos = read_varint(buf, 12)
    return Push(stream, seq, high << 16 | low, buf[pos:], None, message_id)


def _read_push_with_prev(stream: Stream, buf: bytes) -> Frame:
    _, high, low = TTL.unpack_from(buf)
    seq, pos = read_varint(buf, 4)
    distance, pos = read_varint(buf, pos)
    return Push(stream, seq, high << 16 | low, buf[pos:], _before(seq, distance))


def _read_push_with_both(stream: Stream, buf: bytes) -> Frame:
    _, high, low, message_id = TTL_ID.unpack_from(buf)
    seq, pos = read_varint(buf, 12)
    distance, pos = read_varint(buf, pos)
    return Push(stream, seq, high << 16 | low, buf[pos:], _before(seq, distance), message_id)


_READERS: Mapping[int, _Reader] = {
    REGISTER: _read_register,
    LOGIN: _read_login,
    RESUME: _read_resume,
    CLOSE: _read_close,
    REGISTERED: _read_registered,
    WELCOME_SHORT: _read_welcome_short,
    WELCOME: _read_welcome,
    MOVE: _read_move,
    **_stream_readers(Stream.OWN),
    **_stream_readers(Stream.GROUP),
}
