"""Nodes join, renew, leave and are forgotten."""

from __future__ import annotations

import math

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.leases import LeaseLost
from pushnet.roles.registry import roster as module
from pushnet.roles.registry.directory import Directory
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord
from pushnet.roles.registry.roster import Refused, Roster
from pushnet.wire.identity import Identity

QUEUE = ObjectRecord(Identity("Queue", ""), "::PushNet::Queue", "Queue@Queue")


def node(name: str, port: int = 1, adapter_id: str = "") -> NodeRecord:
    adapters = (AdapterRecord(adapter_id or name, "Queue", f"tcp -h 127.0.0.1 -p {port}"),)
    return NodeRecord(name, "queue", "1", "", 1, "", adapters, (QUEUE,))


class RosterTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.directory = Directory()
        self.roster = Roster(self.directory, 3.0)

    def sweep_until(self, end: float) -> list[str]:
        gone: list[str] = []
        for tick in range(int(end * 2) + 1):
            gone += self.roster.sweep(tick / 2)
        return gone

    def test_a_node_that_joins_is_found_until_its_lease_runs_out(self) -> None:
        self.roster.join(node("q1"), 0.0)
        self.assertEqual(self.directory.members("Queue"), ["q1"])
        self.assertEqual(self.sweep_until(3.0), ["q1"])
        self.assertEqual(self.directory.members("Queue"), [])
        self.assertEqual(self.directory.proxy(QUEUE.identity), "")
        self.assertEqual(len(self.roster), 0)

    def test_a_node_that_renews_stays(self) -> None:
        epoch = self.roster.join(node("q1"), 0.0)
        self.roster.renew("q1", epoch, {"load": 0.5}, 2.0)
        self.assertEqual(self.sweep_until(4.5), [])
        self.assertEqual(self.roster.load_of("q1"), 0.5)

    def test_joining_again_replaces_the_earlier_process(self) -> None:
        old = self.roster.join(node("q1", port=1), 0.0)
        new = self.roster.join(node("q1", port=2), 1.0)
        self.assertGreater(new, old)
        self.assertEqual(self.directory.endpoints("q1"), "tcp -h 127.0.0.1 -p 2")
        with self.assertRaises(LeaseLost):
            self.roster.renew("q1", old, {}, 1.0)
        self.assertFalse(self.roster.leave("q1", old))
        self.assertEqual(self.directory.members("Queue"), ["q1"])
        self.assertTrue(self.roster.leave("q1", new))
        self.assertEqual(self.directory.members("Queue"), [])

    def test_an_adapter_of_a_live_node_cannot_be_taken_over_by_another_name(self) -> None:
        self.roster.join(node("q1"), 0.0)
        with self.assertRaises(Refused) as caught:
            self.roster.join(node("q2", adapter_id="q1"), 1.0)
        self.assertIn("q1, which is alive", str(caught.exception))

    def test_a_refused_join_leaves_the_earlier_entry_alone(self) -> None:
        self.roster.join(node("q1"), 0.0)
        epoch = self.roster.join(node("q2"), 0.0)
        with self.assertRaises(Refused):
            self.roster.join(node("q2", adapter_id="q1"), 1.0)
        self.roster.renew("q2", epoch, {}, 1.0)

    def test_a_restored_node_goes_on_under_its_epoch(self) -> None:
        self.roster.leases.last_epoch = 9
        self.roster.restore(node("q1"), 7, 0.0)
        self.roster.renew("q1", 7, {}, 2.0)
        self.assertEqual(self.roster.join(node("q2"), 2.0), 10)

    def test_standings_tell_each_node_by_name(self) -> None:
        self.roster.join(node("q2"), 0.0)
        epoch = self.roster.join(node("q1"), 1.0)
        self.roster.renew("q1", epoch, {"load": 2.0}, 2.0)
        first, second = self.roster.standings(2.5)
        self.assertEqual((first.record.name, second.record.name), ("q1", "q2"))
        self.assertEqual((first.epoch, first.lease_left_s, first.up_s), (epoch, 2.5, 1.5))
        self.assertEqual((first.load, second.load), ({"load": 2.0}, {}))

    def test_readings_that_are_no_numbers_are_dropped(self) -> None:
        epoch = self.roster.join(node("q1"), 0.0)
        told = {"load": math.nan, "x" * 99: 1.0, "ok": 1.0} | {f"g{n}": 0.0 for n in range(99)}
        self.roster.renew("q1", epoch, told, 0.0)
        self.assertIsNone(self.roster.load_of("q1"))
        load = self.roster.standings(0.0)[0].load
        self.assertEqual(len(load), module.GAUGES_MAX)
        self.assertEqual(load["ok"], 1.0)

    def test_the_grid_has_no_more_nodes_than_it_can_have(self) -> None:
        for number in range(module.NODES_MAX):
            self.roster.join(node(f"n{number}"), 0.0)
        with self.assertRaises(Refused):
            self.roster.join(node("one-more"), 0.0)
        self.roster.join(node("n7"), 0.0)
