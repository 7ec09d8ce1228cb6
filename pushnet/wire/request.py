"""Requests and batches as bytes. Positions are in whole messages, as `pushnet.wire.message` hands them out.

What does not change between two calls of one operation through one proxy, from the identity to the context,
is one string of bytes, the head. Heads end themselves: no head is the beginning of another, so a head can be
recognised by comparing bytes.
"""

from __future__ import annotations

from struct import Struct

import attrs

from pushnet.wire.basic import context_bytes, read_context, read_string, write_string
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException, UnmarshalOutOfBoundsException
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.message import BATCH, HEADER_BYTES, MAGIC_NUMBER, REQUEST
from pushnet.wire.proxies import read_facet, write_facet

HEAD_POS = 18
"""Where the head of a request begins, behind header and request id."""
ENCAPSULATION_BYTES = 6
_REQUEST = Struct("<QBBii")
_BATCH = Struct("<QBBii")
_ENCAPSULATION = Struct("<iBB")
_INT = Struct("<i")
_SHORT_BYTES = 256
_SHORT = tuple(_ENCAPSULATION.pack(size, 1, 1) for size in range(_SHORT_BYTES))
"""How encapsulations of so many bytes begin."""
_BATCHED_BYTES_MIN = 12
"""The least a request in a batch can have."""


class OperationMode(SliceEnum):
    """What calling twice would mean."""

    Normal = 0
    Nonmutating = 1
    """Deprecated by Ice, but sent by its built-in operations. Means Idempotent."""
    Idempotent = 2


@attrs.frozen
class RequestHead:
    """Who is called and what for. `target` are the bytes up to the mode, `head` those up to the context."""

    identity: Identity
    facet: str
    operation: str
    mode: int
    context: dict[str, str]
    target: bytes
    head: bytes


def target_bytes(identity: Identity, facet: str, operation: str, mode: int) -> bytes:
    """Everything of a head but the context."""
    out = bytearray()
    write_Identity(out, identity)
    write_facet(out, facet)
    write_string(out, operation)
    out.append(mode)
    return bytes(out)


def head_bytes(target: bytes, context: dict[str, str]) -> bytes:
    return target + context_bytes(context)


def request_start(request_id: int, head: bytes, params_bytes: int) -> bytes:
    """A request up to its parameters, which are in encoding 1.1."""
    size = ENCAPSULATION_BYTES + params_bytes
    start = _REQUEST.pack(MAGIC_NUMBER, REQUEST, 0, HEAD_POS + len(head) + size, request_id)
    return b"".join((start, head, _ENCAPSULATION.pack(size, 1, 1)))


def request_message(request_id: int, head: bytes, params: bytes | bytearray) -> bytes:
    """A whole request with parameters in encoding 1.1; id 0 wants no reply."""
    size = ENCAPSULATION_BYTES + len(params)
    start = _REQUEST.pack(MAGIC_NUMBER, REQUEST, 0, HEAD_POS + len(head) + size, request_id)
    begin = _SHORT[size] if size < _SHORT_BYTES else _ENCAPSULATION.pack(size, 1, 1)
    return b"".join((start, head, begin, params))


def raw_request_message(request_id: int, head: bytes, encapsulation: bytes) -> bytes:
    """A whole request whose encapsulation is passed on as it is."""
    size = HEAD_POS + len(head) + len(encapsulation)
    return b"".join((_REQUEST.pack(MAGIC_NUMBER, REQUEST, 0, size, request_id), head, encapsulation))


def batch_message(requests: list[bytes]) -> bytes:
    """A whole batch of requests made by `batched_request`."""
    body = b"".join(requests)
    return _BATCH.pack(MAGIC_NUMBER, BATCH, 0, HEADER_BYTES + 4 + len(body), len(requests)) + body


def batched_request(head: bytes, params: bytes | bytearray, encoding: tuple[int, int] = (1, 1)) -> bytes:
    return b"".join((head, encapsulated(params, encoding)))


def encapsulated(data: bytes | bytearray, encoding: tuple[int, int] = (1, 1)) -> bytes:
    """An encapsulation of `data`."""
    return _ENCAPSULATION.pack(ENCAPSULATION_BYTES + len(data), *encoding) + data


def read_encapsulation(buf: bytes, pos: int) -> tuple[int, tuple[int, int]]:
    """Where the encapsulation at `pos` ends, and its encoding. Its data begin 6 bytes further."""
    if pos + ENCAPSULATION_BYTES > len(buf):
        raise UnmarshalOutOfBoundsException("an encapsulation is cut off")
    size, major, minor = _ENCAPSULATION.unpack_from(buf, pos)
    end = pos + size
    if size < ENCAPSULATION_BYTES or end > len(buf):
        raise UnmarshalOutOfBoundsException(
            f"an encapsulation of {size} bytes where {len(buf) - pos} are left"
        )
    return end, (major, minor)


def read_request_id(message: bytes) -> int:
    if len(message) < HEAD_POS:
        raise UnmarshalOutOfBoundsException("a request is cut off")
    request_id: int = _INT.unpack_from(message, HEADER_BYTES)[0]
    return request_id


def read_head(buf: bytes, pos: int) -> tuple[RequestHead, int]:
    """The head at `pos`, and where its encapsulation begins."""
    start = pos
    identity, pos = read_Identity(buf, pos)
    facet, pos = read_facet(buf, pos)
    operation, pos = read_string(buf, pos)
    if pos >= len(buf):
        raise MarshalException("a request has no operation mode")
    mode = buf[pos]
    if mode > OperationMode.Idempotent:
        raise MarshalException(f"a request has the operation mode {mode}")
    pos += 1
    target = buf[start:pos]
    context, pos = read_context(buf, pos)
    return RequestHead(identity, facet, operation, mode, context, target, buf[start:pos]), pos


def read_request(message: bytes) -> tuple[int, RequestHead, int]:
    """Request id, head, and where the encapsulation begins; it ends with the message."""
    request_id = read_request_id(message)
    head, pos = read_head(message, HEAD_POS)
    end, _ = read_encapsulation(message, pos)
    if end != len(message):
        raise MarshalException(f"{len(message) - end} bytes follow a request")
    return request_id, head, pos


def read_batch(message: bytes) -> list[tuple[RequestHead, bytes]]:
    """Each request of a batch with its encapsulation. Requests in a row with the same head share it."""
    if len(message) < HEAD_POS:
        raise UnmarshalOutOfBoundsException("a batch is cut off")
    (count,) = _INT.unpack_from(message, HEADER_BYTES)
    if not 0 <= count <= (len(message) - HEAD_POS) // _BATCHED_BYTES_MIN:
        raise MarshalException(f"a batch of {count} requests cannot be in {len(message)} bytes")
    requests: list[tuple[RequestHead, bytes]] = []
    pos = HEAD_POS
    head: RequestHead | None = None
    for _ in range(count):
        if head is not None and message.startswith(head.head, pos):
            pos += len(head.head)
        else:
            head, pos = read_head(message, pos)
        end, _ = read_encapsulation(message, pos)
        requests.append((head, message[pos:end]))
        pos = end
    if pos != len(message):
        raise MarshalException(f"{len(message) - pos} bytes follow a batch")
    return requests
