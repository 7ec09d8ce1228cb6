"""Replies as bytes: a request id, a status, and what the status calls for."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct

from pushnet.wire.basic import read_string, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.identity import Identity, read_Identity, write_Identity
from pushnet.wire.message import MAGIC_NUMBER, REPLY
from pushnet.wire.proxies import read_facet, write_facet
from pushnet.wire.request import encapsulated, read_encapsulation

STATUS_POS = 18
BODY_POS = 19
RESULT_POS = 25
"""Where results begin in a reply with the status ok, behind their encapsulation's head."""
_REPLY = Struct("<QBBiiB")
_OK = Struct("<QBBiiBiBB")


class Status(IntEnum):
    """How a call ended."""

    ok = 0
    user_exception = 1
    object_not_exist = 2
    facet_not_exist = 3
    operation_not_exist = 4
    unknown_local_exception = 5
    unknown_user_exception = 6
    unknown_exception = 7


def ok_message(request_id: int, result: bytes | bytearray, encoding: tuple[int, int] = (1, 1)) -> bytes:
    """A whole reply with results."""
    size = 6 + len(result)
    return _OK.pack(MAGIC_NUMBER, REPLY, 0, BODY_POS + size, request_id, 0, size, *encoding) + result


def ok_start(request_id: int, result_bytes: int, encoding: tuple[int, int]) -> bytes:
    """A reply with results up to these."""
    size = 6 + result_bytes
    return _OK.pack(MAGIC_NUMBER, REPLY, 0, BODY_POS + size, request_id, 0, size, *encoding)


def reply_message(request_id: int, status: int, body: bytes | bytearray) -> bytes:
    """A whole reply; `body` is what follows the status."""
    return _REPLY.pack(MAGIC_NUMBER, REPLY, 0, BODY_POS + len(body), request_id, status) + body


def user_exception_message(
    request_id: int, exception: bytes | bytearray, encoding: tuple[int, int] = (1, 1)
) -> bytes:
    return reply_message(request_id, Status.user_exception, encapsulated(exception, encoding))


def not_exist_message(
    request_id: int, status: Status, identity: Identity, facet: str, operation: str
) -> bytes:
    """A reply that the object, facet or operation does not exist."""
    out = bytearray()
    write_Identity(out, identity)
    write_facet(out, facet)
    write_string(out, operation)
    return reply_message(request_id, status, out)


def text_message(request_id: int, status: Status, text: str) -> bytes:
    """A reply of one of the three unknown exceptions."""
    out = bytearray()
    write_string(out, text)
    return reply_message(request_id, status, out)


def read_reply_result(message: bytes) -> tuple[int, tuple[int, int]]:
    """Where the encapsulation of an ok or user exception ends (with the message), and its encoding."""
    end, encoding = read_encapsulation(message, BODY_POS)
    if end != len(message):
        raise MarshalException(f"{len(message) - end} bytes follow a reply")
    return end, encoding


def read_not_exist(message: bytes) -> tuple[Identity, str, str]:
    """Identity, facet and operation of a reply that something does not exist."""
    identity, pos = read_Identity(message, BODY_POS)
    facet, pos = read_facet(message, pos)
    operation, _ = read_string(message, pos)
    return identity, facet, operation


def read_text(message: bytes) -> str:
    return read_string(message, BODY_POS)[0]
