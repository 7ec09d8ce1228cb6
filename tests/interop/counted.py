"""What tests of counting programs share: their folder, certificates, clients, and the books at the end.

Servers write down each request that they do, clients number what they ask for: whatever is in one book and
not in the other was lost or done twice.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from twisted.trial.unittest import TestCase

from tests.certificates import authority
from tests.interop.counting_programs import OURS
from tests.interop.stock import Program, require_ice


class CountedCase(TestCase):
    """Servers that follow each other while clients call without a pause."""

    def setUp(self) -> None:
        require_ice(self)
        self.folder = Path(os.path.abspath(self.mktemp()))
        self.folder.mkdir()
        self.records: list[Path] = []
        self.tls = self._certificates()

    @property
    def stock_tls(self) -> dict[str, str]:
        """What a stock program needs to speak TLS."""
        return {**self.tls, "Ice.Plugin.IceSSL": "IceSSL:createIceSSL"}

    def record(self) -> Path:
        """Where the next server is to write down what it does."""
        self.records.append(self.folder / f"record-{len(self.records)}")
        return self.records[-1]

    def client(self, command: list[str], name: str, endpoint: str, properties: dict[str, str]) -> Program:
        program = Program(
            "client",
            f"--Counting.Name={name}",
            f"--Counting.Proxy=base:{endpoint}",
            *(f"--{key}={value}" for key, value in properties.items()),
            command=command,
            python=sys.executable if command is OURS else "",
        )
        self.addCleanup(program.kill)
        return program

    async def end(self, program: Program) -> None:
        program.transport.signalProcess(signal.SIGTERM)
        await program.ended
        self.assertEqual(program.exit_code, 0)

    async def asked(self, clients: Mapping[str, Program]) -> list[str]:
        """Stop the clients; everything that they have asked for. None may have had a failure."""
        asked: list[str] = []
        for name, client in clients.items():
            client.transport.closeStdin()
            begun = (await client.line()).split()
            self.assertEqual((await client.line()).strip(), "", f"{name} had failures")
            await client.ended
            for thread, count in enumerate(begun):
                asked += [f"{name}.{thread}.{number}" for number in range(1, int(count) + 1)]
        return asked

    def settle(self, asked: list[str]) -> None:
        """Each request was done, and once. All servers have ended."""
        done = Counter(line for record in self.records for line in record.read_text().split())
        self.assertEqual(sorted(done - Counter(asked))[:20], [], "done twice")
        self.assertEqual(sorted(Counter(asked) - done)[:20], [], "lost")

    def _certificates(self) -> dict[str, str]:
        """Properties that make either side known to the other."""
        root = authority()
        one = root.vouch("one", ["127.0.0.1"])
        files = {"root.pem": root.certificate, "one.pem": one.certificate, "one.key": one.private_key()}
        for name, data in files.items():
            (self.folder / name).write_bytes(data)
        return {
            "IceSSL.DefaultDir": str(self.folder),
            "IceSSL.CAs": "root.pem",
            "IceSSL.CertFile": "one.pem",
            "IceSSL.KeyFile": "one.key",
        }
