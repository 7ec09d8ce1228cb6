"""Our side of `tests/golden/everything.ice`: its values and its servant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.golden.everything import (
    Color,
    Empty,
    EverythingServant,
    Fixed,
    Key,
    Mixed,
    NamedPrx,
    NamedServant,
    OutOfRange,
    Refused,
)


def fixed(number: int) -> Fixed:
    return Fixed(True, 200, -3, number, -(2**62), 0.5, 1e300)


def mixed(proxy: ObjectPrx | None) -> Mixed:
    return Mixed("é€\U0001f600", Color.Blue, fixed(7), proxy)


def values(proxy: ObjectPrx) -> list[tuple[str, Any]]:
    """Operation and value: each comes back as it went."""
    many = list(range(-150, 150))
    return [
        ("echoFlag", True),
        ("echoOctet", 255),
        ("echoSmall", -32768),
        ("echoMedium", 2**31 - 1),
        ("echoLarge", -(2**63)),
        ("echoRough", 0.5),
        ("echoFine", 1e-300),
        ("echoText", "x" * 300 + "é€\U0001f600"),
        ("echoColor", Color.Green),
        ("echoFixed", fixed(1)),
        ("echoMixed", mixed(proxy)),
        ("echoMixed", mixed(None)),
        ("echoBytes", bytes(range(256)) * 2),
        ("echoBools", [True, False] * 200),
        ("echoShorts", many),
        ("echoInts", many),
        ("echoLongs", many),
        ("echoFloats", [0.5, -2.0]),
        ("echoDoubles", [0.1, 1e300]),
        ("echoStrings", ["", "a", "é" * 200]),
        ("echoColors", [Color.Red, Color.Green, Color.Blue] * 100),
        ("echoFixeds", [fixed(n) for n in range(300)]),
        ("echoMixeds", [mixed(proxy), mixed(None)]),
        ("echoTable", [[], [1], [1, 2]]),
        ("echoProxies", [proxy, None]),
        ("echoTexts", {"a": "b", "": "é"}),
        ("echoNumbers", {n: n * 2**33 for n in range(300)}),
        ("echoByColor", {Color.Red: fixed(1), Color.Blue: fixed(2)}),
        ("echoByKey", {Key(1, "a"): ["x"], Key(2, "b"): []}),
        ("echoNested", {"a": {"b": "c"}, "d": {}}),
        ("echoAnything", proxy),
        ("echoAnything", None),
    ]


class NamedI(NamedServant):
    async def name(self, current: Current | None = None) -> str:
        return "ours"


class EverythingI(EverythingServant):
    """Sends back what it gets. Some operations answer at once, some as coroutines."""

    def __init__(self) -> None:
        self.noted_numbers: list[int] = []

    async def name(self, current: Current | None = None) -> str:
        return "ours"

    def nothing(self, current: Current | None = None) -> None:
        return None

    async def add(self, a: int, b: int, current: Current | None = None) -> int:
        return a + b

    def divide(self, a: int, b: int, current: Current | None = None) -> tuple[int, int]:
        if b == 0:
            raise OutOfRange("zero", 1, fixed(9))
        return a // b, a % b

    def several(self, a: str, b: int, current: Current | None = None) -> tuple[str, int, dict[str, str]]:
        return a + "!", b + 1, {a: str(b)}

    def maybe(
        self, text: str | None, data: bytes | None, current: Current | None = None
    ) -> tuple[int | None, str | None]:
        return (None if data is None else len(data)), text

    async def refuse(self, kind: str, current: Current | None = None) -> None:
        if kind == "empty":
            raise Empty()
        if kind == "range":
            raise OutOfRange("far", 3, fixed(4))
        raise Refused(kind)

    refuseInSlices = refuse

    def fail(self, current: Current | None = None) -> None:
        raise RuntimeError("nobody expects this in /a/file")

    def context(self, current: Current | None = None) -> dict[str, str]:
        assert current is not None
        return current.ctx

    def note(self, number: int, current: Current | None = None) -> None:
        self.noted_numbers.append(number)

    def noted(self, current: Current | None = None) -> int:
        return len(self.noted_numbers)

    async def callBack(self, category: str, name: str, current: Current | None = None) -> str:
        assert current is not None
        caller = NamedPrx.uncheckedCast(current.con.createProxy(Identity(name, category)))
        assert caller is not None
        return await caller.name()


def _echo(self: EverythingI, value: Any, current: Current | None = None) -> Any:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes) else value


for _name in [name for name in dir(EverythingServant) if name.startswith("echo")] or [
    operation.decode() for operation in EverythingServant.ice_operations if operation.startswith(b"echo")
]:
    setattr(EverythingI, _name, _echo)
