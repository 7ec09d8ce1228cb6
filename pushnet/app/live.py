"""What is shown again and again: a table that changes in place on a terminal, lines and objects elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable
from types import TracebackType
from typing import TextIO

from rich.console import Console, RenderableType
from rich.live import Live
from twisted.internet.defer import CancelledError, ensureDeferred

from pushnet.app.running import Session

PLAIN_WIDTH = 180


class Screen:
    """One place on a terminal. Use it as a context. Off a terminal each picture is below the last."""

    def __init__(self, out: TextIO) -> None:
        console = Console(file=out)
        self.is_live = console.is_terminal
        self._console = console if self.is_live else Console(file=out, width=PLAIN_WIDTH)
        self._live = Live(console=self._console, auto_refresh=False) if self.is_live else None

    def __enter__(self) -> Screen:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, picture: RenderableType) -> None:
        """Put it in place of what is shown."""
        if self._live is not None:
            self._live.update(picture, refresh=True)
        else:
            self._console.print(picture)


async def until_stopped(session: Session, work: Awaitable[int]) -> int:
    """Do `work` until it ends, or somebody wants us to end: then the status is 0."""
    working = ensureDeferred(_awaited(work))
    session.stopping.addCallback(lambda _: working.cancel())
    try:
        return await working
    except (CancelledError, BrokenPipeError):
        return 0


async def _awaited(work: Awaitable[int]) -> int:
    return await work
