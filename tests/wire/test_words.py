"""Texts cut into words: blanks separate, quotes hold together, and what was quoted is read again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import EndpointParseException
from pushnet.wire.escapes import ToStringMode, unescape
from pushnet.wire.words import (
    closing_quote,
    escaped_and_quoted,
    quoted,
    skip_blanks,
    split_endpoints,
    split_words,
    word_end,
)
from tests.wire.values import texts


class PositionTests(SynchronousTestCase):
    def test_every_kind_of_blank_is_skipped(self) -> None:
        self.assertEqual(skip_blanks(" \t\r\n x ", 0), 5)

    def test_skipping_ends_at_the_end(self) -> None:
        self.assertEqual(skip_blanks("a  ", 1), 3)

    def test_a_word_ends_at_a_blank_at_a_stop_or_at_the_end(self) -> None:
        for text, end in (("ab c", 2), ("ab:c", 2), ("ab@c", 2), ("ab\tc", 2), ("abc", 3), ("", 0)):
            self.assertEqual(word_end(text, 0, ":@"), end, text)

    def test_without_stops_only_blanks_end_a_word(self) -> None:
        self.assertEqual(word_end("a:b@c d", 0, ""), 5)

    def test_a_quote_is_closed_by_its_own_kind(self) -> None:
        self.assertEqual(closing_quote('"it\'s" x', 0), 5)
        self.assertEqual(closing_quote("'say \"x\"'", 0), 8)

    def test_an_escaped_quote_closes_nothing(self) -> None:
        self.assertEqual(closing_quote(r'"a\"b"', 0), 5)
        self.assertEqual(closing_quote(r'"a\\"b', 0), 4)

    def test_a_quote_that_stays_open_is_told(self) -> None:
        for text in ('"', '"abc', "'abc\"", '"abc\\"', '"abc\\'):
            self.assertEqual(closing_quote(text, 0), -1, text)


class SplitTests(SynchronousTestCase):
    def test_words_are_what_stands_between_blanks(self) -> None:
        self.assertEqual(split_words("  tcp\t-h  host\n-p 1 "), ["tcp", "-h", "host", "-p", "1"])

    def test_nothing_has_no_words(self) -> None:
        self.assertEqual((split_words(""), split_words(" \t\r\n")), ([], []))

    def test_quotes_hold_blanks_together_and_are_taken_off(self) -> None:
        self.assertEqual(split_words("-h \"a b\" -r 'c d'"), ["-h", "a b", "-r", "c d"])

    def test_an_empty_quotation_is_an_empty_word(self) -> None:
        self.assertEqual(split_words('-h ""'), ["-h", ""])

    def test_an_open_quote_is_an_error_that_shows_the_text(self) -> None:
        for split in (split_words, split_endpoints):
            with self.assertRaises(EndpointParseException) as caught:
                split('tcp -h "host')
            self.assertEqual(str(caught.exception), "mismatched quote in `tcp -h \"host'")

    def test_endpoints_are_what_stands_between_colons(self) -> None:
        self.assertEqual(split_endpoints("tcp -p 1:ssl -p 2"), ["tcp -p 1", "ssl -p 2"])

    def test_a_colon_in_quotes_separates_nothing(self) -> None:
        self.assertEqual(split_endpoints('tcp -h "::1" -p 1:udp'), ['tcp -h "::1" -p 1', "udp"])

    def test_empty_endpoints_are_kept_for_the_parser_to_refuse(self) -> None:
        self.assertEqual(split_endpoints(""), [""])
        self.assertEqual(split_endpoints("a:"), ["a", ""])
        self.assertEqual(split_endpoints(":a"), ["", "a"])


class QuotedTests(SynchronousTestCase):
    def test_what_needs_no_quotes_gets_none(self) -> None:
        self.assertEqual(quoted("host-1.example"), "host-1.example")

    def test_blanks_colons_and_at_signs_call_for_quotes(self) -> None:
        for text in ("a b", "a\tb", "a\nb", "a\rb", "::1", "a@b"):
            self.assertEqual(quoted(text), f'"{text}"')

    def test_what_begins_with_a_dash_is_quoted_lest_it_be_an_option(self) -> None:
        self.assertEqual(escaped_and_quoted("-x"), '"-x"')

    def test_quotes_inside_are_escaped(self) -> None:
        self.assertEqual(escaped_and_quoted("\u20ac", ToStringMode.ASCII), "\\u20ac")
        self.assertEqual(escaped_and_quoted('a "b"'), '"a \\"b\\""')

    @given(text=texts)
    def test_escaped_and_quoted_text_is_one_word_that_means_the_text(self, text: str) -> None:
        written = escaped_and_quoted(text)
        if written.startswith('"'):
            self.assertEqual(closing_quote(written, 0), len(written) - 1)
            written = written[1:-1]
        else:
            self.assertEqual(word_end(written, 0, ":@"), len(written))
        self.assertEqual(unescape(written), text)

    @given(words=st.lists(st.text("ab:@ -", min_size=1), max_size=5))
    def test_quoted_words_are_split_again(self, words: list[str]) -> None:
        self.assertEqual(split_words(" ".join(map(quoted, words))), words)

    @given(text=st.text("a \"':\\\t"))
    def test_any_text_is_split_or_refused_as_no_endpoint(self, text: str) -> None:
        for split in (split_words, split_endpoints):
            try:
                parts = split(text)
            except EndpointParseException:
                continue
            self.assertLessEqual(sum(map(len, parts)), len(text))
