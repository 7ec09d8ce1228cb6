# Written by slice2tx from idl/ice/logger.ice. To change it, change the Slice file.
"""What the Slice file declares in `Ice`."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Final, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.ice.identity import read_StringSeq, write_StringSeq
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
from pushnet.wire.basic import read_count, read_size, read_string, write_size, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import BOOL, INT, LONG, STRING, Enum10, Proxy10, Same, Sequence10, Struct10
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "LogMessage",
    "LogMessageType",
    "LoggerAdmin",
    "LoggerAdminPrx",
    "LoggerAdminServant",
    "RemoteLogger",
    "RemoteLoggerAlreadyAttachedException",
    "RemoteLoggerPrx",
    "RemoteLoggerServant",
    "read_LogMessage",
    "read_LogMessageSeq",
    "read_LogMessageType",
    "read_LogMessageTypeSeq",
    "write_LogMessage",
    "write_LogMessageSeq",
    "write_LogMessageType",
    "write_LogMessageTypeSeq",
]


class LogMessageType(SliceEnum):
    """How grave a message is."""

    PrintMessage = 0
    TraceMessage = 1
    WarningMessage = 2
    ErrorMessage = 3


@attrs.frozen(order=True)
class LogMessage:
    """One message of a log."""

    type: LogMessageType = LogMessageType.PrintMessage
    timestamp: int = 0
    """Microseconds since 1970, UTC."""

    traceCategory: str = ""
    """Of trace messages only: what they are about."""

    message: str = ""


@attrs.frozen
class RemoteLoggerAlreadyAttachedException(UserException):
    """The remote logger is attached already."""


class RemoteLogger(Protocol):
    """Is sent what another process logs."""

    def init(
        self, prefix: str, logMessages: Sequence[LogMessage], current: Current | None = None, /
    ) -> Awaitable[None]:
        """The first call: what was logged before, the oldest first."""
        ...

    def log(self, message: LogMessage, current: Current | None = None, /) -> Awaitable[None]:
        """One more message."""
        ...


class LoggerAdmin(Protocol):
    """The log of a process, to be looked at from elsewhere."""

    def attachRemoteLogger(
        self,
        prx: RemoteLoggerPrx | None,
        messageTypes: Sequence[LogMessageType],
        traceCategories: Sequence[str],
        messageMax: int,
        current: Current | None = None,
        /,
    ) -> Awaitable[None]:
        """Have a remote logger told of what is logged from now on, and at first of the last messages.

        Args:
            messageTypes: These only; empty for all.
            traceCategories: Of trace messages these only; empty for all.
            messageMax: At most so many of the last messages; negative for all that are kept.
        """
        ...

    def detachRemoteLogger(
        self, prx: RemoteLoggerPrx | None, current: Current | None = None, /
    ) -> Awaitable[bool]:
        """Whether there was such a logger; it is told no more."""
        ...

    def getLog(
        self,
        messageTypes: Sequence[LogMessageType],
        traceCategories: Sequence[str],
        messageMax: int,
        current: Current | None = None,
        /,
    ) -> Awaitable[tuple[list[LogMessage], str]]:
        """The last messages, the oldest first; parameters as above."""
        ...


class RemoteLoggerPrx(ObjectPrx):
    """Calls a `RemoteLogger` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::RemoteLogger"

    def init(
        self, prefix: str, logMessages: Sequence[LogMessage], context: CallContext = None
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_RemoteLogger_init, (prefix, logMessages), context)
        out = bytearray()
        write_string(out, prefix)
        write_LogMessageSeq(out, logMessages)
        return self._ice_call(_OP_RemoteLogger_init, out, context)

    def log(self, message: LogMessage, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_RemoteLogger_log, (message,), context)
        out = bytearray()
        write_LogMessage(out, message)
        return self._ice_call(_OP_RemoteLogger_log, out, context)


class LoggerAdminPrx(ObjectPrx):
    """Calls a `LoggerAdmin` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::LoggerAdmin"

    def attachRemoteLogger(
        self,
        prx: RemoteLoggerPrx | None,
        messageTypes: Sequence[LogMessageType],
        traceCategories: Sequence[str],
        messageMax: int,
        context: CallContext = None,
    ) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(
                _OP_LoggerAdmin_attachRemoteLogger, (prx, messageTypes, traceCategories, messageMax), context
            )
        out = bytearray()
        write_proxy(out, prx)
        write_LogMessageTypeSeq(out, messageTypes)
        write_StringSeq(out, traceCategories)
        out += _S_i.pack(messageMax)
        return self._ice_call(_OP_LoggerAdmin_attachRemoteLogger, out, context)

    def detachRemoteLogger(self, prx: RemoteLoggerPrx | None, context: CallContext = None) -> Deferred[bool]:
        if self._ice_old:
            return self._ice_call10(_OP_LoggerAdmin_detachRemoteLogger, (prx,), context)
        out = bytearray()
        write_proxy(out, prx)
        return self._ice_call(_OP_LoggerAdmin_detachRemoteLogger, out, context)

    def getLog(
        self,
        messageTypes: Sequence[LogMessageType],
        traceCategories: Sequence[str],
        messageMax: int,
        context: CallContext = None,
    ) -> Deferred[tuple[list[LogMessage], str]]:
        if self._ice_old:
            return self._ice_call10(
                _OP_LoggerAdmin_getLog, (messageTypes, traceCategories, messageMax), context
            )
        out = bytearray()
        write_LogMessageTypeSeq(out, messageTypes)
        write_StringSeq(out, traceCategories)
        out += _S_i.pack(messageMax)
        return self._ice_call(_OP_LoggerAdmin_getLog, out, context)


class RemoteLoggerServant(Servant):
    """Serves a `RemoteLogger`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Ice::RemoteLogger"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Ice::RemoteLogger")


class LoggerAdminServant(Servant):
    """Serves a `LoggerAdmin`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Ice::LoggerAdmin"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::LoggerAdmin", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_S_i = Struct("<i")
_S_o = Struct("<?")
_S_q = Struct("<q")
_S_qB = Struct("<qB")

_new_LogMessage = maker_of(LogMessage)

_MEMBERS_LogMessageType: Final = {member.value: member for member in LogMessageType}


def write_LogMessageType(out: bytearray, value: LogMessageType) -> None:
    write_size(out, value)


def read_LogMessageType(buf: bytes, pos: int) -> tuple[LogMessageType, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_LogMessageType.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::Ice::LogMessageType")
    return value, pos


old_LogMessageType = Enum10(LogMessageType, "::Ice::LogMessageType")


def write_LogMessageTypeSeq(out: bytearray, value: Sequence[LogMessageType]) -> None:
    write_size(out, len(value))
    for item in value:
        write_LogMessageType(out, item)


def read_LogMessageTypeSeq(buf: bytes, pos: int) -> tuple[list[LogMessageType], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[LogMessageType] = []
    for _ in range(count):
        item, pos = read_LogMessageType(buf, pos)
        items.append(item)
    return items, pos


old_LogMessageTypeSeq = Sequence10(old_LogMessageType, 1)


def write_LogMessage(out: bytearray, value: LogMessage) -> None:
    write_LogMessageType(out, value.type)
    out += _S_q.pack(value.timestamp)
    write_string(out, value.traceCategory)
    write_string(out, value.message)


def read_LogMessage(buf: bytes, pos: int) -> tuple[LogMessage, int]:
    type, pos = read_LogMessageType(buf, pos)
    (timestamp,) = _S_q.unpack_from(buf, pos)
    traceCategory, pos = read_string(buf, pos + 8)
    message, pos = read_string(buf, pos)
    return _new_LogMessage(type, timestamp, traceCategory, message), pos


old_LogMessage = Struct10(
    LogMessage,
    (("type", old_LogMessageType), ("timestamp", LONG), ("traceCategory", STRING), ("message", STRING)),
)


def write_LogMessageSeq(out: bytearray, value: Sequence[LogMessage]) -> None:
    write_size(out, len(value))
    for item in value:
        write_LogMessageType(out, item.type)
        text = item.traceCategory.encode()
        if (size := len(text)) < 255:
            out += _S_qB.pack(item.timestamp, size)
        else:
            out += _S_q.pack(item.timestamp)
            write_size(out, size)
        out += text
        text = item.message.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_LogMessageSeq(buf: bytes, pos: int) -> tuple[list[LogMessage], int]:
    count, pos = read_count(buf, pos, 11)
    items: list[LogMessage] = []
    for _ in range(count):
        type, pos = read_LogMessageType(buf, pos)
        timestamp, size = _S_qB.unpack_from(buf, pos)
        if size < 255:
            traceCategory = buf[pos + 9 : (pos := pos + 9 + size)].decode()
        else:
            traceCategory, pos = read_string(buf, pos + 8)
        if (size := buf[pos]) < 255:
            message = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            message, pos = read_string(buf, pos)
        items.append(_new_LogMessage(type, timestamp, traceCategory, message))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


old_LogMessageSeq = Sequence10(old_LogMessage, 11)


def _write_RemoteLoggerAlreadyAttachedException(
    out: bytearray, value: RemoteLoggerAlreadyAttachedException
) -> None:
    """Has no members of its own."""


def _read_RemoteLoggerAlreadyAttachedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[()], int]:
    return (), pos


RemoteLoggerAlreadyAttachedException.ice_slice = ExceptionSlice(
    "::Ice::RemoteLoggerAlreadyAttachedException",
    RemoteLoggerAlreadyAttachedException,
    _write_RemoteLoggerAlreadyAttachedException,
    _read_RemoteLoggerAlreadyAttachedException,
    None,
)

_OLD_RemoteLogger_init = Call10("init", (STRING, old_LogMessageSeq), ())


def _serve_RemoteLogger_init(servant: RemoteLogger, buf: bytes, pos: int, current: Current) -> Any:
    prefix, pos = read_string(buf, pos)
    logMessages, pos = read_LogMessageSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.init(prefix, logMessages, current)


_OP_RemoteLogger_init: Operation[None] = Operation("init", 0, None, (), old=_OLD_RemoteLogger_init)

_OLD_RemoteLogger_log = Call10("log", (old_LogMessage,), ())


def _serve_RemoteLogger_log(servant: RemoteLogger, buf: bytes, pos: int, current: Current) -> Any:
    message, pos = read_LogMessage(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.log(message, current)


_OP_RemoteLogger_log: Operation[None] = Operation("log", 0, None, (), old=_OLD_RemoteLogger_log)

RemoteLoggerServant.ice_operations = {
    b"init": ServantOperation("init", 0, _serve_RemoteLogger_init, None, old=_OLD_RemoteLogger_init),
    b"log": ServantOperation("log", 0, _serve_RemoteLogger_log, None, old=_OLD_RemoteLogger_log),
}

_OLD_LoggerAdmin_attachRemoteLogger = Call10(
    "attachRemoteLogger",
    (Proxy10(RemoteLoggerPrx), old_LogMessageTypeSeq, Same(write_StringSeq, read_StringSeq), INT),
    (),
)


def _serve_LoggerAdmin_attachRemoteLogger(
    servant: LoggerAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    prx, pos = read_proxy(buf, pos, current, RemoteLoggerPrx)
    messageTypes, pos = read_LogMessageTypeSeq(buf, pos)
    traceCategories, pos = read_StringSeq(buf, pos)
    (messageMax,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.attachRemoteLogger(prx, messageTypes, traceCategories, messageMax, current)


_OP_LoggerAdmin_attachRemoteLogger: Operation[None] = Operation(
    "attachRemoteLogger",
    0,
    None,
    (RemoteLoggerAlreadyAttachedException,),
    old=_OLD_LoggerAdmin_attachRemoteLogger,
)

_OLD_LoggerAdmin_detachRemoteLogger = Call10(
    "detachRemoteLogger", (Proxy10(RemoteLoggerPrx),), (BOOL,), returns=True
)


def _read_result_LoggerAdmin_detachRemoteLogger(buf: bytes, pos: int, source: Source) -> bool:
    result: bool = _S_o.unpack_from(buf, pos)[0]
    if pos + 1 != len(buf):
        pass_over(buf, pos + 1, source)
    return result


def _serve_LoggerAdmin_detachRemoteLogger(
    servant: LoggerAdmin, buf: bytes, pos: int, current: Current
) -> Any:
    prx, pos = read_proxy(buf, pos, current, RemoteLoggerPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.detachRemoteLogger(prx, current)


_OP_LoggerAdmin_detachRemoteLogger: Operation[bool] = Operation(
    "detachRemoteLogger",
    0,
    _read_result_LoggerAdmin_detachRemoteLogger,
    (),
    old=_OLD_LoggerAdmin_detachRemoteLogger,
)

_OLD_LoggerAdmin_getLog = Call10(
    "getLog",
    (old_LogMessageTypeSeq, Same(write_StringSeq, read_StringSeq), INT),
    (old_LogMessageSeq, STRING),
    returns=True,
)


def _read_result_LoggerAdmin_getLog(buf: bytes, pos: int, source: Source) -> tuple[list[LogMessage], str]:
    prefix, pos = read_string(buf, pos)
    result, pos = read_LogMessageSeq(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result, prefix


def _serve_LoggerAdmin_getLog(servant: LoggerAdmin, buf: bytes, pos: int, current: Current) -> Any:
    messageTypes, pos = read_LogMessageTypeSeq(buf, pos)
    traceCategories, pos = read_StringSeq(buf, pos)
    (messageMax,) = _S_i.unpack_from(buf, pos)
    if pos + 4 != len(buf):
        pass_over(buf, pos + 4, current)
    return servant.getLog(messageTypes, traceCategories, messageMax, current)


def _write_result_LoggerAdmin_getLog(value: tuple[list[LogMessage], str]) -> bytearray:
    result, prefix = value
    out = bytearray()
    write_string(out, prefix)
    write_LogMessageSeq(out, result)
    return out


_OP_LoggerAdmin_getLog: Operation[tuple[list[LogMessage], str]] = Operation(
    "getLog", 0, _read_result_LoggerAdmin_getLog, (), old=_OLD_LoggerAdmin_getLog
)

LoggerAdminServant.ice_operations = {
    b"attachRemoteLogger": ServantOperation(
        "attachRemoteLogger",
        0,
        _serve_LoggerAdmin_attachRemoteLogger,
        None,
        old=_OLD_LoggerAdmin_attachRemoteLogger,
    ),
    b"detachRemoteLogger": ServantOperation(
        "detachRemoteLogger",
        0,
        _serve_LoggerAdmin_detachRemoteLogger,
        _S_o.pack,
        old=_OLD_LoggerAdmin_detachRemoteLogger,
    ),
    b"getLog": ServantOperation(
        "getLog", 0, _serve_LoggerAdmin_getLog, _write_result_LoggerAdmin_getLog, old=_OLD_LoggerAdmin_getLog
    ),
}
