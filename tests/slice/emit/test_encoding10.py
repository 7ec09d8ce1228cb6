"""What is said for encoding 1.0, and that nothing is said where it does not differ."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase


class Encoding10Test(SliceTestCase):
    def test_types_that_differ_get_a_shape(self) -> None:
        self.assertEmits(
            "enum E { a } struct P { int x; string y; } struct S { E e; P p; Object* o; }"
            " sequence<E> Es; dictionary<string, S> D;",
            'old_E = Enum10(E, "::M::E")\n',
            'old_S = Struct10(S, (("e", old_E), ("p", Same(write_P, read_P)), ("o", Proxy10(ObjectPrx))))\n',
            "old_Es = Sequence10(old_E, 1)\n",
            "old_D = Dictionary10(STRING, old_S, 9)\n",
        )

    def test_operations_that_differ_get_a_way_of_their_own(self) -> None:
        self.assertEmits(
            "enum E { a } interface I { E op(E e, out int n); E only(); }",
            '_OLD_I_op = Call10("op", (old_E,), (old_E, INT), returns=True)\n',
            "        if self._ice_old:\n            return self._ice_call10(_OP_I_op, (e,), context)\n",
            "_serve_I_op, _write_result_I_op, old=_OLD_I_op)",
        )
        python = self.emitted("module M { enum E { a } interface I { E only(int n); } }")
        self.assertNotIn("_ice_old", python, "the request is the same")

    def test_nothing_is_said_where_nothing_differs(self) -> None:
        python = self.emitted(
            "module M { struct S { int x; } sequence<S> Ss; exception X { S s; }"
            " interface I { Ss op(S s, string t) throws X; } }"
        )
        for word in ("old", "10"):
            self.assertNotIn(word, python.lower())

    def test_types_of_included_files_bring_their_shapes(self) -> None:
        files = {"a.ice": "#pragma once\nmodule A { enum E { a } }"}
        python = self.emitted("#include <a.ice>\nmodule M { struct S { A::E e; } }", files)
        self.assertIn("from made.a import E, old_E, read_E, write_E\n", python)

    def test_enums_that_people_wrote_are_described_where_they_are_used(self) -> None:
        self.assertEmits(
            '["pn:type:some.where.E"] enum E { a } struct S { E e; }',
            'Struct10(S, (("e", Enum10(E, "::M::E")),))',
        )
