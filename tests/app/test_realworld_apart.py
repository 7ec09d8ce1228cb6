"""Processes that follow each other at one address, and outlive who started them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from signal import SIGTERM
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.app.realworld_apart import ApartProcess
from pushnet.app.realworld_priority import may_hurry
from pushnet.world import HeldSocket
from tests.house.tree import TOP

reactor: Any = installed_reactor

SERVER = """
import sys
from twisted.internet import reactor
from twisted.internet.protocol import Factory, Protocol
from pushnet.app.realworld import RealWorld

class Tell(Protocol):
    def connectionMade(self):
        self.transport.write(sys.argv[2].encode())
        self.transport.loseConnection()

def listening(port):
    reactor.addSystemEventTrigger("before", "shutdown", port.stopListening)
    print("serving", flush=True)

RealWorld(reactor, ".").server_endpoint("127.0.0.1", int(sys.argv[1])).listen(
    Factory.forProtocol(Tell)).addCallback(listening)
reactor.run()
"""


class Listener(Protocol):
    """Collects what it is told until the connection ends."""

    def __init__(self) -> None:
        self.heard = b""
        self.told: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.heard += data

    def connectionLost(self, reason: object) -> None:
        self.told.callback(self.heard)


class HandoverTest(TestCase):
    timeout = 60

    def setUp(self) -> None:
        self.world = RealWorld(reactor, self.mktemp())
        self.held: HeldSocket = self.world.processes.hold("127.0.0.1", 0)
        self.addCleanup(self.held.close)
        self.port = self.held.address()[1]

    def niceness(self, pid: int) -> tuple[int, str]:
        """Its own, and that of its session where the system has that."""
        session = Path(f"/proc/{pid}/autogroup")
        told = session.read_text().split()[-1] if session.exists() and pid != os.getpid() else "0"
        return os.getpriority(os.PRIO_PROCESS, pid), told

    def start(self, name: str, gently: bool = False) -> Any:
        process = self.world.processes.spawn_apart(
            [sys.executable, "-c", SERVER, str(self.port), name],
            env={**os.environ, "PYTHONPATH": str(TOP)},
            log=f"{name}.log",
            sockets=[self.held],
            gently=gently,
        )
        assert isinstance(process, ApartProcess)
        self.addCleanup(lambda: process.exited)
        self.addCleanup(process.signal, SIGTERM)
        return process

    async def answer(self) -> bytes:
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", self.port, timeout=30)
        listener: Listener = await endpoint.connect(Factory.forProtocol(Listener))
        return await listener.told

    async def test_nobody_is_refused_while_one_process_follows_the_other(self) -> None:
        early = self.answer()  # before anybody accepts
        old = self.start("old")
        self.assertEqual(await early, b"old")
        new = self.start("new")
        told = {await self.answer()}
        while b"new" not in told:
            told.add(await self.answer())
        old.signal(SIGTERM)
        ended: list[int] = []
        old.exited.addCallback(ended.append)
        while not ended:
            self.assertIn(await self.answer(), (b"old", b"new"))
        self.assertEqual({await self.answer() for _ in range(20)}, {b"new"})
        self.assertEqual(ended, [0])
        new.signal(SIGTERM)

    async def test_the_log_has_what_it_writes_and_its_usage_is_known(self) -> None:
        process = self.start("old")
        await self.answer()
        self.assertIn("serving", Path(self.world.storage.path("old.log")).read_text())
        usage = self.world.processes.usage(process.pid)
        assert usage is not None
        self.assertGreater(usage.memory_bytes, 2**20)
        self.assertGreater(usage.descriptors, 3)

    async def test_a_process_is_adopted_by_its_number_and_its_beginning(self) -> None:
        process = self.start("old")
        await self.answer()
        self.assertIsNone(self.world.processes.adopt(process.pid, "another"))
        adopted = self.world.processes.adopt(process.pid, process.began)
        assert adopted is not None
        adopted.signal(SIGTERM)
        await adopted.exited
        await process.exited
        self.assertIsNone(self.world.processes.adopt(process.pid, process.began))

    async def test_a_process_that_starts_gently_is_hurried_like_any_other(self) -> None:
        process = self.start("new", gently=True)
        begun = self.niceness(process.pid)
        if may_hurry(begun[0]) or Path(f"/proc/{process.pid}/autogroup").exists():
            self.assertNotEqual(begun, self.niceness(os.getpid()))
        adopted: Any = self.world.processes.adopt(process.pid, process.began)
        self.assertEqual(self.niceness(process.pid), begun)
        await self.answer()
        adopted.hurry()  # by whoever looks after it now
        process.hurry()
        while self.niceness(process.pid) != self.niceness(os.getpid()):
            await deferLater(reactor, 0.02)
        process.signal(SIGTERM)
        await adopted.exited

    def test_an_address_is_held_once(self) -> None:
        with self.assertRaises(CannotListenError):
            self.world.processes.hold("127.0.0.1", self.port)
