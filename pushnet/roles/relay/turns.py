"""How much of one session may be under way, and how much may wait.

Stock clients send as many requests as they like without waiting for answers. A few are forwarded at once,
the next wait in order, and who sends beyond that is a client the relay cannot serve fairly.
"""

from __future__ import annotations

from typing import Final

from twisted.internet.defer import DeferredSemaphore

UNDER_WAY_MAX: Final = 64
"""Requests of one session forwarded at once: enough to keep a connection busy, too few to starve others."""
HELD_BYTES_MAX: Final = 8 * 1024 * 1024
"""Of parameters under way and waiting: eight messages of the largest size."""
HELD_MAX: Final = 4096


class Overload(Exception):
    """The session has more under way and waiting than the relay holds for it."""


class Turns:
    """Bounds what is under way for one session."""

    __slots__ = ("_semaphore", "held", "held_bytes")

    def __init__(self) -> None:
        self._semaphore = DeferredSemaphore(UNDER_WAY_MAX)
        self.held = 0
        self.held_bytes = 0

    async def take(self, size_bytes: int) -> None:
        """Wait for a turn. Raises `Overload`; otherwise call `give_back` when done."""
        if self.held >= HELD_MAX or self.held_bytes + size_bytes > HELD_BYTES_MAX:
            raise Overload(f"{self.held} requests with {self.held_bytes} bytes are under way or waiting")
        self.held += 1
        self.held_bytes += size_bytes
        try:
            await self._semaphore.acquire()
        except BaseException:
            self._release(size_bytes)
            raise

    def give_back(self, size_bytes: int) -> None:
        """The request that took a turn with so many bytes is done."""
        self._semaphore.release()
        self._release(size_bytes)

    def _release(self, size_bytes: int) -> None:
        self.held -= 1
        self.held_bytes -= size_bytes
