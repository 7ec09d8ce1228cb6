"""What moves between real processes when a release is fetched: not more than is new, and not twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectError
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import deferLater
from twisted.protocols.portforward import ProxyClient, ProxyClientFactory, ProxyFactory
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from pushnet.app import patching
from pushnet.app.realworld import RealWorld
from pushnet.grid.patch.download import WINDOW
from pushnet.grid.patch.limits import CHUNK_BYTES_MAX
from pushnet.roles.releases.publisher import Lifetimes
from tests.app.children import Child
from tests.interop.stock import SYSTEM_PYTHON, free_port
from tests.system.agents import HERE, Machine
from tests.system.cluster import PUSHNET, reactor

FILES: Final = 100
BIG_BYTES: Final = 12_000_000
KILLED_AT_BYTES: Final = 3_000_000
PAPERS_BYTES_MAX: Final = 40_000
"""Of the signed documents of a hundred files."""
SECOND = """
[[node]]
name = "m2"
role = "node"
node.stop_servers = true
"""
SERVER = """
[[server]]
name = "{agent}-plain"
kind = "plain"
agent = "{agent}"
release = "plain"
version = "1.0"
command = ["{python}", "${{release}}/server.py", "plain"]
sockets = ["127.0.0.1:{port}"]
readiness = "serving"
"""


class Hearing(Protocol):
    """Hears the whole answer."""

    def __init__(self) -> None:
        self.heard = b""
        self.told: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.heard += data

    def connectionLost(self, reason: Failure | None = None) -> None:
        self.told.callback(self.heard)


class _Counted(ProxyClient):
    """What comes from the source."""

    def dataReceived(self, data: bytes) -> None:
        self.factory.counter.received += len(data)  # type: ignore[union-attr]
        super().dataReceived(data)


class _CountedFactory(ProxyClientFactory):
    protocol = _Counted


class _Counter(ProxyFactory):
    """Stands before a source and counts the bytes that it sends."""

    noisy = False

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port)
        self.received = 0

    def buildProtocol(self, addr: Any) -> Any:
        proxy = super().buildProtocol(addr)
        counter = self

        class Going(_CountedFactory):
            noisy = False

            def __init__(self) -> None:
                self.counter = counter

        proxy.clientProtocolFactory = Going
        return proxy


def made_store(folder: Path, releases: Any) -> patching.Keyring:
    patching.make_store(releases, folder / "keys", patching.Making(), Lifetimes(), b"")
    return patching.Keyring((folder / "keys",), lambda file: b"")


class ReleasesMoveTest(TestCase):
    timeout = 100

    async def test_a_fetch_killed_in_the_middle_goes_on_and_a_change_moves_only_its_difference(self) -> None:
        folder = Path(self.mktemp()).resolve()
        app = folder / "app"
        app.mkdir(parents=True)
        rng = random.Random(1)
        (app / "big").write_bytes(rng.randbytes(BIG_BYTES))
        for number in range(FILES - 1):
            text = "".join(f"def f{line}(): return {rng.random()}\n" for line in range(300))
            (app / f"m{number}.py").write_text(text)
        releases: Any = RealWorld(reactor, folder / "releases")
        ring = made_store(folder, releases)
        first = patching.publish(releases, app, "app", "1.0", ring, Lifetimes()).stored_bytes
        port = free_port()
        serving = Child(
            [PUSHNET, "patch", "serve", "--endpoint", f"tcp -h 127.0.0.1 -p {port}"], cwd=str(folder)
        )
        self.addCleanup(self.end, serving)
        await serving.says(b"serving")
        counter = _Counter(port)
        listening = reactor.listenTCP(0, counter, interface="127.0.0.1")
        self.addCleanup(lambda: maybeDeferred(listening.stopListening))
        where = f"127.0.0.1:{listening.getHost().port}"
        fetch = [PUSHNET, "patch", "fetch", "app", "--from", where, "--store", "node", "--json"]

        cut = Child([*fetch, "--root", "releases/roots/1.json", "--limit-kbps", "8000"], cwd=str(folder))
        while counter.received < KILLED_AT_BYTES:
            await deferLater(reactor, 0.01)
        cut.signal(signal.SIGKILL)
        await cut.ended
        told = json.loads((await Child(fetch, cwd=str(folder)).ended).out)
        self.assertEqual(told["version"], "1.0")
        self.assertLess(told["moved_bytes"], first - KILLED_AT_BYTES + WINDOW * CHUNK_BYTES_MAX)
        self.assertLess(counter.received, first + WINDOW * CHUNK_BYTES_MAX + 2 * PAPERS_BYTES_MAX)

        with (app / "m50.py").open("a") as file:
            file.write("# one more line\n")
        patching.publish(releases, app, "app", "1.1", ring, Lifetimes())
        before = counter.received
        told = json.loads((await Child(fetch, cwd=str(folder)).ended).out)
        self.assertEqual(told["version"], "1.1")
        self.assertLess(told["moved_bytes"], 200)
        self.assertLess(counter.received - before, PAPERS_BYTES_MAX)

    async def test_with_the_registry_gone_an_agent_has_its_release_from_another(self) -> None:
        machine = Machine(self.mktemp())
        self.addCleanup(machine.stop)
        machine.text += SECOND
        releases: Any = RealWorld(reactor, machine.folder / "var" / "registry-1" / "releases")
        app = machine.folder / "app"
        app.mkdir()
        shutil.copy(HERE / "patched_server.py", app / "server.py")
        (app / "fault").write_text("none")
        patching.publish(releases, app, "plain", "1.0", made_store(machine.folder, releases), Lifetimes())
        ports = {agent: free_port() for agent in ("m1", "m2")}
        await machine.start(
            "".join(
                SERVER.format(agent=agent, python=SYSTEM_PYTHON, port=port) for agent, port in ports.items()
            )
        )
        await machine.serving("m1-plain")
        await machine.start_node("m2", "node")
        of_m2 = machine.folder / "var" / "m2"
        await self.until((of_m2 / "peers.json").exists)
        agent = machine.grid.agent("m2", 60_000)
        await agent.start("m2-plain")
        (state,) = await agent.servers()
        await machine.end_node("registry-1", signal.SIGKILL)
        await machine.end_node("m2", signal.SIGKILL)
        os.kill(state.pid, signal.SIGKILL)
        for folder in ("trees", "objects"):
            shutil.rmtree(of_m2 / "releases" / folder)
        await machine.start_node("m2", "node")
        endpoint = HostnameEndpoint(reactor, "127.0.0.1", ports["m2"])
        await self.until(lambda: any((of_m2 / "releases" / "trees").glob("plain/1.0@*/server.py")))
        self.assertEqual(await self.answer(endpoint), b"4")

    async def answer(self, endpoint: HostnameEndpoint) -> bytes:
        """What the server says, as soon as somebody listens for it."""
        while True:
            try:
                hearing: Hearing = await endpoint.connect(Factory.forProtocol(Hearing))
                return await hearing.told
            except ConnectError:
                await deferLater(reactor, 0.02)

    async def end(self, child: Child) -> None:
        child.signal(signal.SIGTERM)
        await child.ended

    async def until(self, true: Callable[[], bool]) -> None:
        while not true():
            await deferLater(reactor, 0.02)
