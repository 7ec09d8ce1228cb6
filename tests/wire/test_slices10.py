"""User exceptions in encoding 1.0."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import MarshalException
from pushnet.wire.slices import UnknownSlicesError, UserException
from pushnet.wire.slices10 import read_exception10, write_exception10
from tests.golden.failures import Empty, Failure
from tests.golden.graphs import Broken, Color, Leaf, MoreBroken, Shape


def written(value: UserException) -> bytes:
    out = bytearray()
    write_exception10(out, value)
    return bytes(out)


class Slices10Test(SynchronousTestCase):
    def test_instances_follow_the_slices(self) -> None:
        data = written(MoreBroken(Shape("s"), "why", Leaf(1), Color.blue, 3))
        self.assertEqual(data[0], 1)
        again = read_exception10(data, 0, None, (Broken,))
        assert isinstance(again, MoreBroken) and again.what is not None
        self.assertEqual((again.what.name, again.why, again.color), ("s", "why", Color.blue))
        self.assertEqual((again.leaf, again.n), (None, None), "optional members do not travel")

    def test_without_classes_nothing_follows(self) -> None:
        data = written(Failure("r"))
        self.assertEqual(data.hex(), "00" + "13" + b"::Failures::Failure".hex() + "06000000" + "0172")
        again = read_exception10(data, 0, None, (Failure,))
        assert isinstance(again, Failure)
        self.assertEqual(again.reason, "r")

    def test_an_unknown_derived_exception_is_read_as_its_base(self) -> None:
        data = written(MoreBroken(None, "why")).replace(b"::Graphs::MoreBroken", b"::Graphs::LessBroken")
        again = read_exception10(data, 0, None, (Broken,))
        self.assertIs(type(again), Broken)
        self.assertRaises(UnknownSlicesError, read_exception10, data, 0, None, (Empty,))

    @given(st.binary(max_size=80), st.integers(0, 120))
    def test_garbage_raises_only_the_peers_fault(self, garbage: bytes, at: int) -> None:
        data = written(MoreBroken(Shape("s"), "why"))
        for case in (garbage, data[:at] + garbage + data[at + len(garbage) :]):
            try:
                read_exception10(case, 0, None, (Broken,))
            except (MarshalException, UnknownSlicesError):
                continue
            except Exception as error:
                self.assertEqual(type(error).__name__, "error", "of struct")
