"""`Servant`, the root of all skeletons, with the operations every object has.

Two kinds of servants have no operations of their own: a `Blobject` takes every request as bytes, a
`DispatchInterceptor` stands before other servants.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import CoroutineType
from typing import Any, ClassVar

from twisted.internet.defer import Deferred

from pushnet.rpc.current import Current
from pushnet.rpc.exceptions import (
    LocalException,
    OperationNotExistException,
    UnknownLocalException,
)
from pushnet.rpc.failures import peers_fault, unwritable
from pushnet.rpc.incoming import Answer, Dispatcher, Request
from pushnet.rpc.operations import ServantOperation
from pushnet.wire.basic import read_string, write_string, write_strings
from pushnet.wire.leftovers import pass_over
from pushnet.wire.request import OperationMode, encapsulated
from pushnet.wire.slices import UserException, write_exception
from pushnet.wire.slices10 import write_exception10


class Servant:
    """Answers calls to an object. Generated skeletons derive from it, and servants from them."""

    ice_type: ClassVar[str] = "::Ice::Object"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object",)
    ice_operations: ClassVar[Mapping[bytes, ServantOperation]] = {}
    ice_whole: ClassVar[ServantOperation | None] = None
    """How it serves everything, if it does not go by operations."""

    @classmethod
    def ice_staticId(cls) -> str:
        """The type id of the interface that is served."""
        return cls.ice_type

    def ice_ping(self, current: Current | None = None) -> Any:
        """Answers, and that is all."""

    def ice_isA(self, type_id: str, current: Current | None = None) -> Any:
        """Whether the object has the interface with that type id."""
        return type_id in self.ice_type_ids

    def ice_id(self, current: Current | None = None) -> Any:
        """The type id of the object's most derived interface."""
        return self.ice_type

    def ice_ids(self, current: Current | None = None) -> Any:
        """The type ids of all its interfaces, sorted."""
        return list(self.ice_type_ids)

    async def ice_dispatch(self, request: Request) -> Answer:
        """Serve `request`, whatever identity it names. Raises what serving it raises."""
        return await serve_request(self, request)


class Blobject(Servant):
    """Takes every request as bytes, whatever its interface: for relays and bridges."""

    def ice_invoke(self, params: bytes, current: Current) -> Any:
        """Serve one request.

        Args:
            params: the encapsulation of the parameters, with its head.
            current: names identity, facet, operation and the mode the caller gave.

        Returns:
            Or a coroutine or Deferred with it: whether the call succeeded (else the bytes are a user
            exception), and the encapsulation of the results; nothing at all stands for one with nothing in
            it. A user exception may be raised as well.
        """
        raise NotImplementedError


BlobjectAsync = Blobject
"""Ice's other name: here one class does both."""


class DispatchInterceptor(Servant):
    """Stands before other servants: sees each request before them, and its answer after them."""

    def dispatch(self, request: Request) -> Any:
        """Serve one request: as a rule by `return await servant.ice_dispatch(request)`.

        It may dispatch the request again when that failed, give another answer, or raise.

        Returns:
            Or a coroutine or Deferred with it: an `Answer`.
        """
        raise NotImplementedError


def _serve_ping(servant: Servant, buf: bytes, pos: int, current: Current) -> Any:
    return servant.ice_ping(current)


def _serve_is_a(servant: Servant, buf: bytes, pos: int, current: Current) -> Any:
    type_id, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.ice_isA(type_id, current)


def _serve_id(servant: Servant, buf: bytes, pos: int, current: Current) -> Any:
    return servant.ice_id(current)


def _serve_ids(servant: Servant, buf: bytes, pos: int, current: Current) -> Any:
    return servant.ice_ids(current)


def _write_bool(value: bool) -> bytes:
    return b"\1" if value else b"\0"


def _write_text(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


def _write_texts(values: list[str]) -> bytearray:
    out = bytearray()
    write_strings(out, values)
    return out


def _serve_blob(servant: Blobject, buf: bytes, pos: int, current: Current) -> Any:
    return servant.ice_invoke(buf[pos - 6 :], current)


def _serve_intercepted(servant: DispatchInterceptor, buf: bytes, pos: int, current: Current) -> Any:
    return answered(servant.ice_dispatch, buf, pos, current)


def _serve_dispatched(dispatcher: Dispatcher, buf: bytes, pos: int, current: Current) -> Any:
    return answered(dispatcher, buf, pos, current)


BUILT_IN: Mapping[str, ServantOperation] = {
    "ice_ping": ServantOperation("ice_ping", 1, _serve_ping, None, any_mode=True),
    "ice_isA": ServantOperation("ice_isA", 1, _serve_is_a, _write_bool, any_mode=True),
    "ice_id": ServantOperation("ice_id", 1, _serve_id, _write_text, any_mode=True),
    "ice_ids": ServantOperation("ice_ids", 1, _serve_ids, _write_texts, any_mode=True),
}
DISPATCHED = ServantOperation("dispatch", 0, _serve_dispatched, None, any_mode=True, raw=True)
"""How a `Dispatcher`, which is no servant, serves everything."""
Blobject.ice_whole = ServantOperation("ice_invoke", 0, _serve_blob, None, any_mode=True, raw=True)
DispatchInterceptor.ice_whole = ServantOperation(
    "dispatch", 0, _serve_intercepted, None, any_mode=True, raw=True
)


def operation_of(servant: Servant, name: str) -> ServantOperation | None:
    """How `servant` serves the operation, if it has it."""
    return servant.ice_whole or servant.ice_operations.get(name.encode()) or BUILT_IN.get(name)


def mode_error(operation: ServantOperation, mode: int) -> LocalException | None:
    """Nonmutating stands for Idempotent; anything else must be as declared."""
    if operation.any_mode or mode == operation.mode:
        return None
    if operation.mode == OperationMode.Idempotent and mode == OperationMode.Nonmutating:
        return None
    expected, received = OperationMode(operation.mode).name, OperationMode(mode).name
    return UnknownLocalException(
        "::Ice::MarshalException: "
        f"unexpected operation mode. expected = ::Ice::{expected} received = ::Ice::{received}"
    )


def in_encoding(operation: ServantOperation, encoding: tuple[int, int]) -> ServantOperation:
    """How the operation is served in that encoding; raises what is to be answered when it cannot be."""
    if encoding == (1, 1) or operation.raw:
        return operation
    if encoding == (1, 0):
        return operation.old
    raise UnknownLocalException(
        f"::Ice::UnsupportedEncodingException: encoding {encoding[0]}.{encoding[1]}; "
        "can only support encodings compatible with version 1.1"
    )


async def serve_request(servant: Servant, request: Request) -> Answer:
    """Let `servant` serve `request`, with the checks that any request gets."""
    current = request.current
    if isinstance(servant, DispatchInterceptor):
        answer: Answer = await awaited(servant.dispatch(request))
        return answer
    operation = operation_of(servant, current.operation)
    if operation is None:
        raise OperationNotExistException(current.id, current.facet, current.operation)
    error = mode_error(operation, current.mode)
    if error is not None:
        raise error
    if current.adapter.communicator.sliced:
        operation = operation.in_sliced_format()
    operation = in_encoding(operation, current.encoding)
    if current.adapter.communicator.sliced:
        operation = operation.in_sliced_format()
    request.sliced = operation.sliced
    if current.once is not None:
        current.once.operation = operation
    try:
        result = operation.serve(servant, request.buf, request.pos, current)
    except Exception as raised:
        told = peers_fault(raised, servant)
        if told is raised:
            raise
        raise told from raised
    result = await awaited(result)
    try:
        if operation.raw:
            ok, encapsulation = result
            return ok, encapsulation or encapsulated(b"", current.encoding)
        write = operation.write_result
        return True, encapsulated(b"" if write is None else write(result), current.encoding)
    except Exception as unwritten:
        raise unwritable(operation.name, unwritten) from unwritten


async def answered(dispatcher: Dispatcher, buf: bytes, pos: int, current: Current) -> Answer:
    """What `dispatcher` makes of a request, with a user exception as bytes, too."""
    request = Request(current, buf, pos)
    try:
        answer: Answer = await awaited(dispatcher(request))
    except UserException as error:
        return exception_answer(error, request)
    return answer


def exception_answer(error: UserException, request: Request) -> Answer:
    """The user exception as bytes, in the request's encoding and the operation's format."""
    out = bytearray()
    encoding = request.current.encoding
    if encoding == (1, 0):
        write_exception10(out, error)
    else:
        write_exception(out, error, request.sliced)
    return False, encapsulated(out, encoding)


async def awaited(result: Any) -> Any:
    """What a servant gave: a value, or what has one later."""
    if type(result) is CoroutineType or isinstance(result, Deferred):
        return await result
    return result
