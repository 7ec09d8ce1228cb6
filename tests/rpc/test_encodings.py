"""Calls in both encodings, with classes in both formats, between nodes of a simulated network."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import UnknownLocalException
from pushnet.rpc.stubs import Current
from pushnet.wire.values import Value
from tests.golden.graphs import (
    Box,
    Broken,
    Circle,
    Color,
    Empty,
    GraphPrx,
    GraphServant,
    Leaf,
    MoreBroken,
    Node,
    Point,
    Shape,
)
from tests.rpc.given import PORT, Grid

ENCODINGS = ((1, 1), (1, 0))


class GraphI(GraphServant):
    """Answers with what it gets; notes in which encoding."""

    def __init__(self) -> None:
        self.encodings: list[tuple[int, int]] = []

    def echo(self, node: Node | None, current: Current | None = None) -> Any:
        assert current is not None
        self.encodings.append(current.encoding)
        return node

    def several(self, a: Any, n: int, b: Any, current: Current | None = None) -> Any:
        if n < 0:
            raise MoreBroken(a, "negative", Leaf(n), Color.blue, n)
        return a, Node(n), Box(n, b, [a, b])

    def sliced(self, value: Value | None, leaves: Any, current: Current | None = None) -> Any:
        if value is None:
            raise Broken(Empty("e"), "nothing")
        return value

    def maybe(self, a: Any, values: int, leaves: Any, current: Current | None = None) -> Any:
        return a, None if leaves is None else {Color.blue: Box(len(leaves), a)}

    def paint(self, color: Color, where: Any, current: Current | None = None) -> Any:
        return Color.blue if where is None else color

    def plain(self, a: int, p: Point, current: Current | None = None) -> Any:
        assert current is not None
        self.encodings.append(current.encoding)


class EncodingsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = GraphI()
        self.grid.serve("server", self.servant)

    def proxy(self, encoding: tuple[int, int]) -> GraphPrx:
        text = f"object -e {encoding[0]}.{encoding[1]}:tcp -h server -p {PORT}"
        return GraphPrx(self.grid.proxy("client", text).ice_reference)

    def wait(self, work: Any) -> Any:
        return self.grid.wait(work)

    def test_a_graph_goes_there_and_back(self) -> None:
        for encoding in ENCODINGS:
            prx = self.proxy(encoding)
            node = Node(1, leaves=[Leaf(2)], byName={"x": None}, proxy=prx)
            node.left = node
            node.anything = Circle("c", radius=3.0)
            again = self.wait(prx.echo(node))
            self.assertIs(again.left, again)
            self.assertEqual((again.number, again.leaves[0].size, again.byName), (1, 2, {"x": None}))
            self.assertEqual((again.anything.name, again.anything.radius), ("c", 3.0))
            self.assertEqual(again.proxy, prx)
            self.assertIsNone(self.wait(prx.echo(None)))
        self.assertEqual(self.servant.encodings, [(1, 1), (1, 1), (1, 0), (1, 0)])

    def test_instances_are_shared_between_parameters_and_between_results(self) -> None:
        for encoding in ENCODINGS:
            shape = Shape("s")
            result, node, holder = self.wait(self.proxy(encoding).several(shape, 4, shape))
            self.assertEqual((result.name, node.number, holder.before), ("s", 4, 4))
            self.assertEqual([id(item) for item in [holder.shape, *holder.rest]], [id(result)] * 3)

    def test_exceptions_bring_their_instances(self) -> None:
        for encoding in ENCODINGS:
            prx = self.proxy(encoding)
            error = self.assertRaises(MoreBroken, self.wait, prx.several(Circle("c"), -1, None))
            self.assertEqual((type(error.what), error.why, error.color), (Circle, "negative", Color.blue))
            optional = (None, None) if encoding == (1, 0) else (-1, -1)
            self.assertEqual((error.leaf and error.leaf.size, error.n), optional)
            simple = self.assertRaises(Broken, self.wait, prx.sliced(None, []))
            self.assertEqual((simple.what.name, simple.why), ("e", "nothing"))

    def test_what_is_optional_stays_behind_in_encoding_10(self) -> None:
        shape, holders = self.wait(self.proxy((1, 1)).maybe(Shape("s"), 1, [None, Leaf()]))
        self.assertEqual((shape.name, holders[Color.blue].before), ("s", 2))
        self.assertIs(holders[Color.blue].shape, shape)
        self.assertEqual(self.wait(self.proxy((1, 0)).maybe(Shape("s"), 1, [])), (None, None))

    def test_any_class_in_the_sliced_format(self) -> None:
        for encoding in ENCODINGS:
            value = self.wait(self.proxy(encoding).sliced(Leaf(5), [Leaf(1), None]))
            self.assertEqual((type(value), value.size), (Leaf, 5))

    def test_enums_and_proxies(self) -> None:
        for encoding in ENCODINGS:
            prx = self.proxy(encoding)
            self.assertEqual(self.wait(prx.paint(Color.green, prx)), Color.green)
            self.assertEqual(self.wait(prx.paint(Color.green, None)), Color.blue)
            self.wait(prx.ice_ping())
            self.assertEqual(self.wait(prx.ice_id()), "::Graphs::Graph")

    def test_what_is_not_answered_is_in_the_encoding_of_the_proxy_too(self) -> None:
        prx = self.proxy((1, 0))
        self.wait(prx.ice_oneway().plain(1, Point(2, 3)))
        batch = prx.ice_batchOneway()
        self.wait(batch.plain(1, Point(2, 3)))
        self.wait(batch.ice_flushBatchRequests())
        self.wait(prx.ice_encodingVersion((1, 1)).plain(1, Point(2, 3)))
        self.assertEqual(sorted(self.servant.encodings), [(1, 0), (1, 0), (1, 1)])

    def test_a_later_encoding_is_refused(self) -> None:
        prx = self.proxy((1, 1))
        call = prx.ice_invoke("plain", 0, bytes.fromhex("060000000200"))
        self.assertRaises(UnknownLocalException, self.wait, call)
