"""Asks a person at a terminal, without standing still meanwhile."""

from __future__ import annotations

import sys

from twisted.internet.defer import Deferred
from twisted.internet.stdio import StandardIO
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from pushnet.app.running import Session

YES = (b"y", b"yes")


class _Answer(LineOnlyReceiver):
    delimiter = b"\n"

    def __init__(self, answered: Deferred[bool]) -> None:
        self._answered = answered

    def lineReceived(self, line: bytes) -> None:
        self._tell(line.strip().lower() in YES)

    def connectionLost(self, reason: Failure | None = None) -> None:
        self._tell(False)

    def _tell(self, answer: bool) -> None:
        if not self._answered.called:
            self._answered.callback(answer)


def at_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


async def confirmed(session: Session, question: str) -> bool:
    """Whether the person says yes; Ctrl-C, Ctrl-D and everything else is no."""
    print(f"{question} [y/N] ", end="", flush=True)
    answered: Deferred[bool] = Deferred()
    terminal = StandardIO(_Answer(answered), reactor=session.reactor)  # type: ignore[no-untyped-call]
    session.stopping.addCallback(lambda _: None if answered.called else answered.callback(False))
    try:
        return await answered
    finally:
        terminal.loseConnection()  # type: ignore[no-untyped-call]
