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
