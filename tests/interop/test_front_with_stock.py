"""Stock Ice servers follow each other behind a front while stock clients call without a pause."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.roles.node.front import FrontOf
from tests.certificates import authority
from tests.interop.counting_programs import STOCK_PYTHON, stock_cpp
from tests.interop.stock import Program, free_port, require_ice

SWITCHES = 10


class FrontWithStockTest(TestCase):
    timeout = 120

    def setUp(self) -> None:
        require_ice(self)
        self.folder = Path(os.path.abspath(self.mktemp()))
        self.folder.mkdir()
        self.records: list[Path] = []

    async def test_python_servers_follow_each_other_and_nothing_is_lost(self) -> None:
        await self._switch_under_load(STOCK_PYTHON)

    async def test_cpp_servers_follow_each_other_and_nothing_is_lost(self) -> None:
        await self._switch_under_load(stock_cpp(self))

    async def _switch_under_load(self, server: list[str]) -> None:
        """A client of the server's kind over TCP and one in Python over TLS, over many switches."""
        tls = self._tls()
        tcp, ssl = free_port(), free_port()
        world = RealWorld(reactor, str(self.folder / "world"))
        endpoints = f"tcp -h 127.0.0.1 -p {tcp}:ssl -h 127.0.0.1 -p {ssl}"
        front = await FrontOf(tls)(world, endpoints)
        closing: list[Deferred[None]] = []
        self.addCleanup(lambda: closing[0] if closing else front.close())
        running = await self._serve(server, front)
        clients = [
            self._client(server, "plain", f"tcp -h 127.0.0.1 -p {tcp}", {}),
            self._client(
                STOCK_PYTHON,
                "secure",
                f"ssl -h 127.0.0.1 -p {ssl}",
                {**tls, "Ice.Plugin.IceSSL": "IceSSL:createIceSSL"},
            ),
        ]
        for client in clients:
            self.assertEqual(await client.line(), "calling")
        for _ in range(SWITCHES):
            running = await self._serve(server, front, running)
        asked: list[str] = []
        for name, client in zip(("plain", "secure"), clients, strict=True):
            client.transport.closeStdin()
            begun = (await client.line()).split()
            self.assertEqual((await client.line()).strip(), "", f"{name} had failures")
            await client.ended
            for thread, count in enumerate(begun):
                asked += [f"{name}.{thread}.{number}" for number in range(1, int(count) + 1)]
        closing.append(front.close())
        await closing[0]
        await self._end(running)
        done = Counter(line for record in self.records for line in record.read_text().split())
        self.assertEqual(sorted(done - Counter(asked)), [], "done twice")
        self.assertEqual(sorted(Counter(asked) - done), [], "lost")
        self.assertGreater(len(asked), 20 * SWITCHES)
        self.assertGreater(sum(1 for record in self.records if record.read_text()), SWITCHES / 2)

    async def _serve(self, command: list[str], front: Any, before: Program | None = None) -> Program:
        """Start a server, turn to it, and end the one before."""
        port = free_port()
        record = self.folder / f"record-{len(self.records)}"
        self.records.append(record)
        program = Program(
            "server",
            f"--Counting.Record={record}",
            f"--Counting.Endpoints=tcp -h 127.0.0.1 -p {port}",
            command=command,
        )
        self.addCleanup(program.kill)
        self.assertEqual(await program.line(), "serving")
        await front.turn_to("127.0.0.1", port)
        if before is not None:
            await self._end(before)
        return program

    async def _end(self, program: Program) -> None:
        program.transport.signalProcess(signal.SIGTERM)
        await program.ended
        self.assertEqual(program.exit_code, 0)

    def _client(self, command: list[str], name: str, endpoint: str, properties: dict[str, str]) -> Program:
        program = Program(
            "client",
            f"--Counting.Name={name}",
            f"--Counting.Proxy=base:{endpoint}",
            *(f"--{key}={value}" for key, value in properties.items()),
            command=command,
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
