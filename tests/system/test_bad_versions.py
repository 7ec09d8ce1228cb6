"""Versions bad in every way are rolled over real servers: one is touched, and gets its old one back."""

from __future__ import annotations

import json
import shutil
import signal
from typing import Any, Final

from twisted.trial.unittest import TestCase

from pushnet.app import patching
from pushnet.app.realworld import RealWorld
from pushnet.gen.pushnet.deploy import DeployerPrx, DeployOptions
from pushnet.gen.pushnet.server import ServerState
from pushnet.roles.releases.publisher import Lifetimes
from tests.app.children import Child
from tests.interop.stock import SYSTEM_PYTHON, free_port, require_ice
from tests.system.agents import HERE, Machine
from tests.system.cluster import reactor

PLAIN: Final = {
    "ends": "ended with status 1",
    "never ready": "did not serve in time",
    "crashes": "ended",
    "leaks": "MB of memory",
    "turns wrong": "2 and 2 are 5",
}
ICE: Final = {
    "wrong": "does not answer right",
    "raises": "requests failed",
    "slow": "99 of 100 requests took up to",
    "silent": "has answered nobody for",
}
"""Each fault, and what is said of it."""
SERVERS: Final = 2
SOAK_S: Final = 45
GOOD = "1.0"
PLAIN_SERVER = """
[[server]]
name = "{kind}-{n}"
kind = "{kind}"
agent = "m1"
release = "sums"
version = "1.0"
command = ["{python}", "${{release}}/server.py", "plain"]
sockets = ["127.0.0.1:{port}"]
readiness = "serving"
check = ["{python}", "{check}", "plain"]
check_every_s = 2.0
start_limit_s = 12.0
check_limit_s = 15.0
"""
ICE_SERVER = """
[[server]]
name = "{kind}-{n}"
kind = "{kind}"
agent = "m1"
release = "sums"
version = "1.0"
command = ["{python}", "${{release}}/server.py", "ice", "${{port}}"]
front = "tcp -h 127.0.0.1 -p {port}"
stop_limit_s = 3.0
"""
CHECKED = 'check = ["{python}", "{check}", "ice"]\ncheck_limit_s = 15.0\n'


def kind_of(fault: str) -> str:
    return fault.replace(" ", "-")


def version_of(fault: str) -> str:
    return f"1.1-{kind_of(fault)}"


class BadVersionsTest(TestCase):
    timeout = 240

    def setUp(self) -> None:
        require_ice(self)
        self.machine = Machine(self.mktemp())
        self.addCleanup(self.machine.stop)
        self.ports: dict[str, int] = {}
        self.releases: Any = RealWorld(reactor, self.machine.folder / "var" / "registry-1" / "releases")
        self.keys = self.machine.folder / "keys"
        deployer = self.machine.communicator.stringToProxy(
            f"PushNet/Deployer:{self.machine.settings.registries[0]}"
        )
        self.deployer: Any = DeployerPrx.uncheckedCast(deployer)
        patching.make_store(self.releases, self.keys, patching.Making(), Lifetimes(), b"")

    async def test_each_touches_one_server_and_is_rolled_back_by_itself(self) -> None:
        self.publish(GOOD, "none")
        for fault in (*PLAIN, *ICE):
            self.publish(version_of(fault), fault)
        await self.machine.start("".join(map(self.tables, (*PLAIN, *ICE))))
        before = {name: await self.machine.serving(name) for name in self.ports}
        caller = self.caller()
        self.addCleanup(caller.signal, signal.SIGKILL)
        await caller.says(b"calling")
        for fault in (*PLAIN, *ICE):
            options = DeployOptions(soakMs=SOAK_S * 1000)
            await self.deployer.deploy(kind_of(fault), version_of(fault), options, "a test")
        for fault, said in (*PLAIN.items(), *ICE.items()):
            await self.look_at_roll(fault, said)
        after = {name: await self.machine.serving(name) for name in self.ports}
        self.look_at_servers(before, after)
        await self.look_at_answers(caller)

    async def look_at_roll(self, fault: str, said: str) -> None:
        """It was turned round for what it is, and only one server was given the version."""
        status = await self.deployer.watch(kind_of(fault), 0, 0)
        while status.state not in ("done", "undone"):
            status = await self.deployer.watch(kind_of(fault), status.change, 20_000)
        self.assertEqual(status.state, "undone", status)
        self.assertIn(said, status.reason, status)
        order = f"is given {version_of(fault)}"
        given = [line.split()[2] for line in status.journal if line.endswith(order)]
        self.assertEqual(given, [f"{kind_of(fault)}-1"], fault)

    def look_at_servers(self, before: dict[str, ServerState], after: dict[str, ServerState]) -> None:
        for name, state in after.items():
            self.assertEqual((state.version, state.reason), (GOOD, ""), name)
            if not name.endswith("-1"):
                self.assertEqual(state.pid, before[name].pid, "nobody touched it")

    async def look_at_answers(self, caller: Child) -> None:
        """Behind a front nobody saw a wrong answer, and who asked others was always answered."""
        assert caller.transport is not None
        caller.transport.closeStdin()  # type: ignore[attr-defined]
        told = [json.loads(line) for line in (await caller.ended).out.splitlines()[1:]]
        counts = dict(zip([name for name in self.ports if self.is_ice(name)], told, strict=True))
        for name, count in counts.items():
            self.assertEqual(count["wrong"], 0, (name, count))
            if name not in ("raises-1", "silent-1"):
                self.assertEqual((count["failed"], count["right"] > 100), (0, True), (name, count))

    def is_ice(self, name: str) -> bool:
        return name.rpartition("-")[0] in [kind_of(fault) for fault in ICE]

    def tables(self, fault: str) -> str:
        """The servers of a kind that will be rolled to a version with that fault."""
        kind, text = kind_of(fault), ""
        for n in range(1, SERVERS + 1):
            port = self.ports[f"{kind}-{n}"] = free_port()
            made = PLAIN_SERVER if fault in PLAIN else ICE_SERVER + (CHECKED if fault == "wrong" else "")
            check = HERE / "patched_check.py"
            text += made.format(kind=kind, n=n, python=SYSTEM_PYTHON, port=port, check=check)
        return text

    def caller(self) -> Child:
        ports = [port for name, port in self.ports.items() if self.is_ice(name)]
        proxies = [f"sums -t:tcp -h 127.0.0.1 -p {port}" for port in ports]
        return Child([SYSTEM_PYTHON, str(HERE / "patched_caller.py"), *proxies], limit_s=200.0)

    def publish(self, version: str, fault: str) -> None:
        app = self.machine.folder / "app"
        app.mkdir(exist_ok=True)
        shutil.copy(HERE / "patched_server.py", app / "server.py")
        (app / "fault").write_text(fault)
        ring = patching.Keyring((self.keys,), lambda file: b"")
        patching.publish(self.releases, app, "sums", version, ring, Lifetimes())
