"""Ice's names in one place. What stock Ice has: `tests.interop.test_names_with_stock`."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

import pushnet.ice as Ice
from pushnet.sim.simulation import Simulation
from pushnet.world import World


class NamesTest(SynchronousTestCase):
    """`pushnet.ice`."""

    def world(self) -> World:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        return simulation.host("here").boot()

    def test_each_name_it_exports_is_there(self) -> None:
        self.assertEqual([name for name in Ice.__all__ if not hasattr(Ice, name)], [])

    def test_the_root_of_exceptions_catches_declared_ones_and_others(self) -> None:
        for kind in (Ice.UserException, Ice.MarshalException, Ice.AdapterNotFoundException):
            self.assertTrue(issubclass(kind, Ice.Exception))

    def test_generated_names_are_different_each_time(self) -> None:
        world = self.world()
        self.assertNotEqual(Ice.generateUUID(world), Ice.generateUUID(world))

    def test_a_program_of_ice_needs_nothing_else(self) -> None:
        world = self.world()
        with self.assertRaises(Ice.EndpointParseException) as caught:
            Ice.initialize(world, ["program", "--Ice.Trace.Retry=1"]).stringToProxy("a:")
        self.assertEqual(caught.exception.str, "value has no non-whitespace characters")
        self.assertEqual(Ice.identityToString(Ice.Identity("a", "b"), Ice.ToStringMode.ASCII), "b/a")
