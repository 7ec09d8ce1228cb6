"""Simulated clients, a front, and servers that end as stock Ice's do: what they read then is gone."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.front import FrontOf, PassingFront
from pushnet.sim.simulation import Simulation
from pushnet.sim.world import SimWorld
from pushnet.wire.identity import Identity
from pushnet.wire.message import (
    BATCH,
    CLOSE,
    CLOSE_MESSAGE,
    REPLY,
    REQUEST,
    VALIDATE,
    VALIDATE_MESSAGE,
    Framer,
    deflated,
)
from pushnet.wire.reply import ok_message
from pushnet.wire.request import (
    batch_message,
    batched_request,
    head_bytes,
    read_batch,
    read_request,
    request_message,
    target_bytes,
)

PORT = 4502
FIRST, SECOND, THIRD = 20001, 20002, 20003


def request(id: int, number: int, *, compressed: bool = False, operation: str = "do") -> bytes:
    head = head_bytes(target_bytes(Identity("object"), "", operation, 0), {})
    padding = b"x" * 200 if compressed else b""
    message = request_message(id, head, number.to_bytes(4, "little") + padding)
    return deflated(message, 1) if compressed else message


def batch(*numbers: int) -> bytes:
    head = head_bytes(target_bytes(Identity("object"), "", "do", 0), {})
    return batch_message([batched_request(head, number.to_bytes(4, "little")) for number in numbers])


class Server:
    """One process. `done` are the numbers it has done, in the order in which it began them."""

    def __init__(self, world: SimWorld, port: int, work_s: Callable[[], float]) -> None:
        self.world = world
        self.done: list[int] = []
        self.pings = 0
        self.connections: list[ServerConnection] = []
        self.work_s = work_s
        self.calls_back = False
        factory = Factory()
        factory.noisy = False
        factory.buildProtocol = lambda addr: ServerConnection(self)  # type: ignore[method-assign,assignment]
        self.port: Any = None
        world.server_endpoint("front", port).listen(factory).addCallback(self._listening)

    def _listening(self, port: Any) -> None:
        self.port = port

    def end(self) -> None:
        """As a stock server does at SIGTERM."""
        self.port.stopListening()
        for connection in list(self.connections):
            connection.end()

    def crash(self) -> None:
        self.port.stopListening()
        for connection in list(self.connections):
            connection.transport.abortConnection()


class ServerConnection(Protocol):
    transport: Any

    def __init__(self, server: Server) -> None:
        self.server = server
        self.framer = Framer()
        self.running = 0
        self.ending = False
        self.heartbeats = 0
        self.waiting: dict[int, Callable[[], None]] = {}

    def connectionMade(self) -> None:
        self.server.connections.append(self)
        self.transport.write(VALIDATE_MESSAGE)

    def dataReceived(self, data: bytes) -> None:
        for message in self.framer.receive(data):
            if message[8] == CLOSE:
                self.transport.loseConnection()
                return
            if message[8] == VALIDATE:
                self.heartbeats += 1
            elif message[8] == REPLY:
                self.waiting.pop(int.from_bytes(message[14:18], "little"))()
            elif not self.ending:
                self._take(message)

    def connectionLost(self, reason: object = None) -> None:
        self.server.connections.remove(self)

    def _take(self, message: bytes) -> None:
        if message[8] == BATCH:
            for _, encapsulation in read_batch(message):
                self._do(0, encapsulation)
            return
        id, head, pos = read_request(message)
        if head.operation == "ice_ping":
            self.server.pings += 1
            self._answer(id)
        else:
            self._do(id, message[pos:])

    def _do(self, id: int, encapsulation: bytes) -> None:
        self.server.done.append(int.from_bytes(encapsulation[6:10], "little"))
        self.running += 1
        if self.server.calls_back and id:
            self.waiting[id] = lambda: self._finish(id)
            self.transport.write(request(id, 0, operation="back"))
        else:
            self.server.world.call_later(self.server.work_s(), self._finish, id)

    def _finish(self, id: int) -> None:
        self.running -= 1
        self._answer(id)
        if self.ending and not self.running:
            self.transport.write(CLOSE_MESSAGE)

    def _answer(self, id: int) -> None:
        if id:
            self.transport.write(ok_message(id, b""))

    def end(self) -> None:
        self.ending = True
        if not self.running:
            self.transport.write(CLOSE_MESSAGE)


class Client(Protocol):
    """Knows what it has been answered, and how its connection ended."""

    transport: Any

    def __init__(self) -> None:
        self.framer = Framer()
        self.asked: dict[int, int] = {}
        self.answered: list[int] = []
        self.validated = False
        self.heartbeats = 0
        self.told_close = False
        self.lost = False
        self.called_back = 0
        self.on_call: Callable[[int], None] = self.answer_call
        self._next = 0

    def dataReceived(self, data: bytes) -> None:
        for message in self.framer.receive(data):
            kind = message[8]
            if kind == VALIDATE:
                self.heartbeats += self.validated
                self.validated = True
            elif kind == REPLY:
                self.answered.append(self.asked.pop(int.from_bytes(message[14:18], "little")))
            elif kind == REQUEST:
                self.called_back += 1
                self.on_call(int.from_bytes(message[14:18], "little"))
            elif kind == CLOSE:
                self.told_close = True
                self.transport.loseConnection()

    def connectionLost(self, reason: object = None) -> None:
        self.lost = True

    def two_way(self, number: int, *, compressed: bool = False) -> None:
        self._next += 1
        self.asked[self._next] = number
        self.transport.write(request(self._next, number, compressed=compressed))

    def one_way(self, number: int) -> None:
        self.transport.write(request(0, number))

    def batch(self, *numbers: int) -> None:
        self.transport.write(batch(*numbers))

    def answer_call(self, id: int) -> None:
        self.transport.write(ok_message(id, b""))

    def close(self) -> None:
        self.transport.write(CLOSE_MESSAGE)


class FrontCase(SynchronousTestCase):
    """A front on one machine with its servers; clients on another."""

    seed = 1

    def setUp(self) -> None:
        self.begin(self.seed)

    def begin(self, seed: int) -> None:
        self.simulation = Simulation(seed)
        self.addCleanup(self.simulation.close)
        self.rng = random.Random(seed)
        self.world = self.simulation.host("front").boot()
        self.elsewhere = self.simulation.host("clients").boot()
        front = self.simulation.run_until(FrontOf({}, 5.0)(self.world, f"tcp -h front -p {PORT}"))
        assert isinstance(front, PassingFront)
        self.front = front

    def server(self, port: int, work_s: float = 0.01) -> Server:
        server = Server(self.world, port, lambda: self.rng.uniform(0, 2 * work_s))
        self.simulation.run_for(0.001)
        return server

    def client(self) -> Client:
        factory = Factory()
        factory.noisy = False
        factory.protocol = Client
        connecting: Deferred[Any] = self.elsewhere.client_endpoint("front", PORT).connect(factory)
        client: Client = self.simulation.run_until(connecting)
        return client

    def turn_to(self, port: int) -> list[object]:
        """What it fires with, once it has."""
        fired: list[object] = []
        self.front.turn_to("front", port).addCallback(fired.append)
        return fired

    def pass_s(self, seconds: float = 1.0) -> None:
        self.simulation.run_for(seconds)
