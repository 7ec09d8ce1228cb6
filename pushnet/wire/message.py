"""Messages of Ice protocol 1.0: the 14-byte header, and the bodies of requests, batches and replies.

`Framer` turns received bytes into whole messages; what is wrong with a header is found before anything of
the claimed size is allocated. Source: the Ice manual, "Protocol Messages".
"""

from __future__ import annotations

from struct import Struct

import attrs

from pushnet.wire.basic import check_count, read_size, read_string, write_size, write_string
from pushnet.wire.errors import (
    BadMagicException,
    IllegalMessageSizeException,
    MarshalException,
    MemoryLimitException,
    UnknownMessageException,
    UnsupportedEncodingException,
    UnsupportedProtocolException,
)
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.reference import read_facet, write_facet

MAGIC = b"IceP"
HEADER_BYTES = 14
REQUEST, BATCH, REPLY, VALIDATE, CLOSE = range(5)
NORMAL, NONMUTATING, IDEMPOTENT = range(3)

OK, USER_EXCEPTION, OBJECT_NOT_EXIST, FACET_NOT_EXIST, OPERATION_NOT_EXIST = range(5)
UNKNOWN_LOCAL_EXCEPTION, UNKNOWN_USER_EXCEPTION, UNKNOWN_EXCEPTION = 5, 6, 7

MESSAGE_BYTES_MAX = 1024 * 1024
"""Ice's default of `Ice.MessageSizeMax`."""

HEADER = Struct("<4s2B2BBBi")
INT = Struct("<i")
ENCAPSULATION = Struct("<i2B")
_REPLY = Struct("<iiB")
REQUEST_PREFIX = b"IceP\x01\x00\x01\x00\x00\x00"
REPLY_PREFIX = b"IceP\x01\x00\x01\x00\x02\x00"
BATCH_PREFIX = b"IceP\x01\x00\x01\x00\x01\x00"
VALIDATE_MESSAGE = b"IceP\x01\x00\x01\x00\x03\x00\x0e\x00\x00\x00"
CLOSE_MESSAGE = b"IceP\x01\x00\x01\x00\x04\x01\x0e\x00\x00\x00"
EMPTY_ENCAPSULATION = b"\x06\x00\x00\x00\x01\x01"
REQUEST_BYTES_MIN = 12
"""Of one request in a batch: three empty strings, no facet, mode, no context, empty encapsulation."""


@attrs.frozen
class RequestHead:
    """Who is called, and how. `context` is what the caller sent along."""

    identity: Identity
    facet: str
    operation: str
    mode: int
    context: dict[str, str]


class Framer:
    """Received bytes to whole messages. Remembers what is incomplete; after an error it is of no more use."""

    __slots__ = ("_buffer", "_limit", "_need")

    def __init__(self, limit_bytes: int = MESSAGE_BYTES_MAX) -> None:
        self._limit = limit_bytes
        self._buffer = bytearray()
        self._need = HEADER_BYTES

    def receive(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Each whole message as (type, compression byte, the message with its header).

        Raises a `ProtocolException` when the peer breaks the protocol.
        """
        if self._buffer:
            self._buffer += data
            if len(self._buffer) < self._need:
                return []
            data = bytes(self._buffer)
            self._buffer.clear()
        messages: list[tuple[int, int, bytes]] = []
        start, end = 0, len(data)
        self._need = HEADER_BYTES
        while end - start >= HEADER_BYTES:
            kind, compression, size = check_header(data, start, self._limit)
            if end - start < size:
                self._need = size
                break
            messages.append((kind, compression, data[start : start + size]))
            start += size
        if start < end:
            self._buffer += data[start:]
        return messages


def check_header(data: bytes, at: int, limit_bytes: int) -> tuple[int, int, int]:
    """Type, compression byte and size of the message at `at`. Raises a `ProtocolException`."""
    magic, p_major, p_minor, e_major, e_minor, kind, compression, size = HEADER.unpack_from(data, at)
    if magic != MAGIC:
        raise BadMagicException(f"a message begins with {magic!r}")
    if (p_major, p_minor) != (1, 0):
        raise UnsupportedProtocolException(f"protocol {p_major}.{p_minor}, not 1.0")
    if (e_major, e_minor) != (1, 0):
        raise UnsupportedEncodingException(f"protocol encoding {e_major}.{e_minor}, not 1.0")
    if size < HEADER_BYTES:
        raise IllegalMessageSizeException(f"a message of {size} bytes")
    if size > limit_bytes:
        raise MemoryLimitException(f"a message of {size} bytes, more than {limit_bytes}")
    if kind > CLOSE:
        raise UnknownMessageException(f"message type {kind}")
    if compression > 2:
        raise UnknownMessageException(f"compression {compression}")
    return kind, compression, size


def read_request_head(buf: bytes, pos: int) -> tuple[RequestHead, int]:
    """What stands before the parameters. Raises `MarshalException`, `IndexError`."""
    identity, pos = read_Identity(buf, pos)
    facet, pos = read_facet(buf, pos)
    operation, pos = read_string(buf, pos)
    if pos >= len(buf):
        raise MarshalException("a request ends before its mode")
    mode = buf[pos]
    if mode > IDEMPOTENT:
        raise MarshalException(f"operation mode {mode}")
    context, pos = read_context(buf, pos + 1)
    return RequestHead(identity, facet, operation, mode, context), pos


def read_context(buf: bytes, pos: int) -> tuple[dict[str, str], int]:
    count, pos = read_size(buf, pos)
    if not count:
        return {}, pos
    check_count(buf, pos, count, 2)
    context: dict[str, str] = {}
    for _ in range(count):
        key, pos = read_string(buf, pos)
        context[key], pos = read_string(buf, pos)
    return context, pos


def write_context(out: bytearray, context: dict[str, str]) -> None:
    write_size(out, len(context))
    for key, value in context.items():
        write_string(out, key)
        write_string(out, value)


def request_target(identity: Identity, facet: str, operation: str, mode: int) -> bytes:
    """The bytes from the identity to the mode: the same for every call of one operation by one proxy."""
    out = bytearray()
    write_Identity(out, identity)
    write_facet(out, facet)
    write_string(out, operation)
    out.append(mode)
    return bytes(out)


def read_encapsulation(buf: bytes, pos: int) -> tuple[int, int, tuple[int, int]]:
    """Start and end of what the encapsulation at `pos` holds, and its encoding. Raises `MarshalException`."""
    if pos + 6 > len(buf):
        raise MarshalException("an encapsulation lies beyond the end")
    size, major, minor = ENCAPSULATION.unpack_from(buf, pos)
    end = pos + size
    if size < 6 or end > len(buf):
        raise MarshalException(f"an encapsulation of {size} bytes does not fit")
    return pos + 6, end, (major, minor)


def encapsulate(data: bytes | bytearray, encoding: tuple[int, int] = (1, 1)) -> bytes:
    return ENCAPSULATION.pack(len(data) + 6, *encoding) + data


def reply_message(request_id: int, status: int, body: bytes | bytearray) -> bytes:
    """A whole reply; `body` is what follows the status byte."""
    return REPLY_PREFIX + _REPLY.pack(19 + len(body), request_id, status) + body


def not_exist_body(identity: Identity, facet: str, operation: str) -> bytes:
    """The body of the replies that say what does not exist."""
    out = bytearray()
    write_Identity(out, identity)
    write_facet(out, facet)
    write_string(out, operation)
    return bytes(out)


def text_body(text: str) -> bytes:
    """The body of the replies that carry a text."""
    out = bytearray()
    write_string(out, text)
    return bytes(out)


def validated_end(buf: bytes, end: int) -> None:
    """Refuse bytes behind the last part of a message."""
    if end != len(buf):
        raise MarshalException(f"{len(buf) - end} bytes follow the end of a message")
