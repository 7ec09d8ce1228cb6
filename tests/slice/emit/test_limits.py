"""What Python cannot express is refused, each where it stands."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase


class LimitsTest(SliceTestCase):
    def test_keys_that_python_cannot_have_are_refused_with_a_cure(self) -> None:
        sequences = "sequence<int> S; sequence<S> SS; struct T { S s; } "
        for key in ("SS", "T"):
            errors = [item for item in self.body(f"{sequences} dictionary<{key}, int> D;") if "error" in item]
            (said,) = errors
            self.assertIn("Python cannot have keys of dictionary `D`, because a list is in them", said)
        cured = sequences.replace("sequence<int>", '["python:tuple"] sequence<int>')
        for text in (
            f"{sequences} dictionary<S, int> D;",
            f"{cured} dictionary<SS, int> D;",
            f"{cured} dictionary<T, int> D;",
        ):
            self.assertEqual([item for item in self.body(text) if "error" in item], [])

    def test_bases_that_python_cannot_order_are_refused_with_a_cure(self) -> None:
        text = "interface A { } interface B { } interface C extends A, B { } interface D extends B, A { }"
        (said,) = self.body(text + " interface E extends C, D { }")
        self.assertIn(
            "Python finds no order for the bases of `E`: list bases in the same order everywhere", said
        )

    def test_names_that_python_would_see_twice_are_refused(self) -> None:
        (said,) = self.body("interface Calc { void op(); } struct CalcServant { int x; }")
        self.assertIn("error: Python's `CalcServant` would be two things", said)
