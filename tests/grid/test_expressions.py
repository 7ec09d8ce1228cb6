"""What stands in `${...}`."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.expressions import BadExpression, Scope, places


class ScopeTest(SynchronousTestCase):
    def fill(self, text: str, **values: Any) -> Any:
        return Scope(values).fill(text)

    def refusal(self, text: str, **values: Any) -> str:
        return str(self.assertRaises(BadExpression, self.fill, text, **values))

    def test_text_is_filled_with_text(self) -> None:
        self.assertEqual(self.fill("edge-${zone}-${n}", zone="a", n=3), "edge-a-3")
        self.assertEqual(self.fill("${flag}!", flag=True), "true!")

    def test_text_that_is_one_place_becomes_the_value_itself(self) -> None:
        self.assertEqual(self.fill("${shards}", shards=[0, 1]), [0, 1])
        self.assertEqual(self.fill("${n}", n=3), 3)

    def test_numbers_are_calculated_products_first(self) -> None:
        self.assertEqual(self.fill("${base + n * 10 - 2}", base=7000, n=3), 7028)
        self.assertEqual(self.fill(":${7000+n}", n=1), ":7001")

    def test_parameters_may_be_written_with_others(self) -> None:
        self.assertEqual(self.fill("${http}", base=100, http="${base + 1}"), 101)

    def test_a_parameter_that_needs_itself_is_refused(self) -> None:
        self.assertIn("parameter 'a' needs itself: a -> b -> a", self.refusal("${a}", a="${b}", b="${a}"))

    def test_unknown_parameters_are_answered_with_those_there_are(self) -> None:
        self.assertIn("unknown parameter 'zoen'; there are: n, zone", self.refusal("${zoen}", zone="a", n=1))

    def test_what_agents_fill_in_is_left_alone(self) -> None:
        self.assertEqual(self.fill("${release}/x", n=1), "${release}/x")
        self.assertEqual(self.fill("${port}", n=1), "${port}")
        self.assertEqual(places("${release}/${ x }"), ["release", "x"])

    def test_what_cannot_be_calculated_is_told(self) -> None:
        self.assertIn("is no whole number", self.refusal("${a + 1}", a="x"))
        self.assertIn("ends too early", self.refusal("${1 +}"))
        self.assertIn("is missing before '2'", self.refusal("${1 2}"))
        self.assertIn("is not understood", self.refusal("${1 / 2}"))
        self.assertIn("names nothing", self.refusal("${}"))
        self.assertIn("more than 9 digits", self.refusal("${999999999 * 999999999}"))
        self.assertIn("cannot stand inside a text", self.refusal("x${a}", a=[1]))

    def test_parameters_that_grow_without_end_are_refused(self) -> None:
        twice = {f"a{number}": f"${{a{number + 1}}}${{a{number + 1}}}" for number in range(15)}
        self.assertIn("longer than", self.refusal("${a0}", **twice, a15="x" * 100))
        row = {f"a{number}": f"${{a{number + 1}}}" for number in range(40)}
        self.assertIn("in a row", self.refusal("${a0}", **row, a40="x"))

    def test_any_text_is_filled_or_refused(self) -> None:
        @given(st.text(alphabet="${}na+-*1 x", max_size=20), st.text(alphabet="${}na+-*1 ", max_size=10))
        @settings(max_examples=200, deadline=None)
        def check(text: str, value: str) -> None:
            try:
                Scope({"n": 1, "a": value}).fill(text)
            except BadExpression as error:
                self.assertTrue(str(error))

        check()
