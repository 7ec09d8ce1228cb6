"""Says what `tests/golden/forms.ice` becomes in stock Ice for Python, calling itself: stock_forms.py"""

from __future__ import annotations

import os
import sys

import Ice
from cases.forms import told

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
Ice.loadSlice("", ["--all", os.path.join(GOLDEN, "forms.ice")])
Forms = sys.modules["Forms"]
said: list[str] = []


class MakerI(Forms.Maker):
    def swap(self, numbers: object, current: object = None) -> object:
        said.append(repr(numbers))
        return list(numbers), bytes(list(numbers))

    def _pass(self, rows: object, node: object, current: object = None) -> object:
        return rows, node

    def fail(self, current: object = None) -> None:
        raise Forms.Wrong(["a"])

    def maybe(self, texts: object, current: object = None) -> None:
        said.append(repr(texts))


def main() -> None:
    with Ice.initialize(["x", "--Ice.Default.CollocationOptimized=0"]) as communicator:
        adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h 127.0.0.1")
        proxy = adapter.add(MakerI(), Ice.Identity("maker"))
        adapter.activate()
        steps = told(Forms, Forms.MakerPrx.uncheckedCast(proxy))
        result = None
        while True:
            try:
                called = steps.send(result)
            except StopIteration as end:
                print("\n".join([*said, *end.value]))
                return
            try:
                result = called()
            except Forms.Wrong as error:
                result = error


main()
