"""Keeps other work on this machine out of what is measured, where Linux shares processors among sessions.

There niceness says nothing to processes of other sessions, and every program that anybody runs gets as much
as the whole benchmark. Who is root may give sessions more weight: that of the benchmark gets it, and those
of the servers that agents and nodes start. Nothing changes between them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

FIRST, USUAL = -20, 0
EVERY_S = 0.25


class First:
    """While it is entered, the sessions of this process and of all that it starts come first, if they may."""

    def __init__(self) -> None:
        self._before = _niceness(os.getpid()) or USUAL
        self.works = _tell(os.getpid(), FIRST)
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> First:
        if self.works:
            self._watching.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self.works:
            self._watching.join()
            _tell(os.getpid(), self._before)

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            for pid in _descendants(os.getpid()):
                if _niceness(pid) == USUAL:  # else it starts gently, or was told before
                    _tell(pid, FIRST)


def _descendants(pid: int) -> Iterator[int]:
    for task in _read(Path(f"/proc/{pid}/task"), lambda path: [each.name for each in path.iterdir()]):
        children = _read(Path(f"/proc/{pid}/task/{task}/children"), lambda path: path.read_text().split())
        for child in map(int, children):
            yield child
            yield from _descendants(child)


def _read(path: Path, how: Callable[[Path], list[str]]) -> list[str]:
    """Nothing when it is not there any more."""
    try:
        return how(path)
    except OSError:
        return []


def _niceness(pid: int) -> int | None:
    """Of the session, as `/autogroup-7 nice 0` says; None when there is no such thing."""
    words = _read(Path(f"/proc/{pid}/autogroup"), lambda path: path.read_text().split())
    return int(words[-1]) if words else None


def _tell(pid: int, niceness: int) -> bool:
    try:
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness))
    except OSError:
        return False
    return True
