"""`Request`: a request on its way to its servant through whoever stands between, and what comes back.

Interceptors, middleware and servant locators get it; a plain request to a plain servant never makes one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pushnet.rpc.current import Current

Answer = tuple[bool, bytes]
"""Whether the operation succeeded, else it ended with a user exception; and the encapsulation of either."""


class Request:
    """One request. May be dispatched more than once: its bytes stay."""

    __slots__ = ("buf", "current", "pos", "sliced")

    def __init__(self, current: Current, buf: bytes, pos: int) -> None:
        self.current = current
        self.buf = buf
        self.pos = pos
        """Where the parameters begin, behind the head of their encapsulation."""
        self.sliced = False
        """Whether user exceptions of the operation found travel in the sliced format."""

    def getCurrent(self) -> Current:
        return self.current

    @property
    def params(self) -> bytes:
        """The encapsulation of the parameters."""
        return self.buf[self.pos - 6 :]


Dispatcher = Callable[[Request], Awaitable[Answer]]
"""Serves a request. Raises what the servant raises, user exceptions too."""
