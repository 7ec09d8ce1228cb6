"""What may stand as a type, as a base, as a key."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase


class UsesTest(SliceTestCase):
    def test_what_is_no_type_is_said_to_be_none(self) -> None:
        for text, reason in (
            ("exception E { } sequence<E> S;", "`E` is an exception, which cannot be used as a type"),
            ("const int C = 1; sequence<C> S;", "`C` is a constant, not a type"),
            ("struct T { int x; } sequence<T*> S;", "`T` is a struct: only interfaces have proxies"),
            ("sequence<string*> S;", "`string*` is no type: only interfaces have proxies"),
            ("sequence<M> S;", "`M` is a module, not a type"),
        ):
            (said,) = self.body(text)
            self.assertTrue(said.endswith(f"error: {reason}"), said)

    def test_bases_are_of_the_same_kind_and_complete(self) -> None:
        for text, reason in (
            ("struct S { int x; } exception E extends S { }", "`S` is a struct, not an exception"),
            (
                "interface I; interface J extends I { }",
                "`I` is only declared so far: define it before it is a base",
            ),
            ("interface I extends I { }", "interface `I` cannot be its own base"),
            ("interface I extends Object { }", "`Object` is the base of everything already: leave it out"),
        ):
            (said,) = self.body(text)
            self.assertTrue(said.endswith(f"error: {reason}"), said)

    def test_keys_can_be_compared_exactly(self) -> None:
        for key in ("bool", "byte", "short", "int", "long", "string", "E", "K", "B"):
            text = f"enum E {{ a }} sequence<byte> B; struct K {{ int i; E e; }} dictionary<{key}, int> D;"
            self.assertEqual([item for item in self.body(text) if "warning" not in item], [])
        for key in ("float", "double", "Object*", "K", "D"):
            text = f"struct K {{ double d; }} dictionary<int, int> D; dictionary<{key}, int> E;"
            (said,) = self.body(text)
            self.assertIn("error: dictionary `E` cannot have keys of type", said)

    def test_what_is_local_stays_local(self) -> None:
        text = "local interface L { } sequence<L> S; local sequence<L> T; exception E { LocalObject o; }"
        errors = [item for item in self.body(text) if "cannot hold" in item]
        self.assertEqual(len(errors), 2)
