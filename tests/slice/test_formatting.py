"""`slice2tx fmt`: tidy text with the same meaning."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.formatting import formatted
from pushnet.slice.lexer import TOKEN
from tests.slice.golden import FOLDER

TOP = Path(__file__).parent.parent.parent
UNTIDY = """

# include  <a.ice>
module  M {

  /**
 * Doc.
     * More.
   */
 ["a" ,"b"]interface I extends A , B{
\tint op( string s,out optional( 1 )int t )
   throws X,Y ;   // why
      void other(int a,
 int b);


   Object  *p( );

 }
enum E{a,b=3}
  sequence < int >Ints;
#define X \\
   y
    dictionary<string,Foo *> D ;}
"""
TIDY = """# include  <a.ice>
module M {
    /**
     * Doc.
     * More.
     */
    ["a", "b"] interface I extends A, B {
        int op(string s, out optional(1) int t)
            throws X, Y; // why
        void other(int a,
            int b);

        Object* p();
    }
    enum E { a, b = 3 }
    sequence<int> Ints;
#define X \\
   y
    dictionary<string, Foo*> D; }
"""


def words(text: str) -> list[str]:
    """The text without its white space."""
    return [part for match in TOKEN.finditer(text) for part in match.group().split()]


class FormattingTest(SynchronousTestCase):
    maxDiff = None

    def test_untidy_text_becomes_tidy(self) -> None:
        self.assertEqual(formatted(UNTIDY), TIDY)

    def test_tidy_text_stays(self) -> None:
        self.assertEqual(formatted(TIDY), TIDY)
        for path in sorted((TOP / "idl").rglob("*.ice")):
            self.assertEqual(formatted(path.read_text()), path.read_text(), path.name)

    def test_no_word_is_lost_and_the_second_time_changes_nothing(self) -> None:
        for path in sorted(FOLDER.rglob("*.ice")):
            once = formatted(path.read_text())
            self.assertEqual(words(once), words(path.read_text()), path.name)
            self.assertEqual(formatted(once), once, path.name)

    def test_what_cannot_be_read_stays_as_it_is(self) -> None:
        for text in ('module M {  "open\n }', "module   M { /* open"):
            self.assertEqual(formatted(text), text)

    @given(st.text(alphabet='ab{}()<>;,*=[]"/# \n\t\\1', max_size=60))
    def test_any_text_keeps_its_words(self, text: str) -> None:
        once = formatted(text)
        self.assertEqual("".join(once.split()), "".join(text.split()))
        self.assertEqual(formatted(once), once)
