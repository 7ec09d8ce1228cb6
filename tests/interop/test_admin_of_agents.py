"""ZeroC's icegridadmin, on servers that pushnet's agents run."""

from __future__ import annotations

import shutil

from twisted.internet.task import deferLater
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

from pushnet.gen.pushnet.server import ServerPhase
from pushnet.roles.password import hash_password
from tests.interop.stock import SYSTEM_PYTHON, require_ice
from tests.system.agents import Machine
from tests.system.cluster import reactor

HASH = hash_password("secret", b"salt" * 4)
SERVERS = f"""
[[server]]
name = "clock"
kind = "clocks"
agent = "m1"
command = ["{SYSTEM_PYTHON}", "-c", "import time; time.sleep(3600)"]

[[server]]
name = "rest"
agent = "m1"
activation = "manual"
command = ["{SYSTEM_PYTHON}", "-uc", "import time; [print('line', n) for n in range(3000)]; time.sleep(3600)"]
"""
WAIT_S = 20.0


class AdminOfAgentsTest(TestCase):
    timeout = 120

    async def setUp(self) -> None:
        require_ice(self)
        self.assertIsNotNone(shutil.which("icegridadmin"), "apt-get install zeroc-ice-utils")
        machine = self.machine = Machine(self.mktemp())
        admins = f'role = "registry"\nregistry.admins = {{ ann = "{HASH}" }}\n'
        machine.text = machine.text.replace('role = "registry"\n', admins)
        self.addCleanup(machine.stop)
        await machine.start(SERVERS)
        await machine.serving("clock")

    async def admin(self, *commands: str) -> str:
        argv = [f"--Ice.Default.Locator={self.machine.settings.locator}", "-u", "ann", "-p", "secret"]
        for command in commands:
            argv += ["-e", command]
        out, err, _ = await getProcessOutputAndValue("icegridadmin", argv)
        return (out + err).decode()

    async def until(self, command: str, part: str) -> str:
        """What it says, once that has `part` in it: agents report within a second."""
        until = reactor.seconds() + WAIT_S
        while True:
            told = await self.admin(command)
            if part in told:
                return told
            self.assertLess(reactor.seconds(), until, told)
            await deferLater(reactor, 0.1)

    async def test_servers_and_nodes_are_listed_described_and_loaded(self) -> None:
        await self.until("server state clock", "active (pid = ")
        told = await self.admin("server list", "node list")
        self.assertEqual(told.split(), ["clock", "m1", "registry-1", "rest", "m1", "registry-1"])
        told = await self.admin(
            "server pid clock",
            "server describe clock",
            "server state rest",
            "node describe m1",
            "node load m1",
        )
        pid = (await self.machine.serving("clock")).pid
        for part in (f"{pid}\n", f"exe = `{SYSTEM_PYTHON}'", "inactive", "Linux", "load average (1/5/15): "):
            self.assertIn(part, told)
        self.assertNotIn("-1", told.partition("load average")[2])

    async def test_a_server_is_started_stopped_and_sent_a_signal(self) -> None:
        self.assertEqual(await self.admin("server start rest"), "")
        resting = await self.machine.serving("rest")
        await self.until("server state rest", f"active (pid = {resting.pid}")
        self.assertEqual(await self.admin("server stop rest"), "")
        await self.machine.until("rest", lambda state: state.phase is ServerPhase.Resting)
        await self.until("server state rest", "inactive")
        before = await self.machine.serving("clock")
        self.assertEqual(await self.admin("server signal clock SIGKILL"), "")
        after = await self.machine.serving("clock", lambda state: state.pid != before.pid)
        await self.until("server pid clock", str(after.pid))

    async def test_what_a_server_has_written_is_read_from_its_ends(self) -> None:
        await self.admin("server start rest")
        told = await self.until("server show -t 2 rest stdout", "line 2999")
        self.assertEqual(told.split("\n")[1:3], ["line 2998", "line 2999"])
        told = await self.admin("server show rest stderr", "server show nobody stdout")
        self.assertEqual(told.split("\n")[1:3001], [f"line {n}" for n in range(3000)])
        self.assertIn("couldn't find server `nobody'", told)

    async def test_a_disabled_server_is_ended_and_not_started(self) -> None:
        self.assertEqual(await self.admin("server disable clock"), "")
        await self.until("server state clock", "disabled")
        self.assertIn("the server is disabled", await self.admin("server start clock"))
        self.assertEqual(await self.admin("server enable clock", "server start clock"), "")
        await self.machine.serving("clock")

    async def test_what_cannot_be_is_told_in_icegrids_words(self) -> None:
        told = await self.admin(
            "server start clock",
            "server start nobody",
            "server signal clock SIGNOTHING",
            "server signal m1 SIGHUP",
        )
        for part in (
            "didn't start successfully:\nit runs",
            "couldn't find server `nobody'",
            "'SIGNOTHING' is no signal",
            "no agent runs it",
        ):
            self.assertIn(part, told)
