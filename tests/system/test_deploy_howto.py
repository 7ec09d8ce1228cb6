"""`docs/howto/deploy.md` as a reader would try it: its files written, its commands run in order."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path
from typing import Final

from twisted.internet import defer
from twisted.trial.unittest import TestCase

from pushnet.app.demo_config import free_ports
from tests.app.children import Child, Ended

PAGE: Final = Path(__file__).parents[2] / "docs" / "howto" / "deploy.md"
LIMIT_S: Final = 60.0
LOOKS_MAX: Final = 40
PORTS: Final = ("4061", "7000")
"""As they stand on the page: the registry's, and the one before those of the servers."""
UNSETTLED: Final = "other settings are on their way"
_BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_STATUS = re.compile(r"# status (\d+)$")
_NODE = re.compile(r"--node (\S+) &$")


class DeployHowtoTest(TestCase):
    timeout = 240

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).resolve()
        self.running: dict[str, Child] = {}
        self.said: dict[str, str] = {}

    async def tearDown(self) -> None:
        """The agents first: they end what they run."""
        for child in reversed(self.running.values()):
            child.signal(signal.SIGTERM)
        await defer.DeferredList([child.ended for child in self.running.values()])

    async def test_every_file_and_command_of_the_page_does_what_it_says(self) -> None:
        text = self.with_free_ports(PAGE.read_text())
        for kind, file, content in _BLOCK.findall(text):
            if file:
                path = self.folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
            elif kind == "sh":
                for line in content.splitlines():
                    await self.run_line(line)
        self.assertIn("hello-3 serves with 1.1", self.last("pushnet deploy hello 1.1"))
        self.assertIn("no_such_module", self.last("pushnet deploy hello 1.2"))
        self.assertIn("hello-1 is back at 1.1", self.last("pushnet rollback"))
        self.assertIn("it says 'hallo from 1.4'", self.last("pushnet deploy hello 1.4"))
        self.assertIn("hello from 1.1", self.last("python3 -c"), "of a server that was not touched yet")
        self.assertTrue(self.last("pushnet deploy hello --follow").rstrip().endswith("done"))

    def with_free_ports(self, text: str) -> str:
        """Nobody else may listen where this test does."""
        ports = free_ports(1)
        base = self.free_row()
        text = text.replace(PORTS[0], str(ports[0])).replace(f"{PORTS[1]} + m", f"{base} + m")
        return text.replace("7003", str(base + 3))

    def free_row(self) -> int:
        """A port after which three are most likely free."""
        return free_ports(1)[0]

    async def run_line(self, line: str) -> None:
        node = _NODE.search(line)
        if node is not None:
            name = node.group(1)
            await self.start(name, line.removesuffix(" &"))
            return
        if line.startswith("kill "):
            await self.kill(line.split()[-1])
            return
        told = _STATUS.search(line)
        ended = await self.when_settled(line)
        self.said[line] = ended.out
        self.assertEqual(ended.status, int(told.group(1)) if told else 0, line + ended.out + ended.err)
        if line.startswith("pushnet apply"):
            await self.until_all_serve()

    async def start(self, name: str, line: str) -> None:
        child = self.running[name] = Child(self.words(f"exec {line}"), self.env(), str(self.folder), None)
        await child.says(b'"message":"serving"')

    async def kill(self, name: str) -> None:
        child = self.running.pop(name)
        child.signal(signal.SIGKILL)
        await child.ended

    async def until_all_serve(self) -> None:
        """What a reader does by looking again."""
        (config,) = self.folder.glob("*.toml")
        for _ in range(LOOKS_MAX):
            told = (await self.shell(f"pushnet servers --json --config {config}")).out
            if told.count('"serving"') == 3:
                return
        self.fail(told)

    async def when_settled(self, line: str) -> Ended:
        """Typed again, as the page says, while settings are on their way to the servers."""
        for _ in range(LOOKS_MAX):
            ended = await self.shell(line)
            if UNSETTLED not in ended.err:
                break
        return ended

    async def shell(self, line: str) -> Ended:
        ended: Ended = await Child(self.words(line), self.env(), str(self.folder), LIMIT_S).ended
        return ended

    def words(self, line: str) -> list[str]:
        return ["/bin/bash", "-c", line]

    def env(self) -> dict[str, str]:
        return {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def last(self, beginning: str) -> str:
        """What the last command that begins so has said."""
        return [out for line, out in self.said.items() if line.startswith(beginning)][-1]
