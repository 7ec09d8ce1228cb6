"""Classes: graphs of instances: shared, in rings, in structs, dictionaries and exceptions; factories."""

from __future__ import annotations

from typing import Any

from .side import Side, Where, same, true

DEEPEST = 100
"""`Ice.ClassGraphDepthMax` where nothing is set."""


class Count:
    """How often something has come."""

    def __init__(self) -> None:
        self.number = 0


def serve(side: Side, adapter: Any) -> None:
    S = side.slice("objects")
    register(side, S)
    side.add(adapter, _zoo(side, S), "objects/zoo")
    side.add(adapter, _liar(side, S), "objects/liar")


def register(side: Side, S: Any) -> None:
    """The factory of `Counted`: once for a communicator."""

    class CountedI(S.Counted):  # type: ignore[misc]
        def ice_postUnmarshal(self) -> None:
            self.number += 1

    side.by_value(S, "Shape")
    factories = side.communicator.getValueFactoryManager()
    if factories.find("::Objects::Counted") is None:
        factories.add(lambda type_id: CountedI(), "::Objects::Counted")


def _zoo(side: Side, S: Any) -> Any:
    def twice(self: Any, value: Any, current: Any = None) -> Any:
        return value, value

    noted = Count()

    class ZooI(side.servant(S, "Zoo")):  # type: ignore[misc]
        passNode = passBase = passValue = passNodes = passValues = passByName = passBox = passBoxes = twice
        passCounted = passSpeaking = passShape = passSliced = passCompact = twice

        def one(self, a: Any, between: int, b: Any, current: Any = None) -> bool:
            return a is b

        def ring(self, size: int, current: Any = None) -> Any:
            return ring(S, size)

        def depth(self, first: Any, current: Any = None) -> int:
            depth = 0
            while first is not None:
                first, depth = first.next, depth + 1
            return depth

        def deep(self, depth: int, current: Any = None) -> Any:
            return chain(S, depth)

        def count(self, node: Any, current: Any = None) -> int:
            return len(members(node))

        def _raise(self, node: Any, value: Any, current: Any = None) -> Any:
            raise S.Kept(node, value, [S.Box(1, node, None, [node], {"n": node}, "b")])

        def wrong(self, current: Any = None) -> Any:
            return None

        def noneOfThose(self, current: Any = None) -> Any:
            return None, None, None

        def note(self, node: Any, current: Any = None) -> None:
            noted.number += len(members(node))

        def noted(self, current: Any = None) -> int:
            return noted.number

    return ZooI()


def _liar(side: Side, S: Any) -> Any:
    class LiarI(side.servant(S, "Liar")):  # type: ignore[misc]
        def wrong(self, current: Any = None) -> Any:
            return S.Bare()

        def depth(self, first: Any, current: Any = None) -> int:
            return 0

    return LiarI()


def ring(S: Any, size: int) -> Any:
    """Nodes in a ring: each has the next at its right and the one before at its left."""
    nodes = [S.Node(number) for number in range(size)]
    for number, node in enumerate(nodes):
        node.right, node.left = nodes[(number + 1) % size], nodes[number - 1]
    return nodes[0]


def chain(S: Any, depth: int) -> Any:
    first = None
    for _ in range(depth):
        first = S.Chain(first)
    return first


def members(node: Any) -> dict[int, Any]:
    """All nodes that can be reached, by what they are."""
    found: dict[int, Any] = {}
    open_ = [node]
    while open_:
        one = open_.pop()
        if one is not None and id(one) not in found:
            found[id(one)] = one
            open_ += [one.left, one.right]
    return found


def _there(where: Where) -> tuple[Any, Any]:
    S = where.side.slice("objects")
    register(where.side, S)
    return S, where.proxy(S.ZooPrx, "objects/zoo")


async def check_null(where: Where) -> None:
    _, zoo = _there(where)
    for name in ("Node", "Base", "Value", "Counted", "Speaking", "Sliced", "Compact"):
        same(await where.side.call(getattr(zoo, f"pass{name}"), None), (None, None), name)
    same(await where.side.call(zoo.noneOfThose), (None, None, None))


async def check_inheritance(where: Where) -> None:
    S, zoo = _there(where)
    call = where.side.call
    base = S.Base("n", S.Color.blue, S.Spot(1, 2))
    leaf = S.Leaf("l", S.Color.red, S.Spot(3, 4), 2.5, base, [None, S.Node(5)], {"": S.Node(6)}, zoo)
    for operation in (zoo.passBase, zoo.passValue, zoo.passSliced, zoo.passCompact):
        back, out = await call(operation, leaf)
        true(back is out, "result and out parameter are not the same")
        same(type(back), S.Leaf)
        same((back.name, back.color, back.at, back.weight), ("l", S.Color.red, S.Spot(3, 4), 2.5))
        same((back.other.name, back.other.color, back.other.at), ("n", S.Color.blue, S.Spot(1, 2)))
        same(type(back.other), S.Base)
        same((back.nodes[0], back.nodes[1].number, back.byName[""].number, back.proxy), (None, 5, 6, zoo))
        same(back.ice_id(), "::Objects::Leaf")
    back, _ = await call(zoo.passValue, S.Bare())
    same(type(back), S.Bare)
    back, _ = await call(zoo.passValue, S.Middle())
    same((back.name, back.color, back.weight, back.other), ("base", S.Color.green, 1.5, None))


async def check_compact_ids(where: Where) -> None:
    S, zoo = _there(where)
    spot = S.Spot(0, 0)
    for operation in (zoo.passBase, zoo.passValue, zoo.passSliced, zoo.passCompact):
        back, _ = await where.side.call(operation, S.Short("s", S.Color.red, spot, 7))
        same((type(back), back.name, back.extra), (S.Short, "s", 7))
        back, _ = await where.side.call(operation, S.Shorter("s", S.Color.red, spot, 8, "m"))
        same((type(back), back.extra, back.more), (S.Shorter, 8, "m"))
    values = [S.Short("a", S.Color.red, spot, 1), S.Shorter(), S.Short("b", S.Color.red, spot, 2), S.Bare()]
    back, _ = await where.side.call(zoo.passValues, [*values, None, values[0]])
    same([type(value) for value in back], [S.Short, S.Shorter, S.Short, S.Bare, type(None), S.Short])
    true(back[0] is back[5], "the first is not the last")


async def check_one_instance_stays_one(where: Where) -> None:
    S, zoo = _there(where)
    call = where.side.call
    node = S.Node(1)
    same(await call(zoo.one, node, 5, node), True)
    same(await call(zoo.one, node, 5, S.Node(1)), False)
    same(await call(zoo.one, None, 5, None), True)
    back, out = await call(zoo.passNodes, [node, None, node, S.Node(2, node, node)])
    true(back is not out, "two sequences are one")
    true(
        back[0] is back[2] and back[3].left is back[0] and back[3].right is back[0],
        "an instance has been copied",
    )
    true(out[0] is back[0], "the sequences do not share their instances")
    back, _ = await call(zoo.passByName, {"a": node, "b": node, "c": None})
    true(back["a"] is back["b"] and back["c"] is None, "an instance has been copied")


async def check_rings(where: Where) -> None:
    S, zoo = _there(where)
    node = S.Node(7)
    node.left = node.right = node
    for operation in (zoo.passNode, zoo.passValue, zoo.passSliced, zoo.passCompact):
        back, _ = await where.side.call(operation, node)
        true(back.left is back and back.right is back and back.number == 7, "it is not itself")
        back, _ = await where.side.call(operation, ring(S, 5))
        same(sorted(one.number for one in members(back).values()), [0, 1, 2, 3, 4])
        true(back.right.right.right.right.right is back, "the ring is open")
        true(back.left.right is back, "it is not right of its left")
    for size in (1, 2, 30):
        back = await where.side.call(zoo.ring, size)
        same(len(members(back)), size)
        same(await where.side.call(zoo.count, ring(S, size)), size)


async def check_in_structs_and_collections(where: Where) -> None:
    S, zoo = _there(where)
    node = S.Node(3)
    box = S.Box(1, node, S.Short(), [node, None], {"": node, "x": None}, "z")
    back, out = await where.side.call(zoo.passBox, box)
    same((back.before, back.behind, back.node.number, type(back.base)), (1, "z", 3, S.Short))
    true(
        back.nodes[0] is back.node and back.byName[""] is back.node and back.nodes[1] is None, "it is copied"
    )
    true(out.node is back.node, "result and out parameter do not share")
    back, _ = await where.side.call(zoo.passBoxes, [box, S.Box(), box])
    same(len(back), 3)
    true(back[0].node is back[2].node and back[1].node is None, "it is copied")
    same((await where.side.call(zoo.passBoxes, []))[0], [])
    inner = S.Bag(S.Bag(S.Base()))
    back, _ = await where.side.call(zoo.passValue, inner)
    same(type(back.anything.anything), S.Base)


async def check_in_exceptions(where: Where) -> None:
    S, zoo = _there(where)
    node = S.Node(3, None, S.Node(4))
    error = await where.failure(zoo._raise, node, S.Short())
    same(type(error), S.Kept)
    same((error.node.number, error.node.right.number, type(error.value)), (3, 4, S.Short))
    true(error.boxes[0].node is error.node and error.boxes[0].byName["n"] is error.node, "it is copied")
    same(error.boxes[0].behind, "b")
    error = await where.failure(zoo._raise, None, None)
    same((error.node, error.value, error.boxes[0].node), (None, None, None))


async def check_large_graphs(where: Where) -> None:
    S, zoo = _there(where)
    nodes = [S.Node(number) for number in range(3000)]
    for number, node in enumerate(nodes):
        node.left, node.right = nodes[number // 2], nodes[number * 7 % (number + 1)]
    back, _ = await where.side.call(zoo.passNodes, nodes)
    same([node.number for node in back], list(range(3000)))
    for number, node in enumerate(back):
        true(node.left is back[number // 2], f"the left of {number}")
        true(node.right is back[number * 7 % (number + 1)], f"the right of {number}")


async def check_deep_graphs_are_refused(where: Where) -> None:
    S, zoo = _there(where)
    E = where.side.errors
    if where.old:
        same(await where.side.call(zoo.depth, chain(S, 60)), 60)
        return
    same(await where.side.call(zoo.depth, chain(S, DEEPEST)), DEEPEST)
    for callee, argument in ((zoo.depth, chain(S, DEEPEST + 1)), (zoo.deep, DEEPEST + 1)):
        error = await where.failure(callee, argument)
        true(isinstance(error, E.UnknownLocalException | E.MarshalException), f"{error!r} is raised")
        true("MarshalException" in str(error) + type(error).__name__, f"{error!r} is raised")
    same(await where.side.call(zoo.depth, await where.side.call(zoo.deep, DEEPEST)), DEEPEST)


async def check_factories(where: Where) -> None:
    S, zoo = _there(where)
    back, out = await where.side.call(zoo.passCounted, S.Counted(10))
    true(back is out and isinstance(back, S.Counted), "it is another instance")
    same((back.number, type(back) is S.Counted), (12, False))


async def check_classes_with_operations(where: Where) -> None:
    S, zoo = _there(where)
    back, out = await where.side.call(zoo.passSpeaking, S.Speaking("words"))
    same((back.text, back is out, back.ice_id()), ("words", True, "::Objects::Speaking"))
    back, _ = await where.side.call(zoo.passValue, S.Speaking("more"))
    same(back.text, "more")


async def check_interfaces_by_value(where: Where) -> None:
    S, zoo = _there(where)
    same(await where.side.call(zoo.passShape, None), (None, None))
    back, out = await where.side.call(zoo.passShape, where.side.by_value(S, "Shape"))
    same((back.ice_id(), back is out), ("::Objects::Shape", True))


async def check_another_class_than_declared_is_refused(where: Where) -> None:
    S, zoo = _there(where)
    E, side = where.side.errors, where.side
    error = await where.failure(S.ZooPrx.uncheckedCast(zoo.ice_identity(side.identity("objects/liar"))).wrong)
    true(isinstance(error, E.UnexpectedObjectException), f"{error!r} is raised")
    error = await where.failure(S.LiarPrx.uncheckedCast(zoo).depth, S.Bare())
    true(isinstance(error, E.UnknownLocalException), f"{error!r} is raised")
    await side.call(zoo.ice_ping)


async def check_oneway(where: Where) -> None:
    S, zoo = _there(where)
    before = await where.side.call(zoo.noted)
    batch = zoo.ice_batchOneway()
    await where.side.call(zoo.ice_oneway().note, ring(S, 4))
    await where.side.call(batch.note, ring(S, 5))
    await where.side.call(batch.note, ring(S, 6))
    await where.side.call(batch.ice_flushBatchRequests)
    for _ in range(3000):
        if await where.side.call(zoo.noted) == before + 15:
            break
    same(await where.side.call(zoo.noted), before + 15)
