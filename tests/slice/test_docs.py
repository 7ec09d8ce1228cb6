"""Doc comments taken apart."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.docs import Doc, read_doc
from pushnet.slice.lexer import DocComment
from pushnet.slice.source import Position


def doc(text: str) -> Doc:
    return read_doc(DocComment(text, Position("x.ice", 1, 1)))


class DocTest(SynchronousTestCase):
    def test_no_comment_says_nothing(self) -> None:
        self.assertEqual(read_doc(None), Doc())

    def test_stars_are_taken_away_and_paragraphs_stay(self) -> None:
        self.assertEqual(doc("/**\n * One\n * two.\n *\n *   - three\n */").text, "One\ntwo.\n\n  - three")
        self.assertEqual(doc("/** One\n    two. */").text, "One\ntwo.")

    def test_tags_become_parts(self) -> None:
        text = (
            "/** T.\n @param a The\n   first.\n @return R. @nothing\n"
            " @throws M::E When.\n @exception F\n @see X\n @deprecated No. */"
        )
        self.assertEqual(
            doc(text),
            Doc(
                text="T.",
                params=(("a", "The\nfirst."),),
                returns="R. @nothing",
                throws=(("E", "When."), ("F", "")),
                deprecated="No.",
                see=("X",),
            ),
        )

    def test_other_tags_are_kept_as_text(self) -> None:
        self.assertEqual(doc("/** T.\n @remark Seldom. */").text, "T.\n\nRemark: Seldom.")

    def test_links_name_what_they_mean(self) -> None:
        self.assertEqual(doc("/** See {@link ::A::B#c}. */").text, "See `A.B.c`.")

    def test_parameters_are_marked_in_the_text(self) -> None:
        self.assertEqual(doc("/** Doubles @p x.\n @p y stays. */").text, "Doubles `x`.\n`y` stays.")
