"""Optionals: members, parameters and results in every format; tags nobody knows; nothing of it in 1.0."""

from __future__ import annotations

from typing import Any

from .side import Side, Where, same, true


def serve(side: Side, adapter: Any) -> None:
    S = side.slice("optionals")

    def once(self: Any, value: Any, current: Any = None) -> Any:
        return value

    class PassingI(side.servant(S, "Passing")):  # type: ignore[misc]
        passWithValue = passDefaults = passSliced = once

        def passAll(self, value: Any, current: Any = None) -> Any:
            return value, value

        def passDerived(self, value: Any, current: Any = None) -> Any:
            derived = S.Derived()
            for name in MEMBERS:
                setattr(derived, name, getattr(value, name))
            derived.own, derived.again, derived.more = "own", "again", S.Fixed(3, 4)
            return derived

    side.add(adapter, PassingI(), "optionals/passing")
    side.add(adapter, _parameters(side, S), "optionals/parameters")


def _parameters(side: Side, S: Any) -> Any:
    def twice(self: Any, value: Any, current: Any = None) -> Any:
        return value, value

    def mix(
        self: Any, a: Any, b: int, c: Any, d: str, e: Any, current: Any = None
    ) -> tuple[int, str, Any, Any]:
        return b, d, c, a

    def many(self: Any, a: Any, b: Any, current: Any = None) -> tuple[Any, int, Any, Any]:
        unset = side.unset
        return b, 7, (unset if a is unset else [a] * 3), (S.Tone.high if a is unset else unset)

    def nothing(self: Any, current: Any = None) -> None:
        return None

    operations: dict[str, Any] = {f"pass{name}": twice for name in KINDS}
    operations |= {"mix": mix, "many": many, "nothing": nothing}
    return type("ParametersI", (side.servant(S, "Parameters"),), operations)()


KINDS = [
    "Bool",
    "Byte",
    "Short",
    "Int",
    "Long",
    "Float",
    "Double",
    "String",
    "Tone",
    "Fixed",
    "Open",
    "Proxy",
    "Bools",
    "Bytes",
    "Shorts",
    "Ints",
    "Doubles",
    "Strings",
    "Fixeds",
    "Opens",
    "Tones",
    "Pairs",
    "Texts",
    "OpensByInt",
    "Small",
    "Smalls",
]
MEMBERS = [
    "flag",
    "octet",
    "before",
    "small",
    "medium",
    "large",
    "rough",
    "fine",
    "text",
    "tone",
    "fixed",
    "open",
    "proxy",
    "bools",
    "bytes",
    "shorts",
    "ints",
    "doubles",
    "strings",
    "fixeds",
    "opens",
    "tones",
    "pairs",
    "texts",
    "openByInt",
    "far",
    "behind",
]
REQUIRED = ("before", "behind")


def values(S: Any, proxy: Any) -> dict[str, list[Any]]:
    """Of each kind, values to pass."""
    opens = [S.Open("", 1), S.Open("x" * 300, -1)]
    return {
        "Bool": [True, False],
        "Byte": [0, 255],
        "Short": [0, -(2**15)],
        "Int": [0, 2**31 - 1],
        "Long": [0, -(2**63)],
        "Float": [0.0, 0.5],
        "Double": [0.0, 1e300],
        "String": ["", "é", "x" * 300],
        "Tone": [S.Tone.low, S.Tone.high],
        "Fixed": [S.Fixed(0, 0), S.Fixed(-1, 2)],
        "Open": opens,
        "Proxy": [proxy],
        "Bools": [[], [True, False] * 150],
        "Bytes": [b"", b"\xff" * 253, b"\0" * 254, b"\x01" * 255, b"\x02" * 300],
        "Shorts": [[], [1], list(range(126)), list(range(127)), list(range(300))],
        "Ints": [[], [1], list(range(63)), list(range(64)), list(range(300))],
        "Doubles": [[], [0.5] * 31, [0.25] * 32, [-0.5] * 254, [1.0] * 255],
        "Strings": [[], [""], ["a", "x" * 300]],
        "Fixeds": [[], [S.Fixed(1, 2)] * 42, [S.Fixed(1, 2)] * 255],
        "Opens": [[], opens],
        "Tones": [[], [S.Tone.high, S.Tone.low]],
        "Pairs": [{}, {1: 2}, {number: -number for number in range(300)}],
        "Texts": [{}, {"": "a", "b": ""}],
        "OpensByInt": [{}, {1: opens[0], 2: opens[1]}],
    }


def _there(where: Where) -> tuple[Any, Any]:
    S = where.side.slice("optionals")
    return S, where.proxy(S.PassingPrx, "optionals/passing")


def _with_parameters(where: Where) -> tuple[Any, Any]:
    S = where.side.slice("optionals")
    return S, where.proxy(S.ParametersPrx, "optionals/parameters")


def full(S: Any, proxy: Any) -> Any:
    """An `All` with all its members set."""
    some = {name: kind[-1] for name, kind in values(S, proxy).items()} | {"Proxy": proxy}
    names = {
        "Bool": "flag",
        "Byte": "octet",
        "Short": "small",
        "Int": "medium",
        "Long": "large",
        "Float": "rough",
    }
    names |= {"Double": "fine", "String": "text", "OpensByInt": "openByInt"}
    all_ = S.All()
    for kind, value in some.items():
        setattr(all_, names.get(kind, kind.lower()), value)
    all_.far, all_.before, all_.behind = 9, "before", "behind"
    return all_


async def check_parameters_of_every_kind(where: Where) -> None:
    S, parameters = _with_parameters(where)
    for kind, some in values(S, parameters).items():
        call = getattr(parameters, f"pass{kind}")
        for value in some:
            wanted = where.side.unset if where.old else value
            same(await where.side.call(call, value), (wanted, wanted), f"pass{kind}({value!r:.60})")


async def check_unset_parameters(where: Where) -> None:
    _, parameters = _with_parameters(where)
    unset = where.side.unset
    back, out = await where.side.call(parameters.passProxy, None)
    true(back in (None, unset) and out in (None, unset), "a nil proxy is neither nil nor unset")
    for kind in KINDS:
        result = await where.side.call(getattr(parameters, f"pass{kind}"), unset)
        same(result, (unset, unset), f"pass{kind} without")


async def check_parameters_that_are_instances(where: Where) -> None:
    S, parameters = _with_parameters(where)
    small = S.Small(5)
    if where.old:
        same(await where.side.call(parameters.passSmall, small), (where.side.unset,) * 2)
        return
    back, out = await where.side.call(parameters.passSmall, small)
    true(back is out and back.number == 5, "they are not one")
    back, out = await where.side.call(parameters.passSmalls, [small, None, small])
    true(back[0] is back[2] and back[0] is out[0] and back[1] is None, "they are not one")


async def check_required_and_optional_ones_together(where: Where) -> None:
    S, parameters = _with_parameters(where)
    call, unset = where.side.call, where.side.unset
    there = not where.old
    result = await call(parameters.mix, "a", 1, 2, "d", [3])
    same(result, (1, "d", 2 if there else unset, "a" if there else unset))
    same(await call(parameters.mix, unset, 1, unset, "d", unset), (1, "d", unset, unset))
    same(await call(parameters.mix, unset, 1, 2, "", unset), (1, "", 2 if there else unset, unset))
    result = await call(parameters.many, 4, "b")
    same(result, ("b", 7, [4, 4, 4], unset) if there else (unset, 7, unset, unset))
    result = await call(parameters.many, unset, unset)
    same(result, (unset, 7, unset, S.Tone.high) if there else (unset, 7, unset, unset))


async def check_tags_nobody_knows_are_passed_over(where: Where) -> None:
    S, parameters = _with_parameters(where)
    call, unset = where.side.call, where.side.unset
    more, less = S.MorePrx.uncheckedCast(parameters), S.LessPrx.uncheckedCast(parameters)
    opens, small = values(S, parameters)["Opens"][-1], S.Small(1)
    result = await call(more.passInt, 5, "x" * 300, opens, small, parameters)
    same(result, (unset, unset) if where.old else (5, 5))
    same(await call(more.passInt, unset, unset, opens, unset, None), (unset, unset))
    same(await call(more.nothing, 1, "b", small, ["x"]), None)
    same(await call(less.passInt), None)
    same(await call(less.passString, "back"), unset if where.old else "back")
    same(await call(less.mix, 1, "d"), (1, "d"))


async def check_members(where: Where) -> None:
    S, passing = _there(where)
    all_ = full(S, passing)
    for value in (
        (await where.side.call(passing.passAll, all_))[0],
        await where.side.call(passing.passSliced, all_),
    ):
        for name in MEMBERS:
            wanted = getattr(all_, name) if name in REQUIRED or not where.old else where.side.unset
            same(getattr(value, name), wanted, name)


async def check_unset_members(where: Where) -> None:
    S, passing = _there(where)
    for value in (
        (await where.side.call(passing.passAll, S.All()))[0],
        await where.side.call(passing.passSliced, S.All()),
    ):
        for name in MEMBERS:
            same(getattr(value, name), "" if name in REQUIRED else where.side.unset, name)


async def check_single_members(where: Where) -> None:
    S, passing = _there(where)
    all_ = full(S, passing)
    for name in MEMBERS:
        one = S.All()
        setattr(one, name, getattr(all_, name))
        back, _ = await where.side.call(passing.passAll, one)
        wanted = getattr(all_, name) if name in REQUIRED or not where.old else where.side.unset
        same(getattr(back, name), wanted, name)
        others = [other for other in MEMBERS if other != name and other not in REQUIRED]
        same([getattr(back, other) for other in others], [where.side.unset] * len(others), f"beside {name}")


async def check_members_of_derived_classes(where: Where) -> None:
    S, passing = _there(where)
    back = await where.side.call(passing.passDerived, full(S, passing))
    same((type(back), back.own, back.before, back.behind), (S.Derived, "own", "before", "behind"))
    if where.old:
        same((back.again, back.more, back.flag), (where.side.unset,) * 3)
    else:
        same((back.again, back.more, back.far, back.tone), ("again", S.Fixed(3, 4), 9, S.Tone.high))


async def check_members_that_are_instances(where: Where) -> None:
    S, passing = _there(where)
    call, unset = where.side.call, where.side.unset
    small = S.Small(8)
    back = await call(passing.passWithValue, S.WithValue(small, small, [small, None], 3))
    same(back.number, 3)
    if where.old:
        same((back.one, back.any, back.several), (unset, unset, unset))
        return
    true(back.one.number == 8 and back.any is back.one and back.several[0] is back.one, "it is copied")
    same(back.several[1], None)
    back = await call(passing.passWithValue, S.WithValue(unset, unset, unset, 4))
    same((back.one, back.any, back.several, back.number), (unset, unset, unset, 4))


async def check_defaults(where: Where) -> None:
    S, passing = _there(where)
    back = await where.side.call(passing.passDefaults, S.Defaults())
    same(back.d, 6)
    if not where.old:
        same((back.a, back.b, back.c), (5, "b", S.Tone.mid))
        unset = where.side.unset
        back = await where.side.call(passing.passDefaults, S.Defaults(unset, unset, unset, 1))
        same((back.a, back.b, back.c, back.d), (unset, unset, unset, 1))


async def check_another_format_than_declared_is_refused(where: Where) -> None:
    _S, parameters = _with_parameters(where)
    E = where.side.errors
    if where.old:
        params = b"\x0b\0\0\0\x01\0\x12\x01\0\0\0"
        error = await where.failure(where.side.invoke, parameters, "passInt", 0, params)
        true(isinstance(error, E.UnknownLocalException), f"{error!r} is raised")
        return
    for data in (b"\x10\x01", b"\x11\x01\0", b"\x15\x01a", b"\x12\x01\0", b"\x17\0"):
        params = bytes([6 + len(data), 0, 0, 0, 1, 1]) + data
        error = await where.failure(where.side.invoke, parameters, "passInt", 0, params)
        true(isinstance(error, E.UnknownLocalException), f"{data!r}: {error!r} is raised")
    await where.side.call(parameters.ice_ping)
