"""Tags and aliases: what changes is noted, what breaks a rule changes nothing."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import ChangeKind, DeviceRuleException
from pushnet.stores.shard.changes import end, read
from pushnet.stores.shard.devices import portraits
from pushnet.stores.shard.labels import (
    DEVICES_PER_ALIAS_MAX,
    PORTION,
    TAGS_PER_DEVICE_MAX,
    delete_alias,
    delete_tag,
    remove_alias,
    update_tag,
)
from tests.stores.shard.opened import APP, OTHER_APP, change, new_device, opened


class LabelTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.connection = opened()
        for key in ("phone", "tablet"):
            new_device(self.connection, key)
        new_device(self.connection, "watch", platform="ios")
        new_device(self.connection, "foreign", OTHER_APP)
        self.start = end(self.connection)

    def _noted(self) -> list[tuple[ChangeKind, int, str]]:
        return [(c.kind, c.ordinal, c.value) for c in read(self.connection, self.start, 10_000)[0]]

    def _tags(self, ordinal: int) -> list[str]:
        return portraits(self.connection, APP, [ordinal], True)[0].tags

    def _alias(self, ordinal: int) -> str:
        return portraits(self.connection, APP, [ordinal], False)[0].alias

    def test_an_update_notes_what_has_really_changed(self) -> None:
        change(self.connection, 5, addTags=["b", "a"])
        position = change(self.connection, 5, addTags=["a", "c"], removeTags=["b", "never had"])
        self.assertEqual(self._tags(5), ["a", "c"])
        added, removed = ChangeKind.TagAdded, ChangeKind.TagRemoved
        self.assertEqual(
            self._noted(), [(added, 5, "a"), (added, 5, "b"), (removed, 5, "b"), (added, 5, "c")]
        )
        self.assertEqual(position, self.start + 4)

    def test_a_repeated_update_is_no_change(self) -> None:
        wanted = {"addTags": ["a"], "setAlias": True, "alias": "x"}
        first = change(self.connection, 5, **wanted)
        self.assertEqual(change(self.connection, 5, **wanted), first)

    def test_clearing_goes_before_adding(self) -> None:
        change(self.connection, 5, addTags=["a", "b"])
        change(self.connection, 5, clearTags=True, addTags=["b", "c"])
        self.assertEqual(self._tags(5), ["b", "c"])

    def test_a_device_has_no_more_tags_than_allowed(self) -> None:
        change(self.connection, 5, addTags=[f"t{n}" for n in range(TAGS_PER_DEVICE_MAX)])
        with self.assertRaises(DeviceRuleException) as caught:
            change(self.connection, 5, addTags=["one more"])
        self.assertEqual(caught.exception.code, 7002)
        change(self.connection, 5, addTags=["one more"], removeTags=["t0"])
        self.assertEqual(len(self._tags(5)), TAGS_PER_DEVICE_MAX)

    def test_a_new_alias_takes_the_place_of_the_old_one(self) -> None:
        change(self.connection, 5, setAlias=True, alias="x")
        change(self.connection, 5, setAlias=True, alias="y")
        change(self.connection, 5, setAlias=True, alias="")
        kinds = [ChangeKind.AliasSet, ChangeKind.AliasCleared, ChangeKind.AliasSet, ChangeKind.AliasCleared]
        self.assertEqual(self._noted(), list(zip(kinds, [5] * 4, ["x", "x", "y", "y"], strict=True)))
        self.assertEqual(self._alias(5), "")

    def test_an_alias_has_ten_devices_at_most(self) -> None:
        devices = [new_device(self.connection, f"d{n}").ordinal for n in range(DEVICES_PER_ALIAS_MAX + 1)]
        for ordinal in devices[:-1]:
            change(self.connection, ordinal, setAlias=True, alias="x")
        with self.assertRaises(DeviceRuleException) as caught:
            change(self.connection, devices[-1], setAlias=True, alias="x")
        self.assertEqual(caught.exception.code, 7015)
        change(self.connection, devices[0], setAlias=True, alias="x")
        change(self.connection, devices[0], setAlias=True, alias="")
        change(self.connection, devices[-1], setAlias=True, alias="x")
        self.assertEqual(self._alias(devices[-1]), "x")

    def test_an_unknown_device_is_not_updated(self) -> None:
        self.assertIsNone(change(self.connection, 99, addTags=["a"]))
        self.assertIsNone(change(self.connection, 6, OTHER_APP, addTags=["a"]))
        self.assertIsNone(change(self.connection, 5, "no such app", addTags=["a"]))

    def test_one_tag_is_given_and_taken(self) -> None:
        change(self.connection, 6, addTags=["a"])
        position, illegal = update_tag(
            self.connection, APP, "a", {"rid-5": 5, "rid-6": 6, "bad": 7}, {"rid-7": 7, "worse": 5}
        )
        self.assertEqual(illegal, ["bad", "worse"])
        self.assertEqual(position, self.start + 2)
        self.assertEqual([self._tags(ordinal) for ordinal in (5, 6, 7)], [["a"], ["a"], []])
        update_tag(self.connection, APP, "a", {}, {"rid-5": 5, "rid-6": 6})
        self.assertEqual([self._tags(ordinal) for ordinal in (5, 6)], [[], []])

    def test_a_device_full_of_tags_is_answered_as_illegal(self) -> None:
        change(self.connection, 5, addTags=[f"t{n}" for n in range(TAGS_PER_DEVICE_MAX)])
        self.assertEqual(update_tag(self.connection, APP, "a", {"rid-5": 5}, {})[1], ["rid-5"])
        self.assertEqual(update_tag(self.connection, APP, "t0", {"rid-5": 5}, {})[1], [])

    def test_a_tag_is_taken_from_all_devices_of_a_platform(self) -> None:
        for ordinal in (5, 6, 7):
            change(self.connection, ordinal, addTags=["a"])
        self.assertEqual(change(self.connection, 5, OTHER_APP, addTags=["a"]), self.start + 4)
        delete_tag(self.connection, APP, "a", ["ios", "winphone"])
        self.assertEqual([self._tags(ordinal) for ordinal in (5, 6, 7)], [["a"], ["a"], []])
        self.assertEqual(delete_tag(self.connection, APP, "a", []), (self.start + 7, False))
        self.assertEqual([self._tags(ordinal) for ordinal in (5, 6)], [[], []])
        self.assertEqual(portraits(self.connection, OTHER_APP, [5], True)[0].tags, ["a"])

    def test_a_tag_of_many_devices_is_taken_in_portions(self) -> None:
        rids = {}
        for number in range(PORTION):
            made = new_device(self.connection, f"d{number}")
            rids[made.registrationId] = made.ordinal
        update_tag(self.connection, APP, "a", {**rids, "rid-5": 5}, {})
        self.assertTrue(delete_tag(self.connection, APP, "a", [])[1])
        self.assertFalse(delete_tag(self.connection, APP, "a", [])[1])
        (left,) = self.connection.execute("SELECT count(*) FROM tags").fetchone()
        self.assertEqual(left, 0)

    def test_an_alias_is_taken_from_all_or_from_some(self) -> None:
        for ordinal in (5, 6, 7):
            change(self.connection, ordinal, setAlias=True, alias="x")
        self.assertEqual(
            remove_alias(self.connection, APP, "x", {"rid-5": 5, "bad": 6}), (self.start + 4, ["bad"])
        )
        delete_alias(self.connection, APP, "x", ["ios"])
        self.assertEqual([self._alias(ordinal) for ordinal in (5, 6, 7)], ["", "x", ""])
        self.assertEqual(delete_alias(self.connection, APP, "x", []), self.start + 6)
        self.assertEqual(remove_alias(self.connection, APP, "y", {"rid-6": 6}), (self.start + 6, []))

    def test_an_app_without_devices_has_no_labels(self) -> None:
        self.assertEqual(update_tag(self.connection, "no", "a", {"r": 5}, {"s": 6})[1], ["r", "s"])
        self.assertEqual(remove_alias(self.connection, "no", "a", {"r": 5})[1], ["r"])
        self.assertEqual(delete_alias(self.connection, "no", "a", []), self.start)
        self.assertEqual(delete_tag(self.connection, "no", "a", []), (self.start, False))
