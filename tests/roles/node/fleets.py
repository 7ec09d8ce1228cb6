"""Simulated machines with a fleet and programs that behave as they are told."""

from __future__ import annotations

import signal
from typing import Any

import attrs
from twisted.internet.defer import Deferred, succeed
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import ServerPhase, ServerPlan
from pushnet.roles.node.fleet import Fleet, Ways
from pushnet.roles.node.front import FrontOf
from pushnet.roles.node.server import Server
from pushnet.sim.programs import Run as Process
from pushnet.sim.simulation import Simulation
from pushnet.sim.world import SimWorld

PORT = 7000
SERVING = '{"level":"info","message":"serving","http":"http://127.0.0.1:9000"}'


class Hello(Protocol):
    """Says which version serves."""

    def __init__(self, version: str) -> None:
        self.version = version

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.transport.write(self.version.encode())
        self.transport.loseConnection()


class Caller(Protocol):
    """Collects what it is told."""

    def __init__(self) -> None:
        self.heard = b""
        self.told: Deferred[str] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.heard += data

    def connectionLost(self, reason: Any) -> None:
        self.told.callback(self.heard.decode())


@attrs.define
class Habits:
    """How the programs of a machine behave, by version."""

    starts_s: float = 0.5
    drains_s: float = 0.3
    never_ready: tuple[str, ...] = ()
    ends_at_once: tuple[str, ...] = ()
    ends_after_s: dict[str, float] = attrs.field(factory=dict)
    deaf: tuple[str, ...] = ()
    """Versions that take no SIGTERM."""


class MachineCase(SynchronousTestCase):
    """One machine, its fleet, and callers from elsewhere."""

    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.habits = Habits()
        self.processes: list[Process] = []
        self.most_at_once = 0
        self.fetched: list[tuple[str, str]] = []
        self.broken_releases: dict[str, str] = {}
        self.simulation.programs["server"] = self._server
        self.host = self.simulation.host("m")
        self.client = self.simulation.host("client").boot()
        self.boot()

    def boot(self) -> None:
        """Start an agent on the machine."""
        self.world: SimWorld = self.host.boot()
        self.fleet = Fleet(self.world, self.ways(), self.world.worker("fleet"))
        self.simulation.run_until(self.fleet.open())

    def ways(self, **changes: Any) -> Ways:
        ways = Ways(
            environment={},
            known={"locator": "IceGrid/Locator:tcp -h registry -p 4061"},
            prepare=self._prepare,
            registered=lambda ids: succeed(True),
            fronts=FrontOf({}),
        )
        return attrs.evolve(ways, **changes)

    def plan(self, version: str = "1", **changes: Any) -> ServerPlan:
        plan = ServerPlan(
            id="s-1",
            kind="s",
            version=version,
            command=["server", "${version}", "${id}"],
            sockets=[f"m:{PORT}"],
            startLimitMs=5000,
            stopLimitMs=3000,
        )
        return attrs.evolve(plan, **changes)

    def follow(self, *plans: ServerPlan) -> None:
        self.fleet.follow(self.fleet.generation + 1, "settings", plans)

    def pass_time(self, seconds: float) -> None:
        self.simulation.run_for(seconds)

    @property
    def server(self) -> Server:
        return self.fleet.servers["s-1"]

    @property
    def running(self) -> list[str]:
        """The versions of the processes that run, the oldest first."""
        return [process.argv[1] for process in self.host.children]

    def phase(self) -> ServerPhase:
        return self.server.state("m").phase

    def call(self) -> str:
        """Which version answers a caller."""
        factory = Factory.forProtocol(Caller)

        async def talk() -> str:
            caller: Caller = await self.client.client_endpoint("m", PORT).connect(factory)
            return await caller.told

        return self.simulation.run_until(talk())

    def _prepare(self, plan: ServerPlan) -> Deferred[str]:
        self.fetched.append((plan.release, plan.version))
        told: Deferred[str] = Deferred()
        if plan.version in self.broken_releases:
            self.world.call_later(0.2, told.errback, ValueError(self.broken_releases[plan.version]))
        else:
            self.world.call_later(0.2, told.callback, f"/releases/{plan.release}/{plan.version}")
        return told

    def _server(self, process: Process) -> None:
        """A server that listens at the socket it was given, and takes its time."""
        version = process.argv[1]
        self.processes.append(process)
        self.most_at_once = max(self.most_at_once, len(self.host.children))
        world, habits = process.world, self.habits
        ports: list[Any] = []

        def serve() -> None:
            factory = Factory()
            factory.buildProtocol = lambda addr: Hello(version)  # type: ignore[method-assign,assignment]
            for _, port in process.sockets:
                world.server_endpoint("", port).listen(factory).addCallback(ports.append)
            process.write(SERVING)

        def drain(number: int) -> None:
            if version not in habits.deaf and number == signal.SIGTERM:
                for port in ports:
                    port.stopListening()
                world.call_later(habits.drains_s, process.exit, 0)

        process.on_signal = drain
        if version in habits.ends_at_once:
            process.write("there is no such option")
            process.exit(2)
        elif version not in habits.never_ready:
            world.call_later(habits.starts_s, serve)
        if version in habits.ends_after_s:
            world.call_later(habits.ends_after_s[version], process.exit, 1)
