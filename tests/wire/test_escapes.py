"""Escapes, compared with what stock Ice 3.7 answered to the same texts."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import ParseException
from pushnet.wire.escapes import ToStringMode, escape, unescape


class EscapeTests(SynchronousTestCase):
    def test_each_mode_writes_what_ice_writes(self) -> None:
        text = "\x01\x7f\n\t\a"
        self.assertEqual(escape(text), r"\u0001\u007f\n\t\a")
        self.assertEqual(escape(text, mode=ToStringMode.Compat), r"\001\177\n\t\007")
        text = "é€\U0001f600"
        self.assertEqual(escape(text), text)
        self.assertEqual(escape(text, mode=ToStringMode.ASCII), r"\u00e9\u20ac\U0001f600")
        compat = escape(text, mode=ToStringMode.Compat)
        self.assertEqual(compat, r"\303\251\342\202\254\360\237\230\200")

    def test_quotes_and_backslashes_are_escaped(self) -> None:
        self.assertEqual(escape("q\"'s\\"), r"q\"\'s" + "\\\\")

    def test_escapes_of_all_kinds_are_understood(self) -> None:
        self.assertEqual(unescape(r"\x41\101\u20ac\U0001F600"), "AA€\U0001f600")
        self.assertEqual(unescape(r"\x4142\1234\7"), "A42S4\x07")
        self.assertEqual(unescape(r"\xc3\xa9"), "é")

    def test_what_is_no_escape_stays(self) -> None:
        self.assertEqual(unescape(r"\e\q" + "\\"), r"\e\q" + "\\")

    def test_escapes_that_mean_nothing_are_refused(self) -> None:
        for text in (r"\400", r"\xzz", r"\u12", r"\U0011", r"\ud800", r"\U00110000", r"\xe9", r"\351"):
            self.assertRaises(ParseException, unescape, text)

    @given(st.text(), st.sampled_from(ToStringMode))
    def test_every_text_comes_back(self, text: str, mode: ToStringMode) -> None:
        self.assertEqual(unescape(escape(text, "/", mode), "/"), text)
