"""Real agents with real servers: stock Ice programs on demand, and what happens when somebody is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess

from twisted.trial.unittest import TestCase

from pushnet.gen.pushnet.server import ServerPhase
from tests.app.children import Child
from tests.interop.stock import SYSTEM_PYTHON, require_ice
from tests.system.agents import HERE, Machine
from tests.system.cluster import PUSHNET

CLOCK = """
[[server]]
name = "clock"
agent = "m1"
command = ["python3", "-u", "-c", "import time\\nprint('tick')\\nwhile True: time.sleep(9)"]
"""
STOCK = """
[[server]]
name = "stock"
agent = "m1"
activation = "on-demand"
adapters = ["Stock"]
command = ["{python}", "{script}", "--Ice.Config={config}", "--Ice.Default.Locator=${{locator}}"]
"""
PATCH = """
[[server]]
name = "patch"
agent = "m1"
activation = "on-demand"
adapters = ["Patch"]
command = ["icepatch2server", "--Ice.Default.Locator=${{locator}}", "--IcePatch2.AdapterId=Patch",
    "--IcePatch2.Endpoints=tcp -h 127.0.0.1", "{folder}"]
"""


class AgentTest(TestCase):
    timeout = 240

    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())
        self.addCleanup(self.machine.stop)

    async def test_stock_servers_are_started_by_the_first_lookup_and_come_back_when_killed(self) -> None:
        require_ice(self)
        await self.machine.start(self.stock())
        await self.machine.until("stock", lambda state: state.phase is ServerPhase.Resting)
        self.assertEqual(await self.machine.ping("thing@Stock"), "pong")
        first = await self.machine.serving("stock")
        os.kill(first.pid, signal.SIGKILL)
        second = await self.machine.serving("stock", lambda state: state.pid != first.pid)
        self.assertEqual((second.restarts, await self.machine.ping("thing@Stock")), (1, "pong"))
        self.assertEqual(await self.machine.log("stock"), b"ready\nready\n")
        await self.machine.agent().stop("stock")
        self.assertEqual(await self.machine.ping("thing@Stock"), "NotRegisteredException")
        self.assertEqual(await self.machine.ping("IcePatch2/server@Patch"), "pong")
        self.assertEqual((await self.machine.serving("patch")).restarts, 0)

    async def test_servers_outlive_their_agent_and_the_next_one_finds_them(self) -> None:
        await self.machine.start(CLOCK)
        first = await self.machine.serving("clock")
        await self.machine.end_node("m1", signal.SIGKILL)
        os.kill(first.pid, 0)
        await self.machine.start_node("m1", "node")
        self.assertEqual((await self.machine.serving("clock")).pid, first.pid)
        await self.machine.end_node("m1", signal.SIGTERM)
        os.kill(first.pid, signal.SIGKILL)
        await self.machine.end_node("registry-1", signal.SIGKILL)
        await self.machine.start_node("m1", "node")  # with nobody to ask, it goes by the plan on its disk
        await self.machine.start_node("registry-1", "registry")
        second = await self.machine.serving("clock")
        self.assertNotEqual(second.pid, first.pid)
        self.assertEqual(await self.machine.log("clock"), b"tick\ntick\n")

    async def test_an_operator_sees_restarts_and_follows_servers_from_anywhere(self) -> None:
        await self.machine.start(CLOCK)
        first = await self.machine.serving("clock")
        following = Child([PUSHNET, "logs", "clock", "-f", "--config", str(self.machine.file)])
        await following.says(b"tick\n")
        restarted = await self.call("server", "restart", "clock")
        self.assertEqual(restarted, "clock serves again\n")
        await following.says(b"tick\ntick\n")
        following.signal(signal.SIGINT)
        self.assertEqual((await following.ended).status, 0)
        told = json.loads(await self.call("servers", "--json"))["servers"]
        (clock,) = [server for server in told if server["server"] == "clock"]
        self.assertEqual((clock["phase"], clock["agent"]), ("serving", "m1"))
        self.assertNotEqual(clock["pid"], first.pid)
        self.assertGreater(clock["resources"]["memory_bytes"], 2**20)
        (agent,) = json.loads(await self.call("agents", "--json"))["agents"]
        self.assertTrue(agent["alive"])
        await self.call("server", "signal", "clock", "KILL")
        await self.machine.serving("clock", lambda state: state.restarts == 1)

    async def call(self, *arguments: str) -> str:
        ended = await Child([PUSHNET, *arguments, "--config", str(self.machine.file)]).ended
        self.assertEqual((ended.status, ended.err), (0, ""), ended)
        return ended.out

    def stock(self) -> str:
        """A stock Ice server in Python, and one in C++."""
        config = self.machine.folder / "stock.cfg"
        config.write_text("Stock.AdapterId=Stock\nStock.Endpoints=tcp -h 127.0.0.1\n")
        folder = self.machine.folder / "patch"
        folder.mkdir()
        (folder / "file").write_text("words")
        subprocess.run(["icepatch2calc", str(folder)], check=True, capture_output=True)
        script = HERE / "stock_server.py"
        return STOCK.format(python=SYSTEM_PYTHON, script=script, config=config) + PATCH.format(folder=folder)
