"""Ice's interface of a log. Unless an application brings its own, what is behind it is Twisted's log."""

from __future__ import annotations

from typing import Protocol

from twisted.logger import Logger as TwistedLogger

ICE_LOG = "pushnet.ice"
"""The namespace of what Ice's logger is told. Its traces are there only where a property asks for them."""


class Logger(Protocol):
    """What `InitializationData.logger` must be and `Communicator.getLogger()` is."""

    def _print(self, message: str) -> None: ...

    def trace(self, category: str, message: str) -> None: ...

    def warning(self, message: str) -> None: ...

    def error(self, message: str) -> None: ...

    def getPrefix(self) -> str: ...

    def cloneWithPrefix(self, prefix: str) -> Logger:
        """Another one that says `prefix` before each message."""
        ...


class TwistedLog:
    """Writes to Twisted's log."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._log = TwistedLogger(namespace=ICE_LOG)

    def _print(self, message: str) -> None:
        self._log.info("{told}", told=self._told(message))

    def trace(self, category: str, message: str) -> None:
        self._log.debug("{category}: {told}", category=category, told=self._told(message))

    def warning(self, message: str) -> None:
        self._log.warn("{told}", told=self._told(message))

    def error(self, message: str) -> None:
        self._log.error("{told}", told=self._told(message))

    def getPrefix(self) -> str:
        return self._prefix

    def cloneWithPrefix(self, prefix: str) -> Logger:
        return TwistedLog(prefix)

    def _told(self, message: str) -> str:
        return f"{self._prefix}: {message}" if self._prefix else message
