"""Stock Ice servers follow each other behind a front while stock clients call without a pause."""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred

from pushnet.app.realworld import RealWorld
from pushnet.roles.node.front import FrontOf
from tests.interop.counted import CountedCase
from tests.interop.counting_programs import STOCK_PYTHON, stock_cpp
from tests.interop.stock import Program, free_port

SWITCHES = 10


class FrontWithStockTest(CountedCase):
    timeout = 120

    async def test_python_servers_follow_each_other_and_nothing_is_lost(self) -> None:
        await self._switch_under_load(STOCK_PYTHON)

    async def test_cpp_servers_follow_each_other_and_nothing_is_lost(self) -> None:
        await self._switch_under_load(stock_cpp(self))

    async def _switch_under_load(self, server: list[str]) -> None:
        """A client of the server's kind over TCP and one in Python over TLS, over many switches."""
        tcp, ssl = free_port(), free_port()
        world = RealWorld(reactor, str(self.folder / "world"))
        endpoints = f"tcp -h 127.0.0.1 -p {tcp}:ssl -h 127.0.0.1 -p {ssl}"
        front = await FrontOf(self.tls)(world, endpoints)
        closing: list[Deferred[None]] = []
        self.addCleanup(lambda: closing[0] if closing else front.close())
        running = await self._serve(server, front)
        clients = {
            "plain": self.client(server, "plain", f"tcp -h 127.0.0.1 -p {tcp}", {}),
            "secure": self.client(STOCK_PYTHON, "secure", f"ssl -h 127.0.0.1 -p {ssl}", self.stock_tls),
        }
        for client in clients.values():
            self.assertEqual(await client.line(), "calling")
        for _ in range(SWITCHES):
            running = await self._serve(server, front, running)
        asked = await self.asked(clients)
        closing.append(front.close())
        await closing[0]
        await self.end(running)
        self.settle(asked)
        self.assertGreater(len(asked), 20 * SWITCHES)
        self.assertGreater(sum(1 for record in self.records if record.read_text()), SWITCHES / 2)

    async def _serve(self, command: list[str], front: Any, before: Program | None = None) -> Program:
        """Start a server, turn to it, and end the one before."""
        port = free_port()
        program = Program(
            "server",
            f"--Counting.Record={self.record()}",
            f"--Counting.Endpoints=tcp -h 127.0.0.1 -p {port}",
            command=command,
        )
        self.addCleanup(program.kill)
        self.assertEqual(await program.line(), "serving")
        await front.turn_to("127.0.0.1", port)
        if before is not None:
            await self.end(before)
        return program
