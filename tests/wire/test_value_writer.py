"""Instances as bytes: each once, named by number afterwards, in both formats."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import (
    CLASS_GRAPH_DEPTH_MAX,
    SlicedData,
    SliceInfo,
    UnknownSlicedValue,
    Value,
    ValueIndex,
)
from tests.golden.graphs import Circle, Empty, Leaf, Node, Shape


def written(*values: Value | None, sliced: bool = False) -> bytes:
    out = bytearray()
    writer = ValueWriter(sliced)
    for value in values:
        writer.write(out, value)
    return bytes(out)


def line(length: int) -> Node | None:
    """So many nodes, each the left of the next."""
    first = None
    for _ in range(length):
        first = Node(left=first)
    return first


class ValueWriterTest(SynchronousTestCase):
    def test_the_second_time_only_the_number_is_written(self) -> None:
        leaf, other = Leaf(1), Leaf(2)
        data = written(leaf, leaf, other, leaf, None, other)
        first = "01 21 0e" + b"::Graphs::Leaf".hex() + "01000000"
        self.assertEqual(data.hex(), (first + " 02 01 22 01 02000000 02 00 03").replace(" ", ""))

    def test_the_compact_format_tells_the_type_of_the_first_slice_only(self) -> None:
        data = written(Empty("n", radius=0.0))
        self.assertEqual(data[:2].hex(), "0101")
        self.assertEqual(data.count(b"::Graphs::"), 1)
        self.assertEqual(data[18:].hex(), "00" + "00" * 8 + "20" + "016e" + "00" * 8 + "00")

    def test_the_sliced_format_tells_all_types_and_the_compact_id_where_there_is_one(self) -> None:
        data = written(Empty("n", radius=0.0), sliced=True)
        tail = "13 07 0c000000" + "00" * 8 + "31 0f" + b"::Graphs::Shape".hex() + "0f000000 016e" + "00" * 9
        self.assertTrue(data.hex().endswith(tail.replace(" ", "")), data.hex())

    def test_a_graph_of_any_shape_comes_back(self) -> None:
        for sliced in (False, True):
            top, low = Node(1, byName={"a": Leaf(3)}), Node(2, text="t")
            top.left, top.right, low.left = low, low, top
            top.anything, low.anything = Circle(radius=9.0), top
            leaf = Leaf(4)
            top.leaves, top.more = [leaf, None, leaf], [leaf]
            data = written(top, leaf, sliced=sliced)
            reader = ValueReader(None)
            again, pos = reader.value(data, 0, Node)
            same, end = reader.value(data, pos, Leaf)
            assert again is not None and again.left is not None and again.more is not None
            self.assertEqual(end, len(data))
            self.assertIs(again.left, again.right)
            self.assertIs(again.left.left, again)
            self.assertIs(again.left.anything, again)
            self.assertEqual((again.number, again.left.number, again.left.text), (1, 2, "t"))
            self.assertEqual([again.leaves[0], again.leaves[2], again.more[0]], [same] * 3)
            self.assertIsNone(again.leaves[1])
            assert isinstance(again.anything, Circle)
            self.assertEqual(again.anything.radius, 9.0)

    def test_how_deep_a_graph_may_be_is_for_its_reader_to_say(self) -> None:
        for sliced in (False, True):
            data = written(line(CLASS_GRAPH_DEPTH_MAX), sliced=sliced)
            self.assertIsNotNone(ValueReader(None).value(data, 0, Node)[0])
            deeper = written(line(CLASS_GRAPH_DEPTH_MAX + 1), sliced=sliced)
            self.assertRaises(MarshalException, ValueReader(None).value, deeper, 0, Node)

    def test_a_graph_deeper_than_the_stack_is_refused_by_writer_and_reader(self) -> None:
        for sliced in (False, True):
            self.assertRaises(MarshalException, written, line(5000), sliced=sliced)
        two, three = written(line(2)), written(line(3))
        head = b"\1\x26\1\0\0\0\0"
        tail = three[len(two) - len(three) + len(head) :]
        self.assertEqual(two.count(head), 1)
        deep = two.replace(head, head * 5000) + tail * 4999
        source = type("Source", (), {"ice_values": ValueIndex(2**31 - 1)})()
        self.assertIsNotNone(
            ValueReader(source).value(two.replace(head, head * 150) + tail * 149, 0, Node)[0]
        )
        self.assertRaises(MarshalException, ValueReader(source).value, deep, 0, Node)

    def test_kept_slices_leave_as_they_came_but_in_the_compact_format_only_when_nothing_is_known(
        self,
    ) -> None:
        info = SliceInfo("::Graphs::More", None, b"\1\2", [Leaf(5)], False, False)
        node = Node(1)
        node.ice_slicedData = SlicedData((info,))
        self.assertIn(b"::Graphs::More\6\0\0\0\1\2\1\1", written(node, sliced=True))
        self.assertNotIn(b"::Graphs::More", written(node))
        unknown = UnknownSlicedValue("::Graphs::More")
        unknown.ice_slicedData = SlicedData((SliceInfo("77", 77, b"", [], True, True),))
        for sliced in (False, True):
            self.assertEqual(written(unknown, sliced=sliced).hex(), "01374d04000000")

    def test_the_root_itself_travels(self) -> None:
        self.assertEqual(written(Value()).hex(), "01210d" + b"::Ice::Object".hex())
        self.assertIs(type(ValueReader(None).value(written(Value()), 0, Value)[0]), Value)

    def test_a_shape_is_no_leaf_when_it_is_read(self) -> None:
        self.assertRaises(MarshalException, ValueReader(None).value, written(Shape()), 0, Leaf)
