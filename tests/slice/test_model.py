"""Entities of the checked model."""

from __future__ import annotations

from pushnet.slice.model import Exception_, Interface, Struct
from tests.slice.sources import SliceTestCase


class ModelTest(SliceTestCase):
    def test_type_ids_are_those_of_the_wire(self) -> None:
        found = self.entities("module A { module B { interface C { } } }")
        self.assertEqual(found["C"].type_id, "::A::B::C")

    def test_an_exception_has_its_bases_members_first(self) -> None:
        found = self.entities("module M { exception A { int x; } exception B extends A { int y; } }")
        exception = found["B"]
        assert isinstance(exception, Exception_)
        self.assertEqual([member.name for member in exception.all_members()], ["x", "y"])

    def test_metadata_is_found_by_its_beginning(self) -> None:
        struct = self.entities('module M { ["pn:type:a.b.C", "cpp:x"] struct S { int x; } }')["S"]
        assert isinstance(struct, Struct)
        self.assertEqual(struct.metadata_value("pn:type:"), "a.b.C")
        self.assertIsNone(struct.metadata_value("python:"))

    def test_what_goes_in_and_what_comes_out(self) -> None:
        interface = self.entities("module M { interface I { void op(int a, out int b); } }")["I"]
        assert isinstance(interface, Interface)
        (operation,) = interface.operations
        self.assertEqual([item.name for item in operation.ins], ["a"])
        self.assertEqual([item.name for item in operation.outs], ["b"])
