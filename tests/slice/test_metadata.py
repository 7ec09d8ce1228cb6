"""Known and unknown metadata."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase


class MetadataTest(SliceTestCase):
    def test_what_ice_knows_is_accepted(self) -> None:
        text = '["deprecate:no"] interface I { ["amd", "format:sliced", "cpp:const"] void op(); }'
        self.assertEqual(self.body(text), [])

    def test_what_nobody_knows_is_ignored_with_a_warning(self) -> None:
        self.assertEqual(
            self.body('["what"] interface I { }'),
            ["2:4: warning: metadata `what` is not known and does nothing"],
        )
        self.assertEqual(
            self.said('[["what"]]'), ["1:3: warning: file metadata `what` is not known and does nothing"]
        )

    def test_our_own_must_be_right(self) -> None:
        for text, reason in (
            (
                '["pn:type:Foo"] struct S { int x; }',
                "`pn:type:Foo` wants `package.module.Class` behind `pn:type:`",
            ),
            ('["pn:tpye:a.b"] struct S { int x; }', "`pn:tpye:a.b` is not known"),
            ('["pn:type:a.b"] interface I { }', "can stand before a struct, an enum or an exception only"),
            ('["format:wide"] interface I { }', "the formats are `compact`, `sliced` and `default`"),
        ):
            (said,) = self.body(text)
            self.assertIn(reason, said)

    def test_what_a_file_asks_of_lint_must_be_right_too(self) -> None:
        self.assertEqual(self.said('[["pn:lint-ignore:doc-missing, guard"]]'), [])
        for text in ("pn:lint-ignore:docs", "pn:lint-ignore:", "pn:type:a.b"):
            (said,) = self.said(f'[["{text}"]]')
            self.assertIn(f"error: `{text}` is not known: `pn:lint-ignore:` and rules of lint are", said)

    def test_a_file_can_do_without_warnings(self) -> None:
        text = 'module M { ["what"] interface I { void op(I i); } }'
        both = ["deprecated", "not known"]
        for metadata, expected in (
            ("", both),
            ('[["suppress-warning"]]', []),
            ('[["suppress-warning:all"]]', []),
            ('[["suppress-warning:deprecated"]]', ["not known"]),
            ('[["suppress-warning:invalid-metadata", "suppress-warning:deprecated"]]', []),
            ('[["suppress-warning:deprecated, invalid-metadata"]]', []),
            ('[["suppress-warning:much"]]', ["no warnings of the category `much`", *both]),
        ):
            said = [item for item in self.said(metadata + text) if "warning" in item]
            self.assertEqual(len(said), len(expected), said)
            for part in expected:
                self.assertIn(part, " ".join(said))

    def test_an_enumerator_may_have_metadata(self) -> None:
        self.assertEqual(
            self.body('enum E { ["deprecated:old"] a, ["cpp:x", "swift:y"] ["java:z"] b = 3 }'), []
        )

    def test_what_is_deprecated_is_documented_as_such(self) -> None:
        self.assertEmits(
            '["deprecated:use J"] interface I { ["deprecate"] void op(); }',
            '    """Deprecated: use J"""\n',
            '        """Deprecated"""\n',
        )
