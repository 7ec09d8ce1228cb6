"""The registry's own objects."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.wellknown import LOCATOR, LOCATOR_REGISTRY, QUERY, REGISTRY
from pushnet.roles.registry.own import OwnObjects
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation
from pushnet.wire.identity import Identity


class OwnObjectsTests(SynchronousTestCase):
    def test_they_carry_the_port_that_the_adapter_listens_at(self) -> None:
        simulation = Simulation(1)
        communicator = Communicator(simulation.host("registry-1").boot())
        adapter = communicator.createObjectAdapterWithEndpoints("registry", "tcp -h registry-1 -p 0")
        own = OwnObjects()
        self.assertIsNone(own.find(LOCATOR))
        simulation.run_until(adapter.activate())
        own.publish(adapter)
        for identity in (LOCATOR, LOCATOR_REGISTRY, QUERY, REGISTRY):
            proxy = own.find(identity)
            assert proxy is not None
            self.assertEqual(proxy.ice_getEndpoints(), adapter.getEndpoints())
        self.assertEqual(own.query, own.find(QUERY))
        self.assertIsNone(own.find(Identity("nobody", "")))
        self.assertEqual(own.of_type("::IceGrid::Query"), [own.query])
        self.assertEqual(own.of_type("::Nothing"), [])
