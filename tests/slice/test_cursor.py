"""Walking over tokens."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.cursor import Cursor, Lost
from pushnet.slice.source import Diagnostics
from tests.slice.test_lexer import lex


class CursorTest(SynchronousTestCase):
    def cursor(self, text: str) -> Cursor:
        self.diagnostics = Diagnostics()
        return Cursor(lex(text)[0], self.diagnostics)

    def said(self) -> list[str]:
        return [str(item) for item in self.diagnostics.sorted()]

    def test_the_end_is_never_passed(self) -> None:
        cursor = self.cursor("a")
        for _ in range(3):
            cursor.advance()
        self.assertTrue(cursor.at_end())
        self.assertEqual(cursor.after_next().kind, "end")

    def test_a_missing_semicolon_is_told_where_it_should_be(self) -> None:
        cursor = self.cursor("abc\n  def")
        cursor.advance()
        cursor.semicolon("`abc`")
        self.assertEqual(self.said(), ["x.ice:1:4: error: `;` is missing after `abc`"])
        self.assertEqual(cursor.next.text, "def")

    def test_a_missing_symbol_stops_the_reader(self) -> None:
        cursor = self.cursor("abc")
        self.assertRaises(Lost, cursor.expect, "{", "here")
        self.assertEqual(self.said(), ["x.ice:1:1: error: `{` is missing here, before `abc`"])

    def test_a_keyword_as_a_name_is_told_with_its_cure(self) -> None:
        name = self.cursor("struct").name("struct name")
        self.assertEqual(name.text, "struct")
        self.assertEqual(
            self.said(),
            ["x.ice:1:1: error: keyword `struct` cannot be used as struct name: write `\\struct`"],
        )

    def test_skipping_a_member_stays_inside_its_block(self) -> None:
        cursor = self.cursor("a { b; } c; d } e")
        cursor.skip_member()
        self.assertEqual(cursor.next.text, "d")
        cursor.skip_member()
        self.assertEqual(cursor.next.text, "}")

    def test_skipping_a_definition_goes_on_with_the_next(self) -> None:
        for text, expected in (
            ("x y; struct", "struct"),
            ("x { a; b } struct", "struct"),
            ("x\nstruct S", "struct"),
            ("x }", "}"),
        ):
            cursor = self.cursor(text)
            cursor.advance()
            cursor.skip_definition(0)
            self.assertEqual(cursor.next.text, expected, text)
