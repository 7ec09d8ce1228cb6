"""Lines and lists of properties, read as stock Ice reads them."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.property_text import InvalidLine, parse_line, split_list

LINES = [
    ("  A.B = x y  ", ("A.B", "x y")),
    ("C=  \\ lead and trail\\   ", ("C", " lead and trail ")),
    ("D=a#comment", ("D", "a")),
    ("E=a\\#b", ("E", "a#b")),
    ("F\\=G=1", ("F=G", "1")),
    ("H I=2", ("H I", "2")),
    ("J=\\\\x\\n\\=", ("J", "\\x\\n=")),
    ("K=a\\", ("K", "a\\")),
    ("M=", ("M", "")),
    ("N = a = b", ("N", "a = b")),
    ("O\\#P=1", ("O#P", "1")),
    ("S\\\\T=6", ("S\\T", "6")),
    ("U=a \\\tb", ("U", "a \\\tb")),
    ('V = "q"\t# c', ("V", '"q"')),
    ("W\\x=7", ("W\\x", "7")),
    (" \\ Y=8", ("Y", "8")),
    ("AA=x\\  # y", ("AA", "x ")),
    ("CR=2 \r", ("CR", "2")),
    ("L=\\  \\ x \\  \\ ", ("L", "  x  ")),
    ("T=x\\\t", ("T", "x\\\t")),
]
LISTS = [
    ("a b,c\td", ["a", "b", "c", "d"]),
    ("'a b' c", ["a b", "c"]),
    ('"a b"c d', ["a bc", "d"]),
    ("a\\ b", ["a\\", "b"]),
    ("a'b c'd", ["ab cd"]),
    ("'a\\'b'", ["a'b"]),
    ('"a\\\'b"', ["a\\'b"]),
    ("a,,b", ["a", "b"]),
    ("''", []),
    ("\\'a b", ["'a", "b"]),
    ("a\\\\b", ["a\\\\b"]),
    ("x '' y", ["x", "y"]),
    ("'a", None),
    ("'a\\\\'", None),
]


class PropertyTextTest(SynchronousTestCase):
    def test_a_line_is_a_key_and_a_value_without_blanks_and_comments(self) -> None:
        for line, expected in LINES:
            self.assertEqual(parse_line(line), expected, line)

    def test_empty_lines_and_comments_say_nothing(self) -> None:
        for line in ("", "   ", "# A=1", "  # x"):
            self.assertIsNone(parse_line(line))

    def test_a_line_without_a_key_or_a_value_is_invalid(self) -> None:
        for line in ("L", "=nokey", "a\\=b", "continued # x = y"):
            self.assertRaises(InvalidLine, parse_line, line)

    def test_a_list_is_separated_by_blanks_and_commas_but_not_within_quotes(self) -> None:
        for text, expected in LISTS:
            self.assertEqual(split_list(text), expected, text)
