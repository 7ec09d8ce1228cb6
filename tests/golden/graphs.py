# Written by slice2tx from golden/graphs.ice. To change it, change the Slice file.
"""Classes: values with identity."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from struct import Struct
from typing import Any, ClassVar, Final, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ExceptionSlice,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    UserException,
    read_proxy,
    write_proxy,
)
from pushnet.wire.basic import read_count, read_size, read_string, write_size, write_string
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import (
    INT,
    STRING,
    Class10,
    Dictionary10,
    Enum10,
    Proxy10,
    Same,
    Sequence10,
    Struct10,
)
from pushnet.wire.enums import SliceEnum
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of
from pushnet.wire.optional import end_optionals, seek_optional, write_optional_header
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.value_writer import ValueWriter
from pushnet.wire.values import Value, ValueSlice

__all__ = [
    "Box",
    "Broken",
    "Circle",
    "Color",
    "Empty",
    "Graph",
    "GraphPrx",
    "GraphServant",
    "Kept",
    "Leaf",
    "MoreBroken",
    "Node",
    "Point",
    "Shape",
    "Spot",
    "read_Box",
    "read_Boxes",
    "read_Color",
    "read_Leaves",
    "read_LeavesByName",
    "read_Point",
    "read_Shapes",
    "read_Spot",
    "write_Box",
    "write_Boxes",
    "write_Color",
    "write_Leaves",
    "write_LeavesByName",
    "write_Point",
    "write_Shapes",
    "write_Spot",
]


class Color(SliceEnum):
    red = 0
    green = 1
    blue = 126


@attrs.frozen(order=True)
class Point:
    x: int = 0
    y: int = 0


@attrs.frozen(order=True)
class Spot:
    at: Point = attrs.field(factory=Point)
    color: Color = Color.green
    name: str = ""


@attrs.define(eq=False, slots=False)
class Shape(Value):
    """The root of the shapes."""

    name: str = "shape"
    at: Point = attrs.field(factory=Point)
    """Where it stands."""

    color: Color = Color.red


@attrs.define(eq=False, slots=False)
class Circle(Shape):
    radius: float = 1.5


@attrs.define(eq=False, slots=False)
class Empty(Circle):
    pass


@attrs.define(eq=False, slots=False)
class Node(Value):
    number: int = 0
    left: Node | None = None
    right: Node | None = None
    anything: Value | None = None
    leaves: list[Leaf | None] = attrs.field(factory=list)
    byName: dict[str, Leaf | None] = attrs.field(factory=dict)
    proxy: ObjectPrx | None = None
    text: str | None = None
    shape: Shape | None = None
    more: list[Leaf | None] | None = None
    point: Point | None = None
    large: int | None = 5


@attrs.define(eq=False, slots=False)
class Kept(Node):
    spot: Spot = attrs.field(factory=Spot)
    friend: Node | None = None
    leaf: Leaf | None = None


@attrs.define(eq=False, slots=False)
class Leaf(Value):
    size: int = 0


@attrs.frozen
class Box:
    before: int = 0
    shape: Shape | None = None
    rest: list[Shape | None] = attrs.field(factory=list)


@attrs.frozen
class Broken(UserException):
    what: Shape | None = None
    why: str = ""


@attrs.frozen
class MoreBroken(Broken):
    leaf: Leaf | None = None
    color: Color = Color.red
    n: int | None = None


class Graph(Protocol):
    def echo(self, node: Node | None, current: Current | None = None, /) -> Awaitable[Node | None]: ...

    def several(
        self, a: Shape | None, n: int, b: Shape | None, current: Current | None = None, /
    ) -> Awaitable[tuple[Shape | None, Node | None, Box]]: ...

    def sliced(
        self, value: Value | None, leaves: Sequence[Leaf | None], current: Current | None = None, /
    ) -> Awaitable[Value | None]: ...

    def maybe(
        self,
        a: Shape | None,
        values: int,
        leaves: Sequence[Leaf | None] | None,
        current: Current | None = None,
        /,
    ) -> Awaitable[tuple[Shape | None, dict[Color, Box] | None]]: ...

    def byValue(
        self, o: Value | None, v: Value | None, current: Current | None = None, /
    ) -> Awaitable[None]: ...

    def paint(
        self, color: Color, where: ObjectPrx | None, current: Current | None = None, /
    ) -> Awaitable[Color]: ...

    def plain(self, a: int, p: Point, current: Current | None = None, /) -> Awaitable[None]: ...


class GraphPrx(ObjectPrx):
    """Calls a `Graph` wherever it is."""

    ice_type: ClassVar[str] = "::Graphs::Graph"

    def echo(self, node: Node | None, context: CallContext = None) -> Deferred[Node | None]:
        if self._ice_old:
            return self._ice_call10(_OP_Graph_echo, (node,), context)
        out = bytearray()
        values = ValueWriter(self._ice_sliced)
        values.write(out, node)
        return self._ice_call(_OP_Graph_echo, out, context)

    def several(
        self, a: Shape | None, n: int, b: Shape | None, context: CallContext = None
    ) -> Deferred[tuple[Shape | None, Node | None, Box]]:
        if self._ice_old:
            return self._ice_call10(_OP_Graph_several, (a, n, b), context)
        out = bytearray()
        values = ValueWriter(self._ice_sliced)
        values.write(out, a)
        out += _S_i.pack(n)
        values.write(out, b)
        return self._ice_call(_OP_Graph_several, out, context)

    def sliced(
        self, value: Value | None, leaves: Sequence[Leaf | None], context: CallContext = None
    ) -> Deferred[Value | None]:
        if self._ice_old:
            return self._ice_call10(_OP_Graph_sliced, (value, leaves), context)
        out = bytearray()
        values = ValueWriter(sliced=True)
        values.write(out, value)
        write_Leaves(out, leaves, values)
        return self._ice_call(_OP_Graph_sliced, out, context)

    def maybe(
        self,
        a: Shape | None,
        values: int,
        leaves: Sequence[Leaf | None] | None = None,
        context: CallContext = None,
    ) -> Deferred[tuple[Shape | None, dict[Color, Box] | None]]:
        if self._ice_old:
            return self._ice_call10(_OP_Graph_maybe, (a, values, leaves), context)
        out = bytearray()
        _values = ValueWriter(self._ice_sliced)
        out += _S_i.pack(values)
        if a is not None:
            write_optional_header(out, 2, 7)
            _values.write(out, a)
        if leaves is not None:
            write_optional_header(out, 3, 6)
            start = len(out)
            out += b"\0\0\0\0"
            write_Leaves(out, leaves, _values)
            _S_i.pack_into(out, start, len(out) - start - 4)
        return self._ice_call(_OP_Graph_maybe, out, context)

    def byValue(self, o: Value | None, v: Value | None, context: CallContext = None) -> Deferred[None]:
        if self._ice_old:
            return self._ice_call10(_OP_Graph_byValue, (o, v), context)
        out = bytearray()
        values = ValueWriter(self._ice_sliced)
        values.write(out, o)
        values.write(out, v)
        return self._ice_call(_OP_Graph_byValue, out, context)

    def paint(self, color: Color, where: ObjectPrx | None, context: CallContext = None) -> Deferred[Color]:
        if self._ice_old:
            return self._ice_call10(_OP_Graph_paint, (color, where), context)
        out = bytearray()
        write_Color(out, color)
        write_proxy(out, where)
        return self._ice_call(_OP_Graph_paint, out, context)

    def plain(self, a: int, p: Point, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Graph_plain, _S_iii.pack(a, p.x, p.y), context)


class GraphServant(Servant):
    """Serves a `Graph`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Graphs::Graph"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Graphs::Graph", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_S_d = Struct("<d")
_S_i = Struct("<i")
_S_ii = Struct("<ii")
_S_iii = Struct("<iii")
_S_q = Struct("<q")

_new_Box = maker_of(Box)
_new_Point = maker_of(Point)
_new_Spot = maker_of(Spot)

_MEMBERS_Color: Final = {member.value: member for member in Color}


def write_Color(out: bytearray, value: Color) -> None:
    write_size(out, value)


def read_Color(buf: bytes, pos: int) -> tuple[Color, int]:
    number, pos = read_size(buf, pos)
    value = _MEMBERS_Color.get(number)
    if value is None:
        raise MarshalException(f"{number} is no ::Graphs::Color")
    return value, pos


old_Color = Enum10(Color, "::Graphs::Color")


def write_Point(out: bytearray, value: Point) -> None:
    out += _S_ii.pack(value.x, value.y)


def read_Point(buf: bytes, pos: int) -> tuple[Point, int]:
    x, y = _S_ii.unpack_from(buf, pos)
    return _new_Point(x, y), pos + 8


def write_Spot(out: bytearray, value: Spot) -> None:
    out += _S_ii.pack(value.at.x, value.at.y)
    write_Color(out, value.color)
    write_string(out, value.name)


def read_Spot(buf: bytes, pos: int) -> tuple[Spot, int]:
    at_x, at_y = _S_ii.unpack_from(buf, pos)
    color, pos = read_Color(buf, pos + 8)
    name, pos = read_string(buf, pos)
    return _new_Spot(_new_Point(at_x, at_y), color, name), pos


old_Spot = Struct10(Spot, (("at", Same(write_Point, read_Point)), ("color", old_Color), ("name", STRING)))


def write_Leaves(out: bytearray, value: Sequence[Leaf | None], values: ValueWriter) -> None:
    write_size(out, len(value))
    for item in value:
        values.write(out, item)


def read_Leaves(buf: bytes, pos: int, source: ValueReader) -> tuple[list[Leaf | None], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[Leaf | None] = []
    for _ in range(count):
        item, pos = source.value(buf, pos, Leaf)
        items.append(item)
    return items, pos


old_Leaves = Sequence10(Class10(Leaf), 1)


def write_LeavesByName(out: bytearray, value: Mapping[str, Leaf | None], values: ValueWriter) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        values.write(out, item)


def read_LeavesByName(buf: bytes, pos: int, source: ValueReader) -> tuple[dict[str, Leaf | None], int]:
    count, pos = read_count(buf, pos, 2)
    value: dict[str, Leaf | None] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        item, pos = source.value(buf, pos, Leaf)
        value[key] = item
    return value, pos


old_LeavesByName = Dictionary10(STRING, Class10(Leaf), 2)


def _write_Shape(out: bytearray, value: Shape, values: ValueWriter) -> None:
    write_string(out, value.name)
    out += _S_ii.pack(value.at.x, value.at.y)
    write_Color(out, value.color)


def _read_Shape(buf: bytes, pos: int, value: Shape, source: ValueReader) -> int:
    value.name, pos = read_string(buf, pos)
    value_at_x, value_at_y = _S_ii.unpack_from(buf, pos)
    value.color, pos = read_Color(buf, pos + 8)
    value.at = _new_Point(value_at_x, value_at_y)
    return pos


_old_Shape = (("name", STRING), ("at", Same(write_Point, read_Point)), ("color", old_Color))

Shape.ice_slice = ValueSlice("::Graphs::Shape", Shape, _write_Shape, _read_Shape, old=_old_Shape)


def _write_Circle(out: bytearray, value: Circle, values: ValueWriter) -> None:
    out += _S_d.pack(value.radius)


def _read_Circle(buf: bytes, pos: int, value: Circle, source: ValueReader) -> int:
    (value.radius,) = _S_d.unpack_from(buf, pos)
    return pos + 8


Circle.ice_slice = ValueSlice(
    "::Graphs::Circle", Circle, _write_Circle, _read_Circle, Shape.ice_slice, compact_id=7
)


def _write_Empty(out: bytearray, value: Empty, values: ValueWriter) -> None:
    """Has no members of its own."""


def _read_Empty(buf: bytes, pos: int, value: Empty, source: ValueReader) -> int:
    return pos


Empty.ice_slice = ValueSlice("::Graphs::Empty", Empty, _write_Empty, _read_Empty, Circle.ice_slice)


def _write_Node(out: bytearray, value: Node, values: ValueWriter) -> bool:
    out += _S_i.pack(value.number)
    values.write(out, value.left)
    values.write(out, value.right)
    values.write(out, value.anything)
    write_Leaves(out, value.leaves, values)
    write_LeavesByName(out, value.byName, values)
    write_proxy(out, value.proxy)
    before = len(out)
    if value.shape is not None:
        write_optional_header(out, 1, 7)
        values.write(out, value.shape)
    if value.more is not None:
        write_optional_header(out, 2, 6)
        start = len(out)
        out += b"\0\0\0\0"
        write_Leaves(out, value.more, values)
        _S_i.pack_into(out, start, len(out) - start - 4)
    if value.text is not None:
        write_optional_header(out, 3, 5)
        write_string(out, value.text)
    if value.large is not None:
        write_optional_header(out, 4, 3)
        out += _S_q.pack(value.large)
    if value.point is not None:
        write_optional_header(out, 50, 5)
        write_size(out, 8)
        out += _S_ii.pack(value.point.x, value.point.y)
    return end_optionals(out, before)


def _read_Node(buf: bytes, pos: int, value: Node, source: ValueReader, optionals: bool) -> int:
    (value.number,) = _S_i.unpack_from(buf, pos)
    value.left, pos = source.value(buf, pos + 4, Node)
    value.right, pos = source.value(buf, pos, Node)
    value.anything, pos = source.value(buf, pos, Value)
    value.leaves, pos = read_Leaves(buf, pos, source)
    value.byName, pos = read_LeavesByName(buf, pos, source)
    value.proxy, pos = read_proxy(buf, pos, source, ObjectPrx)
    value.shape = None
    value.more = None
    value.text = None
    value.large = None
    value.point = None
    if optionals:
        there, pos = seek_optional(buf, pos, 1, 7, source.skip)
        if there:
            value.shape, pos = source.value(buf, pos, Shape)
        there, pos = seek_optional(buf, pos, 2, 6, source.skip)
        if there:
            value.more, pos = read_Leaves(buf, pos + 4, source)
        there, pos = seek_optional(buf, pos, 3, 5, source.skip)
        if there:
            value.text, pos = read_string(buf, pos)
        there, pos = seek_optional(buf, pos, 4, 3, source.skip)
        if there:
            (value.large,) = _S_q.unpack_from(buf, pos)
            pos += 8
        there, pos = seek_optional(buf, pos, 50, 5, source.skip)
        if there:
            _, pos = read_size(buf, pos)
            value_point_x, value_point_y = _S_ii.unpack_from(buf, pos)
            value.point = _new_Point(value_point_x, value_point_y)
            pos += 8
    return pos


_old_Node = (
    ("number", INT),
    ("left", Class10(Node)),
    ("right", Class10(Node)),
    ("anything", Class10(Value)),
    ("leaves", old_Leaves),
    ("byName", old_LeavesByName),
    ("proxy", Proxy10(ObjectPrx)),
    ("text", None),
    ("shape", None),
    ("more", None),
    ("point", None),
    ("large", None),
)

Node.ice_slice = ValueSlice(
    "::Graphs::Node", Node, _write_Node, _read_Node, preserve=True, optionals=True, old=_old_Node
)


def _write_Kept(out: bytearray, value: Kept, values: ValueWriter) -> bool:
    write_Spot(out, value.spot)
    values.write(out, value.friend)
    before = len(out)
    if value.leaf is not None:
        write_optional_header(out, 1, 7)
        values.write(out, value.leaf)
    return end_optionals(out, before)


def _read_Kept(buf: bytes, pos: int, value: Kept, source: ValueReader, optionals: bool) -> int:
    value.spot, pos = read_Spot(buf, pos)
    value.friend, pos = source.value(buf, pos, Node)
    value.leaf = None
    if optionals:
        there, pos = seek_optional(buf, pos, 1, 7, source.skip)
        if there:
            value.leaf, pos = source.value(buf, pos, Leaf)
    return pos


_old_Kept = (("spot", old_Spot), ("friend", Class10(Node)), ("leaf", None))

Kept.ice_slice = ValueSlice(
    "::Graphs::Kept",
    Kept,
    _write_Kept,
    _read_Kept,
    Node.ice_slice,
    preserve=True,
    optionals=True,
    old=_old_Kept,
)


def _write_Leaf(out: bytearray, value: Leaf, values: ValueWriter) -> None:
    out += _S_i.pack(value.size)


def _read_Leaf(buf: bytes, pos: int, value: Leaf, source: ValueReader) -> int:
    (value.size,) = _S_i.unpack_from(buf, pos)
    return pos + 4


Leaf.ice_slice = ValueSlice("::Graphs::Leaf", Leaf, _write_Leaf, _read_Leaf)


def write_Shapes(out: bytearray, value: Sequence[Shape | None], values: ValueWriter) -> None:
    write_size(out, len(value))
    for item in value:
        values.write(out, item)


def read_Shapes(buf: bytes, pos: int, source: ValueReader) -> tuple[list[Shape | None], int]:
    count, pos = read_count(buf, pos, 1)
    items: list[Shape | None] = []
    for _ in range(count):
        item, pos = source.value(buf, pos, Shape)
        items.append(item)
    return items, pos


old_Shapes = Sequence10(Class10(Shape), 1)


def write_Box(out: bytearray, value: Box, values: ValueWriter) -> None:
    out += _S_i.pack(value.before)
    values.write(out, value.shape)
    write_Shapes(out, value.rest, values)


def read_Box(buf: bytes, pos: int, source: ValueReader) -> tuple[Box, int]:
    (before,) = _S_i.unpack_from(buf, pos)
    shape, pos = source.value(buf, pos + 4, Shape)
    rest, pos = read_Shapes(buf, pos, source)
    return _new_Box(before, shape, rest), pos


old_Box = Struct10(Box, (("before", INT), ("shape", Class10(Shape)), ("rest", old_Shapes)))


def write_Boxes(out: bytearray, value: Mapping[Color, Box], values: ValueWriter) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        write_Color(out, key)
        out += _S_i.pack(item.before)
        values.write(out, item.shape)
        write_Shapes(out, item.rest, values)


def read_Boxes(buf: bytes, pos: int, source: ValueReader) -> tuple[dict[Color, Box], int]:
    count, pos = read_count(buf, pos, 7)
    value: dict[Color, Box] = {}
    for _ in range(count):
        key, pos = read_Color(buf, pos)
        (before,) = _S_i.unpack_from(buf, pos)
        shape, pos = source.value(buf, pos + 4, Shape)
        rest, pos = read_Shapes(buf, pos, source)
        value[key] = _new_Box(before, shape, rest)
    return value, pos


old_Boxes = Dictionary10(old_Color, old_Box, 7)


def _write_Broken(out: bytearray, value: Broken, values: ValueWriter) -> None:
    values.write(out, value.what)
    write_string(out, value.why)


def _read_Broken(buf: bytes, pos: int, source: ValueReader) -> tuple[tuple[Any, ...], int]:
    what, pos = source.value(buf, pos, Shape)
    why, pos = read_string(buf, pos)
    return (what, why), pos


_old_Broken = (("what", Class10(Shape)), ("why", STRING))

Broken.ice_slice = ExceptionSlice(
    "::Graphs::Broken", Broken, _write_Broken, _read_Broken, None, classes=True, old=_old_Broken
)


def _write_MoreBroken(out: bytearray, value: MoreBroken, values: ValueWriter) -> bool:
    write_Color(out, value.color)
    before = len(out)
    if value.n is not None:
        write_optional_header(out, 1, 2)
        out += _S_i.pack(value.n)
    if value.leaf is not None:
        write_optional_header(out, 2, 7)
        values.write(out, value.leaf)
    return end_optionals(out, before)


def _read_MoreBroken(
    buf: bytes, pos: int, source: ValueReader, optionals: bool
) -> tuple[tuple[Any, ...], int]:
    color, pos = read_Color(buf, pos)
    n: int | None = None
    leaf: Leaf | None = None
    if optionals:
        there, pos = seek_optional(buf, pos, 1, 2, source.skip)
        if there:
            (n,) = _S_i.unpack_from(buf, pos)
            pos += 4
        there, pos = seek_optional(buf, pos, 2, 7, source.skip)
        if there:
            leaf, pos = source.value(buf, pos, Leaf)
    return (leaf, color, n), pos


_old_MoreBroken = (("leaf", None), ("color", old_Color), ("n", None))

MoreBroken.ice_slice = ExceptionSlice(
    "::Graphs::MoreBroken",
    MoreBroken,
    _write_MoreBroken,
    _read_MoreBroken,
    Broken.ice_slice,
    classes=True,
    preserve=True,
    optionals=True,
    old=_old_MoreBroken,
)

_OLD_Graph_echo = Call10(
    "echo", (Class10(Node),), (Class10(Node),), returns=True, classes_in=True, classes_out=True
)


def _read_result_Graph_echo(buf: bytes, pos: int, source: Source) -> Node | None:
    values = ValueReader(source)
    result, pos = values.value(buf, pos, Node)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result


def _serve_Graph_echo(servant: Graph, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    node, pos = values.value(buf, pos, Node)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.echo(node, current)


def _write_result_Graph_echo(value: Node | None, sliced: bool = False) -> bytearray:
    out = bytearray()
    values = ValueWriter(sliced)
    values.write(out, value)
    return out


_OP_Graph_echo: Operation[Node | None] = Operation(
    "echo", 0, _read_result_Graph_echo, (), old=_OLD_Graph_echo
)

_OLD_Graph_several = Call10(
    "several",
    (Class10(Shape), INT, Class10(Shape)),
    (Class10(Shape), Class10(Node), old_Box),
    returns=True,
    classes_in=True,
    classes_out=True,
)


def _read_result_Graph_several(buf: bytes, pos: int, source: Source) -> tuple[Shape | None, Node | None, Box]:
    values = ValueReader(source)
    c, pos = values.value(buf, pos, Node)
    d, pos = read_Box(buf, pos, values)
    result, pos = values.value(buf, pos, Shape)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result, c, d


def _serve_Graph_several(servant: Graph, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    a, pos = values.value(buf, pos, Shape)
    (n,) = _S_i.unpack_from(buf, pos)
    b, pos = values.value(buf, pos + 4, Shape)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.several(a, n, b, current)


def _write_result_Graph_several(
    value: tuple[Shape | None, Node | None, Box], sliced: bool = False
) -> bytearray:
    result, c, d = value
    out = bytearray()
    values = ValueWriter(sliced)
    values.write(out, c)
    write_Box(out, d, values)
    values.write(out, result)
    return out


_OP_Graph_several: Operation[tuple[Shape | None, Node | None, Box]] = Operation(
    "several", 0, _read_result_Graph_several, (Broken,), old=_OLD_Graph_several
)

_OLD_Graph_sliced = Call10(
    "sliced", (Class10(Value), old_Leaves), (Class10(Value),), returns=True, classes_in=True, classes_out=True
)


def _read_result_Graph_sliced(buf: bytes, pos: int, source: Source) -> Value | None:
    values = ValueReader(source)
    result, pos = values.value(buf, pos, Value)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result


def _serve_Graph_sliced(servant: Graph, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    value, pos = values.value(buf, pos, Value)
    leaves, pos = read_Leaves(buf, pos, values)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.sliced(value, leaves, current)


def _write_result_Graph_sliced(value: Value | None) -> bytearray:
    out = bytearray()
    values = ValueWriter(sliced=True)
    values.write(out, value)
    return out


_OP_Graph_sliced: Operation[Value | None] = Operation(
    "sliced", 0, _read_result_Graph_sliced, (Broken,), old=_OLD_Graph_sliced
)

_OLD_Graph_maybe = Call10("maybe", (None, INT, None), (None, None))


def _read_result_Graph_maybe(
    buf: bytes, pos: int, source: Source
) -> tuple[Shape | None, dict[Color, Box] | None]:
    values = ValueReader(source)
    result: Shape | None = None
    holders: dict[Color, Box] | None = None
    there, pos = seek_optional(buf, pos, 1, 7, values.skip)
    if there:
        result, pos = values.value(buf, pos, Shape)
    there, pos = seek_optional(buf, pos, 4, 6, values.skip)
    if there:
        holders, pos = read_Boxes(buf, pos + 4, values)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return result, holders


def _serve_Graph_maybe(servant: Graph, buf: bytes, pos: int, current: Current) -> Any:
    _values = ValueReader(current)
    (values,) = _S_i.unpack_from(buf, pos)
    a: Shape | None = None
    leaves: list[Leaf | None] | None = None
    there, pos = seek_optional(buf, pos + 4, 2, 7, _values.skip)
    if there:
        a, pos = _values.value(buf, pos, Shape)
    there, pos = seek_optional(buf, pos, 3, 6, _values.skip)
    if there:
        leaves, pos = read_Leaves(buf, pos + 4, _values)
    if pos != len(buf):
        pass_over(buf, pos, _values)
    return servant.maybe(a, values, leaves, current)


def _write_result_Graph_maybe(
    value: tuple[Shape | None, dict[Color, Box] | None], sliced: bool = False
) -> bytearray:
    result, holders = value
    out = bytearray()
    values = ValueWriter(sliced)
    if result is not None:
        write_optional_header(out, 1, 7)
        values.write(out, result)
    if holders is not None:
        write_optional_header(out, 4, 6)
        start = len(out)
        out += b"\0\0\0\0"
        write_Boxes(out, holders, values)
        _S_i.pack_into(out, start, len(out) - start - 4)
    return out


_OP_Graph_maybe: Operation[tuple[Shape | None, dict[Color, Box] | None]] = Operation(
    "maybe", 0, _read_result_Graph_maybe, (), old=_OLD_Graph_maybe
)

_OLD_Graph_byValue = Call10("byValue", (Class10(Value), Class10(Value)), (), classes_in=True)


def _serve_Graph_byValue(servant: Graph, buf: bytes, pos: int, current: Current) -> Any:
    values = ValueReader(current)
    o, pos = values.value(buf, pos, Value)
    v, pos = values.value(buf, pos, Value)
    if pos != len(buf):
        pass_over(buf, pos, values)
    return servant.byValue(o, v, current)


_OP_Graph_byValue: Operation[None] = Operation("byValue", 0, None, (), old=_OLD_Graph_byValue)

_OLD_Graph_paint = Call10("paint", (old_Color, Proxy10(ObjectPrx)), (old_Color,), returns=True)


def _read_result_Graph_paint(buf: bytes, pos: int, source: Source) -> Color:
    result, pos = read_Color(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Graph_paint(servant: Graph, buf: bytes, pos: int, current: Current) -> Any:
    color, pos = read_Color(buf, pos)
    where, pos = read_proxy(buf, pos, current, ObjectPrx)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.paint(color, where, current)


def _write_result_Graph_paint(value: Color) -> bytearray:
    out = bytearray()
    write_Color(out, value)
    return out


_OP_Graph_paint: Operation[Color] = Operation("paint", 0, _read_result_Graph_paint, (), old=_OLD_Graph_paint)


def _serve_Graph_plain(servant: Graph, buf: bytes, pos: int, current: Current) -> Any:
    a, p_x, p_y = _S_iii.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, current)
    return servant.plain(a, _new_Point(p_x, p_y), current)


_OP_Graph_plain: Operation[None] = Operation("plain", 0, None, ())

GraphServant.ice_operations = {
    b"echo": ServantOperation(
        "echo", 0, _serve_Graph_echo, _write_result_Graph_echo, either_format=True, old=_OLD_Graph_echo
    ),
    b"several": ServantOperation(
        "several",
        0,
        _serve_Graph_several,
        _write_result_Graph_several,
        either_format=True,
        old=_OLD_Graph_several,
    ),
    b"sliced": ServantOperation(
        "sliced", 0, _serve_Graph_sliced, _write_result_Graph_sliced, sliced=True, old=_OLD_Graph_sliced
    ),
    b"maybe": ServantOperation(
        "maybe", 0, _serve_Graph_maybe, _write_result_Graph_maybe, either_format=True, old=_OLD_Graph_maybe
    ),
    b"byValue": ServantOperation("byValue", 0, _serve_Graph_byValue, None, old=_OLD_Graph_byValue),
    b"paint": ServantOperation(
        "paint", 0, _serve_Graph_paint, _write_result_Graph_paint, old=_OLD_Graph_paint
    ),
    b"plain": ServantOperation("plain", 0, _serve_Graph_plain, None),
}
