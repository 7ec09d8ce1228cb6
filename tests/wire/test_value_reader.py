"""Bytes as instances: unknown types skipped, kept or refused, and nothing believed that cannot be."""

from __future__ import annotations

from struct import error as StructError

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException, NoValueFactoryException, UnexpectedObjectException
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import SlicedData, SliceInfo, UnknownSlicedValue, Value, ValueIndex
from tests.golden.graphs import Kept, Leaf, Node, Shape


def sliced(*values: Value | None) -> bytes:
    out = bytearray()
    writer = ValueWriter(sliced=True)
    for value in values:
        writer.write(out, value)
    return bytes(out)


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The bytes with another type id of the same length in them."""
    assert len(old) == len(new) and old in data
    return data.replace(old, new)


class Source:
    """A communicator, as far as a reader needs one."""

    def __init__(self, depth_max: int) -> None:
        self.ice_values = ValueIndex(depth_max)


class UnknownTypesTest(SynchronousTestCase):
    def test_an_unknown_slice_is_skipped_and_its_base_is_read(self) -> None:
        data = sliced(Shape("n"))
        data = b"\1\x11\x0e::Graphs::Spam\x08\0\0\0spam" + data[1:]
        shape, end = ValueReader(None).value(data, 0, Shape)
        assert shape is not None
        self.assertEqual((shape.name, end), ("n", len(data)))
        self.assertIsNone(shape.ice_slicedData, "the class does not say preserve-slice")

    def test_an_unknown_slice_is_kept_and_leaves_again_with_its_instances(self) -> None:
        node = Node(5)
        node.ice_slicedData = SlicedData((SliceInfo("::Graphs::Spam", None, b"\1", [Leaf(9)], True, False),))
        data = sliced(node)
        again, end = ValueReader(None).value(data, 0, Node)
        assert again is not None and again.ice_slicedData is not None
        (info,) = again.ice_slicedData.slices
        self.assertEqual((info.typeId, info.bytes, info.hasOptionalMembers), ("::Graphs::Spam", b"\1", True))
        self.assertIsInstance(info.instances[0], Leaf)
        self.assertEqual((sliced(again), end), (data, len(data)))

    def test_an_instance_of_unknown_types_only_is_kept_whole(self) -> None:
        data = renamed(sliced(Leaf(9)), b"Graphs::Leaf", b"Graphs::Lief")
        unknown, _ = ValueReader(None).value(data, 0, Value)
        assert isinstance(unknown, UnknownSlicedValue)
        self.assertEqual(unknown.unknownTypeId, "::Graphs::Lief")
        self.assertEqual(sliced(unknown), data)
        self.assertRaises(UnexpectedObjectException, ValueReader(None).value, data, 0, Leaf)

    def test_an_unknown_compact_id_is_an_unknown_type(self) -> None:
        data = bytes.fromhex("01 33 4d 05000000 07")
        unknown, _ = ValueReader(None).value(data, 0, Value)
        assert isinstance(unknown, UnknownSlicedValue)
        self.assertEqual((unknown.unknownTypeId, sliced(unknown)), ("77", data))

    def test_without_a_size_nothing_can_be_skipped(self) -> None:
        data = b"\1\x21\x0e::Graphs::Spam\1\2\3"
        self.assertRaises(NoValueFactoryException, ValueReader(None).value, data, 0, Value)

    def test_what_an_unknown_slice_names_may_name_the_instance_before_its_type_is_known(self) -> None:
        node, loop = Node(5), Node(6)
        loop.left = loop.right = node
        node.ice_slicedData = SlicedData((SliceInfo("::Graphs::Spam", None, b"", [loop], False, False),))
        data = sliced(node)
        again, end = ValueReader(None).value(data, 0, Node)
        assert again is not None and again.ice_slicedData is not None
        named = again.ice_slicedData.slices[0].instances[0]
        assert isinstance(named, Node)
        self.assertIs(named.left, again)
        self.assertIs(named.right, again)
        self.assertEqual((again.number, named.number, end), (5, 6, len(data)))
        self.assertEqual(sliced(again), data)

    def test_an_instance_named_early_must_turn_out_to_be_what_was_expected(self) -> None:
        leaf, loop = Leaf(5), Node(6)
        loop.left = leaf  # type: ignore[assignment]
        leaf.ice_slicedData = SlicedData((SliceInfo("::Graphs::Spam", None, b"", [loop], False, False),))
        self.assertRaises(UnexpectedObjectException, ValueReader(None).value, sliced(leaf), 0, Leaf)


class BadPeersTest(SynchronousTestCase):
    def assertRefused(self, data: str | bytes, cls: type[Value] = Value) -> None:
        raw = bytes.fromhex(data) if isinstance(data, str) else data
        self.assertRaises(MarshalException, ValueReader(None).value, raw, 0, cls)

    def test_numbers_and_tables_that_do_not_exist_are_refused(self) -> None:
        self.assertRefused("02")
        self.assertRefused("01 22 01")
        self.assertRefused("01 20")
        self.assertRefused("")
        self.assertRefused(sliced(Node(1, left=Node(2)))[:-30] + b"\xff" * 30)
        self.assertRefused(b"\1\x29\x0e::Graphs::Leaf\0\0\0\0\0", Leaf)

    def test_sizes_that_cannot_be_are_refused(self) -> None:
        for size in ("03000000", "ffffff7f", "ffffffff", "06000000"):
            self.assertRefused(b"\1\x31\x0e::Graphs::Leaf" + bytes.fromhex(size) + b"\1\0\0\0", Leaf)

    def test_a_table_that_claims_more_than_there_is_is_refused(self) -> None:
        self.assertRefused(b"\1\x39\x0e::Graphs::Spam\4\0\0\0\xff\xff\xff\xff\x7f")

    def test_other_bases_than_here_are_refused(self) -> None:
        self.assertRefused(renamed(sliced(Kept(1)), b"Graphs::Node", b"Graphs::Leaf"), Node)
        self.assertRefused(b"\1\1\x0e::Graphs::Leaf\1\0\0\0\x20", Leaf)
        self.assertRefused(b"\1\x21\x0e::Graphs::Kept" + b"\0" * 20, Node)

    def test_the_property_of_the_communicator_limits_the_depth(self) -> None:
        data = sliced(Node(left=Node(left=Node())))
        self.assertIsNotNone(ValueReader(Source(3)).value(data, 0, Node)[0])
        self.assertRaises(MarshalException, ValueReader(Source(2)).value, data, 0, Node)

    @given(st.binary(max_size=80), st.integers(0, 120))
    def test_garbage_raises_only_the_peers_fault(self, garbage: bytes, at: int) -> None:
        data = sliced(Node(1, left=Node(2), leaves=[Leaf(3)], text="x"))
        for case in (garbage, data[:at] + garbage + data[at + len(garbage) :]):
            try:
                ValueReader(None).value(case, 0, Value)
            except (MarshalException, StructError):
                continue
            except AttributeError as error:
                self.assertIn("ice_reference", str(error), "only a proxy needs a source")
