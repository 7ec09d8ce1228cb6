"""Messages of protocol 1.0: received bytes become whole messages, checked before anything is allocated.

A message is kept as one `bytes` from its magic to its end, so that what is in it can be read in place: the
encapsulation of a request or reply ends where the message ends. A header that claims what may not be closes
the connection: framing errors are never answered.

Compressed messages may be a thousand times larger than what arrives. Each is inflated to no more than it says
and no more than the limit; and of those that have arrived at once only so many are inflated as make the limit
together: the rest waits for the next turn, so that nobody else has to.
"""

from __future__ import annotations

import bz2
from struct import Struct

from pushnet.wire.errors import (
    BadMagicException,
    CompressionException,
    IllegalMessageSizeException,
    MemoryLimitException,
    ProtocolException,
    UnknownMessageException,
    UnsupportedEncodingException,
    UnsupportedProtocolException,
)
from pushnet.wire.versions import Encoding_1_0, EncodingVersion, ProtocolVersion

REQUEST, BATCH, REPLY, VALIDATE, CLOSE = range(5)
HEADER_BYTES = 14
MESSAGE_BYTES_MAX = 1024 * 1024
"""Ice's default of `Ice.MessageSizeMax`."""

MAGIC = b"IceP\x01\x00\x01\x00"
"""`IceP`, protocol 1.0, encoding of the protocol 1.0."""
MAGIC_NUMBER = int.from_bytes(MAGIC, "little")
VALIDATE_MESSAGE = MAGIC + b"\x03\x00\x0e\x00\x00\x00"
CLOSE_MESSAGE = MAGIC + b"\x04\x01\x0e\x00\x00\x00"
_HEADER = Struct("<QBBi")
MAY_COMPRESS, _COMPRESSED = 1, 2
"""What byte 9 says: the reply may be compressed; this message is, and its reply may be."""
COMPRESSED_BYTES_MIN = 100
"""Ice's rule: smaller messages are sent as they are."""
_CHUNK_BYTES_MIN = 16 * 1024
"""What comes in smaller pieces is put together as it comes: many small pieces weigh more than their bytes."""


class Framer:
    """Cuts what arrives into messages, however it was split. One for each connection.

    After the first fault `error` says what it is, and nothing more comes out.
    """

    __slots__ = ("_chunks", "_have", "_limit", "_need", "error", "waiting")

    def __init__(self, limit_bytes: int = MESSAGE_BYTES_MAX) -> None:
        self.error: ProtocolException | None = None
        self.waiting = False
        """Whole messages wait for another call of `receive`, with nothing if need be: enough is inflated."""
        self._limit = limit_bytes
        self._chunks: list[bytes | bytearray] = []
        self._have = 0
        self._need = HEADER_BYTES

    @property
    def partial(self) -> bool:
        """Whether a message has come in part."""
        return bool(self._chunks)

    @property
    def missing(self) -> int:
        """How many bytes of a message that has come in part are still to come, as far as is known."""
        return max(0, self._need - self._have) if self._chunks else 0

    def receive(self, data: bytes) -> list[bytes]:
        """The messages that are whole now, inflated where they were compressed. Look at `error` after."""
        chunks = self._chunks
        if chunks:
            last = chunks[-1]
            if type(last) is bytearray:
                last += data
            else:
                chunks.append(data if len(data) >= _CHUNK_BYTES_MIN else bytearray(data))
            self._have += len(data)
            if self._have < self._need:
                return []
            data = b"".join(chunks)
            chunks.clear()
        messages: list[bytes] = []
        start, end, limit = 0, len(data), self._limit
        need = HEADER_BYTES
        inflated_bytes = 0
        self.waiting = False
        unpack = _HEADER.unpack_from
        if self.error is not None:
            return messages
        while end - start >= HEADER_BYTES:
            magic, kind, compression, need = unpack(data, start)
            if magic != MAGIC_NUMBER or kind > CLOSE or compression > 2 or not HEADER_BYTES <= need <= limit:
                self.error = wrong_header(data[start : start + HEADER_BYTES], limit)
                return messages
            if end - start < need:
                break
            message = data[start : start + need]
            if compression == _COMPRESSED:
                if inflated_bytes >= limit:
                    self.waiting = True
                    break
                try:
                    message = inflated(message, limit)
                except ProtocolException as error:
                    self.error = error
                    return messages
                inflated_bytes += len(message)
            messages.append(message)
            start += need
            need = HEADER_BYTES
        if start < end:
            self._chunks.append(data[start:])
            self._have = end - start
            self._need = need
        return messages


def wrong_header(header: bytes, limit: int) -> ProtocolException:
    """What is wrong with this header, in the order in which Ice looks."""
    kind, size = header[8], int.from_bytes(header[10:14], "little", signed=True)
    if header[:4] != MAGIC[:4]:
        return BadMagicException(f"a message begins with {header[:4].hex()}", bytes(header[:4]))
    if header[4:6] != MAGIC[4:6]:
        return UnsupportedProtocolException(
            f"protocol {header[4]}.{header[5]}", ProtocolVersion(header[4], header[5])
        )
    if header[6:8] != MAGIC[6:8]:
        return UnsupportedEncodingException(
            f"encoding {header[6]}.{header[7]} of the protocol",
            EncodingVersion(header[6], header[7]),
            Encoding_1_0,
        )
    if size < HEADER_BYTES:
        return IllegalMessageSizeException(f"a message of {size} bytes")
    if size > limit:
        return MemoryLimitException(f"a message of {size} bytes, more than the {limit} allowed")
    if kind > CLOSE:
        return UnknownMessageException(f"message type {kind}")
    return CompressionException(f"compression {header[9]}")


def inflated(message: bytes, limit: int) -> bytes:
    """The message as it was before compression; never more than `limit` bytes are made."""
    size = int.from_bytes(message[HEADER_BYTES : HEADER_BYTES + 4], "little", signed=True)
    if len(message) < HEADER_BYTES + 4 or size < HEADER_BYTES:
        raise IllegalMessageSizeException(f"a compressed message of {size} bytes")
    if size > limit:
        raise MemoryLimitException(f"a compressed message of {size} bytes, more than the {limit} allowed")
    inflator = bz2.BZ2Decompressor()
    try:
        body = inflator.decompress(message[HEADER_BYTES + 4 :], size - HEADER_BYTES + 1)
    except (OSError, ValueError):
        raise CompressionException("a message cannot be inflated") from None
    if len(body) != size - HEADER_BYTES:
        raise CompressionException(f"{len(body)} bytes are inflated where {size - HEADER_BYTES} were claimed")
    return message[:9] + bytes((MAY_COMPRESS,)) + size.to_bytes(4, "little") + body


def deflated(message: bytes, level: int) -> bytes:
    """The message compressed, or marked as one that might have been when it is not worth it."""
    size = len(message)
    if size >= COMPRESSED_BYTES_MIN:
        body = bz2.compress(message[HEADER_BYTES:], level)
        if len(body) + HEADER_BYTES + 4 < size:
            whole = (HEADER_BYTES + 4 + len(body)).to_bytes(4, "little")
            return b"".join((message[:9], bytes((_COMPRESSED,)), whole, size.to_bytes(4, "little"), body))
    return as_it_is(message)


def as_it_is(message: bytes) -> bytes:
    """The message marked as one that might have been compressed: nobody on its way compresses it any more."""
    return message[:9] + bytes((MAY_COMPRESS,)) + message[10:]
