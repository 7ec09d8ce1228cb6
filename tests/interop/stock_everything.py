"""The stock Ice side of `tests/golden/everything.ice`: values and a servant for the programs beside it."""

from __future__ import annotations

import os
import sys
import threading

import Ice

GOLDEN = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "golden")
Ice.loadSlice("", ["-I" + GOLDEN, os.path.join(GOLDEN, "everything.ice")])
import Interop  # noqa: E402


def fixed(number: int) -> Interop.Fixed:
    return Interop.Fixed(True, 200, -3, number, -(2**62), 0.5, 1e300)


def mixed(proxy: Ice.ObjectPrx | None) -> Interop.Mixed:
    return Interop.Mixed("é€\U0001f600", Interop.Color.Blue, fixed(7), proxy)


def values(proxy: Ice.ObjectPrx) -> list[tuple[str, object]]:
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
        ("echoColor", Interop.Color.Green),
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
        ("echoColors", [Interop.Color.Red, Interop.Color.Green, Interop.Color.Blue] * 100),
        ("echoFixeds", [fixed(n) for n in range(300)]),
        ("echoMixeds", [mixed(proxy), mixed(None)]),
        ("echoTable", [[], [1], [1, 2]]),
        ("echoProxies", [proxy, None]),
        ("echoTexts", {"a": "b", "": "é"}),
        ("echoNumbers", {n: n * 2**33 for n in range(300)}),
        ("echoByColor", {Interop.Color.Red: fixed(1), Interop.Color.Blue: fixed(2)}),
        ("echoByKey", {Interop.Key(1, "a"): ["x"], Interop.Key(2, "b"): []}),
        ("echoNested", {"a": {"b": "c"}, "d": {}}),
        ("echoAnything", proxy),
        ("echoAnything", None),
    ]


class NamedI(Interop.Named):
    def name(self, current: Ice.Current | None = None) -> str:
        return "stock"


class EverythingI(Interop.Everything):
    """Sends back what it gets."""

    def __init__(self) -> None:
        self._noted = 0
        self._lock = threading.Lock()

    def name(self, current: Ice.Current | None = None) -> str:
        return "stock"

    def nothing(self, current: Ice.Current | None = None) -> None:
        pass

    def add(self, a: int, b: int, current: Ice.Current | None = None) -> int:
        return a + b

    def divide(self, a: int, b: int, current: Ice.Current | None = None) -> tuple[int, int]:
        if b == 0:
            raise Interop.OutOfRange("zero", 1, fixed(9))
        return a // b, a % b

    def several(self, a: str, b: int, current: Ice.Current | None = None) -> tuple[str, int, dict[str, str]]:
        return a + "!", b + 1, {a: str(b)}

    def maybe(self, text: object, data: object, current: Ice.Current | None = None) -> tuple[object, object]:
        return (len(data) if data is not Ice.Unset else Ice.Unset), text

    def refuse(self, kind: str, current: Ice.Current | None = None) -> None:
        if kind == "empty":
            raise Interop.Empty()
        if kind == "range":
            raise Interop.OutOfRange("far", 3, fixed(4))
        raise Interop.Refused(kind)

    refuseInSlices = refuse

    def fail(self, current: Ice.Current | None = None) -> None:
        raise RuntimeError("nobody expects this")

    def context(self, current: Ice.Current) -> dict[str, str]:
        return current.ctx

    def note(self, number: int, current: Ice.Current | None = None) -> None:
        with self._lock:
            self._noted += 1

    def noted(self, current: Ice.Current | None = None) -> int:
        return self._noted

    def callBack(self, category: str, name: str, current: Ice.Current) -> str:
        caller = Interop.NamedPrx.uncheckedCast(current.con.createProxy(Ice.Identity(name, category)))
        return caller.name()


def _echo(self: EverythingI, value: object, current: Ice.Current | None = None) -> object:
    return value


for _name in dir(Interop.Everything):
    if _name.startswith("echo"):
        setattr(EverythingI, _name, _echo)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
