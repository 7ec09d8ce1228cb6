"""Compression of what is sent, as Ice negotiates it.

Who connects to an endpoint with `-z` (or was told to by its proxy or `Ice.Override.Compress`) compresses
requests of 100 bytes and more. A reply may be compressed when its request was, or says that it would have
been. `Ice.Override.Compress=0` keeps replies as they are, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pushnet.net.outbox import Outbox, Turn
from pushnet.rpc.properties import Properties
from pushnet.rpc.runtime import Runtime
from pushnet.wire.message import BATCH, HEADER_BYTES, REQUEST, deflated

_REPLY_ID_END = HEADER_BYTES + 4


class SqueezingOutbox(Outbox):
    """The way out of a connection whose requests are compressed."""

    def __init__(self, turn: Turn, transport: Any, congested: Callable[[bool], None], level: int) -> None:
        super().__init__(turn, transport, congested)
        self._level = level

    def write(self, data: bytes) -> None:
        undecided = data[8] in (REQUEST, BATCH) and not data[9]
        super().write(deflated(data, self._level) if undecided else data)

    def write_parts(self, start: bytes, rest: bytes | bytearray) -> None:
        self.write(start + rest)


def make_outbox(
    runtime: Runtime, transport: Any, congested: Callable[[bool], None], compress: bool
) -> Outbox:
    """The way out of one connection, whose socket gets the buffers that the properties ask for."""
    runtime.transports.tune(transport)
    if compress:
        return SqueezingOutbox(runtime.turn, transport, congested, compression_level(runtime.properties))
    return Outbox(runtime.turn, transport, congested)


class Squeezing:
    """Which replies of one connection may be compressed."""

    __slots__ = ("_ids", "_level")

    def __init__(self, properties: Properties) -> None:
        self._level = reply_level(properties)
        self._ids: dict[int, None] = {}

    def asked(self, request_id: int) -> None:
        """A request has come whose reply may be compressed."""
        if request_id and self._level:
            self._ids[request_id] = None

    def reply(self, message: bytes) -> bytes:
        """The reply as it is to be sent."""
        if not self._ids:
            return message
        request_id = int.from_bytes(message[HEADER_BYTES:_REPLY_ID_END], "little", signed=True)
        if request_id not in self._ids:
            return message
        del self._ids[request_id]
        return deflated(message, self._level)

    def send_parts(self, outbox: Outbox, start: bytes, rest: bytes | bytearray) -> None:
        """Send a large reply, compressed or as it is."""
        if self._ids:
            outbox.write(self.reply(start + rest))
        else:
            outbox.write_parts(start, rest)


def compression_level(properties: Properties) -> int:
    """`Ice.Compression.Level`, from 1 to 9."""
    return min(9, max(1, properties.getPropertyAsIntWithDefault("Ice.Compression.Level", 1)))


def reply_level(properties: Properties) -> int:
    """The level for replies; 0 when `Ice.Override.Compress` forbids them to be compressed."""
    forbidden = properties.getProperty("Ice.Override.Compress").strip() == "0"
    return 0 if forbidden else compression_level(properties)
