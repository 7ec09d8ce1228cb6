"""Python's names for Slice's."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.emit.names import Locals, enumerator_name, operation_name, python_name
from tests.slice.sources import SliceTestCase


class NameTest(SynchronousTestCase):
    def test_keywords_get_an_underscore(self) -> None:
        self.assertEqual([python_name(name) for name in ("from", "None", "type")], ["_from", "_None", "type"])

    def test_what_slice2py_takes_for_keywords_does_too(self) -> None:
        self.assertEqual(
            [python_name(name) for name in ("exec", "print", "self")], ["_exec", "_print", "_self"]
        )

    def test_names_with_a_meaning_of_their_own_do_too(self) -> None:
        self.assertEqual(operation_name("checkedCast"), "_checkedCast")
        self.assertEqual(
            [enumerator_name(name) for name in ("name", "real", "Red")], ["_name", "_real", "Red"]
        )

    def test_our_locals_make_way(self) -> None:
        locals_ = Locals(["out", "_out"])
        self.assertEqual((locals_("out"), locals_("pos")), ("__out", "pos"))
        self.assertEqual((locals_.fresh("end"), locals_("end")), ("end", "_end"))
        self.assertEqual((locals_("pos"), locals_.fresh("pos")), ("pos", "_pos"))


class ModuleNamesTest(SliceTestCase):
    def test_the_same_name_in_two_modules_is_qualified(self) -> None:
        python = self.emitted(
            "module A { struct S { int x; } } module B { struct S { int y; } struct T { A::S a; S b; } }"
        )
        for piece in ("class A_S:", "class B_S:", "def write_A_S(", "a: A_S = ", "b: B_S = "):
            self.assertIn(piece, python)

    def test_an_imported_name_makes_way_for_an_own_one(self) -> None:
        python = self.emitted(
            "#include <a.ice>\nmodule B { interface S extends A::S { A::S* get(); } }",
            {"a.ice": "#pragma once\nmodule A { interface S { void op(); } }"},
        )
        self.assertIn("from made.a import S as A_S\n", python)
        self.assertIn("class S(A_S, Protocol):", python)
        self.assertIn("class SPrx(A_SPrx):", python)

    def test_a_member_named_like_its_type_does_not_hide_it(self) -> None:
        python = self.emitted("module M { struct Point { int x; } struct Line { Point Point; } }")
        self.assertIn("Point_ = Point\n", python)
        self.assertIn("    Point: Point_ = attrs.field(factory=Point_)\n", python)
