"""Settings applied by an operator reach the agents of a real grid, and what they run, within five seconds."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from pushnet.app.demo_config import free_ports
from tests.app.children import Child, Ended
from tests.system.cluster import PUSHNET, reactor

TWISTD = str(Path(sys.executable).with_name("twistd"))
REACHES_ALL_WITHIN_S = 5.0
SERVES_LIMIT_S = 60.0
CLUSTER = """
[cluster]
name = "reach"
secret = "0123456789abcdef"
registry_port = {port}
data = "var"

[[node]]
name = "registry-1"
role = "registry"

[[node]]
name = "m${{n}}"
role = "node"
count = 2

[[server]]
name = "writer-${{n}}"
kind = "writer"
agent = "m${{n}}"
count = 2
command = ["{python}", "-u", "-c", "import os, signal; print(os.environ['WORD']); signal.pause()"]
environment = {{ WORD = "{word}" }}
"""


class SettingsReachAllTest(TestCase):
    timeout = 180

    async def setUp(self) -> None:
        self.folder = Path(self.mktemp()).resolve()
        self.folder.mkdir(parents=True)
        self.file = self.folder / "reach.toml"
        (self.port,) = free_ports(1)
        self.write("one")
        self.children: list[Child] = []
        self.addCleanup(self.end_all)
        for role, name in (("registry", "registry-1"), ("node", "m1"), ("node", "m2")):
            await self.start(role, name)

    async def start(self, role: str, name: str) -> None:
        words = [TWISTD, "--nodaemon", "--no_save", "--pidfile=", f"pushnet-{role}"]
        child = Child([*words, "--config", str(self.file), "--node", name], limit_s=None)
        self.children.append(child)
        await child.says(b'"message":"serving"')

    def write(self, word: str) -> None:
        self.file.write_text(CLUSTER.format(port=self.port, python=sys.executable, word=word))

    async def end_all(self) -> None:
        """The servers first: an agent's servers outlive it."""
        rest = self.folder / "none.toml"
        text = self.file.read_text()
        rest.write_text(text[: text.index("[[server]]")])
        await self.call("apply", str(rest), "--yes")
        await self.until(lambda states: not states, "nothing runs any more")
        for child in reversed(self.children):
            child.signal(signal.SIGTERM)
            await child.ended

    async def call(self, *words: str) -> Ended:
        return await Child([PUSHNET, *words]).ended

    async def states(self) -> list[dict[str, Any]]:
        told = await self.call("servers", "--registry", f"127.0.0.1:{self.port}", "--json")
        found: list[dict[str, Any]] = json.loads(told.out)["servers"]
        return found

    async def until(self, enough: Any, what: str) -> None:
        until = reactor.seconds() + SERVES_LIMIT_S
        while not enough(states := await self.states()):
            self.assertLess(reactor.seconds(), until, f"{what}: {states}")

    def written(self, word: str) -> int:
        """How many servers have written the word, by what their agents keep of their output."""
        files = (self.folder / "var").glob("m*/**/*")
        return sum(
            word.encode() in file.read_bytes() for file in files if file.is_file() and "log" in str(file)
        )

    async def test_a_change_reaches_what_runs_at_every_agent(self) -> None:
        first = await self.call("apply", str(self.file), "--yes", "--why", "begin")
        self.assertEqual((first.status, first.err), (0, ""))
        await self.seen("one")
        self.write("two")
        without = await self.call("apply", str(self.file))
        self.assertEqual(without.status, 1)
        self.assertIn("--yes was not given", without.err)
        told = await self.call("apply", str(self.file), "--yes")
        since = reactor.seconds()
        self.assertIn('environment.WORD: "one" -> "two"', told.out)
        self.assertIn("generation 2 is applied", told.out)
        await self.seen("two")
        self.assertLess(reactor.seconds() - since, REACHES_ALL_WITHIN_S)
        self.file.write_text("[[")
        wrong = await self.call("apply", str(self.file), "--yes")
        self.assertEqual(wrong.status, 1)
        history = await self.call("history", "--registry", f"127.0.0.1:{self.port}", "--json")
        self.assertEqual(len(json.loads(history.out)["generations"]), 2)
        self.write("two")

    async def seen(self, word: str) -> None:
        until = reactor.seconds() + SERVES_LIMIT_S
        while self.written(word) < 2:
            self.assertLess(reactor.seconds(), until, f"{word} is not written by both")
            await deferLater(reactor, 0.05)
