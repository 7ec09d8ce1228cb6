"""Operations and what is inherited."""

from __future__ import annotations

from pushnet.slice.model import Interface
from tests.slice.sources import SliceTestCase


class InterfacesTest(SliceTestCase):
    def test_a_diamond_is_no_ambiguity(self) -> None:
        found = self.entities(
            "module M { interface A { void go(); } interface B extends A { } interface C extends A { }"
            " interface D extends B, C { } }"
        )
        diamond = found["D"]
        assert isinstance(diamond, Interface)
        self.assertEqual([item.name for item in diamond.ancestors()], ["B", "A", "C"])

    def test_two_unrelated_operations_of_one_name_are(self) -> None:
        (said,) = self.body(
            "interface A { void go(); } interface B { void c1(); void go(); } interface C extends A, B { }"
        )
        self.assertIn(
            "ambiguous inheritance: interface `C` gets operation `go` from `::M::A` and from `::M::B`", said
        )

    def test_an_operation_is_defined_once(self) -> None:
        for text, reason in (
            ("interface A { void a1(); int a1(); }", "operation `a1` is defined already at"),
            ("interface A { void a1(); int A1(); }", "as `a1` but for case"),
            (
                "interface A { void a1(); } interface B extends A { void a1(); }",
                "`a1` is inherited from `::M::A` already",
            ),
            ("interface A { void A(); }", "operation `A` cannot have the name of its interface"),
        ):
            (said,) = self.body(text)
            self.assertIn(reason, said)

    def test_an_operation_of_a_class_is_named_like_no_data_member(self) -> None:
        for text, reason in (
            ("class A { string x; void x(); }", "operation `x` has the name of the data member at"),
            ("class A { void X(); string x; }", "but for case"),
            ("class A { string x; } class B extends A { void x(); }", "operation `x` has the name of"),
            ("class A { void x(); } class B extends A { string x; }", "data member `x` has the name of"),
            (
                "interface I { void x(); } class B implements I { string x; }",
                "data member `x` has the name of",
            ),
        ):
            errors = [line for line in self.body(text) if ": error: " in line]
            self.assertEqual(len(errors), 1, errors)
            self.assertIn(reason, errors[0])
        once = (
            "class A { void x(); string y; } class B extends A { string z; void w(); } class C extends B { }"
        )
        self.assertFalse(any(": error: " in line for line in self.body(once)))

    def test_parameters_go_in_before_they_come_out(self) -> None:
        (said,) = self.body("interface I { void op(out int a, int b); }")
        self.assertIn("2:40: error: `b` goes in and must stand before the `out` parameters", said)

    def test_parameters_have_names_of_their_own(self) -> None:
        (said,) = self.body("interface I { void op(int a, int A); }")
        self.assertIn(
            "error: operation `op` has a second parameter `A`, which differs only in case from `a`", said
        )
