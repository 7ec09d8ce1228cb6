"""A person at a terminal is asked."""

from __future__ import annotations

import os
import sys

from twisted.internet.defer import Deferred
from twisted.internet.protocol import ProcessProtocol
from twisted.trial.unittest import TestCase

from tests.app.children import reactor

PROGRAM = """
from pushnet.app.confirming import at_terminal, confirmed
from pushnet.app.running import run

async def main(session):
    assert at_terminal()
    return 10 if await confirmed(session, "Apply it?") else 11

raise SystemExit(run(main))
"""


class _AtTerminal(ProcessProtocol):
    def __init__(self, typed: bytes) -> None:
        self.ended: Deferred[int] = Deferred()
        self.seen = b""
        self._typed = typed

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        before, self.seen = self.seen, self.seen + data
        if b"[y/N]" in self.seen and b"[y/N]" not in before:
            self.transport.write(self._typed)  # type: ignore[union-attr]

    def processEnded(self, reason: object) -> None:
        self.ended.callback(reason.value.exitCode)  # type: ignore[attr-defined]


class ConfirmingTest(TestCase):
    timeout = 60

    async def status(self, typed: bytes) -> int:
        child = _AtTerminal(typed)
        reactor.spawnProcess(
            child, sys.executable, [sys.executable, "-c", PROGRAM], env=dict(os.environ), usePTY=True
        )
        return await child.ended

    async def test_yes_is_yes_and_everything_else_is_no(self) -> None:
        self.assertEqual(await self.status(b"Yes\n"), 10)
        self.assertEqual(await self.status(b"\n"), 11)
        self.assertEqual(await self.status(b"\x03"), 11)
