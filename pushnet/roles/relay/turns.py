"""How much of one session may be under way, and how much may wait.

Stock clients send as many requests as they like without waiting for answers. For each object a few are
forwarded at once, the next wait in order: a server that is slow or hangs keeps its clients from nobody else.
Who sends beyond what is held for a session is a client that the relay cannot serve fairly.
"""

from __future__ import annotations

from typing import Final

from twisted.internet.defer import DeferredSemaphore

from pushnet.roles.relay.routing import Target

UNDER_WAY_MAX: Final = 64
"""Of a session, to one object, forwarded at once: they keep a connection busy and starve nobody."""
HELD_BYTES_MAX: Final = 8 * 1024 * 1024
"""Of parameters under way and waiting: eight messages of the largest size."""
HELD_MAX: Final = 4096


class Overload(Exception):
    """The session has more under way and waiting than the relay holds for it."""


class _Line(DeferredSemaphore):
    """Before one object."""

    def __init__(self) -> None:
        super().__init__(UNDER_WAY_MAX)
        self.held = 0


class Turns:
    """Bounds what is under way for one session."""

    __slots__ = ("_lines", "held", "held_bytes")

    def __init__(self) -> None:
        self._lines: dict[Target, _Line] = {}
        self.held = 0
        self.held_bytes = 0

    async def take(self, target: Target, size_bytes: int) -> None:
        """Wait for a turn. Raises `Overload`; otherwise call `give_back` when done."""
        if self.held >= HELD_MAX or self.held_bytes + size_bytes > HELD_BYTES_MAX:
            raise Overload(f"{self.held} requests with {self.held_bytes} bytes are under way or waiting")
        line = self._lines.get(target)
        if line is None:
            line = self._lines[target] = _Line()
        line.held += 1
        self.held += 1
        self.held_bytes += size_bytes
        try:
            await line.acquire()
        except BaseException:
            self._release(target, line, size_bytes)
            raise

    def give_back(self, target: Target, size_bytes: int) -> None:
        """The request to that target that took a turn with so many bytes is done."""
        line = self._lines[target]
        line.release()
        self._release(target, line, size_bytes)

    def _release(self, target: Target, line: _Line, size_bytes: int) -> None:
        self.held -= 1
        self.held_bytes -= size_bytes
        line.held -= 1
        if not line.held:
            del self._lines[target]
