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
        self.assertIsNone(index.get("::Graphs::Circle", Shape))
        index.look()
        self.assertIs(index.get("::Graphs::Circle", Shape), Circle.ice_slice)
        self.assertIs(index.get(7, Shape), Circle.ice_slice)
        self.assertIsNone(index.get("::Graphs::Square", Shape))

    def test_of_two_classes_with_one_type_id_the_one_that_fits_counts_then_the_earlier(self) -> None:
        modules = []
        for text in ("class A { } class C extends A { }", "class A { } class C extends A { int x; }"):
            path = Path(self.mktemp()).with_name(f"case{len(modules)}.ice")
            path.write_text(f"module IndexTest {{ {text} }}")
            modules.append(pushnet.slice.load(path))
        index = ValueIndex()
        index.look()
        for module in modules:
            self.assertIs(index.get("::IndexTest::C", module.A), module.C.ice_slice)
        self.assertIs(index.get("::IndexTest::C", Value), modules[0].C.ice_slice)
