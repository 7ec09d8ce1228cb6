"""Messages in words: what the property `Ice.Trace.Protocol` has told of each that is sent or received.

The words are stock Ice's. A message that cannot be read is told as far as its head goes: tracing never fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from pushnet.rpc.exceptions import LocalException
from pushnet.wire.message import BATCH, HEADER_BYTES, REPLY, REQUEST
from pushnet.wire.reply import BODY_POS, Status, read_not_exist, read_text
from pushnet.wire.request import OperationMode, RequestHead, read_batch, read_request

_KINDS = ("request", "batch request", "reply", "validate connection", "close connection")
_SQUEEZED = 2
_COMPRESSION = (
    "not compressed; do not compress response, if any",
    "not compressed; compress response, if any",
    "compressed; compress response, if any",
)
_MODES = {mode: mode.name.lower() for mode in OperationMode}
_ENCODING_POS = BODY_POS + 4
_CONTEXT_CHARACTERS_MAX = 1000
"""Of a context, and of what a peer says of a failure; a log is no place for more."""


def each_message(data: bytes | bytearray) -> Iterator[bytes]:
    """The messages that are written together."""
    pos = 0
    while pos + HEADER_BYTES <= len(data):
        size = int.from_bytes(data[pos + 10 : pos + HEADER_BYTES], "little")
        yield bytes(data[pos : pos + size])
        pos += max(size, HEADER_BYTES)


def kind_of(message: bytes) -> str:
    """The name of its type."""
    return _KINDS[message[8]] if message[8] < len(_KINDS) else "unknown"


def described(message: bytes) -> list[str]:
    """The message's lines, the first without a verb before it."""
    squeezed = message[9]
    told = _COMPRESSION[squeezed] if squeezed < len(_COMPRESSION) else "unknown"
    lines = [
        f"message type = {message[8]} ({kind_of(message)})",
        f"compression status = {squeezed} ({told})",
        f"message size = {int.from_bytes(message[10:HEADER_BYTES], 'little')}",
    ]
    if squeezed == _SQUEEZED and len(message) != HEADER_BYTES:
        return lines
    try:
        return lines + _body(message)
    except (LocalException, IndexError, ValueError) as error:
        return [*lines, f"unreadable: {error}"]


def _body(message: bytes) -> list[str]:
    kind = message[8]
    if kind == REQUEST:
        request_id, head, pos = read_request(message)
        way = "" if request_id else " (oneway)"
        return [f"request id = {request_id}{way}", *_head(head, message[pos + 4 : pos + 6])]
    if kind == BATCH:
        requests = read_batch(message)
        lines = [f"number of requests = {len(requests)}"]
        for number, (head, encapsulation) in enumerate(requests):
            lines += [f"request #{number}:", *_head(head, encapsulation[4:6])]
        return lines
    return _reply(message) if kind == REPLY else []


def _head(head: RequestHead, encoding: bytes) -> list[str]:
    context = ", ".join(f"{key}/{value}" for key, value in head.context.items())
    return [
        f"identity = {head.identity}",
        f"facet = {head.facet}",
        f"operation = {head.operation}",
        f"mode = {head.mode} ({_MODES[OperationMode(head.mode)]})",
        f"context = {context[:_CONTEXT_CHARACTERS_MAX]}",
        _encoding(encoding),
    ]


def _reply(message: bytes) -> list[str]:
    request_id = int.from_bytes(message[HEADER_BYTES : BODY_POS - 1], "little", signed=True)
    status = Status(message[BODY_POS - 1])
    lines = [f"request id = {request_id}", f"reply status = {status.value} ({status.name.replace('_', ' ')})"]
    if status <= Status.user_exception:
        return [*lines, _encoding(message[_ENCODING_POS : _ENCODING_POS + 2])]
    if status <= Status.operation_not_exist:
        identity, facet, operation = read_not_exist(message)
        return [*lines, f"identity = {identity}", f"facet = {facet}", f"operation = {operation}"]
    return [*lines, f"unknown = {read_text(message)[:_CONTEXT_CHARACTERS_MAX]}"]


def _encoding(version: bytes) -> str:
    return f"encoding = {version[0]}.{version[1]}"
