"""How far `pushnet patch` is, on a terminal."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from pushnet.roles.releases.library import Progress as Step


class Bar:
    """A progress bar on a terminal; nothing elsewhere."""

    def __init__(self, machine: bool) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
        quiet = machine or not console.is_terminal
        self._bar = Progress(*columns, console=console, auto_refresh=False, disable=quiet, transient=True)
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def files(self, total: int) -> Callable[[str, int], object]:
        """For a publish of so many bytes."""
        self._bar.update(self._task, total=total)

        def told(path: str, count: int) -> None:
            self._bar.update(self._task, advance=count, description=path[-40:], refresh=True)

        return told

    def step(self, step: Step) -> None:
        """For a fetch."""
        total = step.total or None
        self._bar.update(self._task, completed=step.done, total=total, description=step.step, refresh=True)
