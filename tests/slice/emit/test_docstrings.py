"""Docstrings in Google's style."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.docs import Doc
from pushnet.slice.emit.docstrings import docstring, plain_docstring
from pushnet.slice.emit.layout import WIDTH


class DocstringTest(SynchronousTestCase):
    def test_nothing_said_is_nothing_written(self) -> None:
        self.assertEqual(docstring(Doc(), 1), [])

    def test_one_line_stays_one(self) -> None:
        self.assertEqual(plain_docstring("Short.", 1), ['"""Short."""'])

    def test_a_line_that_has_no_room_for_its_quotes_becomes_two(self) -> None:
        lines = plain_docstring("word " * 20 + "12345", 1)
        self.assertEqual([lines[0][:8], lines[1:]], ['"""word ', ["12345", '"""']])

    def test_parts_become_sections(self) -> None:
        doc = Doc(text="T.", params=(("a", "In."), ("b", "Out.")), returns="R.", throws=(("E", "When."),))
        self.assertEqual(
            docstring(doc, 2, results=("b",)),
            [
                '"""T.',
                "",
                "Args:",
                "    a: In.",
                "",
                "Returns:",
                "    R.",
                "    `b`: Out.",
                "",
                "Raises:",
                "    E: When.",
                '"""',
            ],
        )

    def test_sections_never_come_first(self) -> None:
        self.assertEqual(docstring(Doc(returns="R."), 2, title="The title.")[0], '"""The title.')

    def test_lines_fit_the_page_at_their_depth(self) -> None:
        lines = plain_docstring("word " * 100, 3)
        self.assertTrue(all(len(line) <= WIDTH - 12 for line in lines))

    def test_lists_stay_lists(self) -> None:
        self.assertEqual(plain_docstring("T:\n- a\n- b", 0), ['"""T:', "- a", "- b", '"""'])

    @given(st.text("ab \\\"'\n-", max_size=80))
    def test_whatever_was_said_it_is_still_a_docstring(self, text: str) -> None:
        lines = plain_docstring(text, 1)
        tree = ast.parse("def f():\n" + "\n".join(f"    {line}" for line in lines) + "\n    ...\n")
        written = ast.get_docstring(tree.body[0], clean=False) or ""  # type: ignore[arg-type]
        self.assertEqual(written.split(), text.split())
