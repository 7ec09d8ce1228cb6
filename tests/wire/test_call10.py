"""Whole operations in encoding 1.0."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import INT, STRING
from tests.golden import graphs
from tests.golden.graphs import Box, Leaf, Node, Shape


class Echo:
    """A servant that answers with what it was called with."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: (name, arguments)


class Call10Test(SynchronousTestCase):
    def test_optional_values_do_not_travel(self) -> None:
        call = Call10("op", (INT, None, STRING), (None, INT, None))
        params = call.write_params((1, 2, "a"))
        self.assertEqual(params.hex(), "010000000161")
        self.assertEqual(call.serve(Echo(), bytes(params), 0, "current"), ("op", (1, None, "a", "current")))
        self.assertEqual(call.read_result(bytes(call.write_result((7, 8, 9))), 0, None), (None, 8, None))

    def test_the_return_value_travels_last(self) -> None:
        call = Call10("op", (), (INT, STRING), returns=True)
        self.assertEqual(call.write_result((5, "s")).hex(), "017305000000")
        self.assertEqual(call.read_result(b"\1s\5\0\0\0", 0, None), (5, "s"))

    def test_no_result_and_one(self) -> None:
        self.assertEqual(Call10("op").write_result(None), b"")
        self.assertIsNone(Call10("op").read_result(b"", 0, None))
        self.assertEqual(Call10("op", (), (INT,), returns=True).read_result(b"\5\0\0\0", 0, None), 5)

    def test_instances_follow_and_are_shared_between_parameters(self) -> None:
        call: Call10 = graphs._OLD_Graph_several
        shape = Shape("s")
        _, (first, number, second, _) = call.serve(
            Echo(), bytes(call.write_params((shape, 4, shape))), 0, None
        )
        self.assertIs(first, second)
        self.assertEqual((first.name, number), ("s", 4))
        result = call.read_result(bytes(call.write_result((shape, Node(3), Box(1, shape)))), 0, None)
        self.assertEqual((result[0].name, result[1].number), ("s", 3))
        self.assertIs(result[0], result[2].shape)

    def test_generated_skeletons_serve_it(self) -> None:
        entry = graphs.GraphServant.ice_operations[b"sliced"].old
        call: Call10 = graphs._OLD_Graph_sliced
        name, (value, leaves, _) = entry.serve(
            Echo(),
            bytes(call.write_params((Leaf(1), [Leaf(2), None]))),
            0,
            None,  # type: ignore[arg-type]
        )
        self.assertEqual((name, value.size, leaves[0].size, leaves[1]), ("sliced", 1, 2, None))
