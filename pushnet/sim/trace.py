"""What happened in a simulation, as one running hash and the last few lines.

A line is the virtual time in microseconds, what kind of thing happened, and where; names and numbers only,
never an address of an object or anything else that differs between two processes.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from typing import Any

LINES_KEPT = 200
"""Shown when a run fails: enough to see the last exchange of every node."""
_BATCH = 256


class Trace:
    """A hash over every line, and the end of them."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._batch: list[str] = []
        self._last: deque[str] = deque(maxlen=LINES_KEPT)

    def add(self, line: str) -> None:
        self._batch.append(line)
        if len(self._batch) >= _BATCH:
            self._absorb()

    def digest(self) -> str:
        """The hash of everything so far, in hexadecimal."""
        self._absorb()
        return self._hash.hexdigest()

    def last_lines(self) -> list[str]:
        self._absorb()
        return list(self._last)

    def _absorb(self) -> None:
        if self._batch:
            self._hash.update(("\n".join(self._batch) + "\n").encode())
            self._last.extend(self._batch)
            self._batch.clear()


def name_of(function: Callable[..., Any]) -> str:
    """A name for a function that is the same in every process."""
    name = getattr(function, "__qualname__", None)
    return name if name is not None else type(function).__name__
