"""Exceptions with instances of classes, and with slices nobody knows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException
from pushnet.wire.slices import UnknownSlicesError, UserException, read_exception, write_exception
from tests.golden.failures import Empty
from tests.golden.graphs import Broken, Color, Leaf, MoreBroken, Shape


def written(value: UserException, sliced: bool) -> bytes:
    out = bytearray()
    write_exception(out, value, sliced)
    return bytes(out)


class ExceptionGraphTest(SynchronousTestCase):
    def test_instances_come_back_in_both_formats(self) -> None:
        for sliced in (False, True):
            data = written(MoreBroken(Shape("s"), "why", Leaf(1), Color.blue, 3), sliced)
            again = read_exception(data, 0, None, (Broken,))
            assert isinstance(again, MoreBroken) and again.what is not None and again.leaf is not None
            self.assertEqual((again.what.name, again.why, again.leaf.size), ("s", "why", 1))
            self.assertEqual((again.color, again.n), (Color.blue, 3))

    def test_unknown_slices_are_skipped_with_their_instances_and_kept_where_the_file_says_so(self) -> None:
        data = written(MoreBroken(Shape("s"), "why", Leaf(1)), sliced=True)
        unknown = data.replace(b"::Graphs::MoreBroken", b"::Graphs::LessBroken")
        again = read_exception(unknown, 0, None, (Broken,))
        self.assertIs(type(again), Broken)
        self.assertIsNone(again.ice_slicedData)
        head = b"\x18\x0f::Graphs::Spam1\x05\0\0\0\1\1\1\x21\x0e::Graphs::Leaf\7\0\0\0"
        again = read_exception(head + data, 0, None, (Broken,))
        assert again.ice_slicedData is not None
        self.assertIs(again.ice_getSlicedData(), again.ice_slicedData)
        (info,) = again.ice_slicedData.slices
        (leaf,) = info.instances
        assert isinstance(leaf, Leaf)
        self.assertEqual((info.typeId, info.bytes, leaf.size), ("::Graphs::Spam1", b"\1", 7))
        sent = written(again, sliced=True)
        self.assertEqual(sent[:17], b"\x18\x0f::Graphs::Spam1")
        self.assertEqual(repr(read_exception(sent, 0, None, (Broken,))), repr(again))

    def test_nothing_known_is_told_by_the_most_derived_type(self) -> None:
        for sliced in (False, True):
            data = written(MoreBroken(Shape()), sliced)
            error = self.assertRaises(UnknownSlicesError, read_exception, data, 0, None, (Empty,))
            self.assertEqual(str(error), "::Graphs::MoreBroken")

    @given(st.binary(max_size=80), st.integers(0, 120), st.booleans())
    def test_garbage_raises_only_the_peers_fault(self, garbage: bytes, at: int, sliced: bool) -> None:
        data = written(MoreBroken(Shape("s"), "why", Leaf(1)), sliced)
        for case in (garbage, data[:at] + garbage + data[at + len(garbage) :]):
            try:
                read_exception(case, 0, None, (Broken,))
            except (MarshalException, UnknownSlicesError):
                continue
            except Exception as error:
                self.assertEqual(type(error).__name__, "error", "of struct")
