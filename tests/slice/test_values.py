"""Constants, defaults, enumerators, tags."""

from __future__ import annotations

from pushnet.slice.model import Const, Enum, Enumerator, Interface
from tests.slice.sources import SliceTestCase


class ValuesTest(SliceTestCase):
    def test_constants_have_the_values_written(self) -> None:
        found = self.entities(
            "module M { enum E { a, b = 5 } const int I = 0x10; const float F = 1; const bool B = true;"
            ' const string S = "s"; const E C = E::b; const int J = I; const byte Y = 0377; }'
        )
        values = {name: item.value.value for name, item in found.items() if isinstance(item, Const)}
        chosen = values.pop("C")
        assert isinstance(chosen, Enumerator)
        self.assertEqual(chosen.name, "b")
        self.assertEqual(values, {"I": 16, "F": 1.0, "B": True, "S": "s", "J": 16, "Y": 255})

    def test_enumerators_count_on(self) -> None:
        found = self.entities("module M { const int N = 7; enum E { a, b = N, c, d = 2147483647 } }")
        enum = found["E"]
        assert isinstance(enum, Enum)
        self.assertEqual([item.value for item in enum.enumerators], [0, 7, 8, 2147483647])

    def test_values_fit_their_types(self) -> None:
        for text, reason in (
            ("const byte C = -1;", "constant `C`: -1 is out of range for `byte`: 0 to 255"),
            ("const short C = 32768;", "constant `C`: 32768 is out of range for `short`: -32768 to 32767"),
            ('const int C = "1";', 'constant `C` of type `int` cannot be the string "1"'),
            ("const bool C = 0;", "constant `C` of type `bool` cannot be the integer 0"),
            ("const float C = 1e300;", "constant `C`: 1e300 is too large for `float`"),
            ("const Object* C = 1;", "constant `C` cannot have the type `Object*`"),
            ("enum E { a } const E C = 0;", "constant `C` wants an enumerator of `::M::E`, not 0"),
            (
                "enum E { a } enum F { b } const E C = F::b;",
                "constant `C`: `F::b` is no enumerator of `::M::E`",
            ),
        ):
            (said,) = self.body(text)
            self.assertTrue(said.endswith(f"error: {reason}"), said)

    def test_enumerators_go_unscoped_with_a_warning(self) -> None:
        (said,) = self.body("enum E { a } const E C = a;")
        self.assertIn("warning: `a` without its enum is deprecated: write `E::a`", said)

    def test_an_unscoped_enumerator_may_be_ambiguous(self) -> None:
        (said,) = self.body("enum E { a } enum F { a } enum G { g = a }")
        self.assertIn("error: `a` could mean `E::a` or `F::a`", said)

    def test_tags_may_be_named(self) -> None:
        found = self.entities(
            "module M { const int N = 7; enum E { a, b }"
            " interface I { void op(optional(N) int x, optional(E::b) int y); } }"
        )
        interface = found["I"]
        assert isinstance(interface, Interface)
        self.assertEqual([item.tag for item in interface.operations[0].parameters], [7, 1])
