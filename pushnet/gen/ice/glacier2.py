# Written by slice2tx from idl/ice/glacier2.ice. To change it, change the Slice file.
"""What clients of ZeroC's Glacier2 expect of a router, in our own words."""

from __future__ import annotations

from collections.abc import Awaitable
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.ice.router import Router as Ice_Router
from pushnet.gen.ice.router import RouterPrx as Ice_RouterPrx
from pushnet.gen.ice.router import RouterServant as Ice_RouterServant
from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ExceptionSlice,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    UserException,
    read_proxy,
    write_proxy,
)
from pushnet.wire.basic import read_string, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import STRING, Proxy10
from pushnet.wire.leftovers import pass_over

__all__ = [
    "CannotCreateSessionException",
    "PermissionDeniedException",
    "Router",
    "RouterPrx",
    "RouterServant",
    "Session",
    "SessionNotExistException",
    "SessionPrx",
    "SessionServant",
]


@attrs.frozen
class PermissionDeniedException(UserException):
    """The user may not have a session."""

    reason: str = ""


@attrs.frozen
class CannotCreateSessionException(UserException):
    """The session could not be made, though the user may have one."""

    reason: str = ""


@attrs.frozen
class SessionNotExistException(UserException):
    """The connection has no session."""


class Session(Protocol):
    """What a session manager may hand to the client of a session."""

    def destroy(self, current: Current | None = None, /) -> Awaitable[None]: ...


class Router(Ice_Router, Protocol):
    """A router with sessions: one for each connection."""

    def getCategoryForClient(self, current: Current | None = None, /) -> Awaitable[str]:
        """The category that the identities of this client's callback objects must have."""
        ...

    def createSession(
        self, userId: str, password: str, current: Current | None = None, /
    ) -> Awaitable[SessionPrx | None]: ...

    def createSessionFromSecureConnection(
        self, current: Current | None = None, /
    ) -> Awaitable[SessionPrx | None]: ...

    def refreshSession(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def destroySession(self, current: Current | None = None, /) -> Awaitable[None]: ...

    def getSessionTimeout(self, current: Current | None = None, /) -> Awaitable[int]:
        """Seconds without a sign of life after which a session ends; 0 means never."""
        ...

    def getACMTimeout(self, current: Current | None = None, /) -> Awaitable[int]:
        """Seconds after which an idle connection is taken for dead; 0 means never."""
        ...


class SessionPrx(ObjectPrx):
    """Calls a `Session` wherever it is."""

    ice_type: ClassVar[str] = "::Glacier2::Session"

    def destroy(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Session_destroy, b"", context)


class RouterPrx(Ice_RouterPrx):
    """Calls a `Router` wherever it is."""

    ice_type: ClassVar[str] = "::Glacier2::Router"

    def getCategoryForClient(self, context: CallContext = None) -> Deferred[str]:
        return self._ice_call(_OP_Router_getCategoryForClient, b"", context)

    def createSession(
        self, userId: str, password: str, context: CallContext = None
    ) -> Deferred[SessionPrx | None]:
        out = bytearray()
        write_string(out, userId)
        write_string(out, password)
        return self._ice_call(_OP_Router_createSession, out, context)

    def createSessionFromSecureConnection(self, context: CallContext = None) -> Deferred[SessionPrx | None]:
        return self._ice_call(_OP_Router_createSessionFromSecureConnection, b"", context)

    def refreshSession(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Router_refreshSession, b"", context)

    def destroySession(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Router_destroySession, b"", context)

    def getSessionTimeout(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Router_getSessionTimeout, b"", context)

    def getACMTimeout(self, context: CallContext = None) -> Deferred[int]:
        return self._ice_call(_OP_Router_getACMTimeout, b"", context)


class SessionServant(Servant):
    """Serves a `Session`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Glacier2::Session"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Glacier2::Session", "::Ice::Object")


class RouterServant(Ice_RouterServant):
    """Serves a `Router`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Glacier2::Router"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Glacier2::Router", "::Ice::Object", "::Ice::Router")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_q = Struct("<q")


def _write_PermissionDeniedException(out: bytearray, value: PermissionDeniedException) -> None:
    write_string(out, value.reason)


def _read_PermissionDeniedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


PermissionDeniedException.ice_slice = ExceptionSlice(
    "::Glacier2::PermissionDeniedException",
    PermissionDeniedException,
    _write_PermissionDeniedException,
    _read_PermissionDeniedException,
    None,
)


def _write_CannotCreateSessionException(out: bytearray, value: CannotCreateSessionException) -> None:
    write_string(out, value.reason)


def _read_CannotCreateSessionException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


CannotCreateSessionException.ice_slice = ExceptionSlice(
    "::Glacier2::CannotCreateSessionException",
    CannotCreateSessionException,
    _write_CannotCreateSessionException,
    _read_CannotCreateSessionException,
    None,
)


def _write_SessionNotExistException(out: bytearray, value: SessionNotExistException) -> None:
    """Has no members of its own."""


def _read_SessionNotExistException(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


SessionNotExistException.ice_slice = ExceptionSlice(
    "::Glacier2::SessionNotExistException",
    SessionNotExistException,
    _write_SessionNotExistException,
    _read_SessionNotExistException,
    None,
)


def _serve_Session_destroy(servant: Session, buf: bytes, pos: int, current: Current) -> Any:
    return servant.destroy(current)


_OP_Session_destroy: Operation[None] = Operation("destroy", 0, None, ())

SessionServant.ice_operations = {
    b"destroy": ServantOperation("destroy", 0, _serve_Session_destroy, None),
}


def _read_result_Router_getCategoryForClient(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Router_getCategoryForClient(servant: Router, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getCategoryForClient(current)


def _write_result_Router_getCategoryForClient(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_Router_getCategoryForClient: Operation[str] = Operation(
    "getCategoryForClient", 2, _read_result_Router_getCategoryForClient, ()
)

_OLD_Router_createSession = Call10("createSession", (STRING, STRING), (Proxy10(SessionPrx),), returns=True)


def _read_result_Router_createSession(buf: bytes, pos: int, source: Source) -> SessionPrx | None:
    result, pos = read_proxy(buf, pos, source, SessionPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Router_createSession(servant: Router, buf: bytes, pos: int, current: Current) -> Any:
    userId, pos = read_string(buf, pos)
    password, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.createSession(userId, password, current)


def _write_result_Router_createSession(value: SessionPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Router_createSession: Operation[SessionPrx | None] = Operation(
    "createSession",
    0,
    _read_result_Router_createSession,
    (PermissionDeniedException, CannotCreateSessionException),
    old=_OLD_Router_createSession,
)

_OLD_Router_createSessionFromSecureConnection = Call10(
    "createSessionFromSecureConnection", (), (Proxy10(SessionPrx),), returns=True
)


def _read_result_Router_createSessionFromSecureConnection(
    buf: bytes, pos: int, source: Source
) -> SessionPrx | None:
    result, pos = read_proxy(buf, pos, source, SessionPrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Router_createSessionFromSecureConnection(
    servant: Router, buf: bytes, pos: int, current: Current
) -> Any:
    return servant.createSessionFromSecureConnection(current)


def _write_result_Router_createSessionFromSecureConnection(value: SessionPrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Router_createSessionFromSecureConnection: Operation[SessionPrx | None] = Operation(
    "createSessionFromSecureConnection",
    0,
    _read_result_Router_createSessionFromSecureConnection,
    (PermissionDeniedException, CannotCreateSessionException),
    old=_OLD_Router_createSessionFromSecureConnection,
)


def _serve_Router_refreshSession(servant: Router, buf: bytes, pos: int, current: Current) -> Any:
    return servant.refreshSession(current)


_OP_Router_refreshSession: Operation[None] = Operation("refreshSession", 0, None, (SessionNotExistException,))


def _serve_Router_destroySession(servant: Router, buf: bytes, pos: int, current: Current) -> Any:
    return servant.destroySession(current)


_OP_Router_destroySession: Operation[None] = Operation("destroySession", 0, None, (SessionNotExistException,))


def _read_result_Router_getSessionTimeout(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_q.unpack_from(buf, pos)[0]
    if pos + 8 != len(buf):
        pass_over(buf, pos + 8, source)
    return result


def _serve_Router_getSessionTimeout(servant: Router, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getSessionTimeout(current)


_OP_Router_getSessionTimeout: Operation[int] = Operation(
    "getSessionTimeout", 2, _read_result_Router_getSessionTimeout, ()
)


def _read_result_Router_getACMTimeout(buf: bytes, pos: int, source: Source) -> int:
    result: int = _S_i.unpack_from(buf, pos)[0]
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, source)
    return result


def _serve_Router_getACMTimeout(servant: Router, buf: bytes, pos: int, current: Current) -> Any:
    return servant.getACMTimeout(current)


_OP_Router_getACMTimeout: Operation[int] = Operation(
    "getACMTimeout", 2, _read_result_Router_getACMTimeout, ()
)

RouterServant.ice_operations = {
    **Ice_RouterServant.ice_operations,
    b"getCategoryForClient": ServantOperation(
        "getCategoryForClient",
        2,
        _serve_Router_getCategoryForClient,
        _write_result_Router_getCategoryForClient,
    ),
    b"createSession": ServantOperation(
        "createSession",
        0,
        _serve_Router_createSession,
        _write_result_Router_createSession,
        sliced=True,
        old=_OLD_Router_createSession,
    ),
    b"createSessionFromSecureConnection": ServantOperation(
        "createSessionFromSecureConnection",
        0,
        _serve_Router_createSessionFromSecureConnection,
        _write_result_Router_createSessionFromSecureConnection,
        sliced=True,
        old=_OLD_Router_createSessionFromSecureConnection,
    ),
    b"refreshSession": ServantOperation("refreshSession", 0, _serve_Router_refreshSession, None),
    b"destroySession": ServantOperation("destroySession", 0, _serve_Router_destroySession, None),
    b"getSessionTimeout": ServantOperation(
        "getSessionTimeout", 2, _serve_Router_getSessionTimeout, _S_q.pack
    ),
    b"getACMTimeout": ServantOperation("getACMTimeout", 2, _serve_Router_getACMTimeout, _S_i.pack),
}
