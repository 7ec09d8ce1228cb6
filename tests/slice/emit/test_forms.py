"""`python:` metadata before what is a sequence."""

from __future__ import annotations

from tests.golden.forms import MakerPrx, MakerServant, Node, Row, Wrong
from tests.rpc.given import Grid
from tests.slice.sources import SliceTestCase


class MakerI(MakerServant):
    def swap(self, numbers, current=None):  # type: ignore[no-untyped-def]
        return list(numbers), bytes(list(numbers))

    def _pass(self, rows, node, current=None):  # type: ignore[no-untyped-def]
        return rows, node

    def fail(self, current=None):  # type: ignore[no-untyped-def]
        raise Wrong(("a",))


class FormsTest(SliceTestCase):
    def test_members_parameters_and_results_have_the_form_that_stands_before_them(self) -> None:
        grid = Grid(self)
        grid.serve("server", MakerI())
        maker = MakerPrx(grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)
        for proxy in (maker, MakerPrx.uncheckedCast(maker.ice_encodingVersion((1, 0)))):
            assert proxy is not None
            self.assertEqual(grid.wait(proxy.swap([1, 2])), ((1, 2), [1, 2]))
            given = Row((1,), [2], [3], [4], ["5"])  # type: ignore[arg-type]
            (row,), node = grid.wait(proxy._pass([given], Node(("a",), ("b",))))
            self.assertEqual((row.asTuple, list(row.asArray), row.asArray.typecode), ((1,), [2], "i"))
            self.assertEqual((row.asList, row.plain, row.usual), ([3], [4], ["5"]))
            assert node is not None
            self.assertEqual((node.texts, node.more), (("a",), ("b",) if proxy is maker else None))
            with self.assertRaises(Wrong) as raised:
                grid.wait(proxy.fail())
            self.assertEqual(raised.exception.texts, ("a",))

    def test_they_are_read_alike_by_files_that_include_them(self) -> None:
        python = self.emitted(
            "#include <a.ice>\nmodule B { sequence<A::Row> Rows; class Far extends A::Near { } }",
            {
                "a.ice": "#pragma once\nmodule A { sequence<int> Numbers;"
                ' struct Row { ["python:seq:tuple"] Numbers n; string s; }'
                ' class Near { ["python:seq:tuple"] Numbers n; } }'
            },
        )
        self.assertIn("read_Numbers_tuple", python)
        self.assertNotIn("def read_Numbers_tuple", python)

    def test_the_same_form_is_no_other(self) -> None:
        python = self.emitted(
            'module M { ["python:tuple"] sequence<int> T; struct S { ["python:seq:tuple"] T a; T b; } }'
        )
        self.assertNotIn("T_tuple", python)

    def test_what_cannot_be_is_warned_of_and_does_nothing(self) -> None:
        said = self.body(
            'sequence<string> T; struct S { ["python:array.array"] T a; ["python:seq:tuple"] int b; }'
            ' interface I { ["python:seq:tuple"] void op(["python:seq:tuple"] I* x); }'
        )
        self.assertEqual(len(said), 4)
        self.assertIn("is for sequences of numbers and bool only", said[0])
        for line in said[1:]:
            self.assertIn("is for sequences, and for members, parameters and results that are one", line)
