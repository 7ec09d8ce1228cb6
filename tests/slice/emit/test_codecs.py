"""Straight-line code for runs of fixed size."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase


class CodecsTest(SliceTestCase):
    def test_neighbours_of_fixed_size_travel_together(self) -> None:
        self.assertEmits(
            "struct S { int a; long b; string c; short d; bool e; }",
            '_S_ho = Struct("<h?")',
            '_S_iq = Struct("<iq")',
            "    out += _S_iq.pack(value.a, value.b)\n"
            "    write_string(out, value.c)\n"
            "    out += _S_ho.pack(value.d, value.e)\n",
            "    a, b = _S_iq.unpack_from(buf, pos)\n"
            "    c, pos = read_string(buf, pos + 12)\n"
            "    d, e = _S_ho.unpack_from(buf, pos)\n",
            "return S(a, b, c, d, e), pos + 3",
        )

    def test_structs_within_are_laid_flat(self) -> None:
        self.assertEmits(
            "struct P { int x; int y; } struct L { P a; P b; }",
            "out += _S_4i.pack(value.a.x, value.a.y, value.b.x, value.b.y)",
            "a_x, a_y, b_x, b_y = _S_4i.unpack_from(buf, pos)",
            "return L(P(a_x, a_y), P(b_x, b_y)), pos + 16",
        )

    def test_one_value_is_unpacked_as_one(self) -> None:
        self.assertEmits("struct S { int a; string b; }", "(a,) = _S_i.unpack_from(buf, pos)")

    def test_a_run_longer_than_a_line_is_read_in_parts(self) -> None:
        members = " ".join(f"int {'m' * 20}{index};" for index in range(12))
        python = self.emitted(f"module M {{ struct S {{ {members} }} }}")
        self.assertGreater(python.count("unpack_from"), 2)
        self.assertEqual(python.count(".pack("), 1)
        self.assertLessEqual(max(map(len, python.splitlines())), 110)
