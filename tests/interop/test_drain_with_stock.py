"""Servers of ours follow each other on one listening socket while clients of every kind call without a pause.

The socket belongs to the test, as it belongs to an agent in a grid. The successor serves before the
predecessor is told to end: nothing may fail, be lost or be done twice, one-way and batch requests included.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections import Counter
from pathlib import Path

from twisted.trial.unittest import TestCase

from pushnet.world import LISTENING_SOCKETS
from tests.certificates import authority
from tests.interop.counting_programs import OURS, STOCK_PYTHON, stock_cpp
from tests.interop.stock import Program, require_ice

ROLLS = 5


class DrainWithStockTest(TestCase):
    timeout = 120

    def setUp(self) -> None:
        require_ice(self)
        self.folder = Path(os.path.abspath(self.mktemp()))
        self.folder.mkdir()
        self.records: list[Path] = []
        self.sockets = [self._listening() for _ in range(2)]
        tcp, ssl = (each.getsockname()[1] for each in self.sockets)
        self.endpoints = {"plain": f"tcp -h 127.0.0.1 -p {tcp}", "secure": f"ssl -h 127.0.0.1 -p {ssl}"}
        self.tls = self._tls()

    async def test_nothing_is_lost_failed_or_done_twice_over_five_successors(self) -> None:
        stock_secure = {**self.tls, "Ice.Plugin.IceSSL": "IceSSL:createIceSSL"}
        running = await self._serve()
        clients = {
            "python": self._client(STOCK_PYTHON, "python", "plain", {}),
            "pythons": self._client(STOCK_PYTHON, "pythons", "secure", stock_secure),
            "cpp": self._client(stock_cpp(self), "cpp", "plain", {}),
            "ours": self._client(OURS, "ours", "plain", {}),
            "oursecure": self._client(OURS, "oursecure", "secure", self.tls),
        }
        for client in clients.values():
            self.assertEqual(await client.line(), "calling")
        for _ in range(ROLLS):
            self.assertEqual(await running.line(), "busy")
            successor = await self._serve()
            await self._end(running)
            running = successor
        asked: list[str] = []
        for name, client in clients.items():
            client.transport.closeStdin()
            begun = (await client.line()).split()
            self.assertEqual((await client.line()).strip(), "", f"{name} had failures")
            await client.ended
            for thread, count in enumerate(begun):
                asked += [f"{name}.{thread}.{number}" for number in range(1, int(count) + 1)]
        self.assertEqual(await running.line(), "busy")
        await self._end(running)
        done = Counter(line for record in self.records for line in record.read_text().split())
        self.assertEqual(sorted(done - Counter(asked))[:20], [], "done twice")
        self.assertEqual(sorted(Counter(asked) - done)[:20], [], "lost")

    def _listening(self) -> socket.socket:
        held = socket.create_server(("127.0.0.1", 0), backlog=1024)
        held.set_inheritable(True)
        self.addCleanup(held.close)
        return held

    async def _serve(self) -> Program:
        """One more process that accepts from the two sockets."""
        record = self.folder / f"record-{len(self.records)}"
        self.records.append(record)
        handed = [
            f"127.0.0.1:{each.getsockname()[1]}={number}" for number, each in enumerate(self.sockets, 3)
        ]
        properties = {
            "Counting.Record": str(record),
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

    async def _end(self, program: Program) -> None:
        program.transport.signalProcess(signal.SIGTERM)
        await program.ended
        self.assertEqual(program.exit_code, 0)

    def _client(self, command: list[str], name: str, where: str, properties: dict[str, str]) -> Program:
        program = Program(
            "client",
            f"--Counting.Name={name}",
            f"--Counting.Proxy=base:{self.endpoints[where]}",
            *(f"--{key}={value}" for key, value in properties.items()),
            command=command,
            python=sys.executable if command is OURS else "",
        )
        self.addCleanup(program.kill)
        return program

    def _tls(self) -> dict[str, str]:
        """Properties that make either side known to the other."""
        root = authority()
        one = root.vouch("one", ["127.0.0.1"])
        for name, data in (
            ("root.pem", root.certificate),
            ("one.pem", one.certificate),
            ("one.key", one.private_key()),
        ):
            (self.folder / name).write_bytes(data)
        return {
            "IceSSL.DefaultDir": str(self.folder),
            "IceSSL.CAs": "root.pem",
            "IceSSL.CertFile": "one.pem",
            "IceSSL.KeyFile": "one.key",
        }
