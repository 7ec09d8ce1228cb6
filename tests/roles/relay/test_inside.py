"""Proxies of objects inside."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.relay.inside import KEPT_MAX, Inside
from pushnet.roles.relay.routing import Target
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation
from pushnet.wire.identity import Identity


class InsideTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.inside = Inside(Communicator(Simulation(1).host("relay-1").boot()))

    def test_a_target_is_called_by_name_alone_or_at_an_adapter(self) -> None:
        identity = Identity("b/1", "broker")
        self.assertEqual(str(self.inside.proxy(Target(identity))), "broker/b\\/1 -t -e 1.1")
        at = self.inside.proxy(Target(identity, "broker-1"))
        self.assertEqual(str(at), "broker/b\\/1 -t -e 1.1 @ broker-1")

    def test_the_same_target_has_the_same_proxy(self) -> None:
        target = Target(Identity("a", ""))
        self.assertIs(self.inside.proxy(target), self.inside.proxy(target))

    def test_a_flood_of_targets_does_not_fill_the_memory(self) -> None:
        first = self.inside.proxy(Target(Identity("a", "")))
        for number in range(KEPT_MAX):
            self.inside.proxy(Target(Identity(f"n{number}", "")))
        self.assertIsNot(self.inside.proxy(Target(Identity("a", ""))), first)
