"""The facet `Logger`: what the communicator logs, read or sent on to loggers elsewhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar

from twisted.internet.defer import Deferred
from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent
from twisted.logger import Logger as TwistedLogger
from zope.interface import implementer

from pushnet.rpc.admin.codec import (
    RemoteLoggerAlreadyAttached,
    message_types,
    number,
    operation,
    texts,
    write_long,
)
from pushnet.rpc.admin.logbook import Filter, LogBook, LogMessage, LogMessageType
from pushnet.rpc.current import Current
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.logger import Logger
from pushnet.rpc.operations import Operation
from pushnet.rpc.proxy import ObjectPrx, read_proxy
from pushnet.rpc.servant import Servant
from pushnet.wire.basic import write_size, write_string

WAITING_MAX = 1000
"""Messages for one remote logger that does not keep up; then it is given up."""
_INIT: Operation[None] = Operation("init", 0, None)
_LOG: Operation[None] = Operation("log", 0, None)
_TYPES = {
    LogLevel.debug: LogMessageType.TraceMessage,
    LogLevel.info: LogMessageType.PrintMessage,
    LogLevel.warn: LogMessageType.WarningMessage,
}


class RemoteLoggerPrx(ObjectPrx):
    """Calls a `RemoteLogger` wherever it is."""

    ice_type: ClassVar[str] = "::Ice::RemoteLogger"

    def init(self, prefix: str, messages: list[LogMessage]) -> Deferred[None]:
        out = bytearray()
        write_string(out, prefix)
        _write_messages(out, messages)
        return self._ice_call(_INIT, out)

    def log(self, message: LogMessage) -> Deferred[None]:
        out = bytearray()
        _write_message(out, message)
        return self._ice_call(_LOG, out)


class _Remote:
    """One attached logger: told in order, one call at a time."""

    def __init__(self, proxy: RemoteLoggerPrx, wanted: Filter) -> None:
        self.proxy = proxy
        self.wanted = wanted
        self.waiting: deque[LogMessage] = deque()
        self.busy = True
        """A call is under way."""


class LoggerFacet(Servant):
    """`::Ice::LoggerAdmin`."""

    ice_type: ClassVar[str] = "::Ice::LoggerAdmin"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::LoggerAdmin", "::Ice::Object")

    def __init__(
        self, book: LogBook, prefix: str, background: Callable[[str, Deferred[Any]], object]
    ) -> None:
        """`background` owns the calls to remote loggers."""
        self._book = book
        self._prefix = prefix
        self._background = background
        self._remotes: dict[str, _Remote] = {}
        book.on_message = self._tell

    def attachRemoteLogger(
        self,
        prx: RemoteLoggerPrx | None,
        types: list[int],
        categories: list[str],
        count_max: int,
        current: Current | None = None,
    ) -> None:
        """Tell `prx` the last messages, and from now on each new one."""
        if prx is None:
            return
        key = str(prx.ice_getIdentity())
        if key in self._remotes:
            raise RemoteLoggerAlreadyAttached()
        remote = _Remote(prx.ice_twoway(), Filter(types, categories))
        self._remotes[key] = remote
        beginning = remote.proxy.init(self._prefix, self._book.last(remote.wanted, count_max))
        self._go_on(key, remote, beginning)

    def detachRemoteLogger(self, prx: RemoteLoggerPrx | None, current: Current | None = None) -> bool:
        return prx is not None and self._remotes.pop(str(prx.ice_getIdentity()), None) is not None

    def getLog(
        self, types: list[int], categories: list[str], count_max: int, current: Current | None = None
    ) -> tuple[list[LogMessage], str]:
        return self._book.last(Filter(types, categories), count_max), self._prefix

    def _tell(self, message: LogMessage) -> None:
        for key, remote in list(self._remotes.items()):
            if not remote.wanted.takes(message):
                continue
            if len(remote.waiting) >= WAITING_MAX:
                del self._remotes[key]
                continue
            remote.waiting.append(message)
            if not remote.busy:
                self._go_on(key, remote)

    def _go_on(self, key: str, remote: _Remote, first: Deferred[None] | None = None) -> None:
        remote.busy = True
        self._background("telling a remote logger", Deferred.fromCoroutine(self._send(key, remote, first)))

    async def _send(self, key: str, remote: _Remote, first: Deferred[None] | None) -> None:
        """Send what waits. A logger that fails is told no more, and nobody of that."""
        try:
            if first is not None:
                await first
            while remote.waiting and self._remotes.get(key) is remote:
                await remote.proxy.log(remote.waiting.popleft())
        except LocalException:
            if self._remotes.get(key) is remote:
                del self._remotes[key]
        remote.busy = False


class Recorded:
    """A `Logger` whose messages are also in the book."""

    def __init__(self, logger: Logger, book: LogBook) -> None:
        self._logger = logger
        self._book = book

    def _print(self, message: str) -> None:
        self._book.write(LogMessageType.PrintMessage, message)
        self._logger._print(message)

    def trace(self, category: str, message: str) -> None:
        self._book.write(LogMessageType.TraceMessage, message, category)
        self._logger.trace(category, message)

    def warning(self, message: str) -> None:
        self._book.write(LogMessageType.WarningMessage, message)
        self._logger.warning(message)

    def error(self, message: str) -> None:
        self._book.write(LogMessageType.ErrorMessage, message)
        self._logger.error(message)

    def getPrefix(self) -> str:
        return self._logger.getPrefix()

    def cloneWithPrefix(self, prefix: str) -> Logger:
        return Recorded(self._logger.cloneWithPrefix(prefix), self._book)


def recorded_log(book: LogBook, log: TwistedLogger) -> TwistedLogger:
    """A log for the runtime itself, whose messages are also in the book."""

    @implementer(ILogObserver)
    def record(event: LogEvent) -> None:
        kind = _TYPES.get(event["log_level"], LogMessageType.ErrorMessage)
        book.write(kind, formatEvent(event), log.namespace if kind is LogMessageType.TraceMessage else "")
        log.observer(event)

    return TwistedLogger(namespace=log.namespace, observer=record)


def _write_message(out: bytearray, message: LogMessage) -> None:
    out.append(message.type)
    write_long(out, message.timestamp)
    write_string(out, message.traceCategory)
    write_string(out, message.message)


def _write_messages(out: bytearray, messages: list[LogMessage]) -> None:
    write_size(out, len(messages))
    for message in messages:
        _write_message(out, message)


def _write_log(result: tuple[list[LogMessage], str]) -> bytearray:
    messages, prefix = result
    out = bytearray()
    write_string(out, prefix)
    _write_messages(out, messages)
    return out


def _read_remote(buf: bytes, pos: int, current: Current) -> tuple[RemoteLoggerPrx | None, int]:
    return read_proxy(buf, pos, current, RemoteLoggerPrx)


def _write_bool(value: bool) -> bytes:
    return b"\1" if value else b"\0"


LoggerFacet.ice_operations = dict(
    (
        operation("attachRemoteLogger", _read_remote, message_types, texts, number),
        operation("detachRemoteLogger", _read_remote, write=_write_bool),
        operation("getLog", message_types, texts, number, write=_write_log),
    )
)
