"""Exceptions: declared and not, derived, with members of every kind; what a servant's own failures become."""

from __future__ import annotations

from typing import Any

from .side import Mismatch, Side, Where, same, true


def made(side: Side, S: Any, way: Any) -> Exception:
    """What is raised in that way."""
    W, E = S.Way, side.errors
    spot = S.Spot(1, "ü")
    last = S.Witness("last", None)
    proxy = side.parse("a/b -e 1.0:tcp -h 127.0.0.1 -p 1")
    kinds = {
        W.bare: lambda: S.Bare(),
        W.first: lambda: S.First(-1),
        W.second: lambda: S.Second(2, "two", spot),
        W.third: lambda: S.Third(3, "", spot, ["a", ""], {"": 7}, proxy),
        W.other: lambda: S.Other("because"),
        W.unset: lambda: S.Optional(1, side.unset, side.unset, side.unset),
        W.set: lambda: S.MoreOptional(1, "t", 2, spot, 0.5, "z"),
        W.seen: lambda: S.Seen(S.Witness("first", last), "saw", last),
        W.localOne: lambda: E.ObjectAdapterDeactivatedException(),
        W.objectless: lambda: E.ObjectNotExistException(side.identity("who/ever"), "f", "op"),
        W.faceless: lambda: E.FacetNotExistException(),
        W.runtime: lambda: RuntimeError("nobody expects it"),
        W.unknown: lambda: E.UnknownException("quoted"),
    }
    return kinds[way]()


def serve(side: Side, adapter: Any) -> None:
    S = side.slice("failures")

    class ThrowerI(side.servant(S, "Thrower")):  # type: ignore[misc]
        def declared(self, way: Any, current: Any = None) -> Any:
            raise made(side, S, way)

        sliced = compact = derived = undeclared = again = declared

        async def later(self, way: Any, current: Any = None) -> Any:
            raise made(side, S, way)

        def large(self, size: int, current: Any = None) -> Any:
            raise S.Other("x" * size)

    side.add(adapter, ThrowerI(), "failures/thrower")


def _there(where: Where) -> tuple[Any, Any]:
    S = where.side.slice("failures")
    return S, where.proxy(S.ThrowerPrx, "failures/thrower")


async def _raises(where: Where, kind: Any, callee: Any, *args: Any) -> Any:
    error = await where.failure(callee, *args)
    if type(error) is not kind:
        raise Mismatch(f"{type(error).__name__} ({error}) was raised and not {kind.__name__}")
    return error


async def _declared(where: Where, name: str) -> None:
    """All that is declared, through the operation of that name."""
    S, thrower = _there(where)
    call, W = getattr(thrower, name), S.Way
    await _raises(where, S.Bare, call, W.bare)
    same((await _raises(where, S.First, call, W.first)).a, -1)
    error = await _raises(where, S.Second, call, W.second)
    same((error.a, error.b, error.c), (2, "two", S.Spot(1, "ü")))
    error = await _raises(where, S.Third, call, W.third)
    same((error.a, error.b, error.c, error.d, error.e), (3, "", S.Spot(1, "ü"), ["a", ""], {"": 7}))
    same(str(error.f), "a/b -t -e 1.0:tcp -h 127.0.0.1 -p 1 -t 60000")
    same((await _raises(where, S.Other, call, W.other)).why, "because")


async def check_derived_ones_arrive_whole(where: Where) -> None:
    await _declared(where, "declared")


async def check_in_the_sliced_format(where: Where) -> None:
    await _declared(where, "sliced")


async def check_in_the_compact_format(where: Where) -> None:
    await _declared(where, "compact")


async def check_only_a_derived_one_is_declared(where: Where) -> None:
    S, thrower = _there(where)
    same((await _raises(where, S.Third, thrower.derived, S.Way.third)).a, 3)
    await _raises(where, S.Bare, thrower.derived, S.Way.bare)


async def check_optional_members(where: Where) -> None:
    S, thrower = _there(where)
    unset = where.side.unset
    for call in (thrower.declared, thrower.sliced, thrower.compact):
        error = await _raises(where, S.Optional, call, S.Way.unset)
        same((error.before, error.text, error.number, error.spot), (1, unset, unset, unset))
        error = await _raises(where, S.MoreOptional, call, S.Way.set)
        there = (unset, unset, unset, unset) if where.old else ("t", 2, S.Spot(1, "ü"), 0.5)
        same((error.before, error.text, error.number, error.spot, error.number1), (1, *there))
        same(error.behind, "z")


async def check_members_that_are_instances(where: Where) -> None:
    S, thrower = _there(where)
    for call in (thrower.declared, thrower.sliced, thrower.compact):
        error = await _raises(where, S.Seen, call, S.Way.seen)
        same((error.who.name, error.why, error.again.name), ("first", "saw", "last"))
        true(error.who.next is error.again, "the two are not the same")
        same(error.again.next, None)


async def check_raised_later(where: Where) -> None:
    S, thrower = _there(where)
    same((await _raises(where, S.First, thrower.later, S.Way.first)).a, -1)
    await _raises(where, S.Second, thrower.later, S.Way.second)
    await _raises(where, where.side.errors.UnknownException, thrower.later, S.Way.runtime)


async def check_undeclared_ones_are_unknown(where: Where) -> None:
    S, thrower = _there(where)
    E = where.side.errors
    for call, way in (
        (thrower.undeclared, S.Way.bare),
        (thrower.undeclared, S.Way.third),
        (thrower.undeclared, S.Way.set),
        (thrower.derived, S.Way.first),
        (thrower.derived, S.Way.second),
        (thrower.again, S.Way.other),
        (thrower.later, S.Way.other),
    ):
        await _raises(where, E.UnknownUserException, call, way)


async def check_local_ones_of_a_servant(where: Where) -> None:
    S, thrower = _there(where)
    E = where.side.errors
    for call in (thrower.declared, thrower.undeclared, thrower.again):
        error = await _raises(where, E.UnknownLocalException, call, S.Way.localOne)
        true("ObjectAdapterDeactivatedException" in error.unknown, f"it says {error.unknown!r}")
        await _raises(where, E.UnknownException, call, S.Way.runtime)
        error = await _raises(where, E.UnknownException, call, S.Way.unknown)
        same(error.unknown, "quoted")


async def check_a_servant_may_say_that_it_is_not_there(where: Where) -> None:
    S, thrower = _there(where)
    E = where.side.errors
    error = await _raises(where, E.ObjectNotExistException, thrower.declared, S.Way.objectless)
    same((error.id, error.facet, error.operation), (where.side.identity("who/ever"), "f", "op"))
    error = await _raises(where, E.FacetNotExistException, thrower.declared, S.Way.faceless)
    here = where.side.identity("failures/thrower")
    same((error.id, error.facet, error.operation), (here, "", "declared"))


async def check_a_connection_survives_them(where: Where) -> None:
    S, thrower = _there(where)
    connection = await where.side.call(thrower.ice_getConnection)
    for way in (S.Way.bare, S.Way.third, S.Way.runtime, S.Way.localOne, S.Way.objectless):
        await where.failure(thrower.declared, way)
        await where.failure(thrower.undeclared, way)
    true(await where.side.call(thrower.ice_getConnection) == connection, "it is another connection")


async def check_large_ones(where: Where) -> None:
    S, thrower = _there(where)
    for size in (0, 255, 100_000, 900_000):
        same(len((await _raises(where, S.Other, thrower.large, size)).why), size)


async def check_through_bytes(where: Where) -> None:
    _S, thrower = _there(where)
    minor = b"\0" if where.old else b"\x01"
    ok, out = await where.side.invoke(thrower, "declared", 0, b"\x07\0\0\0\x01" + minor + b"\0")
    same(ok, False)
    same(out[4:6], b"\x01" + minor)
    true(b"::Failures::Bare" in out, f"{out!r} names no exception")
    ok, out = await where.side.invoke(thrower, "undeclared", 0, b"\x07\0\0\0\x01" + minor + b"\x04")
    same(ok, False)
    true(b"::Failures::Other" in out, f"{out!r} names no exception")


async def check_requests_that_cannot_be_read(where: Where) -> None:
    _, thrower = _there(where)
    E, invoke = where.side.errors, where.side.invoke
    head = b"\0" if where.old else b"\x01"
    for text, params in (
        ("MarshalException UnmarshalOutOfBoundsException", b"\x06\0\0\0\x01" + head),
        ("MarshalException", b"\x07\0\0\0\x01" + head + b"\x77"),
        ("UnsupportedEncodingException", b"\x07\0\0\0\x02\0\0"),
        ("UnsupportedEncodingException", b"\x07\0\0\0\x01\x05\0"),
    ):
        error = await _raises(where, E.UnknownLocalException, invoke, thrower, "declared", 0, params)
        true(
            any(name in error.unknown for name in text.split()),
            f"{params!r}: {error.unknown!r} does not name {text}",
        )
    await where.side.call(thrower.ice_ping)


async def check_oneway_requests_that_fail_are_silent(where: Where) -> None:
    _, thrower = _there(where)
    one_way = thrower.ice_oneway()
    minor = b"\0" if where.old else b"\x01"
    for number in range(13):
        params = b"\x07\0\0\0\x01" + minor + bytes([number])
        same(await where.side.invoke(one_way, "undeclared", 0, params), (True, b""))
    await where.side.call(thrower.ice_ping)


async def check_messages_that_are_too_large(where: Where) -> None:
    _S, thrower = _there(where)
    E = where.side.errors
    size = 2_000_000
    too_large = E.MemoryLimitException | E.ConnectionLostException
    error = await where.failure(thrower.large, size)
    true(isinstance(error, too_large), f"{error!r} is raised")
    params = (size + 6).to_bytes(4, "little") + b"\x01" + (b"\0" if where.old else b"\x01") + b"x" * size
    error = await where.failure(where.side.invoke, thrower, "declared", 0, params)
    true(isinstance(error, too_large), f"{error!r} is raised")
    await where.side.call(thrower.ice_ping)
