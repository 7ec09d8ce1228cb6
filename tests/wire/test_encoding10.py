"""Shapes: every kind of type in encoding 1.0."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.encoding10 import (
    BOOL,
    BYTE,
    BYTES,
    DOUBLE,
    FLOAT,
    INT,
    LONG,
    SHORT,
    STRING,
    Dictionary10,
    Enum10,
    Proxy10,
    Same,
    Sequence10,
)
from pushnet.wire.errors import MarshalException
from pushnet.wire.values10 import Reader10, Writer10
from tests.golden import graphs
from tests.golden.graphs import Box, Color, Point, Shape, Spot


def enum(largest: int) -> Enum10:
    return Enum10(IntEnum("E", {"a": 0, "b": largest}), "::E")


class Encoding10Test(SynchronousTestCase):
    def assertTravels(self, shape: Any, value: Any, data: str) -> None:
        out = bytearray()
        writer = Writer10()
        shape.write(out, value, writer)
        self.assertEqual(out.hex(), data.replace(" ", ""))
        self.assertEqual(shape.read(b"xx" + out, 2, Reader10(None)), (value, len(out) + 2))

    def test_what_is_the_same_in_both(self) -> None:
        for shape, value, data in (
            (BOOL, True, "01"),
            (BYTE, 255, "ff"),
            (SHORT, -2, "feff"),
            (INT, 1, "01000000"),
            (LONG, 1, "0100000000000000"),
            (FLOAT, 0.5, "0000003f"),
            (DOUBLE, 0.5, "000000000000e03f"),
            (STRING, "a", "0161"),
            (BYTES, b"a", "0161"),
            (Same(graphs.write_Point, graphs.read_Point), Point(1, 2), "01000000 02000000"),
        ):
            self.assertTravels(shape, value, data)

    def test_enums_are_as_wide_as_their_largest_value(self) -> None:
        for largest, data in (
            (126, "7e"),
            (127, "7f00"),
            (32766, "fe7f"),
            (32767, "ff7f0000"),
            (2**31 - 1, "ffffff7f"),
        ):
            self.assertTravels(enum(largest), largest, data)
        self.assertRaises(MarshalException, enum(9).read, b"\3", 0, Reader10(None))

    def test_structs_sequences_and_dictionaries_of_what_differs(self) -> None:
        self.assertTravels(graphs.old_Spot, Spot(Point(1, 2), Color.blue, "n"), "01000000 02000000 7e 016e")
        self.assertTravels(Sequence10(graphs.old_Color, 1), [Color.red, Color.blue], "02 00 7e")
        self.assertTravels(Dictionary10(graphs.old_Color, STRING, 2), {Color.blue: "b"}, "01 7e 0162")
        self.assertTravels(graphs.old_Box, Box(1), "01000000 00000000 00")

    def test_counts_that_cannot_be_are_refused(self) -> None:
        for shape in (Sequence10(INT, 4), Dictionary10(INT, INT, 8)):
            self.assertRaises(MarshalException, shape.read, b"\xff\xff\xff\xff\x7f", 0, Reader10(None))

    def test_a_null_proxy(self) -> None:
        self.assertTravels(Proxy10(object), None, "0000")

    def test_instances_are_named(self) -> None:
        out = bytearray()
        graphs.old_Shapes.write(out, [None, Shape()], Writer10())
        self.assertEqual(out.hex(), "0200000000ffffffff")
