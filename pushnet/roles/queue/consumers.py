"""Who waits for messages, and over which connection: a wait ends with the connection it was asked over.

A consumer that is gone must not be handed a message: it would lie there until its lease runs out.
"""

from __future__ import annotations

from typing import Any, Protocol

from twisted.internet.defer import Deferred


class Closable(Protocol):
    """What is wanted of a connection."""

    def setCloseCallback(self, callback: Any) -> None: ...


class Consumers:
    """The waits under way, by connection."""

    def __init__(self) -> None:
        self._waits: dict[Closable, list[Deferred[Any]]] = {}

    @property
    def count(self) -> int:
        return sum(len(waits) for waits in self._waits.values())

    def enter(self, connection: Closable, wait: Deferred[Any]) -> None:
        """The wait is cancelled when the connection goes."""
        first = connection not in self._waits
        self._waits.setdefault(connection, []).append(wait)
        if first:
            connection.setCloseCallback(self._gone)

    def leave(self, connection: Closable, wait: Deferred[Any]) -> None:
        """The wait has ended by itself."""
        waits = self._waits.get(connection)
        if waits is not None and wait in waits:
            waits.remove(wait)
            if not waits:
                del self._waits[connection]

    def release_all(self) -> None:
        """Let everyone go."""
        for connection in list(self._waits):
            self._gone(connection)

    def _gone(self, connection: Closable) -> None:
        for wait in self._waits.pop(connection, []):
            wait.cancel()
