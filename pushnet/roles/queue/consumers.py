"""Who waits for messages and who holds some, and over which connection: both end with the connection.

A consumer that is gone must not be handed a message, and what it had taken and not settled is due again at
once: else it would lie there until its lease runs out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from twisted.internet.defer import Deferred


class Closable(Protocol):
    """What is wanted of a connection."""

    def setCloseCallback(self, callback: Any) -> None: ...


Delivered = tuple[str, str, int]
"""A message as one consumer holds it: topic, group, id."""


class Consumers:
    """The waits under way and the messages held, by connection.

    Args:
        released: told what a connection held that has gone: each message with the attempt it was.
    """

    def __init__(self, released: Callable[[dict[Delivered, int]], object]) -> None:
        self._released = released
        self._waits: dict[Closable, list[Deferred[Any]]] = {}
        self._held: dict[Closable, dict[Delivered, int]] = {}
        self._holders: dict[Delivered, Closable] = {}

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

    def hold(self, connection: Closable, delivered: dict[Delivered, int]) -> None:
        """The consumer has these now, each with its attempt; if it has gone meanwhile, nobody has."""
        for each, attempt in delivered.items():
            self._forget(each)
            self._holders[each] = connection
            self._held.setdefault(connection, {})[each] = attempt
        connection.setCloseCallback(self._gone)

    def settle(self, topic: str, group: str, ids: Iterable[int]) -> None:
        """These are held no more: acknowledged, given back or set aside."""
        for id in ids:
            self._forget((topic, group, id))

    def release_all(self) -> None:
        """Let everyone go."""
        for connection in list(self._waits):
            self._gone(connection)

    def _gone(self, connection: Closable) -> None:
        for wait in self._waits.pop(connection, []):
            wait.cancel()
        held = self._held.pop(connection, None)
        if held:
            for each in held:
                self._holders.pop(each, None)
            self._released(held)

    def _forget(self, delivered: Delivered) -> None:
        holder = self._holders.pop(delivered, None)
        if holder is None:
            return
        held = self._held[holder]
        del held[delivered]
        if not held:
            del self._held[holder]
