"""Work that nobody waits for any more is given up: the caller's connection is gone, or the caller says so.

A caller that gives up a call, or has no time left for it, says so with a one-way request on the same
connection: operation `_pn_cancel` of the object `_pn/cancel`, whose parameter is the call's request id (int).
It is sent only to who can understand it: a server of this kind says so with byte 9 of the message that
validates the connection, 1 where others have 0, which other clients do not look at.

The same happens to work that is not done by its deadline; that is answered, should somebody still listen.

What is being served is then cancelled if it may be (`current.cancellable`): requests in mode Idempotent or
Nonmutating may be unless the servant says otherwise, or for all of them the property
`Pushnet.CancelIdempotent` with 0; others only if the servant says so; one-way requests and those with a token
never. A servant's Deferred is cancelled; in a coroutine `CancelledError` is raised where it waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct
from typing import Any

from pushnet.rpc.current import Current
from pushnet.rpc.operations import ServantOperation
from pushnet.wire.identity import Identity
from pushnet.wire.message import VALIDATE_MESSAGE
from pushnet.wire.request import head_bytes, request_message, target_bytes

CATEGORY = "_pn"
"""Of identities that are the runtime's own."""
CANCEL = Identity("cancel", CATEGORY)
OPERATION = "_pn_cancel"
WELCOME_MESSAGE = VALIDATE_MESSAGE[:9] + b"\1" + VALIDATE_MESSAGE[10:]
"""Validates a connection, and says that `_pn_cancel` is understood."""
LATE = -1
"""As `current.expires`: its deadline has passed."""
_INT = Struct("<i")
_HEAD = head_bytes(target_bytes(CANCEL, "", OPERATION, 0), {})


def cancel_message(request_id: int) -> bytes:
    """Says that nobody waits for that reply."""
    return request_message(0, _HEAD, _INT.pack(request_id))


def understands(validation: bytes) -> bool:
    """Whether who has sent this validation understands `_pn_cancel`."""
    return validation[9] == 1


def cancel(current: Current) -> None:
    """Give up the work on a request, if it may be given up."""
    work: Any = getattr(current, "work", None)
    if work is not None and current.requestId and current.cancellable:
        current.canceled = True
        work.cancel()


def expire(serving: Iterable[Current], tick: int) -> bool:
    """Give up what has not been done by its deadline; whether anything has one that is still to come."""
    waiting = False
    for current in list(serving):
        expires = getattr(current, "expires", 0)
        if expires > tick:
            waiting = True
        elif expires > 0:
            current.expires = LATE
            cancel(current)
    return waiting


def cancel_all(serving: Iterable[Current]) -> None:
    """The peer is gone."""
    for current in list(serving):
        cancel(current)


def cancel_request(serving: Iterable[Current], request_id: int) -> None:
    """Nobody waits for that reply any more."""
    for current in list(serving):
        if current.requestId == request_id:
            cancel(current)


def _serve_cancel(caller: Any, buf: bytes, pos: int, current: Current) -> None:
    (request_id,) = _INT.unpack_from(buf, pos)
    cancel_request(caller.under_way(), request_id)


SERVE_CANCEL = ServantOperation(OPERATION, 0, _serve_cancel, None)
"""How a `Dispatch`'s caller serves it."""
