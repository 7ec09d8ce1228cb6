"""Tokens, their values and their places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.lexer import Token, tokenize
from pushnet.slice.preprocessor import SourceLine
from pushnet.slice.source import Diagnostics


def lex(text: str) -> tuple[list[Token], list[str]]:
    diagnostics = Diagnostics()
    lines = [SourceLine(line, "x.ice", number, 0) for number, line in enumerate(text.split("\n"), 1)]
    return tokenize(lines, diagnostics), [str(item) for item in diagnostics.sorted()]


class LexerTest(SynchronousTestCase):
    def pairs(self, text: str) -> list[tuple[str, str]]:
        tokens, said = lex(text)
        self.assertEqual(said, [])
        return [(token.kind, token.text) for token in tokens[:-1]]

    def test_a_scoped_name_is_one_token(self) -> None:
        self.assertEqual(self.pairs("A::B ::C x"), [("name", "A::B"), ("name", "::C"), ("name", "x")])

    def test_keywords_are_words_by_themselves(self) -> None:
        self.assertEqual(
            self.pairs("interface Interface A::interface \\interface interfaces"),
            [
                ("keyword", "interface"),
                ("name", "Interface"),
                ("name", "A::interface"),
                ("name", "interface"),
                ("name", "interfaces"),
            ],
        )

    def test_double_brackets_are_symbols(self) -> None:
        self.assertEqual(
            [text for _, text in self.pairs('[["a"]] ["b"]')], ["[[", '"a"', "]]", "[", '"b"', "]"]
        )

    def test_values(self) -> None:
        tokens, _ = lex('1 0x10 -5 1.5 2e3 "a\\tb"')
        self.assertEqual([token.value for token in tokens[:-1]], [1, 16, -5, 1.5, 2000.0, "a\tb"])

    def test_places_are_of_the_first_character(self) -> None:
        tokens, _ = lex("a\n  bc /* x\n y */ d")
        self.assertEqual(
            [(t.position.line, t.position.column) for t in tokens], [(1, 1), (2, 3), (3, 7), (3, 8)]
        )

    def test_the_nearest_doc_comment_is_kept(self) -> None:
        tokens, _ = lex("/** one */ /** two */ a /* three */ b /**/ c")
        self.assertEqual([token.doc and token.doc.text for token in tokens[:3]], ["/** two */", None, None])

    def test_what_is_no_slice_is_told_and_left_out(self) -> None:
        tokens, said = lex('a $ é\x01 "open\nb')
        self.assertEqual([token.text for token in tokens if token.kind == "name"], ["a", "b"])
        self.assertEqual(
            said,
            [
                "x.ice:1:3: error: `$` is no part of Slice",
                "x.ice:1:5: error: `é` is no part of Slice",
                "x.ice:1:6: error: `\\x01` is no part of Slice",
                "x.ice:1:8: error: the string is not closed on its line",
            ],
        )

    @given(st.text(max_size=200))
    def test_any_text_becomes_tokens_and_diagnostics(self, text: str) -> None:
        tokens, _ = lex(text)
        self.assertEqual(tokens[-1].kind, "end")

    def test_lines_of_three_slashes_are_a_doc_comment(self) -> None:
        tokens, _ = lex("/// One.\n  /// * two\na //// none\n/** c */ /// d\nb")
        docs = [token.doc and token.doc.text for token in tokens[:2]]
        self.assertEqual(docs, ["/** One.\n *  * two*/", "/** d*/"])
        assert tokens[0].doc is not None
        self.assertEqual(tokens[0].doc.position.line, 1)
