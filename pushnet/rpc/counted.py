"""What stands in for a connection's framer and outbox while its bytes are counted or its messages told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pushnet.net.outbox import Outbox
from pushnet.wire.message import Framer


class CountedFramer:
    """A framer that tells how much it is given."""

    def __init__(self, framer: Framer, count: Callable[[int], object]) -> None:
        self._framer = framer
        self._count = count

    def receive(self, data: bytes) -> Any:
        self._count(len(data))
        return self._framer.receive(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._framer, name)


class CountedOutbox:
    """An outbox that tells how much it is given."""

    def __init__(self, outbox: Outbox, count: Callable[[int], object]) -> None:
        object.__setattr__(self, "_outbox", outbox)
        object.__setattr__(self, "_count", count)

    def write(self, data: bytes) -> None:
        self._count(len(data))
        self._outbox.write(data)

    def write_parts(self, start: bytes, rest: bytes | bytearray) -> None:
        self._count(len(start) + len(rest))
        self._outbox.write_parts(start, rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._outbox, name, value)


class FollowedFramer:
    """A framer that tells how many bytes it is given, and which messages they have made."""

    def __init__(self, framer: Framer, told: Callable[[int, list[bytes]], object]) -> None:
        self._framer = framer
        self._told = told

    def receive(self, data: bytes) -> Any:
        messages = self._framer.receive(data)
        self._told(len(data), messages)
        return messages

    def __getattr__(self, name: str) -> Any:
        return getattr(self._framer, name)


class FollowedOutbox(CountedOutbox):
    """An outbox that tells what it is given."""

    def __init__(self, outbox: Outbox, told: Callable[[bytes], object]) -> None:
        super().__init__(outbox, lambda size: None)
        object.__setattr__(self, "_told", told)

    def write(self, data: bytes) -> None:
        self._told(data)
        self._outbox.write(data)

    def write_parts(self, start: bytes, rest: bytes | bytearray) -> None:
        self._told(start + rest)
        self._outbox.write_parts(start, rest)
