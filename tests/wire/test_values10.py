"""Instances in encoding 1.0: numbers first, slices behind, and no stack needed."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException, NoValueFactoryException, UnexpectedObjectException
from pushnet.wire.values import UnknownSlicedValue, Value
from pushnet.wire.values10 import Reader10, Writer10
from tests.golden.graphs import Circle, Color, Empty, Leaf, Node, Point, Shape


def written(*values: Value | None) -> bytes:
    out = bytearray()
    writer = Writer10()
    for value in values:
        writer.write(out, value)
    writer.finish(out)
    return bytes(out)


def read(data: bytes, *classes: type[Any]) -> list[Any]:
    reader = Reader10(None)
    pos = 0
    values = []
    for cls in classes:
        value, pos = reader.value(data, pos, cls)
        values.append(value)
    if reader.finish(data, pos) != len(data):
        raise AssertionError("bytes are left")
    return values


class Values10Test(SynchronousTestCase):
    def test_a_graph_of_any_shape_comes_back(self) -> None:
        top, low = Node(1), Node(2, text="stays behind")
        top.left, top.right, low.left = low, low, top
        top.leaves, top.byName = [Leaf(3), None], {"a": Leaf(4)}
        top.anything = Empty("e", Point(1, 2), Color.blue, 2.5)
        again, leaf, same = read(written(top, top.leaves[0], top), Node, Leaf, Node)
        self.assertIs(again, same)
        self.assertIs(again.left, again.right)
        self.assertIs(again.left.left, again)
        self.assertIs(again.leaves[0], leaf)
        self.assertEqual((again.number, again.left.number, again.left.text), (1, 2, None))
        self.assertEqual((leaf.size, again.leaves[1], again.byName["a"].size), (3, None, 4))
        shape = again.anything
        self.assertEqual((type(shape), shape.at, shape.color), (Empty, Point(1, 2), Color.blue))
        self.assertEqual((shape.radius, shape.name), (2.5, "e"))

    def test_a_chain_may_be_as_long_as_the_message(self) -> None:
        chain = None
        for number in range(5000):
            chain = Node(number, left=chain)
        (node,) = read(written(chain), Node)
        length = 0
        while node is not None:
            node, length = node.left, length + 1
        self.assertEqual(length, 5000)

    def test_an_unknown_slice_is_skipped(self) -> None:
        data = written(Circle("c", radius=0.5)).replace(b"::Graphs::Circle", b"::Graphs::Square")
        (shape,) = read(data, Shape)
        self.assertEqual((type(shape), shape.name), (Shape, "c"))

    def test_an_instance_of_unknown_types_only_cannot_be_made(self) -> None:
        data = written(Leaf(1)).replace(b"::Graphs::Leaf", b"::Graphs::Lief")
        self.assertRaises(NoValueFactoryException, read, data, Leaf)
        self.assertRaises(MarshalException, written, UnknownSlicedValue("::A"))

    def test_what_is_promised_must_come_and_be_what_it_should(self) -> None:
        self.assertRaises(UnexpectedObjectException, read, written(Leaf(1)), Shape)
        self.assertRaises(MarshalException, read, b"\xff\xff\xff\xff\0", Leaf)
        self.assertRaises(MarshalException, read, b"\1\0\0\0\0", Leaf)
        twice = written(Leaf(1))[:-1]
        self.assertRaises(MarshalException, read, twice + twice[4:] + b"\0", Leaf)
        self.assertRaises(MarshalException, read, b"\0\0\0\0\xff\xff\xff\xff\x7f", Leaf)

    @given(st.binary(max_size=80), st.integers(0, 120))
    def test_garbage_raises_only_the_peers_fault(self, garbage: bytes, at: int) -> None:
        data = written(Leaf(1), Shape("s"), Leaf(3))
        for case in (garbage, data[:at] + garbage + data[at + len(garbage) :]):
            reader = Reader10(None)
            try:
                _, pos = reader.value(case, 0, Value)
                reader.finish(case, pos)
            except MarshalException:
                continue
            except Exception as error:
                self.assertEqual(type(error).__name__, "error", "of struct")
