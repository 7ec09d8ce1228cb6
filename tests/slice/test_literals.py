"""Numbers and strings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.literals import INT64_MAX, INT64_MIN, LiteralError, read_float, read_integer, read_string


class IntegerTest(SynchronousTestCase):
    def test_bases(self) -> None:
        values = {"0": 0, "42": 42, "-42": -42, "+7": 7, "0x1F": 31, "017": 15, "-0x10": -16}
        self.assertEqual({text: read_integer(text) for text in values}, values)

    @given(st.integers(INT64_MIN, INT64_MAX))
    def test_every_long_is_read(self, value: int) -> None:
        self.assertEqual(read_integer(str(value)), value)

    def test_what_does_not_fit_is_refused(self) -> None:
        for text in (str(INT64_MAX + 1), str(INT64_MIN - 1), "9" * 100_000):
            self.assertIn("does not fit 64 bits", str(self.assertRaises(LiteralError, read_integer, text)))
        self.assertIn("no octal number", str(self.assertRaises(LiteralError, read_integer, "08")))


class FloatTest(SynchronousTestCase):
    def test_forms(self) -> None:
        values = {"1.5": 1.5, ".5": 0.5, "1e3": 1000.0, "-2.5E-1f": -0.25, "0.0": 0.0}
        self.assertEqual({text: read_float(text) for text in values}, values)

    def test_what_a_double_cannot_hold_is_refused(self) -> None:
        self.assertIn("too large", str(self.assertRaises(LiteralError, read_float, "1e999")))
        self.assertIn("too small", str(self.assertRaises(LiteralError, read_float, "1e-999")))


class StringTest(SynchronousTestCase):
    def test_escapes(self) -> None:
        text = r'"\\\"\'\?\a\b\f\n\r\t\v\101\x41\u00e9\U0001F600"'
        self.assertEqual(read_string(text), ("\\\"'?\a\b\f\n\r\t\vAA\u00e9\U0001f600", []))

    def test_octal_and_hexadecimal_escapes_are_bytes_of_utf_8_as_in_ice(self) -> None:
        text = r'"\xc3\xa9\303\251 \xE2\x82\xac \xf0\x9f\x98\x80 \u00e9 \0412"'
        self.assertEqual(read_string(text), ("éé € 😀 é !2", []))
        for wrong in (r'"\xe9"', r'"a\303"', r'"\x80"', r'"\u00e9\xe9"'):
            self.assertIn(
                "is no character in UTF-8", str(self.assertRaises(LiteralError, read_string, wrong))
            )

    def test_an_unknown_escape_stays_and_is_mentioned(self) -> None:
        value, warnings = read_string(r'"a\qb"')
        self.assertEqual(value, r"a\qb")
        self.assertEqual(len(warnings), 1)

    def test_faults(self) -> None:
        for text, reason in (
            ('"open', "not closed"),
            ('"open\\"', "not closed"),
            (r'"\777"', "larger than a byte"),
            (r'"\ud800"', "surrogate"),
            (r'"\U00110000"', "no character"),
            ('"a\tb"', "control character"),
        ):
            self.assertIn(reason, str(self.assertRaises(LiteralError, read_string, text)))
