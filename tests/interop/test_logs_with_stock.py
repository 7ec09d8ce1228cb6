"""What is logged into a file stands there as stock Ice would have written it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.rpc.exceptions import FileException, InitializationException
from pushnet.rpc.initialization import initialize
from tests.interop.stock import HERE, SYSTEM_PYTHON, require_ice

LINES = [
    "_print printed",
    "trace traced",
    "warning warned",
    "error in|three|lines",
    "_print ü €",
    "trace  x ",
]
WHEN = r"\d\d/\d\d/\d\d \d\d:\d\d:\d\d\.\d\d\d"


class LogsWithStockTest(TestCase):
    async def both(self, **properties: str) -> tuple[list[list[str]], list[list[str]]]:
        """The lines of each file that stock Ice has written, and of each of ours."""
        require_ice(self)
        folders = [Path(self.mktemp()).absolute() for _ in range(2)]
        told = []
        for folder in folders:
            folder.mkdir()
            named = {name.replace("_", "."): value for name, value in properties.items()}
            given = {"Ice.LogFile": str(folder / "server.log"), "Ice.ProgramName": "prog"} | named
            if folder is folders[0]:
                options = [f"--{name}={value}" for name, value in given.items()]
                command = [SYSTEM_PYTHON, "stock_logs.py", *options]
                text = "\n".join(LINES) + "\n"
                subprocess.run(command, cwd=HERE, input=text.encode(), check=True, env={"LC_ALL": "C.UTF-8"})
            else:
                await self.log(given)
            texts = sorted(re.sub(WHEN, "WHEN", path.read_text()) for path in folder.iterdir())
            told.append([text.splitlines() for text in texts])
        return told[0], told[1]

    async def log(self, properties: dict[str, str]) -> None:
        communicator = initialize(RealWorld(reactor, self.mktemp()), properties)
        logger = communicator.getLogger()
        for line in LINES:
            kind, text = line.replace("|", "\n").split(maxsplit=1)
            if kind == "trace":
                logger.trace("Category", text)
            else:
                getattr(logger, kind)(text)
        logger.cloneWithPrefix("other").warning("with another prefix")
        await communicator.destroy()

    async def test_the_same_lines(self) -> None:
        theirs, ours = await self.both()
        self.assertEqual(ours, theirs)
        self.assertEqual(len(ours[0]), len(LINES) + 3)

    async def test_a_file_that_cannot_be_written_is_told_at_the_beginning(self) -> None:
        require_ice(self)
        command = [SYSTEM_PYTHON, "stock_logs.py", "--Ice.LogFile=/missing/server.log"]
        stock = subprocess.run(command, cwd=HERE, input=b"", capture_output=True)
        self.assertIn(b"InitializationException", stock.stderr)
        told = self.assertRaises(
            InitializationException,
            initialize,
            RealWorld(reactor, self.mktemp()),
            {"Ice.LogFile": "/missing/server.log"},
        )
        self.assertIn("cannot open /missing/server.log", str(told))

    async def test_the_processs_own_output_must_have_files_that_can_be_written(self) -> None:
        require_ice(self)
        for name in ("Ice.StdOut", "Ice.StdErr"):
            command = [SYSTEM_PYTHON, "stock_logs.py", f"--{name}=/missing/file"]
            stock = subprocess.run(command, cwd=HERE, input=b"", capture_output=True)
            self.assertNotEqual(stock.returncode, 0)
            world = RealWorld(reactor, self.mktemp())
            self.assertRaises(FileException, initialize, world, {name: "/missing/file"})

    async def test_in_as_many_files(self) -> None:
        theirs, ours = await self.both(Ice_LogFile_SizeMax="100")
        self.assertEqual(ours, theirs)
        self.assertGreater(len(ours), 2)
