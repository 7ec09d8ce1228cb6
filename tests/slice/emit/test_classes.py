"""Constants, enums, structs and exceptions as classes."""

from __future__ import annotations

from tests.golden.everything import Key
from tests.slice.sources import SliceTestCase


class ClassesTest(SliceTestCase):
    def test_enums(self) -> None:
        self.assertEmits(
            "enum E { /** First. */ a, b = 7 }",
            'class E(SliceEnum):\n    a = 0\n    """First."""\n\n    b = 7\n',
        )

    def test_structs(self) -> None:
        self.assertEmits(
            "/** Doc. */ struct S { int a = 3; /** B. */ string b; }",
            '@attrs.frozen(order=True)\nclass S:\n    """Doc."""\n\n',
            '    a: int = 3\n    b: str = ""\n    """B."""\n',
        )

    def test_structs_that_may_be_keys_are_ordered_and_others_are_not(self) -> None:
        key = Key(1, "b")
        self.assertTrue(key < Key(1, "c") <= Key(2, ""))
        python = self.emitted("module M { struct S { int i; double d; } }")
        self.assertIn("@attrs.frozen\nclass S:", python)

    def test_exceptions(self) -> None:
        self.assertEmits(
            "exception A { } exception B extends A { int x; }",
            "class A(UserException):\n    pass\n",
            "class B(A):\n    x: int = 0\n",
        )

    def test_constants(self) -> None:
        self.assertEmits(
            'enum E { a } /** Doc. */ const int N = 1; const E C = E::a; const string S = "x\\ty";',
            'N: Final = 1\n"""Doc."""\n',
            "C: Final = E.a\n",
            'S: Final = "x\\ty"\n',
        )
