"""Graphs of any shape, with cycles and shared instances, come back as they were, however they travel."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import Value
from pushnet.wire.values10 import Reader10, Writer10
from tests.golden.graphs import Circle, Color, Empty, Kept, Leaf, Node, Point, Shape
from tests.wire.graph_cases import Told


@st.composite
def graphs(draw: st.DrawFn) -> list[Value | None]:
    """Instances that name each other at random; the first few are what is sent."""
    leaves: list[Any] = [Leaf(draw(st.integers(-5, 5))) for _ in range(draw(st.integers(0, 3)))]
    shapes: list[Any] = [
        draw(st.sampled_from((Shape, Circle, Empty)))(
            draw(st.text(max_size=3)), Point(1, 2), draw(st.sampled_from(Color))
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    nodes: list[Any] = [
        draw(st.sampled_from((Node, Kept)))(number) for number in range(draw(st.integers(1, 6)))
    ]
    some_leaves = st.lists(st.sampled_from([None, *leaves]), max_size=4)
    for node in nodes:
        node.left = draw(st.sampled_from([None, *nodes]))
        node.right = draw(st.sampled_from([None, *nodes]))
        node.anything = draw(st.sampled_from([None, *nodes, *leaves, *shapes]))
        node.leaves = draw(some_leaves)
        node.byName = dict(enumerate(draw(some_leaves)))
        node.byName = {str(key): value for key, value in node.byName.items()}
        node.text = draw(st.none() | st.text(max_size=300))
        node.shape = draw(st.sampled_from([None, *shapes]))
        node.more = draw(st.none() | some_leaves)
        node.point = draw(st.none() | st.just(Point(3, -4)))
        node.large = draw(st.none() | st.integers(-(2**63), 2**63 - 1))
    return draw(st.lists(st.sampled_from([None, *nodes, *leaves, *shapes]), min_size=1, max_size=4))


class AnyGraphTest(SynchronousTestCase):
    @given(graphs(), st.booleans())
    def test_in_encoding_11(self, values: list[Value | None], sliced: bool) -> None:
        out = bytearray()
        writer = ValueWriter(sliced)
        for value in values:
            writer.write(out, value)
        reader = ValueReader(None)
        again: list[Value | None] = []
        pos = 0
        for _ in values:
            value, pos = reader.value(bytes(out), pos, Value)
            again.append(value)
        self.assertEqual(pos, len(out))
        self.assertEqual(Told().of(again), Told().of(values))

    @given(graphs())
    def test_in_encoding_10_without_what_is_optional(self, values: list[Value | None]) -> None:
        out = bytearray()
        writer = Writer10()
        for value in values:
            writer.write(out, value)
        writer.finish(out)
        reader = Reader10(None)
        again: list[Value | None] = []
        pos = 0
        for _ in values:
            value, pos = reader.value(bytes(out), pos, Value)
            again.append(value)
        self.assertEqual(reader.finish(bytes(out), pos), len(out))
        told = Told()
        text = told.of(again)
        for value in _reached(values):
            if isinstance(value, Node):
                value.text = value.shape = value.more = value.point = value.large = None
            if isinstance(value, Kept):
                value.leaf = None
        self.assertEqual(text, Told().of(values))


def _reached(values: list[Value | None]) -> list[Value]:
    """All instances of a graph."""
    found: dict[Value, None] = {}
    waiting: list[Any] = list(values)
    while waiting:
        value = waiting.pop()
        if value is not None and value not in found:
            found[value] = None
            if isinstance(value, Node):
                waiting += [value.left, value.right, value.anything, *value.leaves, *value.byName.values()]
    return list(found)
