"""What classes know of themselves, and how they are found by type id."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import pushnet.slice
from pushnet.wire.values import UnknownSlicedValue, Value, ValueIndex
from tests.golden.graphs import Circle, Empty, Leaf, Shape


class ValueTest(SynchronousTestCase):
    def test_instances_and_classes_tell_their_type_id(self) -> None:
        self.assertEqual(Circle.ice_staticId(), "::Graphs::Circle")
        self.assertEqual(Shape().ice_id(), "::Graphs::Shape")
        self.assertEqual(UnknownSlicedValue("::A::B").ice_id(), "::A::B")
        self.assertEqual(Value.ice_staticId(), "::Ice::Object")

    def test_an_instance_is_equal_to_itself_only(self) -> None:
        leaf = Leaf(1)
        self.assertEqual(leaf, leaf)
        self.assertNotEqual(leaf, Leaf(1))
        self.assertEqual(len({leaf, Leaf(1)}), 2)

    def test_members_can_change_and_begin_with_their_defaults(self) -> None:
        circle = Empty()
        self.assertEqual((circle.name, circle.radius), ("shape", 1.5))
        circle.radius = 2.0
        self.assertEqual(circle.radius, 2.0)
        self.assertIsNone(circle.ice_getSlicedData())


class ValueIndexTest(SynchronousTestCase):
    def test_classes_are_found_by_type_id_and_by_compact_id(self) -> None:
        index = ValueIndex()
        self.assertIsNone(index.get("::Graphs::Circle"))
        index.look()
        self.assertIs(index.get("::Graphs::Circle"), Circle.ice_slice)
        self.assertIs(index.get(7), Circle.ice_slice)
        self.assertIsNone(index.get("::Graphs::Square"))

    def test_of_two_classes_with_one_type_id_the_later_counts(self) -> None:
        kept = []
        index = ValueIndex()
        for text in ("class C { }", "class C { int x; }"):
            path = Path(self.mktemp())
            path.write_text(f"module IndexTest {{ {text} }}")
            kept.append(pushnet.slice.load(path.rename(path.with_name(f"case{len(kept)}.ice"))))
            index.look()
            self.assertIs(index.get("::IndexTest::C"), kept[-1].C.ice_slice)
