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
            "return _new_S(a, b, c, d, e), pos + 3",
        )

    def test_structs_within_are_laid_flat(self) -> None:
        self.assertEmits(
            "struct P { int x; int y; } struct L { P a; P b; }",
            "out += _S_4i.pack(value.a.x, value.a.y, value.b.x, value.b.y)",
            "a_x, a_y, b_x, b_y = _S_4i.unpack_from(buf, pos)",
            "_new_L = maker_of(L)\n_new_P = maker_of(P)\n",
            "return _new_L(_new_P(a_x, a_y), _new_P(b_x, b_y)), pos + 16",
        )

    def test_one_value_is_unpacked_as_one(self) -> None:
        self.assertEmits("struct S { int a; string b; }", "(a,) = _S_i.unpack_from(buf, pos)")

    def test_a_run_longer_than_a_line_is_read_in_parts(self) -> None:
        members = " ".join(f"int {'m' * 20}{index};" for index in range(12))
        python = self.emitted(f"module M {{ struct S {{ {members} }} }}")
        self.assertGreater(python.count("unpack_from"), 2)
        self.assertEqual(python.count(".pack("), 1)
        self.assertLessEqual(max(map(len, python.splitlines())), 110)


class LoopTest(SliceTestCase):
    """In loops nothing simple costs a call."""

    def test_strings_are_written_and_read_in_place(self) -> None:
        self.assertEmits(
            "struct S { int a; string b; string c; } sequence<S> Many;",
            "    for item in value:\n"
            "        text = item.b.encode()\n"
            "        if (size := len(text)) < 255:\n"
            "            out += _S_iB.pack(item.a, size)\n"
            "        else:\n"
            "            out += _S_i.pack(item.a)\n"
            "            write_size(out, size)\n"
            "        out += text\n"
            "        text = item.c.encode()\n"
            "        if (size := len(text)) < 255:\n"
            "            out.append(size)\n"
            "        else:\n"
            "            write_size(out, size)\n"
            "        out += text\n",
            "    count, pos = read_count(buf, pos, 6)\n",
            "        a, size = _S_iB.unpack_from(buf, pos)\n"
            "        if size < 255:\n"
            "            b = buf[pos + 5 : (pos := pos + 5 + size)].decode()\n"
            "        else:\n"
            "            b, pos = read_string(buf, pos + 4)\n"
            "        if (size := buf[pos]) < 255:\n"
            "            c = buf[pos + 1 : (pos := pos + size + 1)].decode()\n"
            "        else:\n"
            "            c, pos = read_string(buf, pos)\n"
            "        items.append(_new_S(a, b, c))\n"
            "    if pos > len(buf):\n"
            '        raise MarshalException("a string is cut off")\n',
        )

    def test_neighbours_of_fixed_size_travel_together_across_key_and_value(self) -> None:
        self.assertEmits(
            "struct P { int x; long y; } dictionary<P, P> Map;",
            "out += _S_iqiq.pack(key.x, key.y, item.x, item.y)",
            "x, y, _x, _y = _S_iqiq.unpack_from(buf, pos)",
            "value[_new_P(x, y)] = _new_P(_x, _y)",
        )

    def test_members_with_names_of_ours_get_other_ones(self) -> None:
        self.assertEmits(
            "struct S { string buf; string pos; string size; string items; } sequence<S> Many;",
            "_buf = buf[pos + 1 : (pos := pos + size + 1)].decode()",
            "items.append(_new_S(_buf, _pos, _size, _items))",
        )

    def test_large_structs_and_structs_in_structs_keep_their_functions(self) -> None:
        members = " ".join(f"string {'m' * 2}{index};" for index in range(9))
        self.assertEmits(f"struct S {{ {members} }} sequence<S> Many;", "item, pos = read_S(buf, pos)")
        self.assertEmits(
            "struct A { string a; } struct B { A a; } sequence<B> Many;",
            "item, pos = read_B(buf, pos)",
            "a, pos = read_A(buf, pos)",
        )
