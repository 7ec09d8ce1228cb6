"""Which entity a name means."""

from __future__ import annotations

from pushnet.slice.model import Sequence, Struct
from pushnet.slice.scopes import a
from tests.slice.sources import SliceTestCase


class LookupTest(SliceTestCase):
    def test_the_innermost_meaning_wins(self) -> None:
        found = self.entities(
            "module M { struct T { int x; } module N { struct T { int y; } sequence<T> Inner;"
            " sequence<M::T> Middle; sequence<::M::T> Outer; } sequence<N::T> Down; }"
        )
        ids = {}
        for name in ("Inner", "Middle", "Outer", "Down"):
            sequence = found[name]
            assert isinstance(sequence, Sequence) and isinstance(sequence.element, Struct)
            ids[name] = sequence.element.type_id
        self.assertEqual(
            ids, {"Inner": "::M::N::T", "Middle": "::M::T", "Outer": "::M::T", "Down": "::M::N::T"}
        )

    def test_what_is_not_defined_yet_is_not_defined(self) -> None:
        self.assertEqual(
            self.body("sequence<T> Ts; struct T { int x; }"), ["2:12: error: `T` is not defined"]
        )

    def test_a_near_miss_is_hinted_at(self) -> None:
        self.assertEqual(
            self.body("struct Person { int x; } sequence<Persn> Ps;"),
            ["2:37: error: `Persn` is not defined: did you mean `Person`?"],
        )

    def test_use_has_the_case_of_the_definition(self) -> None:
        self.assertEqual(
            self.body("struct Person { int x; } sequence<person> Ps;"),
            [
                "2:37: error: `person` is written `Person` where it is defined, at test.ice:2:10:"
                " use the same case"
            ],
        )

    def test_articles(self) -> None:
        self.assertEqual([a("struct"), a("enum"), a("interface")], ["a struct", "an enum", "an interface"])
