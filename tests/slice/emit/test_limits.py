"""What cannot be written yet is refused, each where it stands."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase

_YET = "not supported yet by this version of slice2tx"


class LimitsTest(SliceTestCase):
    def test_what_is_not_written_yet_says_so(self) -> None:
        for text, place, what in (
            ("local interface L { }", "2:19", "`L`: local types are"),
            ("sequence<int> S; dictionary<S, int> D;", "2:39", "`D`: sequences in dictionary keys are"),
        ):
            errors = [item for item in self.body(text) if "error" in item]
            self.assertEqual(errors, [f"{place}: error: {what} {_YET}"])

    def test_included_files_may_hold_what_is_not_used(self) -> None:
        files = {"a.ice": "#pragma once\nmodule A { local class C { int x; } struct S { int y; } }"}
        self.assertEqual(self.said("#include <a.ice>\nmodule M { sequence<A::S> Ss; }", files), [])

    def test_bases_that_python_cannot_order_are_refused_with_a_cure(self) -> None:
        text = "interface A { } interface B { } interface C extends A, B { } interface D extends B, A { }"
        (said,) = self.body(text + " interface E extends C, D { }")
        self.assertIn(
            "Python finds no order for the bases of `E`: list bases in the same order everywhere", said
        )

    def test_names_that_python_would_see_twice_are_refused(self) -> None:
        (said,) = self.body("interface Calc { void op(); } struct CalcServant { int x; }")
        self.assertIn("error: Python's `CalcServant` would be two things", said)
