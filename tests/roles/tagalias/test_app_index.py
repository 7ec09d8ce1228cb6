"""Audiences, against an index that asks device by device."""

from __future__ import annotations

from hypothesis import given, settings
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import Change, ChangeKind
from pushnet.gen.pushnet.push import Audience
from pushnet.grid.placement import shard_of_ordinal
from pushnet.roles.tagalias.app_index import AppIndex
from tests.roles.tagalias.logs import (
    APP,
    AUDIENCES,
    ORDINALS,
    STEPS,
    NaiveIndex,
    added,
    named,
    rid,
    tagged,
    unnamed,
    untagged,
)

Steps = list[tuple[str, int, str]]


class AlgebraTests(SynchronousTestCase):
    @settings(max_examples=300)
    @given(STEPS, AUDIENCES)
    def test_an_audience_means_what_it_means_device_by_device(self, steps: Steps, wanted: Audience) -> None:
        naive, index = NaiveIndex(), AppIndex()
        for change in naive.changes(steps):
            index.apply(change)
        self.assertEqual(list(index.select(wanted)), naive.select(wanted))

    @given(STEPS, AUDIENCES)
    def test_taking_in_changes_again_in_order_changes_nothing(self, steps: Steps, wanted: Audience) -> None:
        naive, index = NaiveIndex(), AppIndex()
        changes = naive.changes(steps)
        for change in [*changes, *changes[len(changes) // 2 :]]:
            index.apply(change)
        self.assertEqual(list(index.select(wanted)), naive.select(wanted))

    @given(STEPS, AUDIENCES)
    def test_a_forgotten_shard_leaves_the_others_as_they_were(self, steps: Steps, wanted: Audience) -> None:
        naive, index = NaiveIndex(), AppIndex()
        for change in naive.changes(steps):
            index.apply(change)
        index.forget_shard(1)
        naive.devices = {o: device for o, device in naive.devices.items() if shard_of_ordinal(o) != 1}
        self.assertEqual(list(index.select(wanted)), naive.select(wanted))
        tags = {tag for device in naive.devices.values() for tag in device.tags}
        self.assertEqual(set(index.tags), tags)
        self.assertEqual(set(index.aliases), {d.alias for d in naive.devices.values() if d.alias})


class AppIndexTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.index = AppIndex()
        self.one, self.two, self.three = ORDINALS[:3]
        for ordinal in (self.one, self.two, self.three):
            self._apply(added(ordinal))

    def _apply(self, *changes: object) -> None:
        for change in changes:
            self.index.apply(change)

    def test_a_selection_is_the_callers_own(self) -> None:
        self._apply(tagged(self.one, "a"))
        for wanted in (
            Audience(all=True),
            Audience(tag=["a"]),
            Audience(tagAnd=["a"]),
            Audience(tagNot=["b"]),
        ):
            self.index.select(wanted).clear()
        self.assertEqual(len(self.index.select(Audience(all=True))), 3)
        self.assertEqual(list(self.index.select(Audience(tagAnd=["a"]))), [self.one])

    def test_a_tag_without_devices_is_gone(self) -> None:
        self._apply(tagged(self.one, "a"), tagged(self.two, "a"), untagged(self.one, "a"))
        self.assertTrue(self.index.has_tag("a", self.two))
        self.assertFalse(self.index.has_tag("a", self.one))
        self._apply(untagged(self.two, "a"), untagged(self.two, "a"))
        self.assertEqual(self.index.tags, {})
        self.assertFalse(self.index.has_tag("a", self.two))

    def test_an_alias_of_one_device_is_kept_as_a_number(self) -> None:
        self._apply(named(self.one, "x"))
        self.assertEqual(self.index.aliases, {"x": self.one})
        self._apply(named(self.two, "x"), named(self.three, "y"))
        self.assertEqual(
            list(self.index.select(Audience(alias=["x", "y", "x"]))), [self.one, self.two, self.three]
        )
        self._apply(unnamed(self.one, "x"), unnamed(self.three, "y"), unnamed(self.three, "y"))
        self.assertEqual(self.index.aliases, {"x": self.two})

    def test_a_removed_device_is_in_no_audience(self) -> None:
        self._apply(Change(0, ChangeKind.DeviceRemoved, APP, self.one, "android"))
        for wanted in (Audience(all=True), Audience(all=True, platforms=["android"])):
            self.assertEqual(list(self.index.select(wanted)), [self.two, self.three])

    def test_a_registration_id_of_no_device_selects_nobody(self) -> None:
        wanted = Audience(registrationId=[rid(self.one), rid(ORDINALS[-1]), "garbage"])
        self.assertEqual(list(self.index.select(wanted)), [self.one])

    def test_an_audience_that_names_nothing_selects_nobody(self) -> None:
        self.assertEqual(len(self.index.select(Audience())), 0)
        self.assertEqual(len(self.index.select(Audience(platforms=["android"]))), 0)
