"""Frozen values made quickly."""

from __future__ import annotations

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.makers import maker_of
from tests.golden import collections, values


@attrs.frozen
class Odd:
    self: int = attrs.field(default=0, alias="self_")
    _hidden: str = ""
    value: int = attrs.field(default=3, alias="other")


class MakerTest(SynchronousTestCase):
    def test_what_is_made_is_the_frozen_class_itself(self) -> None:
        made = maker_of(values.Point)(1, 2)
        self.assertIs(type(made), values.Point)
        self.assertEqual((made, hash(made)), (values.Point(1, 2), hash(values.Point(1, 2))))
        self.assertEqual(repr(made), "Point(x=1, y=2)")

    def test_it_cannot_be_changed_any_more(self) -> None:
        made = maker_of(values.Point)(1, 2)
        with self.assertRaises(attrs.exceptions.FrozenInstanceError):
            made.x = 5  # type: ignore[misc]
        with self.assertRaises(attrs.exceptions.FrozenInstanceError):
            del made.x
        self.assertEqual(attrs.evolve(made, x=7), values.Point(7, 2))

    def test_fields_may_have_any_name(self) -> None:
        made = maker_of(Odd)(1, "a", 2)
        self.assertEqual((made.self, made._hidden, made.value), (1, "a", 2))

    def test_readers_use_it(self) -> None:
        out = bytearray()
        collections.write_ByKey(out, {collections.Key(1, "a" * 300): ["b" * 255, "", "ü"]})
        found, end = collections.read_ByKey(bytes(out), 0)
        self.assertEqual((found, end), ({collections.Key(1, "a" * 300): ["b" * 255, "", "ü"]}, len(out)))
        self.assertIs(type(next(iter(found))), collections.Key)
