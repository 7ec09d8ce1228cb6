"""What arrives on one side of a front, cut where messages end, without looking into them or copying them.

A front has to know where messages end, so that it can stop between two, and which requests are unanswered.
Both stand in the first 18 bytes of a message. What has come whole is handed on in one piece, as it came; only
a message that has come in part is kept. Of a compressed message the first block is inflated, because its
request id is in there; it is handed on compressed.
"""

from __future__ import annotations

import bz2
from struct import Struct
from typing import Final

from pushnet.roles.node.front_counts import FrontCounts
from pushnet.wire.errors import CompressionException, IllegalMessageSizeException, ProtocolException
from pushnet.wire.message import CLOSE, HEADER_BYTES, MAGIC_NUMBER, REPLY, REQUEST, wrong_header

_HEADER = Struct("<QBBi")
_ID = Struct("<i")
_COMPRESSED: Final = 2
_WITH_ID: Final = (REQUEST, REPLY)
_ID_END: Final = HEADER_BYTES + 4
_DECLARED: Final = 1
"""The status of a reply with an exception that the interface declares; all above are failures."""
MESSAGE_BYTES_MAX: Final = 64 * 1024 * 1024
"""A front takes what any server behind it is likely to take: the server's own limit is what counts."""

Piece = tuple[int, int, bytes]
"""The type of a message, its request id (0: none), and all of it."""


class Cutter:
    """One direction of one connection.

    After the first fault `error` says what it is; after CloseConnection `closed` is set. Nothing comes out
    after either.
    """

    __slots__ = ("_chunks", "_have", "_limit", "_need", "asked_last", "closed", "counts", "error")

    def __init__(self, limit_bytes: int = MESSAGE_BYTES_MAX) -> None:
        self.error: ProtocolException | None = None
        self.closed = False
        self.counts: FrontCounts | None = None
        """Where replies are counted."""
        self.asked_last = 0
        """The id of the last two-way request."""
        self._chunks: list[bytes] = []
        self._have = 0
        self._need = HEADER_BYTES
        self._limit = limit_bytes

    def through(self, data: bytes, asked: set[int], answered: set[int]) -> bytes:
        """All that is whole, up to CloseConnection.

        Args:
            asked: the ids of two-way requests are added.
            answered: those of replies are taken away.
        """
        if self._chunks:
            data = self._joined(data)
            if not data:
                return b""
        start, end, need = 0, len(data), HEADER_BYTES
        unpack, limit = _HEADER.unpack_from, self._limit
        while end - start >= HEADER_BYTES:
            magic, kind, compression, need = unpack(data, start)
            if magic != MAGIC_NUMBER or kind > CLOSE or compression > 2 or not HEADER_BYTES <= need <= limit:
                self.error = wrong_header(data[start : start + HEADER_BYTES], limit)
                return data[:start]
            if end - start < need:
                break
            if kind in _WITH_ID:
                if compression == _COMPRESSED or need < _ID_END:
                    id = self._id(data[start : start + need])
                    if self.error is not None:
                        return data[:start]
                else:
                    (id,) = _ID.unpack_from(data, start + HEADER_BYTES)
                if kind == REPLY:
                    answered.discard(id)
                    if self.counts is not None:
                        self.counts.requests += 1
                        if (
                            compression != _COMPRESSED
                            and need > _ID_END
                            and data[start + _ID_END] > _DECLARED
                        ):
                            self.counts.failures += 1
                elif id:
                    asked.add(id)
                    self.asked_last = id
            elif kind == CLOSE:
                self.closed = True
                return data[:start]
            start += need
            need = HEADER_BYTES
        if start == end:
            return data
        self._keep(data[start:] if start else data, need)
        return data[:start]

    def cut(self, data: bytes) -> list[Piece]:
        """The same one by one, for who decides about each."""
        asked: set[int] = set()
        block = self.through(data, asked, asked)
        pieces: list[Piece] = []
        start = 0
        while start < len(block):
            _, kind, _, size = _HEADER.unpack_from(block, start)
            message = block[start : start + size]
            pieces.append((kind, self._id(message) if kind in _WITH_ID else 0, message))
            start += size
        return pieces

    @property
    def ended(self) -> bool:
        """Nothing comes out any more."""
        return self.closed or self.error is not None

    def _joined(self, data: bytes) -> bytes:
        """What was kept and this, as soon as it is enough for a message; before that, nothing."""
        self._chunks.append(data)
        self._have += len(data)
        if self._have < self._need:
            return b""
        whole = b"".join(self._chunks)
        self._chunks.clear()
        return whole

    def _keep(self, rest: bytes, need: int) -> None:
        self._chunks.append(rest)
        self._have = len(rest)
        self._need = need

    def _id(self, message: bytes) -> int:
        """The request id of a request or reply."""
        try:
            start = _beginning(message)
        except ProtocolException as error:
            self.error = error
            return 0
        id: int = _ID.unpack(start)[0]
        return id


def _beginning(message: bytes) -> bytes:
    """The first four bytes of the body."""
    if len(message) < _ID_END:
        raise IllegalMessageSizeException(f"a request or reply of {len(message)} bytes")
    if message[9] != _COMPRESSED:
        return message[HEADER_BYTES:_ID_END]
    try:
        start = bz2.BZ2Decompressor().decompress(message[_ID_END:], 4)
    except (OSError, ValueError):
        raise CompressionException("a message cannot be inflated") from None
    if len(start) < 4:
        raise CompressionException("a compressed message without a request id")
    return start
