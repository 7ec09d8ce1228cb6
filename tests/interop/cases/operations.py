"""Operations: every kind of value, parameters and results, modes, contexts, who is not there."""

from __future__ import annotations

import math
from typing import Any

from .side import Side, Where, same, true

TEXTS = [
    "",
    "a",
    "\0",
    "x" * 254,
    "x" * 255,
    "x" * 70_000,
    "é" * 300,
    "".join(map(chr, (0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF))),
    "".join(chr(plane * 0x10000 + 0x1234) for plane in range(17)),
    "\U00010000\U0001f600\U0010ffff",
]
INF, NAN = math.inf, math.nan
FLOATS = [0.0, -0.0, 0.5, -1.25, INF, -INF, NAN, 2.0**-149, -(2.0**-126), (2 - 2.0**-23) * 2.0**127]
DOUBLES = [0.0, -0.0, 0.1, INF, -INF, NAN, 5e-324, 2.2250738585072014e-308, -1.7976931348623157e308]
SHORTS = [0, 1, -1, -(2**15), 2**15 - 1]
INTS = [0, 1, -1, 255, 256, -(2**31), 2**31 - 1]
LONGS = [0, 1, -1, 2**32, -(2**63), 2**63 - 1]
EMPTY = b"\x06\0\0\0\x01\x01"


def fixed(S: Any, number: int) -> Any:
    return S.Fixed(number % 2 == 0, 255 - number % 256, -number % 100, number, -(2**62) + number, 0.5, 1e300)


def whole(S: Any, text: str, proxy: Any) -> Any:
    map_ = {"": text, text + "!": "", "ü": "\U0001f600"}
    nested = {"a": {}, "b": {1: 2, -1: -(2**63)}}
    return S.Whole(text, S.Few.two, fixed(S, 7), [text, "", "z"], map_, nested, proxy, b"\0\xff")


def serve(side: Side, adapter: Any) -> None:
    S = side.slice("operations")
    side.add(adapter, _echo(side, S), "operations/echo")
    side.add(adapter, _shapes(side, S), "operations/shapes")
    side.add(adapter, _shapes(side, S), "operations/shapes", "side door")
    side.add(adapter, _keywords(side, S), "operations/interface")
    side.add(adapter, _family(side, S), "operations/family")


def _echo(side: Side, S: Any) -> Any:
    def twice(self: Any, value: Any, current: Any = None) -> Any:
        return value, value

    names = [name for name in dir(S.EchoPrx) if name.startswith("pass") and name[4:5].isupper()]
    operations = {name: twice for name in names if not name.endswith("Async")}
    return type("EchoI", (side.servant(S, "Echo"),), operations)()


def _shapes(side: Side, S: Any) -> Any:
    class ShapesI(side.servant(S, "Shapes")):  # type: ignore[misc]
        def __init__(self) -> None:
            self.noticed: list[str] = []

        def nothing(self, current: Any = None) -> None:
            return None

        def takes(self, a: int, b: str, c: Any, current: Any = None) -> None:
            self.noticed.append(f"{a}{b}{c == S.Few.two}")

        def gives(self, current: Any = None) -> int:
            return -7

        def givesOne(self, current: Any = None) -> str:
            return "one"

        def givesMany(self, current: Any = None) -> tuple[int, str, int, list[str]]:
            return 255, "two", -(2**63), ["x", ""]

        def givesAll(self, current: Any = None) -> tuple[str, int, str, int]:
            return "returned", 1, "out", 2**40

        def swaps(self, a: str, b: int, current: Any = None) -> tuple[str, int, str]:
            return a + "'", b + 1, a

        def sums(
            self, a: int, b: int, c: int, d: int, e: float, f: float, current: Any = None
        ) -> tuple[float, int]:
            return e + f, a + b + c + d

        def twice(self, a: int, current: Any = None) -> int:
            return 2 * a

        def thrice(self, a: int, current: Any = None) -> int:
            return 3 * a

        async def later(self, a: int, current: Any = None) -> tuple[int, int]:
            return a + 1, a + 2

        def tell(self, current: Any) -> Any:
            return S.About(
                current.id.name,
                current.id.category,
                current.facet,
                current.operation,
                side.mode(current),
                current.requestId != 0,
                side.encoding(current)[1],
                current.adapter.getName(),
            )

        def context(self, current: Any) -> dict[str, str]:
            return dict(current.ctx)

        def note(self, key: str, current: Any = None) -> None:
            self.noticed.append(key)

        def noted(self, key: str, current: Any = None) -> int:
            return self.noticed.count(key)

    return ShapesI()


def _keywords(side: Side, S: Any) -> Any:
    class InterfaceI(side.servant(S, "interface")):  # type: ignore[misc]
        def _class(self, _def: int, int: int, me: int, current: Any = None) -> tuple[int, int, int]:
            return _def + int + me, _def, int

        def _from(self, _import: str, struct: str, current: Any = None) -> str:
            return _import + struct

        def double(self, _None: str, current: Any = None) -> str:
            return _None * 2

        def _del(self, current: Any = None) -> None:
            return None

        def is_it(self, a_b: int, current: Any = None) -> int:
            return a_b

        def switch(self, a: int, context: int, servant: int, current: Any = None) -> tuple[int, int]:
            return a + context, servant

    return InterfaceI()


def _family(side: Side, S: Any) -> Any:
    class BottomI(side.servant(S, "Bottom")):  # type: ignore[misc]
        def where(self, current: Any = None) -> str:
            return "root"

        def goLeft(self, current: Any = None) -> str:
            return "left"

        def goRight(self, current: Any = None) -> str:
            return "right"

        def goDown(self, current: Any = None) -> str:
            return "bottom"

    return BottomI()


def _there(where: Where) -> tuple[Any, Any]:
    S = where.side.slice("operations")
    return S, where.proxy(S.EchoPrx, "operations/echo")


def _shape(where: Where, options: str = "-t") -> tuple[Any, Any]:
    S = where.side.slice("operations")
    return S, where.proxy(S.ShapesPrx, "operations/shapes", options)


async def _pass(where: Where, operation: str, *values: Any) -> None:
    _, echo = _there(where)
    for value in values:
        back = await where.side.call(getattr(echo, operation), value)
        same(back, (value, value), f"{operation} of {value!r:.100}")


async def check_numbers(where: Where) -> None:
    await _pass(where, "passBool", True, False)
    await _pass(where, "passByte", 0, 1, 127, 128, 255)
    await _pass(where, "passShort", *SHORTS)
    await _pass(where, "passInt", *INTS)
    await _pass(where, "passLong", *LONGS)
    await _pass(where, "passFloat", *FLOATS)
    await _pass(where, "passDouble", *DOUBLES)


async def check_strings(where: Where) -> None:
    await _pass(where, "passString", *TEXTS)
    await _pass(where, "passStrings", [], [""], TEXTS, ["a"] * 300)
    await _pass(where, "passStringsSeqs", [], [[]], [[], ["a", ""], TEXTS])
    await _pass(where, "passStringsSeqsSeqs", [], [[]], [[[]]], [[["a"], []], [], [["", "b"]]])


async def check_enums(where: Where) -> None:
    S, _ = _there(where)
    await _pass(where, "passFew", S.Few.zero, S.Few.one, S.Few.two)
    await _pass(where, "passMany", S.Many.low, S.Many.middle, S.Many.high)
    await _pass(where, "passWide", S.Wide.near, S.Wide.far, S.Wide.last)
    await _pass(where, "passFews", [], [S.Few.two, S.Few.zero] * 200)
    await _pass(where, "passWides", [], [S.Wide.last, S.Wide.near] * 200)


async def check_structs(where: Where) -> None:
    S, echo = _there(where)
    proxy = echo.ice_identity(where.side.identity("a/b"))
    await _pass(where, "passFixed", S.Fixed(), *(fixed(S, number) for number in (0, 1, 255)))
    await _pass(where, "passFixeds", [], [fixed(S, number) for number in range(300)])
    await _pass(where, "passWhole", whole(S, "text", proxy), whole(S, "", None))
    await _pass(where, "passWholes", [], [whole(S, "text", proxy), whole(S, "\U0001f600", None)] * 50)


async def check_sequences(where: Where) -> None:
    await _pass(where, "passBools", [], [True, False] * 200)
    await _pass(where, "passBytes", b"", bytes(range(256)) * 2)
    await _pass(where, "passShorts", [], SHORTS * 100)
    await _pass(where, "passInts", [], INTS * 100)
    await _pass(where, "passLongs", [], LONGS * 100)
    await _pass(where, "passFloats", [], FLOATS * 50)
    await _pass(where, "passDoubles", [], DOUBLES * 50)
    await _pass(where, "passBytesSeqs", [], [b""], [b"a", b"", b"\xff" * 300])
    await _pass(where, "passIntsSeqs", [], [[]], [[1], [], INTS])


async def check_dictionaries_keep_their_order(where: Where) -> None:
    S, echo = _there(where)
    key = S.Key
    await _pass(where, "passByBool", {}, {False: 1, True: 255})
    await _pass(where, "passByByte", {}, {number: number % 2 == 0 for number in range(256)})
    await _pass(where, "passByShort", {}, {number: number * 65536 for number in sorted(SHORTS)})
    await _pass(where, "passByInt", {}, {number: number * 2**32 for number in sorted(INTS)})
    await _pass(where, "passByLong", {}, dict.fromkeys(sorted(LONGS), 0.5))
    await _pass(where, "passByString", {}, {text: text[::-1] for text in sorted(TEXTS, key=str.encode)})
    await _pass(where, "passByFew", {}, {S.Few.zero: "0", S.Few.two: "2"})
    await _pass(where, "passByWide", {}, {S.Wide.near: S.Few.one, S.Wide.last: S.Few.two})
    await _pass(where, "passByKey", {}, {key(1, "a", S.Few.one): [0.5], key(1, "b", S.Few.zero): []})
    await _pass(where, "passByName", {}, {"": None, "me": echo.ice_identity(where.side.identity("a/b"))})
    await _pass(where, "passNested", {}, {"a": {}, "b": {1: 2}})
    await _pass(where, "passMaps", [], [{}, {"a": "b"}])
    await _pass(where, "passLists", {}, {1: [], 2: ["", "a"]})


async def check_proxies(where: Where) -> None:
    S, echo = _there(where)
    texts = [
        where.text("operations/echo"),
        where.text("a/b", "-f facet -o"),
        "id -t -e 1.1 @ adapter",
        "well/known -O -s",
        'id:tcp -h 127.0.0.1 -p 1 -t 500 -z:udp -h 127.0.0.1 -p 2:ws -h "::1" -p 3 -r /x/y',
        "id -D:udp -h 239.1.1.1 -p 4",
        "id:opaque -t 99 -e 1.1 -v AAECAw==",
        '"with blank/a:b@c" -f "a b":tcp -h localhost -p 65535 -t infinite',
        "id -e 1.0:tcp -h h -p 1",
        "ü/\U0001f600:tcp -h h -p 1",
    ]
    proxies = [where.side.parse(text) for text in texts]
    if where.old:
        proxies = [where.side.parse(str(proxy).replace("-e 1.1", "-e 1.0")) for proxy in proxies]
    await _pass(where, "passProxy", None, *proxies)
    await _pass(where, "passProxies", [], [None], [*proxies, None])
    for proxy in proxies:
        back, _ = await where.side.call(echo.passProxy, proxy)
        same(str(back), str(proxy))
    await _pass(where, "passEcho", None, echo)
    bottom, root = await where.side.call(
        echo.passBottom,
        S.BottomPrx.uncheckedCast(echo.ice_identity(where.side.identity("operations/family"))),
    )
    same(await where.side.call(bottom.goDown), "bottom")
    same(await where.side.call(root.where), "root")
    same(type(root), S.RootPrx)


async def check_parameters_and_results(where: Where) -> None:
    S, shapes = _shape(where)
    call = where.side.call
    same(await call(shapes.nothing), None)
    same(await call(shapes.takes, 1, "b", S.Few.two), None)
    same(await call(shapes.gives), -7)
    same(await call(shapes.givesOne), "one")
    same(await call(shapes.givesMany), (255, "two", -(2**63), ["x", ""]))
    same(await call(shapes.givesAll), ("returned", 1, "out", 2**40))
    same(await call(shapes.swaps, "a", 1), ("a'", 2, "a"))
    same(await call(shapes.sums, 255, -1, 2**20, 2**40, 0.5, 0.25), (0.75, 255 - 1 + 2**20 + 2**40))
    same(await call(shapes.twice, 21), 42)
    same(await call(shapes.thrice, 14), 42)
    same(await call(shapes.later, 1), (2, 3))


async def check_what_a_servant_is_told(where: Where) -> None:
    S, shapes = _shape(where)
    minor = 0 if where.old else 1
    about = await where.side.call(shapes.tell)
    adapter = about.adapter
    same(about, S.About("shapes", "operations", "", "tell", 2, True, minor, adapter))
    true(adapter, "the adapter has no name")
    door = S.ShapesPrx.uncheckedCast(shapes, "side door")
    about = await where.side.call(door.tell)
    same(about, S.About("shapes", "operations", "side door", "tell", 2, True, minor, adapter))


async def check_modes(where: Where) -> None:
    _S, shapes = _shape(where)
    E = where.side.errors
    head = b"\x06\0\0\0\x01\0" if where.old else EMPTY
    four = b"\x0a\0\0\0\x01" + head[5:] + b"\x04\0\0\0"
    eight = (True, b"\x0a\0\0\0\x01" + head[5:] + b"\x08\0\0\0")
    for mode in (1, 2):
        same(await where.side.invoke(shapes, "twice", mode, four), eight, f"mode {mode}")
    for operation, mode in (("twice", 0), ("nothing", 1), ("nothing", 2)):
        error = await where.failure(where.side.invoke, shapes, operation, mode, four)
        true(isinstance(error, E.UnknownLocalException), f"{operation} in mode {mode} raised {error!r}")
        names = ("Normal", "Nonmutating", "Idempotent")
        expected = "Normal" if operation == "nothing" else "Idempotent"
        text = f"expected = ::Ice::{expected} received = ::Ice::{names[mode]}"
        true(text in error.unknown, f"{text!r} is not in {error.unknown!r}")
    for mode in (0, 1, 2):
        same(await where.side.invoke(shapes, "ice_ping", mode, head), (True, head))


async def check_contexts(where: Where) -> None:
    _S, shapes = _shape(where)
    call = where.side.call
    same(await call(shapes.context), {})
    contexts = [{"a": "b"}, {"": "", "ü": "\U0001f600" * 100}, {str(n): "x" * n for n in range(300)}]
    for context in contexts:
        same(dict(sorted((await call(shapes.context, context)).items())), dict(sorted(context.items())))
    own = shapes.ice_context({"c": "d"})
    same(await call(own.context), {"c": "d"})
    same(await call(own.context, {"e": "f"}), {"e": "f"}, "a call's own context")
    same(await call(own.context, {}), {}, "a call's own empty context")
    same(await call(shapes.context), {})


async def _noted(where: Where, shapes: Any, key: str, count: int) -> None:
    for _ in range(3000):
        if await where.side.call(shapes.noted, key) == count:
            return
    same(await where.side.call(shapes.noted, key), count, "what has been noted")


async def check_oneway(where: Where) -> None:
    _S, shapes = _shape(where)
    key = f"oneway {where.side.name} {where.transport} {where.encoding}"
    one_way = shapes.ice_oneway()
    true(one_way.ice_isOneway(), "it is not one-way")
    before = await where.side.call(shapes.noted, key)
    for _ in range(100):
        await where.side.call(one_way.note, key)
    await where.side.call(one_way.ice_ping)
    await _noted(where, shapes, key, before + 100)
    error = await where.failure(one_way.gives)
    true(isinstance(error, where.side.errors.TwowayOnlyException), f"{error!r} is raised")


async def check_batches(where: Where) -> None:
    S, shapes = _shape(where)
    key = f"batch {where.side.name} {where.transport} {where.encoding}"
    before = await where.side.call(shapes.noted, key)
    batch, other = shapes.ice_batchOneway(), S.ShapesPrx.uncheckedCast(shapes, "side door").ice_batchOneway()
    true(batch.ice_isBatchOneway(), "it is not a batch")
    for _ in range(50):
        await where.side.call(batch.note, key)
        await where.side.call(other.note, key)
    same(await where.side.call(shapes.noted, key), before, "before the batch is sent")
    await where.side.call(batch.ice_flushBatchRequests)
    await _noted(where, shapes, key, before + 50)
    await where.side.call(batch.ice_flushBatchRequests)
    await where.side.call(other.ice_flushBatchRequests)
    door = S.ShapesPrx.uncheckedCast(shapes, "side door")
    same(await where.side.call(door.noted, "nobody"), 0)
    same(await where.side.call(shapes.noted, key), before + 50)


async def check_large_requests(where: Where) -> None:
    await _pass(where, "passBytes", bytes(range(256)) * 1900)
    await _pass(where, "passString", "é" * 240_000)
    await _pass(where, "passStrings", ["x" * 20] * 20_000)


async def check_names_that_languages_want(where: Where) -> None:
    S = where.side.slice("operations")
    proxy = where.proxy(S.interfacePrx, "operations/interface")
    call = where.side.call
    same(await call(proxy._class, 1, 2, 3), (6, 1, 2))
    same(await call(proxy._from, "a", "b"), "ab")
    same(await call(proxy.double, "x"), "xx")
    same(await call(proxy._del), None)
    same(await call(proxy.is_it, 5), 5)
    same(await call(proxy.switch, 1, 2, 3), (3, 3))
    same(await call(proxy.ice_id), "::Operations::interface")


async def check_inheritance(where: Where) -> None:
    S = where.side.slice("operations")
    call = where.side.call
    bottom = where.proxy(S.BottomPrx, "operations/family")
    for operation, result in (
        ("where", "root"),
        ("goLeft", "left"),
        ("goRight", "right"),
        ("goDown", "bottom"),
    ):
        same(await call(getattr(bottom, operation)), result)
    names = ["::Ice::Object"] + [f"::Operations::{name}" for name in ("Bottom", "Left", "Right", "Root")]
    same(await call(bottom.ice_ids), names)
    same(await call(bottom.ice_id), "::Operations::Bottom")
    for name in names:
        same(await call(bottom.ice_isA, name), True, name)
    for name in ("::Operations::Echo", "", "::operations::bottom"):
        same(await call(bottom.ice_isA, name), False, name)
    for kind in (S.RootPrx, S.LeftPrx, S.RightPrx, S.BottomPrx):
        cast = await call(kind.checkedCast, where.side.parse(where.text("operations/family")))
        same(await call(cast.where), "root")
    same(await call(S.EchoPrx.checkedCast, bottom), None)
    await call(bottom.ice_ping)
    same(S.BottomPrx.ice_staticId(), "::Operations::Bottom")


async def check_who_is_not_there(where: Where) -> None:
    S, shapes = _shape(where)
    E, side = where.side.errors, where.side
    nobody = S.ShapesPrx.uncheckedCast(shapes.ice_identity(side.identity("no/body")))
    error = await where.failure(nobody.gives)
    true(isinstance(error, E.ObjectNotExistException), f"{error!r} is raised")
    same((error.id, error.facet, error.operation), (side.identity("no/body"), "", "gives"))
    error = await where.failure(S.ShapesPrx.uncheckedCast(nobody, "f").ice_ping)
    true(isinstance(error, E.ObjectNotExistException), f"{error!r} is raised")
    same((error.facet, error.operation), ("f", "ice_ping"))
    error = await where.failure(S.ShapesPrx.uncheckedCast(shapes, "none").gives)
    true(isinstance(error, E.FacetNotExistException), f"{error!r} is raised")
    same((error.id, error.facet, error.operation), (side.identity("operations/shapes"), "none", "gives"))
    error = await where.failure(where.side.invoke, shapes, "nosuch", 0, EMPTY)
    true(isinstance(error, E.OperationNotExistException), f"{error!r} is raised")
    same((error.id, error.facet, error.operation), (side.identity("operations/shapes"), "", "nosuch"))
    error = await where.failure(S.EchoPrx.uncheckedCast(shapes).passInt, 1)
    true(isinstance(error, E.OperationNotExistException), f"{error!r} is raised")
    same(error.operation, "passInt")
    same(await side.call(S.ShapesPrx.checkedCast, shapes, "none"), None)
