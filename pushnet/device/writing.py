"""From frames to bytes. The layout is told in `pushnet.device.layout`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pushnet.device.frames import (
    TEXT_BYTES_MAX,
    TTL_S_MAX,
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
    varint,
)

HEARTBEAT = b"\x00"
"""The heartbeat, whole."""


def encode(frame: Frame) -> bytes:
    """The whole frame with its length. `ValueError` when a member is past its limit: the caller's fault."""
    return _WRITERS[type(frame)](frame)


def push_frame(
    stream: Stream, seq: int, ttl_s: int, body: bytes, prev: int | None = None, message_id: int | None = None
) -> bytes:
    """`encode(Push(...))` without making the value: the hot path of a Broker."""
    kind = PUSH | GROUP if stream else PUSH
    tail = varint(seq)
    if prev is not None:
        kind |= WITH_PREV
        tail += varint(seq - prev)
    if ttl_s > TTL_S_MAX:
        ttl_s = TTL_S_MAX
    if message_id is None:
        head = TTL.pack(kind, ttl_s >> 16, ttl_s & 0xFFFF)
    else:
        head = TTL_ID.pack(kind | WITH_ID, ttl_s >> 16, ttl_s & 0xFFFF, message_id)
    return b"".join((_length(len(head) + len(tail) + len(body)), head, tail, body))


def framed(content: bytes | bytearray) -> bytes:
    """`content` behind its length."""
    return _length(len(content)) + content


def _length(size: int) -> bytes:
    length = varint(size)
    if len(length) > LENGTH_BYTES_MAX:
        raise ValueError(f"{size} bytes do not fit in a frame")
    return length


# Writers: one a class.


def _put_text(out: bytearray, text: str) -> None:
    data = text.encode()
    if len(data) > TEXT_BYTES_MAX:
        raise ValueError(f"a text of {len(data)} bytes; {TEXT_BYTES_MAX} are allowed")
    out.append(len(data))
    out += data


def _put_rest(out: bytearray, data: bytes) -> bytes:
    if len(data) > TEXT_BYTES_MAX:
        raise ValueError(f"a secret of {len(data)} bytes; {TEXT_BYTES_MAX} are allowed")
    return framed(out + data)


def _write_register(frame: Register) -> bytes:
    out = bytearray((REGISTER, frame.version))
    for text in (frame.app, frame.device_key, frame.platform):
        _put_text(out, text)
    return framed(out)


def _write_login(frame: Login) -> bytes:
    out = bytearray((LOGIN, frame.version))
    out += varint(frame.own)
    out += varint(frame.group)
    _put_text(out, frame.app)
    _put_text(out, frame.registration_id)
    return _put_rest(out, frame.secret)


def _write_resume(frame: Resume) -> bytes:
    out = bytearray((RESUME, frame.version))
    out += varint(frame.own)
    out += varint(frame.group)
    return _put_rest(out, frame.token)


def _write_number(kind: int, stream: Stream, number: int) -> bytes:
    out = bytearray((0, kind | (GROUP if stream else 0)))
    out += varint(number)
    out[0] = len(out) - 1
    return bytes(out)


def _write_close(frame: Close) -> bytes:
    out = bytearray((CLOSE, frame.reason))
    out += varint(frame.retry_after_s)
    return _put_rest(out, frame.text.encode()[:TEXT_BYTES_MAX].decode(errors="ignore").encode())


def _write_registered(frame: Registered) -> bytes:
    out = bytearray((REGISTERED,))
    _put_text(out, frame.registration_id)
    return _put_rest(out, frame.secret)


def _write_welcome(frame: Welcome) -> bytes:
    out = bytearray((WELCOME if frame.cursors is not None else WELCOME_SHORT,))
    out += varint(frame.heartbeat_s)
    if frame.cursors is None:
        if frame.token:
            raise ValueError("a token travels with the cursors")
        return framed(out)
    out += varint(frame.cursors[0])
    out += varint(frame.cursors[1])
    return _put_rest(out, frame.token)


def _write_gap(frame: Gap) -> bytes:
    out = bytearray((GAP | (GROUP if frame.stream else 0),))
    out += varint(frame.up_to)
    out += varint(frame.up_to - frame.since)
    out.append(frame.reason)
    return framed(out)


def _write_move(frame: Move) -> bytes:
    out = bytearray((MOVE,))
    out += frame.port.to_bytes(2)
    return _put_rest(out, frame.host.encode())


_WRITERS: Mapping[type, Callable[..., bytes]] = {
    Heartbeat: lambda frame: HEARTBEAT,
    Register: _write_register,
    Login: _write_login,
    Resume: _write_resume,
    Get: lambda frame: _write_number(GET, frame.stream, frame.since),
    Ack: lambda frame: _write_number(ACK, frame.stream, frame.seq),
    Close: _write_close,
    Registered: _write_registered,
    Welcome: _write_welcome,
    Notify: lambda frame: _write_number(NOTIFY, frame.stream, frame.head),
    Gap: _write_gap,
    Move: _write_move,
    Push: lambda frame: push_frame(frame.stream, frame.seq, frame.ttl_s, frame.body, frame.prev, frame.id),
}
