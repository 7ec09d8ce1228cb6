"""A node's place in the grid, through registries that come and go."""

from __future__ import annotations

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.process import ProcessPrx
from pushnet.gen.pushnet.event import EventFilter, EventPage, EventsPrx
from pushnet.grid.settings import NodeSettings
from pushnet.roles.membership import JOIN_LIMIT_S, JoinFailedException, Membership, NameTakenException
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
        newer.installation = older.installation
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

    def copied(self) -> Membership:
        """A second `tagalias-1`, on another machine."""
        world = self.simulation.host("copy").boot()
        communicator = self.grid.communicator(world)
        adapter = communicator.createObjectAdapterWithEndpoints("TagAlias", "tcp -h copy -p 0")
        self.simulation.run_until(adapter.activate())
        same = NodeSettings(name="tagalias-1", role="tagalias")
        copy = Membership(world, communicator, self.grid.settings, same, "1.0")
        copy.offer(adapter, "TagAlias", [TAGALIAS])
        return copy

    def test_a_copy_on_another_machine_is_told_who_has_the_name_and_what_helps(self) -> None:
        self.grid.start_registry()
        first = self.grid.start_node("tagalias-1", 1).membership
        epoch, since = first.epoch, self.simulation.now_s
        self.assertTrue(self.simulation.run_until(self.copied().is_taken()))
        self.grid.kill("copy")
        with self.assertRaises(NameTakenException) as caught:
            self.simulation.run_until(self.copied().start(), 20.0)
        said = str(caught.exception)
        address = self.simulation.host("tagalias-1").address
        for part in (f"at {address} (tcp -h tagalias-1", "since 2027-01-15 08:00:0", "--take-over"):
            self.assertIn(part, said)
        self.assertLess(self.simulation.now_s - since, 2 * 3.0 + 1.0)
        self.assertEqual((first.epoch, first.holds_lease), (epoch, True))
        self.simulation.run_for(10.0)
        self.assertEqual(self.events().count(("node.refused", "tagalias-1")), 1)

    def test_a_copy_comes_in_when_the_lease_of_the_first_has_run_out(self) -> None:
        self.grid.start_registry()
        self.grid.start_node("tagalias-1", 1)
        self.simulation.host("tagalias-1").power_off()
        copy = self.copied()
        self.simulation.run_until(copy.start(), 5.0)
        self.assertTrue(copy.holds_lease)

    def test_a_copy_takes_the_name_away_once_when_it_is_told_to(self) -> None:
        self.grid.start_registry()
        first = self.grid.start_node("tagalias-1", 1).membership
        copy = self.copied()
        copy.take_over = True
        self.simulation.run_until(copy.start(), 5.0)
        self.simulation.run_for(10.0)
        self.assertEqual((copy.holds_lease, first.holds_lease, copy.take_over), (True, False, False))
        self.assertIn(("node.taken-over", "tagalias-1"), self.events())

    def events(self) -> list[tuple[str, str]]:
        """What the registry has written down: what, and to whom."""
        door = self.grid.settings.doors[0]
        events = EventsPrx.uncheckedCast(self.grid.observer().stringToProxy(f"PushNet/Events:{door}"))
        assert events is not None
        page: Deferred[EventPage] = events.read(EventFilter(["node"]), 0, 100, 0)
        return [(event.kind, event.who) for event in self.simulation.run_until(page).events]

    def test_a_registry_whose_machine_has_lost_power_serves_at_once(self) -> None:
        self.grid.start_registry()
        self.simulation.host("registry-1").power_off()
        since = self.simulation.now_s
        self.grid.start_registry()
        self.assertLess(self.simulation.now_s - since, 1.0)

    def test_a_killed_node_is_back_at_once(self) -> None:
        self.grid.start_registry()
        epoch = self.grid.start_node("tagalias-1", 1).membership.epoch
        self.grid.kill("tagalias-1")
        since = self.simulation.now_s
        again = self.grid.start_node("tagalias-1", 1).membership
        self.assertLess(self.simulation.now_s - since, 0.5)
        self.assertGreater(again.epoch, epoch)

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
