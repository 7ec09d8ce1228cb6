"""Definitions as a whole: what is legal, and that one mistake is said once."""

from __future__ import annotations

from pushnet.slice.model import Class, Interface, Proxy
from tests.slice.sources import SliceTestCase


class CheckerTest(SliceTestCase):
    def test_everything_but_modules_is_inside_one(self) -> None:
        self.assertEqual(self.said("struct S { int x; }"), ["1:8: error: `S` must be inside a module"])

    def test_a_module_may_be_opened_again(self) -> None:
        found = self.entities("module M { struct A { int x; } } module M { sequence<A> As; }")
        self.assertEqual(sorted(found), ["A", "As", "M"])

    def test_but_not_with_another_case(self) -> None:
        (said,) = self.said("module M { } module m { }")
        self.assertIn("1:21: error: module `m` differs only in case from module `M`", said)

    def test_a_declaration_and_its_definition_are_one_interface(self) -> None:
        found = self.entities(
            "module M { interface I; interface J { I* get(); } interface I { void op(); } interface I; }"
        )
        getter, target = found["J"], found["I"]
        assert isinstance(getter, Interface) and isinstance(target, Interface)
        self.assertEqual(getter.operations[0].returns, Proxy(target))
        self.assertTrue(target.defined)

    def test_a_second_definition_changes_nothing(self) -> None:
        (said,) = self.body("interface I { void a(); } interface I { void b(); }")
        self.assertIn("error: interface `I` is defined already at test.ice:2:13", said)

    def test_a_struct_has_members_and_not_itself(self) -> None:
        for text, reason in (
            ("struct S { }", "struct `S` must have at least one member"),
            ("struct S { int a; S s; }", "struct `S` cannot contain itself: use a class"),
            ("struct S { int a; optional(1) int b; }", "a struct cannot have optional members"),
            ("struct S { int a; int A; }", "data member `A` differs only in case from `a`"),
        ):
            (said,) = self.body(text)
            self.assertIn(reason, said)

    def test_members_of_exceptions_differ_from_those_of_bases(self) -> None:
        (said,) = self.body("exception A { int x; } exception B extends A { int x; }")
        self.assertIn("error: data member `x` is defined already at test.ice:2:21, in a base", said)

    def test_a_throws_clause_names_each_exception_once(self) -> None:
        (said,) = self.body("exception A { } interface I { void op() throws A, A; }")
        self.assertIn("`A` stands in the throws clause twice", said)

    def test_classes_are_understood(self) -> None:
        compilation, diagnostics = self.compile(
            "module M { class A { int x; } class B(7) extends A { A next; optional(1) int y; } }"
        )
        self.assertEqual(list(diagnostics.sorted()), [])
        derived = compilation.unit.own()[-1]
        assert isinstance(derived, Class) and derived.base is not None
        self.assertEqual((derived.base.name, derived.compact_id, derived.members[1].tag), ("A", 7, 1))

    def test_compact_ids_are_unique(self) -> None:
        (said,) = self.body("class A(1) { } class B(1) { }")
        self.assertIn("compact id 1 belongs to class `::M::A` already", said)

    def test_an_operation_may_not_take_the_name_of_a_type_it_returned(self) -> None:
        (said,) = self.body("struct T { int x; } interface I { T get(); void t(); }")
        self.assertIn("error: `t` changes its meaning here: it means `::M::T`", said)

    def test_a_constant_is_not_its_own_value(self) -> None:
        (said,) = self.body("const int x = x;")
        self.assertIn("error: ", said)
        self.assertIn("`x`", said)

    def test_one_mistake_is_said_once(self) -> None:
        files = {"a.ice": "#pragma once\nmodule A { sequence<X> Xs; }"}
        said = self.said(
            "#include <a.ice>\nmodule M { sequence<A::Xs> Ys; struct S { Ys ys; A::Xs xs; } }", files
        )
        self.assertEqual(said, ["a.ice:2:21: error: `X` is not defined"])
