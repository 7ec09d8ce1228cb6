"""How a failed dispatch is answered: the class of what happened and a number to find it in our log by.

A peer learns no path, no traceback and no text of an exception it has no business with.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import error as StructError

from twisted.python.failure import Failure

from pushnet.rpc.exceptions import (
    FacetNotExistException,
    LocalException,
    MarshalException,
    ObjectNotExistException,
    OperationNotExistException,
    RequestFailedException,
    UnknownException,
    UnknownLocalException,
    UnknownUserException,
    unreadable,
)
from pushnet.wire.reply import Status, not_exist_message, text_message, user_exception_message
from pushnet.wire.request import RequestHead
from pushnet.wire.slices import UserException, write_exception
from pushnet.wire.slices10 import write_exception10

_NOT_EXIST = (
    (ObjectNotExistException, Status.object_not_exist),
    (FacetNotExistException, Status.facet_not_exist),
    (OperationNotExistException, Status.operation_not_exist),
)
_UNREADABLE = (StructError, IndexError, UnicodeDecodeError)
_UNKNOWN = (
    (UnknownLocalException, Status.unknown_local_exception),
    (UnknownUserException, Status.unknown_user_exception),
    (UnknownException, Status.unknown_exception),
)


class UnwritableResult(MarshalException):
    """What a servant has given is not what the interface says."""

    def ice_id(self) -> str:
        return "::Ice::MarshalException"


def unwritable(operation: str, error: Exception) -> LocalException:
    """What is to be answered when writing a result, or taking it for one, has raised `error`."""
    if isinstance(error, LocalException):
        return error
    return UnwritableResult(f"the result of {operation}: {type(error).__name__}: {error}")


def failure_message(
    request_id: int,
    head: RequestHead,
    error: BaseException,
    sliced: bool,
    tell: Callable[[], str],
    encoding: tuple[int, int] = (1, 1),
) -> bytes:
    """The reply to a request whose dispatch raised `error`.

    Args:
        tell: logs the failure and returns the number under which it is found.
    """
    if isinstance(error, UserException):
        out = bytearray()
        if encoding == (1, 0):
            write_exception10(out, error)
        else:
            write_exception(out, error, sliced)
        return user_exception_message(request_id, out, encoding)
    if isinstance(error, RequestFailedException):
        for kind, status in _NOT_EXIST:
            if isinstance(error, kind):
                identity = error.id if error.id.name else head.identity
                facet, operation = error.facet or head.facet, error.operation or head.operation
                return not_exist_message(request_id, status, identity, facet, operation)
    for unknown, status in _UNKNOWN:
        if isinstance(error, unknown):
            return text_message(request_id, status, error.reason)
    if isinstance(error, LocalException):
        return text_message(request_id, Status.unknown_local_exception, f"{error.ice_id()} [{tell()}]")
    return text_message(request_id, Status.unknown_exception, f"{type(error).__name__} [{tell()}]")


def peers_fault(error: Exception, servant: object) -> Exception:
    """What is to be answered when reading parameters, or the servant before it waits, has raised `error`.

    Python says by the same exceptions that bytes are wrong and that an index of the servant's own list is.
    """
    if not isinstance(error, _UNREADABLE) or _is_of(error, servant):
        return error
    return unreadable(f"{type(error).__name__}: {error}", error)


def _is_of(error: Exception, servant: object) -> bool:
    """Whether one of the servant's own methods was running: it has the servant under another name."""
    traceback = error.__traceback__
    while traceback is not None:
        for name, value in traceback.tb_frame.f_locals.items():
            values = value if type(value) is tuple else (value,)
            if name != "servant" and any(each is servant for each in values):
                return True
        traceback = traceback.tb_next
    return False


def is_answer(error: BaseException) -> bool:
    """Whether the error is an answer the servant chose, and not something to look into."""
    return isinstance(error, UserException | RequestFailedException | UnknownException)


def failure_of(error: BaseException) -> Failure:
    """The failure with its traceback, for the log."""
    return Failure(error, type(error), error.__traceback__)  # type: ignore[no-untyped-call]
