"""The programs of docs/howto/hello.md run as they stand on the page, and say what it says."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.protocol import Factory
from twisted.trial.unittest import TestCase

from tests.app.children import Child

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "howto" / "hello.md"
COMPILE = "-I slice --output hello/gen --package hello.gen slice/hello.ice"
FILES = ["client.py", "config.client", "config.server", "server.py", "slice/hello.ice"]
reactor: Any = installed_reactor
_FILE = re.compile(r"^`([\w./]+)`:\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SAID = re.compile(r"and the client says\n\n```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class FirstProgramTest(TestCase):
    timeout = 120

    async def test_the_client_of_the_page_gets_what_the_page_says(self) -> None:
        page = PAGE.read_text()
        [said] = _SAID.findall(page)
        self.assertIn(f"slice2tx {COMPILE}\n", page)
        folder = Path(self.mktemp()).resolve()
        port = await free_port()
        files = dict(_FILE.findall(page))
        self.assertEqual(sorted(files), FILES)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text.replace("-p 10000", f"-p {port}"))
        compiled = await python(folder, "-m", "pushnet.slice.command", *COMPILE.split()).ended
        self.assertEqual(compiled.status, 0, compiled.err)

        server = python(folder, "server.py", "--Ice.Config=config.server", "--Ice.PrintAdapterReady=1")
        await server.says(b"Hello ready")
        client = await python(folder, "client.py", "--Ice.Config=config.client").ended
        self.assertEqual((client.status, client.out, client.err), (0, said, ""))
        served = await server.ended
        self.assertEqual((served.status, served.err), (0, ""))


def python(folder: Path, *argv: str) -> Child:
    return Child([sys.executable, *argv], env={"PYTHONPATH": str(ROOT)}, cwd=str(folder))


async def free_port() -> int:
    """One that nobody listens on."""
    port = reactor.listenTCP(0, Factory(), interface="127.0.0.1")
    number: int = port.getHost().port
    await port.stopListening()
    return number
