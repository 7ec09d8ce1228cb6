"""Servers of ours follow each other on one listening socket while clients of every kind call without a pause.

The socket belongs to the test, as it belongs to an agent in a grid. The successor serves before the
predecessor is told to end: nothing may fail, be lost or be done twice, one-way and batch requests included.
"""

from __future__ import annotations

import socket
import sys

from pushnet.world import LISTENING_SOCKETS
from tests.interop.counted import CountedCase
from tests.interop.counting_programs import OURS, STOCK_PYTHON, stock_cpp
from tests.interop.stock import Program

ROLLS = 5


class DrainWithStockTest(CountedCase):
    timeout = 120

    def setUp(self) -> None:
        super().setUp()
        self.sockets = [self._listening() for _ in range(2)]
        tcp, ssl = (each.getsockname()[1] for each in self.sockets)
        self.endpoints = {"plain": f"tcp -h 127.0.0.1 -p {tcp}", "secure": f"ssl -h 127.0.0.1 -p {ssl}"}

    async def test_nothing_is_lost_failed_or_done_twice_over_five_successors(self) -> None:
        plain, secure = self.endpoints["plain"], self.endpoints["secure"]
        running = await self._serve()
        clients = {
            "python": self.client(STOCK_PYTHON, "python", plain, {}),
            "pythons": self.client(STOCK_PYTHON, "pythons", secure, self.stock_tls),
            "cpp": self.client(stock_cpp(self), "cpp", plain, {}),
            "ours": self.client(OURS, "ours", plain, {}),
            "oursecure": self.client(OURS, "oursecure", secure, self.tls),
        }
        for client in clients.values():
            self.assertEqual(await client.line(), "calling")
        for _ in range(ROLLS):
            self.assertEqual(await running.line(), "busy")
            successor = await self._serve()
            await self.end(running)
            running = successor
        asked = await self.asked(clients)
        self.assertEqual(await running.line(), "busy")
        await self.end(running)
        self.settle(asked)

    def _listening(self) -> socket.socket:
        held = socket.create_server(("127.0.0.1", 0), backlog=1024)
        held.set_inheritable(True)
        self.addCleanup(held.close)
        return held

    async def _serve(self) -> Program:
        """One more process that accepts from the two sockets."""
        handed = [
            f"127.0.0.1:{each.getsockname()[1]}={number}" for number, each in enumerate(self.sockets, 3)
        ]
        properties = {
            "Counting.Record": str(self.record()),
            "Counting.Endpoints": ":".join(self.endpoints.values()),
            **self.tls,
        }
        program = Program(
            "server",
            *(f"--{key}={value}" for key, value in properties.items()),
            command=OURS,
            python=sys.executable,
            env={LISTENING_SOCKETS: ",".join(handed)},
            files={number: each.fileno() for number, each in enumerate(self.sockets, 3)},
        )
        self.addCleanup(program.kill)
        self.assertEqual(await program.line(), "serving")
        return program
