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

    def test_parameters_go_in_before_they_come_out(self) -> None:
        (said,) = self.body("interface I { void op(out int a, int b); }")
        self.assertIn("2:40: error: `b` goes in and must stand before the `out` parameters", said)

    def test_parameters_have_names_of_their_own(self) -> None:
        (said,) = self.body("interface I { void op(int a, int A); }")
        self.assertIn(
            "error: operation `op` has a second parameter `A`, which differs only in case from `a`", said
        )
