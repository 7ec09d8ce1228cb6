"""Names that may and may not be given."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase


class NamingTest(SliceTestCase):
    def test_reserved_forms_are_told_with_their_cure(self) -> None:
        for name, reason in (
            ("SomePrx", "names that end in `Prx` are reserved"),
            ("_a", "underscores at the beginning, at the end or doubled are reserved"),
            ("a_b", 'underscores in names need [["underscore"]] at the top of the file'),
            ("ICEy", 'names that begin with `ice` need [["ice-prefix"]] at the top of the file'),
        ):
            self.assertEqual(self.body(f"struct {name} {{ int x; }}"), [f"2:10: error: `{name}`: {reason}"])

    def test_file_metadata_allows_some_of_them(self) -> None:
        text = '[["underscore", "ice-prefix"]] module Ice { struct a_b { int IceX; } }'
        self.assertEqual(self.said(text), [])

    def test_included_files_answer_for_their_own_names(self) -> None:
        included = '[["ice-prefix"]]\nmodule Ice { struct IceX { int a; } }'
        self.assertEqual(
            self.said("#include <a.ice>\nmodule M { sequence<Ice::IceX> Xs; }", {"a.ice": included}), []
        )

    def test_names_side_by_side_differ_in_more_than_case(self) -> None:
        self.assertEqual(
            self.body("struct A { int x; } enum a { b } struct A { int x; }"),
            [
                "2:28: error: enum `a` differs only in case from struct `A`, defined at test.ice:2:10",
                "2:43: error: `A` is a struct already, defined at test.ice:2:10",
            ],
        )

    def test_nothing_is_named_like_a_module_around_it(self) -> None:
        self.assertEqual(
            self.body("module N { struct M { int x; } struct n { int x; } }"),
            [
                "2:21: error: struct `M` cannot have the same name as the module `M` around it",
                "2:41: error: struct `n` cannot differ only in case from the module `N` around it",
            ],
        )

    def test_a_used_name_keeps_its_meaning(self) -> None:
        self.assertEqual(
            self.body("struct T { int x; } module N { sequence<T> Ts; struct T { int y; } }"),
            ["2:57: error: `T` changes its meaning here: it meant `::M::T` at test.ice:2:43"],
        )
