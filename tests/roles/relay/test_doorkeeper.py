"""Which objects a session may call."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.relay.doorkeeper import Doorkeeper
from pushnet.wire.identity import Identity


class DoorkeeperTests(SynchronousTestCase):
    def test_without_a_list_everything_but_the_grids_own_objects_is_admitted(self) -> None:
        door = Doorkeeper([])
        self.assertTrue(door.admits(Identity("TagAlias", "")))
        self.assertTrue(door.admits(Identity("0", "shard")))
        for own in (
            Identity("Cluster", "PushNet"),
            Identity("LocatorRegistry", "IceGrid"),
            Identity("m1", "Agent"),
        ):
            self.assertFalse(door.admits(own))

    def test_a_category_admits_its_objects_and_the_object_of_that_name(self) -> None:
        door = Doorkeeper(["shard", "TagAlias"])
        self.assertTrue(door.admits(Identity("7", "shard")))
        self.assertTrue(door.admits(Identity("TagAlias", "")))
        self.assertFalse(door.admits(Identity("Queue", "")))
        self.assertFalse(door.admits(Identity("shards", "")))
        self.assertFalse(door.admits(Identity("x", "shard/7")))

    def test_a_full_name_admits_that_object_only(self) -> None:
        door = Doorkeeper(["shard/0"])
        self.assertTrue(door.admits(Identity("0", "shard")))
        self.assertFalse(door.admits(Identity("1", "shard")))
        self.assertFalse(door.admits(Identity("shard/0", "")))

    def test_the_grids_own_objects_are_admitted_by_full_name_only(self) -> None:
        self.assertFalse(Doorkeeper(["PushNet"]).admits(Identity("Registry", "PushNet")))
        self.assertTrue(Doorkeeper(["IceGrid/Query"]).admits(Identity("Query", "IceGrid")))

    def test_what_is_no_name_is_not_admitted(self) -> None:
        door = Doorkeeper([])
        for identity in (Identity("", ""), Identity("", "x"), Identity("a\n", ""), Identity("a", "x" * 300)):
            self.assertFalse(door.admits(identity))

    def test_an_entry_that_cannot_match_is_an_error_at_once(self) -> None:
        for entry in ("", "/", "shard/", "/x", "a\n"):
            with self.assertRaises(ValueError):
                Doorkeeper([entry])
