"""The last server of its kind gives way to its successor: nobody is refused, and it ends in time."""

from __future__ import annotations

import os
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import deferLater
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from pushnet.gen.pushnet.server import ServerState
from tests.app.children import Child
from tests.interop.stock import SYSTEM_PYTHON, free_port
from tests.system.agents import HERE, Machine
from tests.system.cluster import PUSHNET, reactor

STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
exec(open({script!r}).read().replace("signal.signal(signal.SIGTERM", "(lambda *_: None)(signal.SIGTERM"))
"""
LONE = """
[[server]]
name = "{name}"
agent = "m1"
command = ["{python}", "{script}", "plain"]
sockets = ["127.0.0.1:{port}"]
handover = "{handover}"
readiness = "serving"
stop_limit_s = 1.0
"""
HANDOVERS = ("start-first", "stop-first")
RESTARTS = 3
PAUSE_S = 0.01


class Asking(Protocol):
    """Hears the whole answer."""

    def __init__(self) -> None:
        self.heard = b""
        self.told: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.heard += data

    def connectionLost(self, reason: Failure | None = None) -> None:
        self.told.callback(self.heard)


class LastReplicaTest(TestCase):
    timeout = 100

    def setUp(self) -> None:
        self.machine = Machine(os.path.abspath(self.mktemp()))
        self.addCleanup(self.machine.stop)
        self.answers: list[bytes] = []
        self.goes_on = True
        self.script = self.machine.folder / "server.py"
        self.script.write_text((HERE / "patched_server.py").read_text())
        (self.machine.folder / "fault").write_text("none")

    async def test_nobody_is_refused_while_it_is_replaced(self) -> None:
        ports = {handover: free_port() for handover in HANDOVERS}
        await self.machine.start("".join(self.table(name, name, port) for name, port in ports.items()))
        states = {name: await self.machine.serving(name) for name in HANDOVERS}
        callers = [Deferred.fromCoroutine(self.call(port)) for port in ports.values()]
        for _ in range(RESTARTS):
            for name, before in states.items():
                await self.machine.agent().restart(name)
                states[name] = await self.machine.serving(name, self.another(before))
        self.goes_on = False
        for caller in callers:
            await caller
        self.assertEqual(set(self.answers), {b"4"})
        self.assertGreater(len(self.answers), 20)

    async def test_one_that_never_ends_is_killed_at_its_limit_and_that_is_told(self) -> None:
        stubborn = self.machine.folder / "stubborn.py"
        stubborn.write_text(STUBBORN.format(script=str(self.script)) + "\n")
        await self.machine.start(
            self.table("lone", "start-first", free_port()).replace("server.py", "stubborn.py")
        )
        before = await self.machine.serving("lone")
        await self.machine.agent().restart("lone")
        after = await self.machine.serving("lone", lambda state: state.resources.get("killed") == 1.0)
        self.assertNotEqual(before.pid, after.pid)
        argv = [PUSHNET, "events", "--kind", "server.killed", "--config", str(self.machine.file)]
        told = (await Child(argv).ended).out
        while "lone" not in told:
            told = (await Child(argv).ended).out
        self.assertIn("did not within `stop_limit_s`", " ".join(told.split()))

    def another(self, before: ServerState) -> Callable[[ServerState], bool]:
        return lambda state: state.pid != before.pid

    def table(self, name: str, handover: str, port: int) -> str:
        return LONE.format(name=name, python=SYSTEM_PYTHON, script=self.script, port=port, handover=handover)

    async def call(self, port: int) -> None:
        """Again and again; whoever is refused fails the test."""
        endpoint = HostnameEndpoint(reactor, "127.0.0.1", port)
        while self.goes_on:
            asking: Asking = await endpoint.connect(Factory.forProtocol(Asking))
            self.answers.append(await asking.told)
            await deferLater(reactor, PAUSE_S)
