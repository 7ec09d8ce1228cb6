"""Macros with and without parameters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.macros import EXPANSION_MAX, MacroError, Macros


def macros(**bodies: str) -> Macros:
    """Macros by name; `F__a_b` is `F(a, b)`."""
    made = Macros({})
    for name, body in bodies.items():
        plain, _, parameters = name.partition("__")
        made.define(plain, parameters.split("_") if "__" in name else None, body)
    return made


class MacrosTest(SynchronousTestCase):
    def test_names_are_replaced_but_not_in_strings(self) -> None:
        self.assertEqual(macros(A="b", B="A c").expand('A B "A" AB'), 'b b c "A" AB')

    def test_arguments_take_the_place_of_parameters(self) -> None:
        made = macros(SEQ__T_N="sequence<T> N;", TWICE__x="x x", ONE="1")
        self.assertEqual(made.expand("SEQ(int, Ints)"), "sequence<int> Ints;")
        self.assertEqual(made.expand("TWICE ( TWICE(ONE) )"), "1 1 1 1")
        self.assertEqual(made.expand('TWICE("a,b")'), '"a,b" "a,b"')
        self.assertEqual(made.expand("TWICE"), "TWICE", "without arguments it is a name")

    def test_names_are_joined_and_quoted(self) -> None:
        made = macros(OP__n="void get##n (); /* #n */", DOC__n='["x:" #n]', N="9")
        self.assertEqual(made.expand("OP(Size)"), 'void getSize (); /* "Size" */')
        self.assertEqual(made.expand("DOC(N)"), '["x:" "N"]')

    def test_a_macro_does_not_expand_itself(self) -> None:
        self.assertEqual(macros(A="A B", B="A").expand("A"), "A A")
        self.assertEqual(macros(F__x="F(x)").expand("F(1)"), "F(1)")

    def test_wrong_arguments_are_told(self) -> None:
        made = macros(F__a_b="a b")
        for text in ("F(1)", "F(1,2,3)", "F(1, 2"):
            self.assertRaises(MacroError, made.expand, text)

    def test_what_is_undefined_or_defined_anew_is_forgotten(self) -> None:
        made = macros(F__x="x")
        made.define("F", None, "plain")
        self.assertEqual(made.expand("F(1)"), "plain(1)")
        made.undefine("F")
        self.assertNotIn("F", made)

    def test_bombs_do_not_go_off(self) -> None:
        made = macros(M0="x" * 100, **{f"M{n}": f"M{n - 1} M{n - 1}" for n in range(1, 40)})
        self.assertRaises(MacroError, made.expand, "M39")
        self.assertLess(EXPANSION_MAX, 2**39)

    @given(st.text(alphabet='F(),"#x \\A', max_size=30), st.text(alphabet='x#F(), "', max_size=12))
    def test_garbage_ends(self, text: str, body: str) -> None:
        try:
            macros(F__x=body, A="F(").expand(text)
        except MacroError:
            return
