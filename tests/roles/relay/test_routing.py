"""The routing table of a session."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.relay.routing import RoutingTable, Target
from pushnet.wire.identity import Identity


def target(name: str) -> Target:
    return Target(Identity(name, ""))


class RoutingTableTests(SynchronousTestCase):
    def test_an_announced_target_is_found(self) -> None:
        table = RoutingTable()
        self.assertEqual(table.add(target("a")), [])
        self.assertEqual(table.find(Identity("a", "")), target("a"))
        self.assertIsNone(table.find(Identity("b", "")))

    def test_the_least_recently_used_target_makes_room(self) -> None:
        table = RoutingTable(targets_max=2)
        table.add(target("a"))
        table.add(target("b"))
        table.find(Identity("a", ""))
        self.assertEqual(table.add(target("c")), [target("b")])
        self.assertIsNone(table.find(Identity("b", "")))

    def test_announcing_again_replaces_and_evicts_nothing(self) -> None:
        table = RoutingTable(targets_max=1)
        table.add(target("a"))
        moved = Target(Identity("a", ""), "broker-1")
        self.assertEqual(table.add(moved), [])
        self.assertEqual(table.find(Identity("a", "")), moved)

    def test_a_flood_of_targets_leaves_the_table_at_its_size(self) -> None:
        table = RoutingTable()
        for number in range(10_000):
            table.add(target(str(number)))
        self.assertEqual(len(table), 1000)
