"""Slicing: instances and exceptions whose types one side does not know, cut down or kept and sent back."""

from __future__ import annotations

from typing import Any

from .side import Mismatch, Side, Where, same, true


def _made(S: Any, T: Any, which: Any) -> Any:
    """An instance; those of module T the other side does not know."""
    W = S.What
    ring = T.Stranger("ring", None, "own", None)
    ring.next = ring.mate = ring
    friend = T.KeptStranger("friend", None, "own", None, [])
    makers = {
        W.known: lambda: S.Known("known", None, "k"),
        W.stranger: lambda: T.Stranger("stranger", S.Known("next", None, "n"), "own", None),
        W.far: lambda: T.Far("far", None, "own", None, 7, "text", S.Base("other", None)),
        W.cousin: lambda: T.Cousin("cousin", None, "k", "own"),
        W.compactFar: lambda: T.CompactFar("compact", None, 5, "own"),
        W.lost: lambda: T.Stranger("lost", None, "own", S.Known("only there", None, "k")),
        W.kept: lambda: T.KeptStranger("kept", friend, "own", friend, [friend, None]),
        W.keptFar: lambda: T.KeptFar("far", None, "own", None, [], "text", 8, friend),
        W.keptCousin: lambda: T.KeptCousin("cousin", None, "more", 0.5),
        W.alone: lambda: T.Alone("own", T.Alone("next", None)),
        W.ring: lambda: ring,
    }
    return makers[which]()


def _raised(S: Any, T: Any, which: Any) -> Exception:
    """An exception; those of module T the other side does not know."""
    W = S.What
    makers = {
        W.known: lambda: S.KnownError("known", "k", S.Base("b", None)),
        W.stranger: lambda: T.StrangeError("stranger", "own", S.Base("b", None)),
        W.far: lambda: T.FarError("far", "k", T.Stranger("inside", None, "own", None), 5, "text"),
        W.kept: lambda: T.KeptStrangeError("kept", S.Kept("k", None), "own", S.Kept("mate", None)),
        W.alone: lambda: T.AloneError("own"),
    }
    error: Exception = makers[which]()
    return error


def serve(side: Side, adapter: Any) -> None:
    T = side.slice("strangers")
    S = side.slice("slicing")

    def once(self: Any, value: Any, current: Any = None) -> Any:
        return value

    class LookI(side.servant(S, "Look")):  # type: ignore[misc]
        def make(self, which: Any, current: Any = None) -> Any:
            return _made(S, T, which)

        makeValue = makeKept = makeCompact = make

        def makeSeveral(self, current: Any = None) -> list[Any]:
            far = _made(S, T, S.What.far)
            return [far, None, S.Base("base", far), far, _made(S, T, S.What.ring)]

        def makeByInt(self, current: Any = None) -> dict[int, Any]:
            return {number: T.Stranger(str(number), None, "own", S.Base("mate", None)) for number in range(5)}

        def see(self, value: Any, current: Any = None) -> tuple[str, str]:
            return value.ice_id(), value.base

        def seeValue(self, value: Any, current: Any = None) -> str:
            return str(value.ice_id())

        seeCompact = seeValue
        _pass = passKept = passKepts = passValue = once

        def fail(self, which: Any, current: Any = None) -> Any:
            raise _raised(S, T, which)

        failCompact = failUndeclared = fail

    side.add(adapter, LookI(), "slicing/look")


def _there(where: Where) -> tuple[Any, Any, Any]:
    T = where.side.slice("strangers")
    S = where.side.slice("slicing")
    return S, T, where.proxy(S.LookPrx, "slicing/look")


async def _makes(where: Where, operation: str, which: str, kind: Any) -> Any:
    S, _, look = _there(where)
    value = await where.side.call(getattr(look, operation), getattr(S.What, which))
    if type(value) is not kind:
        raise Mismatch(f"{operation}({which}) gives a {type(value).__name__} and not a {kind.__name__}")
    return value


async def check_what_is_known_arrives(where: Where) -> None:
    S, _, _ = _there(where)
    for operation in ("make", "makeValue", "makeCompact"):
        value = await _makes(where, operation, "known", S.Known)
        same((value.base, value.known, value.next), ("known", "k", None))


async def check_strangers_are_cut_down_to_what_is_known(where: Where) -> None:
    S, _, _ = _there(where)
    for operation in ("make", "makeValue"):
        value = await _makes(where, operation, "stranger", S.Base)
        same((value.base, type(value.next), value.next.known), ("stranger", S.Known, "n"))
        same((await _makes(where, operation, "far", S.Base)).base, "far")
        value = await _makes(where, operation, "cousin", S.Known)
        same((value.base, value.known), ("cousin", "k"))
        same((await _makes(where, operation, "lost", S.Base)).base, "lost")
        same((await _makes(where, operation, "compactFar", S.Compact)).number, 5)


async def check_rings_stay_rings(where: Where) -> None:
    S, _, _ = _there(where)
    value = await _makes(where, "make", "ring", S.Base)
    true(value.next is value, "it is not next to itself")


async def check_in_collections(where: Where) -> None:
    S, _, look = _there(where)
    several = await where.side.call(look.makeSeveral)
    same([None if one is None else one.base for one in several], ["far", None, "base", "far", "ring"])
    true(
        several[0] is several[3] and several[2].next is several[0] and several[4].next is several[4],
        "it is copied",
    )
    by_int = await where.side.call(look.makeByInt)
    same(
        {number: (type(one), one.base) for number, one in by_int.items()},
        {n: (S.Base, str(n)) for n in range(5)},
    )


async def check_the_compact_format_cannot_be_cut(where: Where) -> None:
    S, T, look = _there(where)
    if where.old:
        same((await _makes(where, "makeCompact", "stranger", S.Base)).base, "stranger")
        same(await where.side.call(look.seeCompact, _made(S, T, S.What.far)), "::Slicing::Base")
        return
    for which in (S.What.stranger, S.What.far, S.What.cousin):
        error = await where.failure(look.makeCompact, which)
        true(isinstance(error, where.side.errors.NoValueFactoryException), f"{error!r} is raised")
        error = await where.failure(look.seeCompact, _made(S, T, which))
        true(isinstance(error, where.side.errors.UnknownLocalException), f"{error!r} is raised")
        true("NoValueFactoryException" in error.unknown, f"it says {error.unknown!r}")


async def check_what_the_other_side_sees(where: Where) -> None:
    S, T, look = _there(where)
    for which, kind, base in (
        ("known", "Known", "known"),
        ("stranger", "Base", "stranger"),
        ("far", "Base", "far"),
        ("cousin", "Known", "cousin"),
        ("compactFar", "Compact", "compact"),
        ("ring", "Base", "ring"),
    ):
        value = _made(S, T, getattr(S.What, which))
        same(await where.side.call(look.see, value), (f"::Slicing::{kind}", base), which)
        same(await where.side.call(look.seeValue, value), f"::Slicing::{kind}", which)


async def check_what_is_cut_down_comes_back_so(where: Where) -> None:
    S, T, look = _there(where)
    back = await where.side.call(look._pass, _made(S, T, S.What.far))
    same((type(back), back.base), (S.Base, "far"))
    back = await where.side.call(look._pass, _made(S, T, S.What.ring))
    true(type(back) is S.Base and back.next is back, "the ring is open")


async def check_what_is_kept_comes_back_whole(where: Where) -> None:
    S, T, look = _there(where)
    call = where.side.call
    if where.old:
        back = await call(look.passKept, _made(S, T, S.What.kept))
        same((type(back), back.kept), (S.Kept, "kept"))
        return
    for operation in (look.passKept, look.passValue):
        back = await call(operation, _made(S, T, S.What.kept))
        same((type(back), back.kept, back.own), (T.KeptStranger, "kept", "own"))
        same((type(back.mate), back.mate.kept), (T.KeptStranger, "friend"))
        true(back.next is back.mate and back.mates[0] is back.mate and back.mates[1] is None, "it is copied")
        back = await call(operation, _made(S, T, S.What.keptFar))
        same((type(back), back.text, back.number, back.friend1.own), (T.KeptFar, "text", 8, "own"))
        back = await call(operation, _made(S, T, S.What.keptCousin))
        same((type(back), back.more, back.own), (T.KeptCousin, "more", 0.5))
    kept = _made(S, T, S.What.kept)
    back = await call(look.passKepts, [kept, None, kept, kept.mate])
    true(back[0] is back[2] and back[3] is back[0].mate and back[1] is None, "it is copied")
    same(type(back[0]), T.KeptStranger)


async def check_what_nobody_knows_comes_back_whole(where: Where) -> None:
    S, T, look = _there(where)
    alone = _made(S, T, S.What.alone)
    if where.old:
        error = await where.failure(look.seeValue, alone)
        true("NoValueFactoryException" in getattr(error, "unknown", ""), f"{error!r} is raised")
        return
    same(await where.side.call(look.seeValue, alone), alone.ice_id())
    back = await where.side.call(look.passValue, alone)
    same((type(back), back.own, back.next.own), (T.Alone, "own", "next"))


async def check_what_is_kept_can_be_looked_at(where: Where) -> None:
    S, _, look = _there(where)
    if where.old:
        error = await where.failure(look.makeValue, S.What.alone)
        true(isinstance(error, where.side.errors.NoValueFactoryException), f"{error!r} is raised")
        return
    value = await _makes(where, "makeKept", "kept", S.Kept)
    same((value.kept, value.next.kept), ("kept", "friend"))
    same([one.typeId.split("::")[2:] for one in value.ice_getSlicedData().slices], [["KeptStranger"]])
    value = await _makes(where, "makeKept", "keptFar", S.Kept)
    same(
        [one.typeId.split("::")[-1] for one in value.ice_getSlicedData().slices], ["KeptFar", "KeptStranger"]
    )
    value = await _makes(where, "makeKept", "keptCousin", S.KeptMore)
    same((value.more, len(value.ice_getSlicedData().slices)), ("more", 1))
    value = await where.side.call(look.makeValue, S.What.alone)
    same((type(value).__name__, value.ice_id().split("::")[-1]), ("UnknownSlicedValue", "Alone"))
    slices = value.ice_getSlicedData().slices
    same((len(slices), len(slices[0].instances)), (1, 1))


def _unknown(where: Where) -> Any:
    """What is raised for an exception of which nothing is known: stock Ice stumbles in encoding 1.0."""
    E = where.side.errors
    if where.old and where.side.name == "Stock":
        return E.UnmarshalOutOfBoundsException
    return E.UnknownUserException


async def check_exceptions_are_cut_down(where: Where) -> None:
    S, _, look = _there(where)
    error = await where.failure(look.fail, S.What.known)
    same((type(error), error.base, error.known, error.instance.base), (S.KnownError, "known", "k", "b"))
    error = await where.failure(look.fail, S.What.stranger)
    same((type(error), error.base), (S.BaseError, "stranger"))
    error = await where.failure(look.fail, S.What.far)
    same((type(error), error.base, error.known), (S.KnownError, "far", "k"))
    if not where.old:  # stock Python servers leave instances out of exceptions of such types in encoding 1.0
        same((type(error.instance), error.instance.base), (S.Base, "inside"))
    error = await where.failure(look.fail, S.What.kept)
    same((type(error), error.kept, error.instance.kept), (S.KeptError, "kept", "k"))
    error = await where.failure(look.fail, S.What.alone)
    same(type(error), _unknown(where))


async def check_exceptions_in_the_compact_format(where: Where) -> None:
    S, _, look = _there(where)
    error = await where.failure(look.failCompact, S.What.known)
    same((type(error), error.known), (S.KnownError, "k"))
    for which, kind in ((S.What.stranger, S.BaseError), (S.What.kept, S.KeptError)):
        error = await where.failure(look.failCompact, which)
        wanted = kind if where.old else where.side.errors.UnknownUserException
        same(type(error), wanted)
    for which in (S.What.known, S.What.stranger, S.What.alone):
        error = await where.failure(look.failUndeclared, which)
        same(
            type(error), _unknown(where) if which is S.What.alone else where.side.errors.UnknownUserException
        )
