"""How busy a node is, seen by looking now and then."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.loadmeter import LoadMeter
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.servant import Servant
from pushnet.rpc.stubs import Current
from pushnet.sim.simulation import Simulation
from pushnet.wire.identity import Identity


class Slow(Servant):
    """Answers pings when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[Deferred[None]] = []

    def ice_ping(self, current: Current | None = None) -> Deferred[None]:
        self.waiting.append(Deferred())
        return self.waiting[-1]


class LoadMeterTests(SynchronousTestCase):
    def test_it_tells_what_waits_on_average_and_the_rate(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        communicator = Communicator(simulation.host("server").boot())
        adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h server -p 0")
        servant = Slow()
        adapter.add(servant, Identity("slow", ""))
        simulation.run_until(adapter.activate())
        meter = LoadMeter(communicator, lambda: [adapter])
        self.assertEqual(meter.read(0.0), {})
        client = Communicator(simulation.host("client").boot())
        proxy = client.stringToProxy(str(adapter.createProxy(Identity("slow", ""))))
        assert proxy is not None
        calls = [proxy.ice_ping() for _ in range(3)]
        simulation.run_for(0.1)
        meter.look()
        for waiting in servant.waiting:
            waiting.callback(None)
        simulation.run_for(0.1)
        meter.look()
        self.assertEqual([self.successResultOf(call) for call in calls], [None] * 3)
        self.assertEqual(meter.read(2.0), {"waiting": 1.5, "served_per_s": 1.5, "connections": 1.0})
        meter.look()
        self.assertEqual(meter.read(3.0)["waiting"], 0.0)
