"""Classes and exceptions on the wire, as they are written."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase


class SlicesTest(SliceTestCase):
    def test_members_of_a_class_are_set_one_by_one(self) -> None:
        self.assertEmits(
            "struct P { int a; int b; } class C { int x; P p; C next; }",
            "@attrs.define(eq=False, slots=False)\nclass C(Value):\n    x: int = 0\n",
            "    next: C | None = None\n",
            "    value.x, value_p_a, value_p_b = _S_iii.unpack_from(buf, pos)\n"
            "    value.next, pos = source.value(buf, pos + 12, C)\n"
            "    value.p = _new_P(value_p_a, value_p_b)\n"
            "    return pos\n",
        )

    def test_what_is_special_about_a_class_is_told_to_the_runtime(self) -> None:
        self.assertEmits(
            '["preserve-slice"] class A { }'
            " class B(4) extends A { optional(2) int x; optional(1) int y = 3; }",
            'A.ice_slice = ValueSlice("::M::A", A, _write_A, _read_A, preserve=True)\n',
            '"::M::B", B, _write_B, _read_B, A.ice_slice, compact_id=4, preserve=True, optionals=True',
            "    x: int | None = None\n    y: int | None = 3\n",
        )

    def test_optional_members_are_sought_by_tag(self) -> None:
        self.assertEmits(
            "exception E { optional(2) int x; optional(1) string y; }",
            "    if optionals:\n"
            "        there, pos = seek_optional(buf, pos, 1, 5, source.skip)\n"
            "        if there:\n"
            "            y, pos = read_string(buf, pos)\n"
            "        there, pos = seek_optional(buf, pos, 2, 2, source.skip)\n",
            "    return (x, y), pos\n",
            "    return end_optionals(out, before)\n",
        )

    def test_an_exception_without_instances_needs_no_reader_of_them(self) -> None:
        python = self.emitted("module M { exception E { string s; } }")
        self.assertNotIn("Value", python)

    def test_a_class_that_is_only_declared_is_any_class(self) -> None:
        self.assertEmits(
            "class C; struct S { C c; }", "c: Value | None = None", "source.value(buf, pos, Value)"
        )

    def test_names_of_the_user_stay(self) -> None:
        python = self.emitted(
            "module M { class \\Value { int a; } class ValueReader extends ::M::Value { ValueReader b; } }"
        )
        self.assertIn("class Value(_Value):", python)
        compile(python, "test", "exec")
