"""What the tests of the runtime are given: simulated hosts, a servant on one, a caller on another."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.sim.simulation import Simulation
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx, EverythingServant

PORT = 4000


class EverythingI(EverythingServant):
    """Adds; notes what was called; answers `nothing` when `gate` opens, if there is one."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.contexts: list[dict[str, str]] = []
        self.deadlines: list[float | None] = []
        self.connections: list[Any] = []
        self.gate: Deferred[None] | None = None

    def _note(self, current: Current | None) -> None:
        assert current is not None
        self.called.append(current.operation)
        self.contexts.append(current.ctx)
        self.deadlines.append(current.deadline)
        self.connections.append(current.con)

    async def add(self, a: int, b: int, current: Current | None = None) -> int:
        self._note(current)
        return a + b

    def one(self, current: Current | None = None) -> int:
        self._note(current)
        return 1

    def nothing(self, current: Current | None = None) -> Any:
        self._note(current)
        return self.gate

    def me(self, callback: Any, any: Any, current: Current | None = None) -> Any:
        self._note(current)
        return any


class Grid:
    """Simulated hosts, each with a communicator."""

    def __init__(self, test: SynchronousTestCase, seed: int = 1) -> None:
        self.simulation = Simulation(seed)
        test.addCleanup(self.simulation.close)
        self.communicators: dict[str, Communicator] = {}

    def communicator(self, host: str, **properties: str) -> Communicator:
        """The communicator on `host`; properties are given with `_` for `.`."""
        if host not in self.communicators:
            named = {key.replace("_", "."): value for key, value in properties.items()}
            self.communicators[host] = Communicator(self.simulation.host(host).boot(), named)
        return self.communicators[host]

    def serve(
        self, host: str, servant: Any, name: str = "object", port: int = PORT, **properties: str
    ) -> ObjectAdapter:
        communicator = self.communicator(host, **properties)
        adapter = communicator.createObjectAdapterWithEndpoints(f"adapter-{port}", f"tcp -h {host} -p {port}")
        adapter.add(servant, Identity(name))
        self.wait(adapter.activate())
        return adapter

    def proxy(self, host: str, text: str) -> ObjectPrx:
        proxy = self.communicator(host).stringToProxy(text)
        assert proxy is not None
        return proxy

    def wait(self, work: Any, limit_s: float = 60.0) -> Any:
        return self.simulation.run_until(work, limit_s)

    def pair(self, **properties: str) -> tuple[EverythingI, EverythingPrx]:
        """A servant on `server`, and a proxy of it on `client`."""
        servant = EverythingI()
        self.serve("server", servant)
        self.communicator("client", **properties)
        return servant, EverythingPrx(self.proxy("client", f"object:tcp -h server -p {PORT}").ice_reference)
