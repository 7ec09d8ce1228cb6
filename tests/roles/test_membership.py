"""A node's place in the grid, through registries that come and go."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.process import ProcessPrx
from pushnet.grid.settings import NodeSettings
from pushnet.roles.membership import JOIN_LIMIT_S, JoinFailedException, Membership
from tests.roles.simgrid import TAGALIAS, SimGrid


class MembershipTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.simulation = self.grid.simulation

    def test_a_node_that_joined_is_listed_with_what_it_tells(self) -> None:
        self.grid.start_registry()
        node = self.grid.start_node("tagalias-1", 1)
        node.load = 0.25
        self.simulation.run_for(2.0)
        status = next(each for each in self.grid.nodes() if each.info.name == "tagalias-1")
        self.assertEqual(
            (status.info.role, status.info.version, status.info.region), ("tagalias", "1.0", "eu")
        )
        self.assertEqual(status.epoch, node.membership.epoch)
        self.assertEqual((status.load["load"], status.load["waiting"]), (0.25, 0.0))
        self.assertEqual(status.adapters, ["tagalias-1"])

    def test_it_keeps_its_lease_for_as_long_as_it_lives(self) -> None:
        self.grid.start_registry()
        node = self.grid.start_node("tagalias-1", 1)
        epoch = node.membership.epoch
        for _ in range(20):
            self.simulation.run_for(1.5)
            self.assertTrue(node.membership.holds_lease)
        self.assertEqual(node.membership.epoch, epoch)

    def test_a_killed_node_is_gone_within_one_lease_and_a_tick(self) -> None:
        self.grid.start_registry()
        self.grid.start_node("tagalias-1", 1)
        self.grid.kill("tagalias-1")
        self.simulation.run_for(3.6)
        self.assertEqual(self.grid.names(), ["registry-1"])

    def test_a_node_that_stops_is_gone_at_once(self) -> None:
        self.grid.start_registry()
        node = self.grid.start_node("tagalias-1", 1)
        self.simulation.run_until(node.membership.stop())
        self.assertEqual(self.grid.names(), ["registry-1"])
        self.assertFalse(node.membership.holds_lease)

    def test_a_node_whose_registry_has_lost_power_ends_within_a_lease(self) -> None:
        """Nobody says that it is gone: the successor of a node that stops first waits no longer than that."""
        self.grid.start_registry()
        node = self.grid.start_node("tagalias-1", 1)
        self.simulation.host("registry-1").power_off()
        since = self.simulation.now_s
        self.simulation.run_until(node.membership.stop())
        self.assertLess(self.simulation.now_s - since, 3.0)

    def test_a_node_started_again_replaces_its_killed_self_at_once(self) -> None:
        self.grid.start_registry()
        before = self.grid.start_node("tagalias-1", 1)
        self.grid.kill("tagalias-1")
        after = self.grid.start_node("tagalias-1", 2)
        self.assertGreater(after.membership.epoch, before.membership.epoch)
        (member,) = self.grid.replicas("TagAlias")
        self.assertEqual(member.proxy.ice_getEndpoints(), after.adapter.getEndpoints())

    def test_without_a_registry_a_joined_node_serves_on_and_renews_when_it_is_back(self) -> None:
        self.grid.start_registry()
        node = self.grid.start_node("tagalias-1", 1)
        epoch = node.membership.epoch
        self.grid.kill("registry-1")
        self.simulation.run_for(60.0)
        self.assertFalse(node.membership.holds_lease)
        self.grid.start_registry()
        self.simulation.run_for(2.0)
        self.assertTrue(node.membership.holds_lease)
        self.assertEqual(node.membership.epoch, epoch)
        self.assertEqual(self.grid.names(), ["registry-1", "tagalias-1"])

    def test_a_registry_that_has_lost_its_disk_is_joined_again(self) -> None:
        self.grid.start_registry()
        node = self.grid.start_node("tagalias-1", 1)
        self.grid.kill("registry-1")
        self.simulation.host("registry-1").disk.delete("registry.db")
        self.grid.start_registry()
        self.simulation.run_for(2.0)
        self.assertTrue(node.membership.holds_lease)
        self.assertEqual(self.grid.names(), ["registry-1", "tagalias-1"])

    def test_a_node_cut_off_for_longer_than_its_lease_joins_again_with_a_higher_epoch(self) -> None:
        self.grid.start_registry()
        node = self.grid.start_node("tagalias-1", 1)
        epoch = node.membership.epoch
        self.simulation.paths.partition("tagalias-1", "registry-1")
        self.simulation.run_for(10.0)
        self.assertEqual(self.grid.names(), ["registry-1"])
        self.simulation.paths.heal("tagalias-1", "registry-1")
        self.simulation.run_for(30.0)
        self.assertIn("tagalias-1", self.grid.names())
        self.assertGreater(node.membership.epoch, epoch)

    def test_a_newer_process_of_the_same_name_keeps_it_for_as_long_as_it_lives(self) -> None:
        self.grid.start_registry()
        older = self.grid.start_node("tagalias-1", 1).membership
        world = self.simulation.host("elsewhere").boot()
        communicator = self.grid.communicator(world)
        adapter = communicator.createObjectAdapterWithEndpoints("TagAlias", "tcp -h elsewhere -p 0")
        self.simulation.run_until(adapter.activate())
        same = NodeSettings(name="tagalias-1", role="tagalias")
        newer = Membership(world, communicator, self.grid.settings, same, "2.0")
        newer.offer(adapter, "TagAlias", [TAGALIAS])
        self.simulation.run_until(newer.start())
        epoch = newer.epoch
        for _ in range(20):
            self.simulation.run_for(1.0)
            self.assertEqual((newer.epoch, newer.holds_lease), (epoch, True))
        self.assertFalse(older.holds_lease)
        self.grid.kill("elsewhere")
        self.simulation.run_for(8.0)
        self.assertTrue(older.holds_lease)
        self.assertGreater(older.epoch, epoch)

    def test_a_node_that_starts_first_waits_for_the_registry(self) -> None:
        node = self.grid.boot_node("tagalias-1", 1)
        joining = ensureDeferred(node.membership.start())
        self.simulation.run_for(20.0)
        self.assertFalse(joining.called)
        self.grid.start_registry()
        self.simulation.run_until(joining, 10.0)
        self.assertTrue(node.membership.holds_lease)

    def test_a_node_that_finds_no_registry_says_where_it_looked(self) -> None:
        node = self.grid.boot_node("tagalias-1", 1)
        with self.assertRaises(JoinFailedException) as caught:
            self.simulation.run_until(node.membership.start(), JOIN_LIMIT_S + 10)
        self.assertIn("tcp -h registry-1 -p 4061", str(caught.exception))

    def test_who_found_no_registry_joins_when_it_tries_again(self) -> None:
        node = self.grid.boot_node("tagalias-1", 1)
        node.membership.on_shutdown = lambda: None
        with self.assertRaises(JoinFailedException):
            self.simulation.run_until(node.membership.start(), JOIN_LIMIT_S + 10)
        self.grid.start_registry()
        self.simulation.run_until(node.membership.start())
        self.assertTrue(node.membership.holds_lease)

    def test_anybody_may_ask_a_process_to_end_in_order_as_ice_programs_do(self) -> None:
        self.grid.start_registry()
        node = self.grid.boot_node("tagalias-1", 1)
        asked: list[bool] = []
        node.membership.on_shutdown = lambda: asked.append(True)
        self.simulation.run_until(node.membership.start())
        communicator = self.grid.communicator(self.simulation.host("operator").boot())
        process = ProcessPrx.uncheckedCast(communicator.stringToProxy("process/tagalias-1"))
        assert process is not None
        self.simulation.run_until(process.shutdown())
        self.assertEqual(asked, [True])

    def test_after_stopping_nothing_is_left_to_do(self) -> None:
        self.grid.start_registry()
        node = self.grid.start_node("tagalias-1", 1)
        self.simulation.run_until(node.membership.stop())
        self.simulation.run_until(node.communicator.destroy())
        self.simulation.run_for(10.0)
        self.assertEqual(node.world.leftovers(), [])
        self.assertEqual(self.simulation.failures, [])
