"""Progress of long work: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, TextIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pushnet.app.board import PatientConsole

PLAIN_EVERY_S = 2.0


class Step(AbstractContextManager["Step"]):
    """One piece of work, of `total` parts; leave it when it is done."""

    def __init__(self, out: TextIO, what: str, total: int, seconds: Callable[[], float]) -> None:
        self._what = what
        self._total = total
        self._seconds = seconds
        self._done = 0
        self._began_at = self._told_at = seconds()
        self._console = PatientConsole(file=out, highlight=False)
        self._bar: Progress | None = None
        if self._console.is_terminal:
            columns: list[Any] = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
            self._bar = Progress(*columns, TimeElapsedColumn(), console=self._console, auto_refresh=False)
            self._task = self._bar.add_task(what, total=total)

    def __enter__(self) -> Step:
        if self._bar is not None:
            self._bar.start()
        else:
            self._console.print(f"{self._what} …")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.refresh()
            self._bar.stop()
        elif error is None:
            took_s = self._seconds() - self._began_at
            self._console.print(f"{self._what}: {self._done} of {self._total} in {took_s:.1f} s")

    def advance(self, parts: int = 1) -> None:
        """So many more parts are done."""
        self.reach(self._done + parts)

    def reach(self, done: int) -> None:
        """So many parts are done in all."""
        self._done = done
        now = self._seconds()
        if self._bar is not None:
            self._bar.update(self._task, completed=done, refresh=True)
        elif now - self._told_at >= PLAIN_EVERY_S:
            self._told_at = now
            self._console.print(f"{self._what}: {done} of {self._total}")
