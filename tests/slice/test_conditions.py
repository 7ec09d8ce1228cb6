"""Expressions behind `#if`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.conditions import ConditionError, evaluate


class ConditionTest(SynchronousTestCase):
    def test_expressions_mean_what_they_mean_in_c(self) -> None:
        macros = {"A": "1", "N": "40 + 2", "EMPTY": "", "HEX": "0x10"}
        for text, value in (
            ("1", True),
            ("0", False),
            ("1 + 2 * 3 == 7", True),
            ("(1 + 2) * 3 == 9", True),
            ("-7 / 2 == -3 && -7 % 2 == -1", True),
            ("defined A && !defined(B)", True),
            ("UNKNOWN", False),
            ("N == 42 && HEX == 16 && 010 == 8", True),
            ("1 ? 0 : 1", False),
            ("~0 == -1 && (1 << 4 | 1) == 17 && (6 ^ 3) == 5 && (6 & 3) == 2", True),
            ("2 > 1 && 2 >= 2 && 1 < 2 && 1 <= 1 && 1 != 2", True),
            ("10UL > 9", True),
            ("EMPTY", False),
        ):
            self.assertEqual(evaluate(text, macros), value, text)

    def test_a_macro_that_means_itself_ends(self) -> None:
        self.assertFalse(evaluate("A", {"A": "A"}))
        self.assertFalse(evaluate("A", {"A": "B", "B": "A"}))

    def test_what_is_no_expression_says_why(self) -> None:
        for text, reason in (
            ("", "the condition ends too early"),
            ("1 +", "the condition ends too early"),
            ("(1", "`)` is missing"),
            ("1 2", "`2` is not expected here"),
            ("1 / 0", "division by zero"),
            ("1 << 1000", "cannot shift by 1000"),
            ("$", "`$` cannot stand in a condition"),
            ("defined", "`defined` wants a name"),
            ("089", "`089` is no number"),
            ("(" * 1000 + "1", "the condition is nested too deeply"),
        ):
            error = self.assertRaises(ConditionError, evaluate, text, {})
            self.assertEqual(str(error), reason)

    @given(st.text("()!~+-*/%<>=&|^?:0179xA defined", max_size=60))
    def test_any_text_has_a_value_or_a_reason(self, text: str) -> None:
        try:
            self.assertIn(evaluate(text, {"A": "A + 1"}), (True, False))
        except ConditionError as error:
            self.assertTrue(str(error))
