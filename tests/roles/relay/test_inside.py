"""Proxies of objects inside."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.relay.inside import KEPT_MAX, SLOTS, Inside
from pushnet.roles.relay.routing import Target
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation
from pushnet.wire.identity import Identity


class InsideTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.inside = Inside(Communicator(Simulation(1).host("relay-1").boot()), 10.0)

    def test_a_target_is_called_by_name_alone_or_at_an_adapter(self) -> None:
        identity = Identity("b/1", "broker")
        self.assertEqual(str(self.inside.proxy(Target(identity))), "broker/b\\/1 -t -e 1.1")
        at = self.inside.proxy(Target(identity, "broker-1"))
        self.assertEqual(str(at), "broker/b\\/1 -t -e 1.1 @ broker-1")

    def test_the_same_session_has_the_same_lane_to_a_target(self) -> None:
        target = Target(Identity("a", ""))
        lane = self.inside.lane(target, 1)
        self.assertIs(self.inside.lane(target, 1), lane)
        self.assertIsNot(self.inside.lane(target, 2), lane)
        self.assertIsNot(self.inside.lane(Target(Identity("b", "")), 1), lane)

    def test_many_sessions_share_lanes(self) -> None:
        target = Target(Identity("a", ""))
        for session in range(1000):
            self.inside.lane(target, session)
        self.assertEqual(len(self.inside), SLOTS)

    def test_a_flood_of_targets_does_not_fill_the_memory(self) -> None:
        first, used = Target(Identity("a", "")), Target(Identity("b", ""))
        lane, kept = self.inside.lane(first, 1), self.inside.lane(used, 1)
        for number in range(KEPT_MAX):
            self.inside.lane(used, 1)
            self.inside.lane(Target(Identity(f"n{number}", "")), 1)
        self.assertEqual(len(self.inside), KEPT_MAX)
        self.assertIs(self.inside.lane(used, 1), kept)
        self.assertIsNot(self.inside.lane(first, 1), lane)
